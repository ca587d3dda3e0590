import os
import subprocess
import sys
from pathlib import Path

import pytest

from dockeropt.errors import UsageError
from dockeropt.measure.model import Candidate
from dockeropt.measure.source_edit import edit_of
from dockeropt.measure.workspace import Workspace, copy_context, files_of


@pytest.fixture
def context(tmp_path: Path) -> Path:
    root = tmp_path / "app"
    for path in ("src/a.ts", "src/b.ts", "node_modules/x/index.js", ".env", ".dockerignore"):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    return root


def copy(context: Path, dockerignore: str | None) -> Workspace:
    folder = context.parent / "run"
    folder.mkdir()
    return copy_context(str(context), folder, Candidate("before", "FROM scratch\n", dockerignore))


def names(workspace: Workspace) -> set[str]:
    return {
        path.relative_to(workspace.context).as_posix()
        for path in workspace.context.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }


@pytest.mark.parametrize(
    ("dockerignore", "expected"),
    [
        pytest.param(None, {"src/a.ts", "src/b.ts", "node_modules/x/index.js", ".env"}, id="none at all"),
        pytest.param(
            "node_modules\n.env\n", {"src/a.ts", "src/b.ts", ".dockerignore"}, id="a folder and a file"
        ),
        pytest.param("*\n!src/a.ts\n", {"src/a.ts", ".dockerignore"}, id="all but one file"),
        pytest.param(
            "node_modules\n!node_modules/x\n",
            {"src/a.ts", "src/b.ts", "node_modules/x/index.js", ".env", ".dockerignore"},
            id="a folder let in again below one left out",
        ),
    ],
)
def test_the_copy_holds_what_the_candidates_build_sees(
    context: Path, dockerignore: str | None, expected: set[str]
) -> None:
    workspace = copy(context, dockerignore)
    assert expected == names(workspace)
    assert dockerignore in (None, (workspace.context / ".dockerignore").read_text() if dockerignore else None)


def test_links_stay_links_and_what_docker_does_not_send_is_left_out(context: Path) -> None:
    (context / "link.ts").symlink_to("src/a.ts")
    os.mkfifo(context / "pipe")
    workspace = copy(context, "node_modules")
    assert os.readlink(workspace.context / "link.ts") == "src/a.ts"
    assert "pipe" not in names(workspace)
    assert {"src/a.ts", "src/b.ts", ".env", ".dockerignore"} == set(files_of(workspace))


def test_modes_and_times_are_kept(context: Path) -> None:
    file = context / "src/a.ts"
    file.chmod(0o751)
    os.utime(file, (1, 1))
    copied = (copy(context, None).context / "src/a.ts").stat()
    assert (copied.st_mode & 0o777, copied.st_mtime) == (0o751, 1)


def test_an_edit_changes_the_copy_alone(context: Path) -> None:
    workspace = copy(context, None)
    original = workspace.read("src/a.ts")
    assert original == b"src/a.ts"
    workspace.edit(edit_of("src/a.ts"), original, "one")
    workspace.edit(edit_of("src/a.ts"), original, "two")
    assert workspace.read("src/a.ts") == b"src/a.ts\n// dockeropt two\n"
    assert (context / "src/a.ts").read_text() == "src/a.ts"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("out.ts", id="a link out of the copy"),
        pytest.param("away/b.ts", id="a file below a link out of the copy"),
        pytest.param("../app/src/a.ts", id="a path that leads out"),
        pytest.param("src", id="a folder"),
        pytest.param("src/none.ts", id="no file"),
    ],
)
def test_what_is_no_file_of_the_copy_is_not_read(context: Path, path: str) -> None:
    (context / "out.ts").symlink_to(context / "src/a.ts")
    (context / "away").symlink_to(context / "src")
    assert copy(context, None).read(path) is None


def test_a_context_that_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        copy_context(str(tmp_path / "none"), tmp_path, Candidate("before", "", None))


def test_a_full_disk_is_said_with_what_to_do(context: Path) -> None:
    # A limit on the size of files is the full disk that a process can make for itself alone.
    script = f"""
import resource, signal
from pathlib import Path
from dockeropt.errors import MeasureError
from dockeropt.measure.model import Candidate
from dockeropt.measure.workspace import copy_context
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4, 4))
try:
    copy_context({str(context)!r}, Path({str(context.parent)!r}), Candidate("before", "", None))
except MeasureError as error:
    print(error.message, error.hint)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "there is no room for a copy of the context" in said
    assert "TMPDIR" in said
