"""Changed lines of files in real repositories."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlsec_lint.changes import comparison as comparison_module
from mlsec_lint.changes import git as git_module
from mlsec_lint.changes.comparison import comparison
from mlsec_lint.changes.error import GitError
from mlsec_lint.changes.git import Git
from tests.changes.repositories import commit, git, repository, write

TEN = "".join(f"line {number}\n" for number in range(1, 11))
FIVE = TEN.replace("line 5\n", "changed\n")


def lines(top: Path, name: str, revision: str | None = "HEAD", data: bytes | None = None) -> list[int] | str | None:
    """The changed lines of a file: numbers, `whole`, or None when nothing has changed."""
    asked, compared = comparison(top, revision)
    with asked.blobs() as read:
        found = compared.of(top / name, data, read)
    if found is None:
        return None
    return "whole" if found.numbers is None else sorted(found.numbers)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path / "project", {"a.py": TEN, "same.py": TEN, "sub/b.py": TEN})


def test_a_dirty_tree(top: Path) -> None:
    write(top, {"a.py": FIVE, "new.py": "x\n"})
    assert (lines(top, "a.py"), lines(top, "same.py"), lines(top, "new.py")) == ([5], None, "whole")
    assert lines(top, "a.py", data=TEN.encode()) is None
    assert lines(top, "same.py", data=b"first\n" + TEN.encode()) == [1]


def test_changes_count_from_the_merge_base_on(top: Path) -> None:
    git(top, "switch", "-q", "-c", "topic")
    write(top, {"a.py": FIVE})
    commit(top)
    git(top, "switch", "-q", "main")
    write(top, {"same.py": FIVE})
    commit(top)
    git(top, "switch", "-q", "topic")
    assert (lines(top, "a.py", "main"), lines(top, "same.py", "main")) == ([5], None)
    git(top, "switch", "-q", "--detach")
    write(top, {"a.py": FIVE + "more\n"})
    assert lines(top, "a.py", "main") == [5, 11]


def test_line_ends_of_a_checkout_are_no_changes(top: Path) -> None:
    write(top, {"a.py": TEN.replace("\n", "\r\n"), "same.py": FIVE.replace("\n", "\r\n")})
    assert (lines(top, "a.py"), lines(top, "same.py")) == (None, [5])


def test_deleted_lines_leave_a_file_to_check_without_changed_lines(top: Path) -> None:
    write(top, {"a.py": TEN.replace("line 5\n", "")})
    assert lines(top, "a.py") == []


@pytest.mark.parametrize("name", ["with blank.py", "with\nnewline.py", "q'u\"o.py", "ünï.py", "-x.py", "\udcff.py"])
def test_any_name(top: Path, name: str) -> None:
    write(top, {name: TEN})
    commit(top)
    write(top, {name: FIVE})
    assert lines(top, name) == [5]


def test_renamed_files_keep_their_lines(top: Path) -> None:
    (top / "a.py").rename(top / "sub" / "moved.py")
    (top / "same.py").unlink()
    assert lines(top, "sub/moved.py") is None
    write(top, {"sub/moved.py": FIVE})
    assert lines(top, "sub/moved.py") == [5]
    write(top, {"other.py": "something\nelse\n"})
    assert lines(top, "other.py") == "whole"
    git(top, "add", "-A")
    assert lines(top, "sub/moved.py", None) == [5]


def test_a_copy_is_new(top: Path) -> None:
    write(top, {"copy.py": TEN})
    assert lines(top, "copy.py") == "whole"


def test_what_is_staged(top: Path) -> None:
    write(top, {"a.py": FIVE, "same.py": FIVE})
    git(top, "add", "a.py")
    write(top, {"untracked.py": TEN})
    assert (lines(top, "a.py", None), lines(top, "same.py", None), lines(top, "untracked.py", None)) == (
        [5],
        None,
        None,
    )


def test_lines_that_are_not_staged_do_not_count_and_shift_the_others(top: Path) -> None:
    write(top, {"a.py": FIVE})
    git(top, "add", "a.py")
    write(top, {"a.py": "on top\n" + FIVE.replace("line 9", "not staged")})
    asked, compared = comparison(top, None)
    with asked.blobs() as read:
        found = compared.of(top / "a.py", None, read)
    assert found is not None
    assert (found.numbers, compared.partly) == (frozenset({6}), 1)


def test_the_first_commit_and_files_in_conflict(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, {"a.py": TEN})
    git(tmp_path, "add", "a.py")
    assert lines(tmp_path, "a.py", None) == "whole"
    with pytest.raises(GitError, match="there is no commit 'HEAD'"):
        comparison(tmp_path, "HEAD")
    commit(tmp_path)
    git(tmp_path, "switch", "-q", "-c", "topic")
    write(tmp_path, {"a.py": FIVE})
    commit(tmp_path)
    git(tmp_path, "switch", "-q", "main")
    write(tmp_path, {"a.py": TEN.replace("line 5", "other")})
    commit(tmp_path)
    with pytest.raises(Exception, match="merge"):
        git(tmp_path, "merge", "topic")
    assert lines(tmp_path, "a.py", None) == "whole"


def test_a_hook_with_an_index_of_its_own(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(top, {"a.py": FIVE})
    (top / ".git" / "next-index.lock").write_bytes((top / ".git" / "index").read_bytes())
    git(top, "add", "a.py")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index.lock")
    assert lines(top, "a.py", None) is None
    monkeypatch.setenv("GIT_INDEX_FILE", "../elsewhere")
    assert lines(top, "a.py", None) == [5]
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, str(top.parent))
    assert lines(top, "a.py", "HEAD") == [5]


def test_a_work_tree_of_its_own(top: Path) -> None:
    git(top, "worktree", "add", "-q", "../second")
    write(top.parent / "second", {"a.py": FIVE})
    assert (lines(top.parent / "second", "a.py"), lines(top, "a.py")) == ([5], None)


def test_repositories_inside_are_left_to_themselves(top: Path) -> None:
    repository(top.parent / "library", {"c.py": TEN})
    git(top, "submodule", "--quiet", "add", "../library")
    commit(top)
    write(top, {"library/c.py": FIVE})
    asked, compared = comparison(top, "HEAD")
    with asked.blobs() as read:
        assert compared.of(top / "library" / "c.py", None, read) is None
    assert compared.foreign == 1
    assert lines(top / "library", "c.py") == [5]


def test_a_shallow_clone_says_what_to_fetch(top: Path) -> None:
    write(top, {"a.py": FIVE})
    commit(top)
    first = git(top, "rev-parse", "HEAD~1").strip()
    git(top.parent, "clone", "-q", "--depth", "1", top.as_uri(), "shallow")
    for revision in (first, "HEAD~1", "origin/other"):
        with pytest.raises(GitError, match=r"shallow clone.*git fetch --unshallow.*fetch-depth: 0"):
            comparison(top.parent / "shallow", revision)
    git(top.parent, "clone", "-q", "--depth", "2", top.as_uri(), "enough")
    assert lines(top.parent / "enough", "a.py", "HEAD~1") == [5]


def test_histories_with_nothing_in_common(top: Path) -> None:
    git(top, "switch", "-q", "--orphan", "other")
    commit(top)
    with pytest.raises(GitError, match="no commit in common"):
        comparison(top, "main")


@pytest.mark.parametrize("revision", ["", "-n", "--output=x", "a b", "a\nb", "\x1b[2J", "x" * 2_000])
def test_what_is_no_revision_is_not_asked_for(top: Path, revision: str) -> None:
    with pytest.raises(GitError, match="a revision is a name") as error:
        comparison(top, revision)
    assert str(error.value).isprintable()


@pytest.mark.parametrize("revision", ["nope", "main..main", ":a.py", "main:a.py", "HEAD~9", "@{-3}", "'; touch x"[1:]])
def test_what_names_no_commit_is_an_error(top: Path, revision: str) -> None:
    with pytest.raises(GitError):
        comparison(top, revision)


def test_no_repository_and_a_bare_one(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="in no work tree of a git repository"):
        comparison(tmp_path, "main")
    git(tmp_path, "init", "-q", "--bare", "bare")
    with pytest.raises(GitError, match="in no work tree"):
        comparison(tmp_path / "bare", None)
    (tmp_path / ".git").mkdir()
    with pytest.raises(GitError):
        comparison(tmp_path, "main")


def test_git_that_is_not_there_or_takes_too_long(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = top.parent / "bin" / "git"
    write(slow.parent, {"git": "#!/bin/sh\nexec sleep 30\n"})
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(GitError, match="took longer than"):
        Git(top, seconds=0.2).commit("HEAD")
    monkeypatch.chdir(slow.parent)
    monkeypatch.setenv("PATH", f".{os.pathsep}")
    with pytest.raises(GitError, match="git was not found"):
        Git(top)


def test_nothing_that_a_repository_names_is_run(top: Path) -> None:
    harm = f"touch {top}/executed; cat"
    for key in (
        "core.fsmonitor",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.process",
        "core.pager",
        "core.sshCommand",
    ):
        git(top, "config", key, harm)
    git(top, "config", "core.hooksPath", "hooks")
    write(top, {".gitattributes": "*.py filter=evil diff=evil\n", "hooks/post-index-change": f"#!/bin/sh\n{harm}\n"})
    (top / "hooks" / "post-index-change").chmod(0o755)
    write(top, {"a.py": FIVE})
    index = (top / ".git" / "index").read_bytes()
    assert lines(top, "a.py") == [5]
    assert lines(top, "a.py", None) is None
    assert not (top / "executed").exists()
    assert (top / ".git" / "index").read_bytes() == index


def test_nothing_is_fetched_also_by_a_git_that_knows_no_variable_for_it(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched = top.parent / "touched"
    transport = top.parent / "transport"
    transport.write_text(f"#!/bin/sh\ntouch '{touched}'\n")
    transport.chmod(0o755)
    blob = git(top, "rev-parse", "HEAD:a.py").strip()
    write(top, {"a.py": FIVE, "same.py": FIVE, "sub/b.py": FIVE})
    (top / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    settings = {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{transport}",
        "protocol.ext.allow": "always",
    }
    for name, value in settings.items():
        git(top, "config", name, value)
    environment = git_module._environment

    def older(folder: Path, index: Path | None) -> dict[str, str]:
        return {name: value for name, value in environment(folder, index).items() if name != "GIT_NO_LAZY_FETCH"}

    monkeypatch.setattr(git_module, "_environment", older)
    assert lines(top, "a.py") == "whole"
    assert not touched.exists()


def test_looking_for_earlier_names_ends(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (top / "same.py").rename(top / "moved.py")
    write(top, {"moved.py": FIVE})
    assert lines(top, "moved.py") == [5]
    monkeypatch.setattr(comparison_module, "_MOST_LINES", 20)
    assert lines(top, "moved.py") == "whole"


def test_large_files_of_git_lfs_are_compared_by_their_pointers(top: Path) -> None:
    import hashlib

    content = b"{}\n"
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{hashlib.sha256(content).hexdigest()}\nsize 3\n"
    write(top, {"n.ipynb": pointer})
    commit(top)
    write(top, {"n.ipynb": content})
    assert lines(top, "n.ipynb") is None
    write(top, {"n.ipynb": b"[]\n"})
    assert lines(top, "n.ipynb") == "whole"


def test_damaged_objects_cost_their_file_and_no_answer_is_made_up(top: Path) -> None:
    write(top, {"a.py": FIVE})
    name = git(top, "rev-parse", "HEAD:a.py").strip()
    (top / ".git" / "objects" / name[:2] / name[2:]).unlink()
    assert lines(top, "a.py") == "whole"


def test_links_are_compared_where_they_lead(top: Path) -> None:
    (top / "link.py").symlink_to("a.py")
    commit(top)
    assert lines(top, "link.py") is None
    write(top, {"a.py": FIVE})
    assert lines(top, "link.py") == [5]


def test_repositories_with_long_ids(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    write(tmp_path, {"a.py": TEN, "same.py": TEN})
    commit(tmp_path)
    write(tmp_path, {"a.py": FIVE})
    assert (lines(tmp_path, "a.py"), lines(tmp_path, "same.py")) == ([5], None)
