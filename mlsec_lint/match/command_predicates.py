"""Named questions about the commands of a notebook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field

from mlsec_lint.catalogue.model import TextFormat
from mlsec_lint.flow.credentials import is_placeholder, is_secret, is_strong_secret
from mlsec_lint.masking import mask
from mlsec_lint.match.installs import unpinned, unpinned_source, untrusted_index
from mlsec_lint.match.text_formats import secrets_in
from mlsec_lint.record import dataclass
from mlsec_lint.sources.commands import Command, Word

_FETCHERS = frozenset({"curl", "wget"})
_SHELLS = frozenset({"bash", "sh", "zsh", "dash", "ksh"})
_INTERPRETERS = frozenset({"python", "perl", "ruby", "node"})
_SUBSTITUTED = re.compile(
    r"(?:\b(?:ba|z|da|k)?sh|\beval|\bsource|\bpython[\d.]*|(?:^|\s)\.)\s+(?:-\w+\s+)*[\"']?(?:<\(|\$\(|`)\s*(?:sudo\s+)?(?:curl|wget)\b"
)
_REMOTE = re.compile(r"https?://")
_SECRET_NAME = re.compile(
    r"(?i)(?:^|_)(?:api_?key|apikey|access_?key|secret(?:_?(?:access_?)?key)?|token|auth_?token|password|passwd|pwd|credential"
    r"|client_?secret|private_?key)$|^(?:KAGGLE_KEY|WANDB_KEY|HF_TOKEN|MLFLOW_TRACKING_PASSWORD)$"
)
_PROVIDER = re.compile(
    r"^(?:OPENAI|ANTHROPIC|HF|HUGGING_?FACE\w*|WANDB|PINECONE|LANGCHAIN|LANGSMITH|COHERE|CO|MISTRAL|GROQ|GOOGLE|GEMINI|TAVILY|SERPAPI"
    r"|SERPER|AWS_SECRET|AZURE_OPENAI|KAGGLE|REPLICATE|TOGETHER|FIREWORKS|QDRANT|WEAVIATE|NEPTUNE|COMET|DEEPSEEK|OPENROUTER|NVIDIA"
    r"|PERPLEXITY|VOYAGE|JINA|ELEVENLABS|LANGFUSE|GITHUB|GH|XAI|DASHSCOPE)_"
)
_SECRET_OPTION = re.compile(
    r"--?(?:[\w-]+[.-])?(?:token|authtoken|auth-token|api-?key|apikey|api_key|password|passwd|secret|secret-key|access-token|access-key)$"
)
_SETTERS = frozenset({"export", "%env", "%set_env", "setx"})
_LONGEST_LOGIN = 6
# The word behind these is a key.
_LOGINS = re.compile(
    r"(?:wandb login|ngrok authtoken|ngrok config add-authtoken|aws configure set aws_(?:secret_access_key|access_key_id|session_token)"
    r"|kaggle config set -n key -v|roboflow login)"
)
_LITERAL = re.compile(r"(?P<name>[A-Za-z_][\w-]*)[\"']?\s*[:=]\s*[\"']?(?P<value>[^\s\"',;}]{6,200})")
_URI_LOGIN = re.compile(r"://[^\s:/@]*:(?P<secret>[^\s/@:]{4,200})@")
_HEADER = re.compile(r"(?i)authorization:\s*(?:bearer|token|basic)\s+(?P<secret>[\w.~+/=-]{16,400})")
_VARIABLE = re.compile(r"^[{$]|\{\w+\}|\$\{?\w|^<")


_CHECKOUT = re.compile(r"git (?:.* )?(?:checkout|reset|switch)(?: --?\w+)* [0-9a-f]{40}\b")
_RUNNERS = frozenset({"python", "%run", "bash", "sh", "make", "accelerate", "torchrun"})
_BUILDS = re.compile(r" install .*(?:-e|-r|\.(?:\s|$)|/)")
_SEPARATORS = re.compile(r"[/\s\"'=]")


@dataclass(frozen=True, slots=True)
class Around:
    """What a question may look at besides the command."""

    following: Sequence[Command]
    """What the notebook runs after it, some hundred commands."""
    code: str
    """The Python of the notebook, as one module."""
    formats: Sequence[TextFormat]


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a command is what was asked for: offsets into the text of its magic."""

    start: int
    end: int
    words: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


Predicate = Callable[[Command, Around], Iterator[Hit]]


def _at(word: Word, **words: str) -> Hit:
    return Hit(word.start, word.end, words)


def unpinned_install(command: Command, _around: Around) -> Iterator[Hit]:
    """A package is installed in whatever version the index serves."""
    found = unpinned(command)
    if found:
        yield _at(found[0], name=found[1])


def unpinned_repository(command: Command, _around: Around) -> Iterator[Hit]:
    """A package is installed from a branch, a tag or an archive of which nothing is compared."""
    found = unpinned_source(command)
    if found:
        yield _at(found, name=found.text)


def unprotected_index(command: Command, _around: Around) -> Iterator[Hit]:
    """A package comes over a connection that anybody on the way can change."""
    found = untrusted_index(command)
    if found:
        yield _at(found[0], name=found[0].text, value=found[1])


def downloaded_script(command: Command, _around: Around) -> Iterator[Hit]:
    """What is downloaded is run at once."""
    into = command.pipes_into
    while into is not None and command.program in _FETCHERS:
        if _runs_its_input(into):
            yield Hit(command.words[0].start, into.words[-1].end, {"name": into.program, "value": _address(command)})
            return
        into = into.pipes_into
    if command.program in ("%run", "%load") and command.arguments and _REMOTE.match(command.arguments[-1].text):
        yield Hit(
            command.words[0].start - 1,
            command.arguments[-1].end,
            {"name": command.program, "value": command.arguments[-1].text},
        )
    elif (command.program in _SHELLS | _INTERPRETERS | {"eval", "source", "."}) and (found := _substituted(command)):
        yield found


def _runs_its_input(command: Command) -> bool:
    """An interpreter that is given no script of its own."""
    words = [word.text for word in command.arguments]
    if command.program in _INTERPRETERS:
        return not words or words[0] == "-"
    plain = [word for word in words if not word.startswith(("-", "<", ">", "2>"))]
    return command.program in _SHELLS and (not plain or "-s" in words or "-" in words) and "-c" not in words


def _substituted(command: Command) -> Hit | None:
    start, end = command.words[0].start, command.words[-1].end
    text = command.magic.text[start : end + 200].split("\n")[0]
    found = _SUBSTITUTED.match(text)
    address = re.search(r"https?://[^\s\"')`]+", text)
    return (
        Hit(start, start + found.end(), {"name": command.program, "value": address[0] if address else "…"})
        if found
        else None
    )


def _address(command: Command) -> str:
    return next((word.text for word in command.arguments if _REMOTE.match(word.text)), "…")


def passed_secret(command: Command, around: Around) -> Iterator[Hit]:
    """A secret is written out: as the value of a variable or an option, in an address, in a header, behind a login."""
    last = -1
    inside = tuple(_inside(command, around.formats))
    prefixes = {item.value: item.prefix for item in inside}
    given = (*_variables(command), *_options(command), *_logins(command), *inside)
    hits = [hit for item in given for hit in item.hit(command, prefixes)]
    for hit in sorted(hits, key=lambda item: (item.start, -item.end)):
        if hit.start >= last:
            last = hit.end
            yield hit


@dataclass(frozen=True, slots=True)
class _Given:
    """A text that a command is given where a secret belongs."""

    name: str
    value: str
    word: Word
    sure: bool = False
    """Any secret will do: what it is given to takes nothing else."""
    prefix: str = ""

    def hit(self, command: Command, prefixes: Mapping[str, str]) -> Iterator[Hit]:
        """The place, if the text is a secret; its public prefix may be shown."""
        bare = self.value.strip("\"'")
        stands_in = bool(_VARIABLE.search(bare)) or is_placeholder(bare)
        if stands_in or not (is_secret(bare) if self.sure else is_strong_secret(bare)):
            return
        found = command.magic.text.find(bare, self.word.start, self.word.end)
        start, end = (found, found + len(bare)) if found >= 0 else (self.word.start, self.word.end)
        yield Hit(start, end, {"name": self.name, "value": mask(bare, prefixes.get(bare, ""))}, (bare,))


def _variables(command: Command) -> Iterator[_Given]:
    """`TOKEN=… wget`, `export TOKEN=…`, `%env TOKEN=…`, `%env TOKEN …`."""
    words = list(command.assignments)
    if command.program in _SETTERS:
        words += command.arguments
    for number, word in enumerate(words):
        name, given, value = word.text.partition("=")
        at = word
        if not given and command.program.startswith("%") and number == 0 and len(words) > 1:
            value, at = words[1].text, words[1]
        if _SECRET_NAME.search(name):
            yield _Given(f"`{name}`", value, at, sure=bool(_PROVIDER.match(name)))


def _options(command: Command) -> Iterator[_Given]:
    words = command.arguments
    for number, word in enumerate(words):
        name, given, value = word.text.partition("=")
        if not _SECRET_OPTION.match(name):
            continue
        if given:
            yield _Given(f"`{name}`", value, word)
        elif number + 1 < len(words):
            yield _Given(f"`{name}`", words[number + 1].text, words[number + 1])


def _logins(command: Command) -> Iterator[_Given]:
    before = command.program
    for word in command.arguments[:_LONGEST_LOGIN]:
        if _LOGINS.fullmatch(before) and not word.text.startswith("-"):
            yield _Given(f"`{before}`", word.text, word, sure=True)
        before = before if word.text == "--relogin" else f"{before} {word.text}"


def _inside(command: Command, formats: Sequence[TextFormat]) -> Iterator[_Given]:
    """Secrets inside of words: keys of known shapes, addresses with a password, headers, what is echoed into a file."""
    known = [
        item
        for item in secrets_in(" ".join(word.text for word in command.words), formats)
        if item.format.name.startswith("key-")
    ]
    for word in command.words:
        for found in known:
            if found.text in word.text:
                name = found.format.name.removeprefix("key-")
                yield _Given(f"a key of {name}", found.text, word, sure=True, prefix=found.format.prefix)
        for pattern, name in ((_URI_LOGIN, "the login of an address"), (_HEADER, "an authorization header")):
            for match in pattern.finditer(word.text):
                yield _Given(name, match["secret"], word, sure=True)
        if command.program in ("echo", "printf"):
            for match in _LITERAL.finditer(word.text):
                if _SECRET_NAME.search(match["name"]) or (match["name"] == "key" and "kaggle" in command.line):
                    yield _Given(f"`{match['name']}`", match["value"], word)


def run_clone(command: Command, around: Around) -> Iterator[Hit]:
    """A repository is cloned as it is today, and its code is run."""
    words = [word for word in command.arguments if not word.text.startswith("-")]
    if command.program != "git" or len(words) < 2 or words[0].text != "clone":  # noqa: PLR2004 - the command, the address
        return
    address = next((word for word in words if re.match(r"(?:https?|git|ssh)://|git@", word.text)), None)
    if address is None or _VARIABLE.search(address.text):
        return
    given = words[words.index(address) + 1 :]
    folder = (given[0].text if given else address.text).rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
    after = around.following
    if folder and not _is_pinned(after) and _is_run(folder, after, around.code):
        yield _at(address, name=address.text, value=folder)


def _is_pinned(after: Sequence[Command]) -> bool:
    return any(command.program == "git" and _CHECKOUT.match(command.text) for command in after)


def _is_run(folder: str, after: Sequence[Command], code: str) -> bool:
    """Whether a program, a build or an import takes code from the folder."""
    entered = False
    for command in after:
        names = folder in command.text and folder in _SEPARATORS.split(command.text)
        builds = command.program == "pip" and _BUILDS.search(command.text)
        if (builds or command.program in _RUNNERS) and (entered or names):
            return True
        if command.program in ("cd", "%cd"):
            entered = names or (entered and ".." not in command.text)
    name = re.escape(folder)
    return folder in code and bool(
        re.search(rf"sys\.path\.(?:append|insert)\([^)\n]*{name}\b|\b(?:from|import) {name}\b", code)
    )


COMMAND_PREDICATES: Mapping[str, Predicate] = {
    "downloaded-script": downloaded_script,
    "passed-secret": passed_secret,
    "run-clone": run_clone,
    "unpinned-install": unpinned_install,
    "unpinned-source": unpinned_repository,
    "untrusted-index": unprotected_index,
}
