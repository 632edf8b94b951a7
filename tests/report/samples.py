"""Reports by hand: everything that a finding can carry, and everything that a hostile tree can put into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mlsec_lint.catalogue.model import BanditCheck, Rule
from mlsec_lint.catalogue.taxonomies import Taxonomies
from mlsec_lint.findings import (
    Cell,
    Confidence,
    Edit,
    Finding,
    Fix,
    Frame,
    Location,
    Problem,
    Profile,
    Report,
    Safety,
    Severity,
    Span,
    Step,
    Suppressed,
)


@dataclass(frozen=True)
class Rules:
    rules: Sequence[Rule] = ()
    bandit: Mapping[str, BanditCheck] = field(default_factory=dict)


TORCH = Rule(
    id="MLS103",
    name="unsafe-torch-load",
    summary="a checkpoint is unpickled, which runs its code",
    severity=Severity.HIGH,
    message="`{api}` unpickles: a crafted file runs code on load",
    remedy="Pass `weights_only=True`, or store tensors as safetensors.",
    attack="Whoever can swap the file <b>runs code</b>. It happens on load.",
    tags=("pytorch", "deserialization"),
    taxonomies=Taxonomies(
        cwe=(502,),
        owasp_llm=("LLM03:2025",),
        owasp_ml=("ML06:2023",),
        atlas=("AML.T0011.000",),
        attacks=("supply-chain",),
    ),
    references=("https://pytorch.org/docs/stable/generated/torch.load.html",),
    fine="The file is your own.",
    flagged="torch.load(path, weights_only=False)",
    allowed="torch.load(path, weights_only=True)",
)
PROMPT = Rule(
    id="MLS501",
    name="untrusted-text-in-instructions",
    summary="untrusted text is part of the instructions",
    severity=Severity.MEDIUM,
    message="`{source}` reaches the instructions",
    remedy="Send it as a message of its own.",
    attack="It tells the model what to do.",
    confidence=Confidence.MEDIUM,
    taxonomies=Taxonomies(cwe=(1427,), owasp_llm=("LLM01:2025",), atlas=("AML.T0051",)),
)
SHELL = BanditCheck(
    id="B602",
    name="subprocess_popen_with_shell_equals_true",
    summary="a shell runs the command line",
    help="Pass a list of arguments.",
    family="injection",
    profile=Profile.DEFAULT,
    reason="precise",
    cwe=78,
)
RULES = Rules((PROMPT, TORCH), {"B602": SHELL})

LOAD = Finding(
    rule="MLS103",
    message="`torch.load` unpickles: a crafted file runs code on load",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    location=Location("src/serve.py", Span(12, 13, 12, 23)),
    frame=Frame(11, ("def load(path):", "    model = torch.load(path)", "    return model"), Span(12, 13, 12, 23)),
    reasons=("nothing pins torch",),
    also=("MLS207",),
    remedy=TORCH.remedy,
    fix=Fix("pass weights_only=True", (Edit(Span(12, 28, 12, 28), ", weights_only=True"),), Safety.UNSAFE),
    qualname="Service.load",
)
FLOW = Finding(
    rule="MLS501",
    message="`request.args` reaches the instructions",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    location=Location("src/llm.py", Span(8, 5, 8, 11)),
    frame=Frame(8, ('    prompt = f"You are {role}"',), Span(8, 5, 8, 11)),
    trace=(
        Step(
            Location("src/views.py", Span(3, 12, 3, 24)),
            "a field of the request",
            Frame(3, ('    role = request.args["role"]',), Span(3, 12, 3, 24)),
        ),
        Step(Location("src/views.py", Span(4, 5, 4, 8)), "is handed over"),
        Step(
            Location("src/llm.py", Span(8, 5, 8, 11)),
            "is spliced into instructions",
            Frame(8, ('    prompt = f"You are {role}"',), Span(8, 5, 8, 11)),
        ),
    ),
    remedy=PROMPT.remedy,
)
CELL = replace(
    LOAD,
    location=Location("nb/train.ipynb", Span(40, 20, 40, 30), Cell(2, "a1b2", Span(1, 5, 1, 15))),
    frame=Frame(1, ("m = torch.load(path)",), Span(1, 5, 1, 15)),
    qualname="",
    fix=None,
)
BANDIT = Finding(
    rule="B602",
    message="a shell runs the command",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    location=Location("src/tool.py", Span(2, 1, 4, 2)),
    frame=Frame(2, ("subprocess.run(", "    cmd, shell=True", ")"), Span(2, 1, 4, 2)),
)
HOSTILE_TEXT = "x\n::error::y\x1b[2J\x9b\u202e [a](http://evil.example) {0} <img src=x> ##[add-mask]z \u200b|`\r%0A"
HOSTILE_PATH = "a b/\n::error file=x::é,:\x1b]0;t\x07\u202e%41#?[x](1)\udcff.py"
HOSTILE = replace(
    LOAD,
    message=HOSTILE_TEXT,
    location=Location(HOSTILE_PATH, Span(1, 1, 1, 5)),
    frame=Frame(1, (HOSTILE_TEXT,), Span(1, 1, 1, 5)),
    reasons=(HOSTILE_TEXT,),
    remedy=HOSTILE_TEXT,
    qualname=HOSTILE_TEXT,
    trace=(Step(Location(HOSTILE_PATH, Span(1, 1, 1, 5)), HOSTILE_TEXT), Step(LOAD.location, HOSTILE_TEXT)),
)
PROBLEMS = (
    Problem(
        "syntax",
        "old.py",
        "line 3: Missing parentheses in call to 'print'",
        "Python 2?",
        Location("old.py", Span(3, 1, 3, 6)),
    ),
    Problem("undecodable", "b\udcffd.py", "byte 0xff at 7", "Save it as UTF-8."),
    Problem("configuration", "pyproject.toml", "unknown key `selct`", "Did you mean `select`?"),
    Problem("missing", HOSTILE_PATH, HOSTILE_TEXT, HOSTILE_TEXT),
)
EMPTY = Report("/project")
EVERYTHING = Report(
    root="/project",
    findings=(CELL, FLOW, LOAD, BANDIT, HOSTILE),
    suppressed=(Suppressed(LOAD, "ours", Location("src/serve.py", Span(12, 40, 12, 60))),),
    problems=PROBLEMS,
    notes=("2 files are ignored by git; --no-gitignore checks them.",),
    checked=120,
    excluded=12,
    lines=34_512,
    hidden={"--profile strict": 10, "--min-severity info": 4},
)


def many(number: int) -> Report:
    """A report of as many findings as wanted, all over 250 files."""
    severities = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
    findings = tuple(
        replace(
            LOAD,
            severity=severities[index % 3],
            location=Location(f"src/package/module_{index % 250:03d}.py", Span(index + 2, 13, index + 2, 23)),
            frame=Frame(
                index + 1,
                ("def load(path):", "    model = torch.load(path)", "    return model"),
                Span(index + 2, 13, index + 2, 23),
            ),
        )
        for index in range(number)
    )
    return Report("/project", findings, checked=250)
