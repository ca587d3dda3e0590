"""``dockeropt replay`` as a user meets it: what it prints, what it writes, how it ends."""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dockeropt.cli.main import main
from tests.replay.repository import Files, Repository, repository

_DOCKERFILE = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n"
_BETTER = "FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n"
_FIRST: Files = {
    "Dockerfile": _DOCKERFILE,
    ".dockerignore": ".git\n*.md\n",
    "package.json": "{}",
    "a.js": "1",
}


def _repository(folder: Path) -> Repository:
    edits: list[Files] = [{"a.js": "2"}, {"a.js": "3"}, {"package.json": "{ }"}, {"README.md": "#"}]
    return repository(folder, _FIRST, *edits)


def test_the_report_says_what_reran_and_what_needed_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _repository(tmp_path)
    (tmp_path / "Dockerfile.better").write_text(_BETTER)
    assert main(["replay", str(tmp_path), "--against", str(tmp_path / "Dockerfile.better")]) == 0
    assert (
        capsys.readouterr().out
        == """\
Dockerfile over the last 4 commits of main, 2023-11-15 to 2023-11-19

step                       commits    reran    needed    wasted
-----------------------  ---------  -------  --------  --------  ---------------
[2/5] WORKDIR /app               4        0         0         0
[3/5] COPY . .                   4        3         3         0  ███████████████
[4/5] RUN npm ci                 4        3         1         2  █████░░░░░░░░░░
[5/5] RUN npm run build          4        3         3         0  ███████████████

█ ran and needed to   ░ ran without need   · ran unless a stage handed over the same files

`npm ci` ran again in 3 of 4 commits; it needed to in 1
steps that ran again: 56 %
waiting: 68 s a commit, 34.1 min a month of 30 commits; 38 s and 19.1 min if only what was needed had run

over the same commits         now    Dockerfile.better    --unsafe-fixes
-----------------------  --------  -------------------  ----------------
install reruns             3 of 4               1 of 4            1 of 4
of them without need       2 of 4               0 of 4            0 of 4
steps that ran again         56 %                 40 %              40 %
waiting, a commit            68 s                 38 s              38 s
waiting, a month         34.1 min             19.2 min          19.2 min

Each Dockerfile is held as it is now, while the files change as they did.

Times are assumed: WORKDIR 0 s, build 30 s, copy 1 s, install of dependencies 60 s.
`--times FILE` takes them from `dockeropt measure --json FILE`.
"""
    )


def test_the_json_has_every_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = _repository(tmp_path / "own")
    file = tmp_path / "replay.json"
    assert main(["replay", str(tmp_path / "own"), "--commits", "2", "--json", str(file)]) == 0
    assert "over the last 2 commits" in capsys.readouterr().out
    found = json.loads(file.read_text())
    replay = found["replays"][0]
    assert (2, "main", made.git("rev-parse", "HEAD")) == (
        found["commits"],
        found["branch"],
        found["last_commit"],
    )
    assert [step["reran_most"] for step in replay["steps"]] == [0, 1, 1, 1]
    assert [step["dependencies_changed"] for step in replay["steps"]] == [None, None, 1, None]
    assert main(["replay", str(tmp_path / "own"), "--commits", "2", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == found


def test_times_come_from_a_measurement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _repository(tmp_path)
    steps = [{"name": "[4/5] RUN npm ci", "seconds": 600.0, "is_cached": False, "start": 0.0}]
    build = {"seconds": [600.0], "steps": steps, "beside": [], "critical_path": steps}
    image = {"layers": [], "compressed_by": "engine"}
    measurement = {
        "name": "before",
        "image": image,
        "platform": "",
        "builds": {"cold": build, "source": build},
        "startup": None,
    }
    stored = {"version": 2, "context": ".", "edited": {}, "engine": "26", "buildx": "0.13", "builder": ""}
    file = tmp_path / "m.json"
    file.write_text(json.dumps({**stored, "measurements": [measurement]}))
    assert main(["replay", str(tmp_path), "--times", str(file)]) == 0
    out = capsys.readouterr().out
    assert "waiting: 7.9 min a commit" in out
    assert "Times that FILE does not have are assumed: WORKDIR 0 s, build 30 s, copy 1 s.\n" in out
    assert "--times" not in out


def test_what_helps_to_read_the_figures_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "FROM node:22\nARG COMMIT_ID\nCOPY . .\nCOPY dist /dist\nRUN npm run build\n"
    repository(tmp_path / "own", {"Dockerfile": text, "a.js": "1"}, {}, {})
    made = repository(tmp_path / "other", {"a": "1"})
    made.git("clone", "--quiet", "--depth=2", f"file://{tmp_path}/own", str(tmp_path / "clone"))
    assert main(["replay", str(tmp_path / "clone")]) == 0
    out = capsys.readouterr().out
    assert "The clone is shallow: `git fetch --unshallow` brings the rest of the history." in out
    assert "`.git` is copied, and every commit changes it: put `.git` into .dockerignore" in out
    assert "COMMIT_ID seems to change with every build: add --build-arg 'COMMIT_ID=*' to count that." in out
    assert "Not in the repository, so taken as unchanged: `dist`." in out


class _Cells(HTMLParser):
    """The texts of a page's table cells, and what it loads from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.loaded: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self._open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert tag == self._open.pop()

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self._open):
            self.cells[-1] += data.strip()


def test_the_page_has_the_same_figures_and_needs_nothing_else(tmp_path: Path) -> None:
    made = _repository(tmp_path / "own")
    made.commit({"Dockerfile": _DOCKERFILE + "RUN echo '<b>'\n"})
    file = tmp_path / "replay.html"
    assert main(["replay", str(tmp_path / "own"), "--html", str(file)]) == 0
    page = _Cells()
    page.feed(file.read_text())
    page.close()
    assert page.loaded == []
    at = page.cells.index("[4/6] RUN npm ci")
    assert page.cells[at : at + 5] == ["[4/6] RUN npm ci", "5", "4", "1", "3"]
    assert "[6/6] RUN echo '<b>'" in page.cells
    assert "install reruns" in page.cells
    assert '<rect class="needed" x="0.00" width="20.00"' in file.read_text()


def test_a_terminal_that_is_not_utf_8_shows_question_marks(tmp_path: Path) -> None:
    made = _repository(tmp_path)
    made.git("checkout", "--quiet", "-b", "caf\udce9")
    done = subprocess.run(
        [sys.executable, "-m", "dockeropt", "replay", str(tmp_path)],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"of caf?," in done.stdout
    assert b"?????" in done.stdout


def test_an_edit_that_is_not_committed_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = _repository(tmp_path)
    assert main(["replay", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""
    made.write({"Dockerfile": _BETTER})
    assert main(["replay", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert "Dockerfile is edited since: --against compares the file" in told.err
    assert "[4/5] RUN npm ci                 4        3         1" in told.out


def _one_commit(folder: Path) -> None:
    repository(folder, _FIRST)


def _no_commit(folder: Path) -> None:
    Repository(folder)


def _no_dockerfile(folder: Path) -> None:
    repository(folder, {"a": "1"}, {"a": "2"})


@pytest.mark.parametrize(
    ("make", "arguments", "code", "message"),
    [
        pytest.param(Path.mkdir, [], 2, "is in no git repository", id="no repository"),
        pytest.param(_no_commit, [], 2, "the repository has no commits yet", id="no commit"),
        pytest.param(_one_commit, [], 2, "main has one commit", id="one commit"),
        pytest.param(_no_dockerfile, [], 2, "there is no Dockerfile in main", id="no Dockerfile"),
        pytest.param(
            _repository, ["--branch", "x"], 2, "there is no branch or commit x", id="no such branch"
        ),
        pytest.param(_repository, ["--dockerfile", "x"], 2, "there is no x in main", id="no such Dockerfile"),
        pytest.param(_repository, ["--against", "x"], 2, "there is no file x", id="no such other Dockerfile"),
        pytest.param(_repository, ["--times", "x"], 2, "there is no file x", id="no such times"),
        pytest.param(
            _repository, ["--build-arg", "A"], 2, "'A' has no value", id="an argument without value"
        ),
        pytest.param(_repository, ["--commits", "0"], 2, "0 is not in the range", id="no commits asked for"),
        pytest.param(
            _repository, ["--target", "x"], 2, "no commit of main has a stage x", id="no such stage"
        ),
        pytest.param(_repository, ["--json", "x/y.json"], 2, "cannot be written", id="nowhere to write"),
        pytest.param(_repository, ["--html", "x/y.html"], 2, "cannot be written", id="nowhere to write it"),
    ],
)
def test_what_cannot_be_replayed_is_told(
    make: object,
    arguments: list[str],
    code: int,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert callable(make)
    make(tmp_path / "own")
    assert main(["replay", str(tmp_path / "own"), *arguments]) == code
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""


def test_without_git_nothing_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _repository(tmp_path / "own")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["replay", str(tmp_path / "own")]) == 4
    assert "the git command is not installed" in capsys.readouterr().err


def test_a_damaged_repository_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = _repository(tmp_path)
    tree = made.git("rev-parse", "HEAD^{tree}")
    (tmp_path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    assert main(["replay", str(tmp_path)]) == 4
    assert "git ls-tree stopped" in capsys.readouterr().err


def test_a_bare_repository_is_replayed_as_any(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = _repository(tmp_path / "own")
    made.git("clone", "--quiet", "--bare", str(tmp_path / "own"), str(tmp_path / "bare.git"))
    assert main(["replay", str(tmp_path / "bare.git"), "--branch", "main"]) == 0
    assert "`npm ci` ran again in 3 of 4 commits; it needed to in 1" in capsys.readouterr().out
