"""Results that are kept: the same answer as without them, whatever changes, and whatever became of them."""

import marshal
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dockeropt.cli.main import main
from dockeropt.lint import results
from dockeropt.report.formats import NAMES

ROOT = Path(__file__).parents[2]
BAD = """\
FROM node:latest
# hadolint ignore=DL3025
CMD npm start
COPY package.json ./
COPY . .
RUN npm install && apt-get install -y curl
MAINTAINER the "\\udcff" team
"""

USELESS = marshal.dumps(((), "no context", ((1,),)))

Lint = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in the working directory, with its results in a folder beside it."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Dockerfile").write_text(BAD)
    (folder / "package.json").write_text("{}")
    (folder / "src.js").write_text("1\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    return folder


@pytest.fixture
def lint(project: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Lint:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["lint", *arguments])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[], list[Path]]:
    """The files of results there are."""
    return lambda: sorted((tmp_path / "home").glob("dockeropt/??/*"))


def test_a_second_run_lints_nothing_anew(
    lint: Lint, kept: Callable[[], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = lint("Dockerfile")
    assert len(kept()) == 1
    monkeypatch.setattr("dockeropt.lint.linter.lint_build", _refuse)
    assert lint("Dockerfile") == first
    assert lint("--failure-threshold=error", "--no-color", "Dockerfile")[1] == first[1]


def test_a_second_json_report_is_made_of_kept_entries(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    anew = lint("--no-cache", "--format=json", "Dockerfile")
    lint("Dockerfile")  # keeps the findings, and no entries
    assert lint("--format=json", "Dockerfile") == anew
    monkeypatch.setattr("dockeropt.lint.packing.unpack", _refuse)
    assert lint("--format=json", "Dockerfile") == anew
    assert (
        lint("--format=json", "--failure-threshold=error", "--jobs=2", "Dockerfile", "./Dockerfile") == anew
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_format_prints_kept_results_byte_for_byte_alike(lint: Lint, name: str) -> None:
    anew = lint("--no-cache", f"--format={name}", "Dockerfile")
    assert lint(f"--format={name}", "Dockerfile") == anew
    assert lint(f"--format={name}", "Dockerfile") == anew


def test_kept_results_are_the_findings_themselves_with_their_fixes(lint: Lint) -> None:
    (fixtures := Path("all")).mkdir()
    for number, page in enumerate(sorted((ROOT / "rules").glob("*.md"))):
        text = page.read_text(encoding="utf-8").split("```dockerfile", 1)[-1].partition("\n")[2]
        (fixtures / f"Dockerfile.{number}").write_text(text.partition("```")[0])
    for name in ("json", "sarif"):
        anew = lint("--no-cache", f"--format={name}", "all")
        assert lint(f"--format={name}", "all") == anew
        assert lint(f"--format={name}", "all") == anew


def _write(path: str, text: str) -> Callable[[pytest.MonkeyPatch], object]:
    return lambda patch: Path(path).write_text(text)


CHANGES: dict[str, Callable[[pytest.MonkeyPatch], object]] = {
    "the Dockerfile": _write("Dockerfile", BAD.replace("latest", "22")),
    "a .dockerignore where there was none": _write(".dockerignore", "package.json\n"),
    "the Dockerfile's own .dockerignore": _write("Dockerfile.dockerignore", "package.json\n"),
    "a file added to the context": _write("README.md", "1\n"),
    "a file that is named and gone": lambda patch: os.unlink("package.json"),
    "the content of a manifest, of the same size": _write("package.json", "[]"),
    "a configuration file": _write("dockeropt.toml", 'ignore = ["DL3007"]\n'),
    "a configuration file of hadolint's": _write(".hadolint.yaml", "override: {error: [DL3007]}\n"),
    "an override for the path": _write(
        "dockeropt.toml", '[per-path]\n"Dockerfile" = { select = ["DL3025"] }\n'
    ),
    "an option of a rule": _write("dockeropt.toml", 'trusted-registries = ["quay.io"]\n'),
    "a variable of hadolint's": lambda patch: patch.setenv("HADOLINT_IGNORE", "DL3007"),
    "whether comments count": lambda patch: patch.setenv("HADOLINT_DISABLE_IGNORE_PRAGMA", "1"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_what_findings_depend_on_is_seen(
    lint: Lint, monkeypatch: pytest.MonkeyPatch, change: Callable[[pytest.MonkeyPatch], object]
) -> None:
    before = lint("--format=json", "Dockerfile")
    assert lint("--format=json", "Dockerfile") == before
    change(monkeypatch)
    anew = lint("--no-cache", "--format=json", "Dockerfile")
    assert anew != before
    assert lint("--format=json", "Dockerfile") == anew
    assert lint("--format=json", "Dockerfile") == anew


@pytest.mark.parametrize(
    "ignored",
    [
        pytest.param("package.json\n", id="what is copied"),
        pytest.param("*\n!src.js\n", id="all but one"),
        pytest.param("# nothing\n", id="nothing"),
    ],
)
def test_a_changed_dockerignore_is_seen(lint: Lint, ignored: str) -> None:
    Path(".dockerignore").write_text("node_modules\n")
    lint("Dockerfile")
    Path(".dockerignore").write_text(ignored)
    assert lint("Dockerfile") == lint("--no-cache", "Dockerfile")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--select=DL3007"], id="rules"),
        pytest.param(["--ignore=DL3007"], id="rules left out"),
        pytest.param(["--error=DL3007"], id="severities"),
        pytest.param(["--disable-ignore-pragma"], id="comments"),
        pytest.param(["--require-reason"], id="reasons"),
        pytest.param(["--require-label=maintainer:text"], id="labels"),
        pytest.param(["--trusted-registry=quay.io"], id="registries"),
        pytest.param(["--context=.."], id="the context"),
        pytest.param(["--report-threshold=error"], id="what is shown"),
        pytest.param(["--no-config"], id="no configuration"),
    ],
)
def test_options_that_matter_are_part_of_the_key(lint: Lint, options: list[str]) -> None:
    Path("dockeropt.toml").write_text('ignore = ["DL4000"]\n')
    lint("Dockerfile")
    anew = lint("--no-cache", *options, "Dockerfile")
    assert anew != lint("Dockerfile")
    assert lint(*options, "Dockerfile") == anew
    assert lint(*options, "Dockerfile") == anew


def test_the_same_file_elsewhere_has_results_of_its_own(lint: Lint) -> None:
    (other := Path("other")).mkdir()
    shutil.copy("Dockerfile", other)
    shutil.copy("package.json", other)
    (other / ".dockerignore").write_text("package.json\n")
    lint("--format=json", "Dockerfile", "other/Dockerfile")
    again = lint("--format=json", "Dockerfile", "other/Dockerfile")
    assert again == lint("--no-cache", "--format=json", "Dockerfile", "other/Dockerfile")
    assert again[1].count("CopyIgnoredFile") > 0


def test_another_dockeropt_does_not_take_them(
    lint: Lint, kept: Callable[[], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    lint("Dockerfile")
    assert len(kept()) == 1
    monkeypatch.setattr(results, "__version__", "99.0.0")
    lint("Dockerfile")
    assert len(kept()) == 2


def test_an_edited_module_of_dockeropt_makes_another_fingerprint(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dockeropt", tmp_path / "dockeropt", ignore=shutil.ignore_patterns("__pycache__"))
    ask = "from dockeropt.lint.results import code_fingerprint as f; print(hash(f()))"

    def fingerprint() -> str:
        command = [sys.executable, "-c", ask]
        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(tmp_path)}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
        return done.stdout.decode()

    before = fingerprint()
    assert fingerprint() == before
    with (tmp_path / "dockeropt/checks/stages/latest_tag.py").open("a") as module:
        module.write("# changed\n")
    assert fingerprint() != before


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda data: data[: len(data) // 2], id="cut off"),
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[:40] + b"x" + data[41:], id="one byte changed"),
        pytest.param(lambda data: data + b" ", id="one byte more"),
        pytest.param(lambda data: os.urandom(2_000_000), id="something else"),
        pytest.param(lambda data: results._checksum(USELESS) + USELESS, id="of no use"),
    ],
)
def test_a_damaged_result_is_ignored_and_written_again(
    lint: Lint, kept: Callable[[], list[Path]], harm: Callable[[bytes], bytes]
) -> None:
    before = lint("Dockerfile")
    (file,) = kept()
    good = file.read_bytes()
    file.write_bytes(harm(good))
    assert lint("Dockerfile") == before
    assert file.read_bytes() == good


@pytest.mark.parametrize("place", ["/proc/dockeropt", "/dev/null/dockeropt", "/sys/dockeropt"])
def test_a_folder_that_cannot_be_written_fails_nothing(lint: Lint, place: str) -> None:
    assert lint(f"--cache-dir={place}", "Dockerfile") == lint("--no-cache", "Dockerfile")


def test_a_cache_folder_that_is_a_file_is_wrong_use(lint: Lint) -> None:
    code, out, err = lint("--cache-dir=package.json", "Dockerfile")
    assert (code, out) == (2, "")
    assert err.startswith("dockeropt: the cache folder package.json is a file\n")


def test_no_home_is_no_cache(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    before = lint("Dockerfile")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", "")
    assert lint("Dockerfile") == before


def test_a_full_disk_fails_nothing_and_leaves_nothing_half_written(project: Path, tmp_path: Path) -> None:
    # No more than 200 bytes of any file can be written; the findings go to a pipe.
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200));"
    lint = "from dockeropt.cli.main import main; sys.exit(main(['lint', 'Dockerfile']))"
    done = subprocess.run(
        [sys.executable, "-B", "-c", limited + lint], cwd=project, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "DL3007" in done.stdout
    assert list((tmp_path / "home").glob("dockeropt/??/*")) == []


def test_the_folder_is_left_out_by_git_and_backups(lint: Lint) -> None:
    lint("--cache-dir=results", "Dockerfile")
    assert Path("results/.gitignore").read_text() == "*\n"
    assert (
        Path("results/CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    )
    assert lint("--cache-dir=results", "Dockerfile") == lint("--no-cache", "Dockerfile")


def test_no_cache_keeps_nothing(lint: Lint, kept: Callable[[], list[Path]]) -> None:
    lint("--no-cache", "Dockerfile")
    assert kept() == []


def test_the_oldest_results_go_when_there_are_too_many(
    lint: Lint, kept: Callable[[], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    lint("Dockerfile")
    (first,) = kept()
    for number in range(20):
        old = first.with_name(f"old{number:02}")
        old.write_bytes(bytes(1000))
        os.utime(old, (number, number))
    monkeypatch.setattr(results, "FULLEST", 12_000)
    first.unlink()
    lint("Dockerfile")
    left = [path.name for path in kept()]
    assert first.name in left
    assert left[-1] == "old19"
    assert "old00" not in left
    assert sum(path.stat().st_size for path in kept()) <= 6_000


def test_two_runs_share_a_folder_while_others_are_killed(project: Path, tmp_path: Path) -> None:
    for number in range(60):
        (project / f"Dockerfile.{number}").write_text(f"{BAD}RUN echo {number}\n")
    command = [sys.executable, "-m", "dockeropt", "lint", "--format=json", "."]
    alone = subprocess.run([*command, "--no-cache"], cwd=project, capture_output=True, check=False)
    for wait in (0.15, 0.25, 0.35):
        killed = [
            subprocess.Popen(
                [*command, "--jobs=2"], cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            for _ in range(2)
        ]
        time.sleep(wait)
        for process in killed:
            process.send_signal(signal.SIGKILL)
            process.wait()
    pairs = [subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE) for _ in range(2)]
    assert [pair.communicate()[0] for pair in pairs] == [alone.stdout] * 2
    again = subprocess.run(command, cwd=project, capture_output=True, check=False)
    assert again.stdout == alone.stdout


def _refuse(*arguments: object) -> None:
    raise AssertionError("a file was linted anew")
