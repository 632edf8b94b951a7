"""What `docs/writing-rules.md` shows is what the loader reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.load import bundled_directory, load_pack
from mlsec_lint.findings import Profile, Safety, Severity

DOCUMENT = Path(__file__).parents[2] / "docs" / "writing-rules.md"
RULE, MATCHES, NOTEBOOK_MATCHES, MODEL = re.findall(
    r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL
)


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def pack(tmp_path: Path) -> model.Pack:
    write(tmp_path, "kinds.toml", (bundled_directory() / "kinds.toml").read_text(encoding="utf-8"))
    write(tmp_path, "models/documented.toml", MODEL)
    write(tmp_path, "deserialization/MLS103-unsafe-torch-load.toml", RULE)
    whole = RULE.split("[[match.call]]")[0].replace("MLS103", "MLS199").replace("unsafe-torch-load", "every-match")
    example = RULE[RULE.index("[example]") :]
    write(
        tmp_path,
        "deserialization/MLS199-every-match.toml",
        whole + (MATCHES + NOTEBOOK_MATCHES).replace('"…"', '"a.b"') + example,
    )
    return load_pack(tmp_path)


def test_the_documented_rule(pack: model.Pack) -> None:
    rule = pack.rules[0]
    assert (rule.id, rule.name, rule.severity) == ("MLS103", "unsafe-torch-load", Severity.HIGH)
    assert rule.tags == ("deserialization", "pytorch")
    assert rule.taxonomies.cwe == (502,)
    assert rule.taxonomies.stride == ("tampering", "elevation-of-privilege")
    assert rule.taxonomies.attacks == ("poisoning",)
    assert rule.refines == ("B614",)
    assert rule.fix is not None
    assert (rule.fix.set, rule.fix.safety) == ((("weights_only", True),), Safety.UNSAFE)
    assert rule.flagged == "torch.load(path, weights_only=False)"
    assert rule.origin == "deserialization/MLS103-unsafe-torch-load.toml"


def test_the_documented_calls(pack: model.Pack) -> None:
    explicit, default = pack.rules[0].matches
    assert isinstance(explicit, model.CallMatch)
    assert isinstance(default, model.CallMatch)
    assert explicit.where == (("weights_only", model.Test(equals=(False,))),)
    assert explicit.opinion.maybe is Profile.STRICT
    assert default.where == (("weights_only", model.Test(absent=True)),)
    assert default.unless == (("pickle_module", model.Test(absent=False)),)
    assert default.opinion.when == (model.When("torch", "<2.6"),)


def test_every_match_table(pack: model.Pack) -> None:
    names = [type(match).__name__ for match in pack.rules[1].matches]
    assert names == [
        "CallMatch",
        "KeywordMatch",
        "AssignMatch",
        "EnvironmentMatch",
        "TextMatch",
        "LiteralMatch",
        "FlowMatch",
        "CommandMatch",
        "StoredMatch",
    ]


def test_every_fact_table(pack: model.Pack) -> None:
    facts = {
        model.Signature,
        model.Alias,
        model.Instance,
        model.Source,
        model.Sink,
        model.Barrier,
        model.Guard,
        model.Passes,
        model.Handler,
        model.TextFormat,
    }
    assert {type(fact) for fact in pack.facts} == facts
    source = next(fact for fact in pack.facts if isinstance(fact, model.Source))
    assert source.api == (
        "openai.OpenAI().chat.completions.create",
        "openai.AsyncOpenAI().chat.completions.create",
    )
