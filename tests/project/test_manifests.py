from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.project.conda import read_environment
from mlsec_lint.project.core_metadata import read_metadata, read_requires
from mlsec_lint.project.locks import read_package_lock, read_pipfile_lock
from mlsec_lint.project.manifest import Manifest, ManifestError
from mlsec_lint.project.poetry import translated
from mlsec_lint.project.pyproject import read_pipfile, read_pyproject
from mlsec_lint.project.requirement import Rank, Requirement, normalised, parse_requirement, pins_of
from mlsec_lint.project.setup_files import read_setup_cfg, read_setup_py


@pytest.mark.parametrize(
    ("text", "library", "specifier"),
    [
        ("torch", "torch", ""),
        ("Py_Torch.Lightning >= 2.0 , <3", "py-torch-lightning", ">=2.0,<3"),
        ("transformers[torch,vision]~=4.40; python_version >= '3.10'", "transformers", "~=4.40"),
        ("torch (>=2,<3)", "torch", ">=2,<3"),
        (
            "torch @ https://host/whl/torch-2.1.0%2Bcu118-cp310-cp310-linux_x86_64.whl#sha256=0",
            "torch",
            "==2.1.0+cu118",
        ),
        ("torch @ git+https://host/torch.git@v1", "torch", ""),
        ("torch about 2", "torch", ""),
        ("tensorflow-gpu==2.10", "tensorflow", "==2.10"),
    ],
)
def test_requirements(text: str, library: str, specifier: str) -> None:
    assert parse_requirement(text) == Requirement(library, specifier)


def test_names_are_compared_as_the_index_does() -> None:
    assert {normalised(name) for name in ("Foo.Bar", "foo_bar", "FOO--bar")} == {"foo-bar"}


def test_the_first_rank_decides_and_a_bare_name_gives_way() -> None:
    asked = [
        Requirement("a", ">=1"),
        Requirement("a", "==2", Rank.LOCKED),
        Requirement("a", "==3", Rank.LOCKED),
        Requirement("b", ""),
        Requirement("b", ">=2", Rank.OPTIONAL),
        Requirement("c", ""),
        Requirement("c", ">=3"),
    ]
    assert pins_of(asked) == {"a": "==2 || ==3", "b": "", "c": ">=3"}


@pytest.mark.parametrize(
    ("constraint", "specifier"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("^1", ">=1,<2"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.2", "~=1.2"),
        ("1.2.*", "==1.2.*"),
        ("1.2.3", "==1.2.3"),
        ("*", ""),
        (">=1.2,<2.0", ">=1.2,<2.0"),
        (">=1.2 <2.0", ">=1.2,<2.0"),
        ("^1.2 || ^2.1", ">=1.2,<2 || >=2.1,<3"),
        ("^1.2 || *", ""),
        ("latest", ""),
    ],
)
def test_poetry_constraints(constraint: str, specifier: str) -> None:
    assert translated(constraint) == specifier


def test_pyproject() -> None:
    manifest = read_pyproject("""
        [project]
        name = "My_App"
        version = "1.0"
        requires-python = ">=3.10"
        dependencies = ["torch>=2.0", "numpy"]
        optional-dependencies.gpu = ["torch>=2.6", "vllm==0.5"]
        [dependency-groups]
        dev = ["pytest>8", {include-group = "x"}]
        [tool.uv]
        override-dependencies = ["jinja2==3.1.6"]
        constraint-dependencies = ["urllib3>=2"]
    """)
    assert pins_of(manifest.requirements) == {
        "torch": ">=2.0",
        "numpy": "",
        "vllm": "==0.5",
        "pytest": ">8",
        "jinja2": "==3.1.6",
        "urllib3": ">=2",
        "my-app": "==1.0",
    }
    assert (manifest.python, manifest.name) == (">=3.10", "my-app")


def test_poetry_tables() -> None:
    manifest = read_pyproject("""
        [tool.poetry]
        name = "app"
        [tool.poetry.dependencies]
        python = "^3.10"
        torch = "^2.1"
        keras = {version = "~3.1", optional = true}
        jax = [{version = "<0.4", python = "<3.9"}, {version = "^0.4"}]
        local = {path = "../local"}
        [tool.poetry.group.dev.dependencies]
        torch = "*"
    """)
    assert manifest.python == ">=3.10,<4"
    assert pins_of(manifest.requirements) == {
        "torch": ">=2.1,<3",
        "keras": ">=3.1,<3.2",
        "jax": "<0.4 || >=0.4,<0.5",
        "local": "",
    }


def test_locks() -> None:
    uv = read_package_lock("""version = 1
[[package]]
name = "app"
version = "0.1"
source = { editable = "packages/app" }

[[package]]
name = "Torch"
version = "2.6.0"
source = { registry = "https://x" }
dependencies = [
    { name = "numpy", version = "9" },
]
[package.metadata]
version = "7"

[[package]]
name = "torch"
version = "2.7.0+cpu"
""")
    assert pins_of(uv.requirements) == {"app": "==0.1", "torch": "==2.6.0 || ==2.7.0+cpu"}
    assert uv.workspace == {"app"}
    pipfile = read_pipfile_lock('{"default": {"torch": {"version": "==2.1"}, "x": 5}, "develop": []}')
    assert pins_of(pipfile.requirements) == {"torch": "==2.1", "x": ""}


def test_pipfile() -> None:
    manifest = read_pipfile('[requires]\npython_version = "3.11"\n[packages]\ntorch = ">=2"\njax = {version = "*"}\n')
    assert (pins_of(manifest.requirements), manifest.python) == ({"torch": ">=2", "jax": ""}, "==3.11.*")


def test_conda() -> None:
    manifest = read_environment("""
name: x
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pytorch=2.1=py3.10_cuda  # the framework
  - conda-forge::numpy>=1.20,<2
  - scipy==1.11.0
  - "pandas 2.0.*"
  - jax <0.4|>=0.5
  - pip:
    - transformers>=4.40
    - vllm==0.5.0
  - keras
prefix: /x
""")
    assert pins_of(manifest.requirements) == {
        "torch": "==2.1.*",
        "numpy": ">=1.20,<2",
        "scipy": "==1.11.0",
        "pandas": "==2.0.*",
        "jax": "<0.4 || >=0.5",
        "transformers": ">=4.40",
        "vllm": "==0.5.0",
        "keras": "",
    }
    assert manifest.python == "==3.10.*"


def test_setup_files() -> None:
    cfg = read_setup_cfg("[metadata]\nname = x\n[options]\npython_requires = >=3.9\ninstall_requires =\n  torch>=2\n  numpy\n"
                         "[options.extras_require]\ngpu = vllm>=0.5\n")  # fmt: skip
    assert (pins_of(cfg.requirements), cfg.python) == ({"torch": ">=2", "numpy": "", "vllm": ">=0.5"}, ">=3.9")
    script = read_setup_py("import setuptools, os\nos.abort()\nNEED = ['torch>=2', other]\n"
                           "setuptools.setup(name='x', install_requires=NEED, extras_require={'a': ['b==1'], 'c': d})\n")  # fmt: skip
    assert pins_of(script.requirements) == {"torch": ">=2", "b": "==1"}


def test_core_metadata() -> None:
    manifest = read_metadata(
        "Metadata-Version: 2.4\r\nName: App\r\nVersion: 1.2\r\nRequires-Python: >=3.9\r\nRequires-Dist: torch<3,>=2\r\n"
        "Requires-Dist: torch>=2.6; extra == 'new'\r\nRequires-Dist: keras ; extra == 'k'\r\n\r\nRequires-Dist: evil\r\n"
    )
    assert pins_of(manifest.requirements) == {"torch": "<3,>=2", "keras": "", "app": "==1.2"}
    assert pins_of(read_requires("a>=1\n\n[:sys_platform]\nb\n[x]\na<1\n").requirements) == {"a": ">=1", "b": ""}


READERS = [read_pyproject, read_pipfile, read_setup_cfg, read_setup_py, read_pipfile_lock, read_package_lock]
READERS += [read_environment, read_metadata, read_requires]


@pytest.mark.parametrize("reader", READERS)
@given(
    st.text(max_size=200)
    | st.sampled_from(["[" * 5000, "a = " + "[" * 5000, "(" * 5000, "[options]\n%(x", "- " * 5000])
)
def test_no_content_breaks_a_reader(reader: Callable[[str], Manifest], content: str) -> None:
    with suppress(ManifestError):
        assert isinstance(reader(content), Manifest)
