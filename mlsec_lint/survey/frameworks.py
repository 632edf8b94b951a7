"""The frameworks that people know by name, and which families of rules matter where they are used."""

from __future__ import annotations

from collections.abc import Iterable

from mlsec_lint.record import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """What a framework is there for."""

    says: str
    """What our rules look at there, with their prefixes."""
    modules: frozenset[str]
    """Top-level modules; each is one that rules or models speak of."""


def _role(says: str, modules: str) -> Role:
    return Role(says, frozenset(modules.split()))


ROLES = (
    _role(
        "files that run code when they are loaded (MLS1)",
        "torch tensorflow keras sklearn joblib numpy pandas dill cloudpickle lightning pytorch_lightning jax skops mlflow",
    ),
    _role(
        "downloads without a fixed revision (MLS2), code from a model's repository (MLS1, MLS2)",
        "transformers diffusers huggingface_hub datasets sentence_transformers kagglehub timm peft",
    ),
    _role(
        "prompts that input can take over (MLS5), API keys (MLS3), what the model's answer may do (MLS7)",
        "openai anthropic litellm cohere mistralai groq google ollama vllm llama_cpp boto3 azure",
    ),
    _role(
        "agents with too much power (MLS7), retrieved and remembered text (MLS5, MLS9)",
        "langchain langchain_core langchain_community langgraph llama_index crewai autogen smolagents dspy haystack agents"
        " mcp fastmcp chromadb",
    ),
    _role(
        "scores (MLS4) and error texts (MLS6) in responses, services open to everybody (MLS8)",
        "fastapi flask django gradio streamlit chainlit bentoml litserve starlette aiohttp sanic quart tornado grpc ray",
    ),
)
"""In the order of the rules' ids."""

_DISTRIBUTIONS = {
    "scikit-learn": "sklearn",
    "google-genai": "google",
    "google-generativeai": "google",
    "grpcio": "grpc",
}
"""Distributions whose module has another name."""


def module_of(distribution: str) -> str:
    """The top-level module of a distribution (normalised name)."""
    return _DISTRIBUTIONS.get(distribution, distribution.replace("-", "_"))


def roles_of(modules: Iterable[str]) -> tuple[tuple[Role, tuple[str, ...]], ...]:
    """The roles that some modules play, each with those of the modules that play it."""
    there = frozenset(modules)
    return tuple((role, tuple(sorted(role.modules & there))) for role in ROLES if role.modules & there)
