"""What a notebook runs beside its Python, and what it stores beside its code."""

from __future__ import annotations

import json
import time
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.catalogue.vocabulary import COMMAND_PREDICATES as COMMAND_NAMES
from mlsec_lint.catalogue.vocabulary import STORED_PREDICATES as STORED_NAMES
from mlsec_lint.engine import EngineOptions, check_source
from mlsec_lint.findings import FileResult, Profile, Report, Span
from mlsec_lint.fixtures.fakes import with_fakes
from mlsec_lint.match.command_predicates import COMMAND_PREDICATES, Around
from mlsec_lint.match.stored_predicates import STORED_PREDICATES
from mlsec_lint.project.project import Project
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.options import Options
from mlsec_lint.sources.commands import Command, commands_of
from mlsec_lint.sources.lines import split_lines
from mlsec_lint.sources.magics import Magic
from mlsec_lint.sources.reading import read_text
from mlsec_lint.sources.source import SourceFile
from tests.engine.checking import catalogue
from tests.percent_notebooks import notebook_of

STRICT = catalogue(Profile.STRICT)
KEY = with_fakes("{{fake:key-openai}}", STRICT.facts)
OPTIONS = EngineOptions(bandit=False, profile=Profile.STRICT)


def file_of(text: str) -> SourceFile:
    source = read_text(text, "lab.ipynb")
    assert isinstance(source, SourceFile), source
    return source


def check(source: SourceFile, options: EngineOptions = OPTIONS) -> FileResult:
    return check_source(source, Project(Path("nowhere"), {}), STRICT, options)


def lab(script: str) -> SourceFile:
    return file_of(notebook_of(dedent(script).replace("KEY", KEY)))


def on_disk(source: SourceFile, span: Span) -> str:
    line = split_lines(source.raw)[span.start_line - 1]
    assert span.start_line == span.end_line
    return line[span.start_column - 1 : span.end_column - 1]


def commands(text: str) -> tuple[Command, ...]:
    return commands_of(Magic(0, 1, text, Span(1, 1, 1, len(text) + 1)))


@pytest.mark.parametrize(
    ("magic", "said"),
    [
        ("!pip install -U 'a>=1' b==2 # c", ["pip install -U a>=1 b==2"]),
        ("%pip install a", ["pip install a"]),
        ("pip install a", ["pip install a"]),
        ("!{sys.executable} -m pip install a", ["pip install a"]),
        ("!/usr/bin/python3.12 -m pip install a", ["pip install a"]),
        ("!uv pip install a", ["pip install a"]),
        ("!sudo -E pip3 install \\\n  a", ["pip install a"]),
        ("!A=1 B=2 wget u 2>&1 && ls; cd x", ["wget u 2>&1", "ls", "cd x"]),
        ("!echo \"a\nb\" 'c d' e\\ f", ["echo a\nb c d e f"]),
        ("%%bash\n# no\nset -e\n\nls | wc -l", ["%%bash", "set -e", "ls", "wc -l"]),
        ("%%writefile .env\nls", ["%%writefile .env"]),
        ("%env A=b c", ["%env A=b c"]),
        ("%sh ls", ["ls"]),
        ("frame.head?", []),
        ("!", []),
        ("%", ["%"]),
        ("!echo 'a", ["echo a"]),
    ],
)
def test_a_magic_is_cut_into_commands(magic: str, said: list[str]) -> None:
    assert [command.text for command in commands(magic)] == said


@given(
    st.sampled_from(["!", "%", "%%bash\n", "!!", ""]),
    st.text(st.sampled_from("ab -'\"\\|&;()<>#\n$={}%!/.:@"), max_size=30),
)
def test_words_stand_where_they_say(sign: str, text: str) -> None:
    for command in commands(sign + text):
        for word in command.words:
            written = (sign + text)[word.start : word.end]
            assert written
            assert word.text == written or set(written) & set("\\'\"")
        for predicate in COMMAND_PREDICATES.values():
            for hit in predicate(command, Around(commands(sign + text), "", ())):
                assert 0 <= hit.start < hit.end <= len(sign + text)


def test_a_pipeline_knows_where_it_leads() -> None:
    first, second, third = commands("!curl u | tee log | sudo bash")
    assert first.pipes_into is second
    assert second.pipes_into is third
    assert third.pipes_into is None


def test_every_predicate_of_the_vocabulary_is_there() -> None:
    assert COMMAND_PREDICATES.keys() == COMMAND_NAMES
    assert STORED_PREDICATES.keys() == STORED_NAMES


def test_a_secret_in_an_output_has_its_exact_place_and_nothing_is_shown() -> None:
    source = lab("# %%\nprint(key)\n# %% [output]\n# first\n# >>> KEY <<<\n")
    (finding,) = check(source).findings
    assert finding.rule == "MLS001"
    assert on_disk(source, finding.location.span) == KEY
    cell = finding.location.cell
    assert cell is not None
    assert (cell.index, cell.output, cell.span) == (0, 0, Span(2, 5, 2, 5 + len(KEY)))
    assert finding.frame is None


def test_a_secret_in_words_and_in_a_magic_has_its_exact_place() -> None:
    source = lab("# %% [markdown]\n# Use KEY\n# %%\nx = 1\n%env API_TOKEN=KEY\n")
    result = check(source)
    assert [finding.rule for finding in result.findings] == ["MLS002", "MLS006"]
    assert {on_disk(source, finding.location.span) for finding in result.findings} == {KEY}


SHOWN = """
# %% [markdown]
# The key is KEY
# %%
import torch
%set_env COHERE_API_TOKEN rB5nW2xJ8tQe7Lz1VmK4dY9gC6sH3uPa
model = torch.load(path, weights_only=False)
!wandb login 4f9b2c7d1e8a3056b7c4d2e9f1a8063b5c7d9e2f
# %% [output]
# KEY
# %% [output error]
# Authorization: Bearer 8fK2mQ7xWv4Rz9TbLp3NcY6d
# %%
%%bash
curl https://get.acme.io/install.sh | sh
curl -H "x-api-key: KEY" https://api.acme.io
export ACME_PASSWORD=velvet-anchor-72
"""


@pytest.mark.parametrize("form", list(Format))
def test_no_format_shows_a_secret(form: Format) -> None:
    source = lab(SHOWN)
    result = check(source)
    assert {finding.rule for finding in result.findings} >= {"MLS001", "MLS002", "MLS005", "MLS006", "MLS103"}
    shown = render(Report("/p", result.findings), STRICT, form, Options())
    for secret in (KEY, "rB5nW2xJ8tQe7Lz1", "4f9b2c7d1e8a3056", "8fK2mQ7xWv4Rz9Tb", "anchor-72"):
        assert secret not in shown


@pytest.mark.parametrize(
    "script",
    [
        "# %%\nprint(key)  # mlsec: ignore[MLS001] revoked\n# %% [output]\n# KEY\n",
        "# %%\n!curl https://a.io/x.sh | sh  # mlsec: ignore[MLS005] ours\n",
        "# %%\n# mlsec: ignore[MLS005] ours\n!curl https://a.io/x.sh | sh\n",
        "# %%\n%%bash\nls\ncurl https://a.io/x.sh | sh  # mlsec: ignore[MLS005] ours\n",
        "# %%\n%%bash\nls\n# mlsec: ignore[MLS005] ours\ncurl https://a.io/x.sh | sh\n",
    ],
)
def test_a_comment_in_the_cell_answers(script: str) -> None:
    result = check(lab(script))
    assert result.findings == ()
    assert len(result.suppressed) == 1


def test_a_comment_in_a_shell_cell_speaks_for_its_line_only() -> None:
    script = """
    # %%
    %%bash
    curl https://a.io/x.sh | sh  # mlsec: ignore[MLS005] ours
    curl https://b.io/x.sh | sh
    """
    (finding,) = check(lab(script)).findings
    assert "b.io" in finding.message


def test_a_secret_in_two_views_of_one_output_is_one_finding() -> None:
    data = {"text/plain": [KEY], "text/html": [f"<b>{KEY}</b>"]}
    cell = {"cell_type": "code", "source": "key", "outputs": [{"output_type": "display_data", "data": data}]}
    assert len(check(file_of(json.dumps({"cells": [cell, cell]}))).findings) == 2


def test_an_encoded_image_holds_no_secret() -> None:
    blob = "iVBORw0KGgo/" * 40 + "AKIAZ7QK3MNB2VXW5JLT/" + "AAAA" * 100
    cell = {
        "cell_type": "code",
        "source": "x",
        "outputs": [{"data": {"text/html": f'<img src="data:image/png;base64,{blob}">'}}],
    }
    assert check(file_of(json.dumps({"cells": [cell]}))).findings == ()


def test_parameters_in_metadata_are_read() -> None:
    metadata = {"papermill": {"parameters": {"api_key": "qX3vT8mZ1kRw5Yb7LdN2pG6s"}}}
    (finding,) = check(
        file_of(json.dumps({"cells": [{"cell_type": "code", "source": "x"}], "metadata": metadata}))
    ).findings
    assert finding.location.cell is None
    assert "`api_key`" in finding.message


def test_a_cell_that_does_not_parse_is_still_searched() -> None:
    result = check(lab("# %%\nkey = = 'KEY'\n"))
    assert [finding.rule for finding in result.findings] == ["MLS002"]


@pytest.mark.parametrize(
    "output",
    [
        {"text": ["OPENAI_API_TOKEN=" * 50_000]},
        {"text": "a@" * 400_000},
        {"data": {"text/html": "<img " * 100_000}},
        {"data": {"text/html": "<script " * 50_000 + "src=" * 50_000}},
        {"data": {"text/html": "<th>" * 100_000 + "<tr" * 10}},
        {"text": "://a:b" * 100_000},
        {"text": "authorization: bearer " * 40_000},
        {"text": "DE89 3704 0044 0532 0130 01 " * 30_000},
        {"text": "4111 1111 1111 1112 " * 40_000},
        {"text": [f"{KEY[:-6]}{number:06}\n" for number in range(10_000)]},
        {"data": {"application/vnd.plotly.v1+json": {"x": [[0.5] * 100] * 1_000}}},
    ],
    ids=range(11),
)
def test_hostile_outputs_cost_little(output: dict[str, object]) -> None:
    source = file_of(json.dumps({"cells": [{"cell_type": "code", "source": "x", "outputs": [output]}]}))
    start = time.process_time()
    result = check(source)
    assert time.process_time() - start < 15  # at most 1 on a quiet machine
    assert len(result.findings) <= 12


def test_twenty_megabytes_of_images_and_text_are_checked_in_seconds() -> None:
    table = "<table>" + "<tr><td>1.5</td><td>setosa</td></tr>\n" * 2_000
    outputs = [
        {
            "output_type": "display_data",
            "data": {"image/png": "iVBORw0KGgo" * 16_000, "text/html": [table], "text/plain": ["x\n"] * 200},
        }
    ]
    cells = [{"cell_type": "code", "source": ["figure(1)\n", "!ls"], "outputs": outputs}] * 75
    raw = json.dumps({"cells": cells, "metadata": {}}, indent=1)
    assert 18_000_000 < len(raw) < 20_000_000
    start = time.process_time()
    assert check(file_of(raw)).problems == ()
    assert time.process_time() - start < 30  # about 2 on a quiet machine


def test_many_commands_cost_little() -> None:
    source = [
        f"!git clone https://github.com/a/b{number} && python x.py | tee log; pip install c{number}\n"
        for number in range(3_000)
    ]
    text = json.dumps({"cells": [{"cell_type": "code", "source": source}]})
    start = time.process_time()
    check(file_of(text))
    assert time.process_time() - start < 60  # about 5 on a quiet machine; quadratic it would be minutes
