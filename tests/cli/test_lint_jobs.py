"""Several processes give what one gives: the same output in the same order, and none is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

BAD = "FROM node:latest\nCMD npm start {}\n"
FILES = 40


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for number in range(FILES):
        (tmp_path / f"Dockerfile.{number}").write_text(BAD.format(number))
    (tmp_path / "Dockerfile.7").write_bytes(b"\0")
    (tmp_path / "Dockerfile.9").write_bytes("FROM a\n".encode("utf-16"))
    (tmp_path / "Dockerfile.12").write_text("RUM x\n")
    (tmp_path / "Dockerfile.13").write_bytes(b"FROM a:1\nLABEL a=\xff\xfe\n")
    return tmp_path


def lint(project: Path, *arguments: str, stdin: bytes = b"") -> tuple[int, bytes, bytes]:
    command = [sys.executable, "-m", "dockeropt", "lint", "--no-cache", *arguments]
    done = subprocess.run(command, cwd=project, input=stdin, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", ["text", "json", "sarif"])
def test_output_messages_and_exit_code_are_those_of_one_process(project: Path, name: str) -> None:
    paths = (".", "nowhere", "-")
    one = lint(project, f"--format={name}", "--jobs=1", *paths, stdin=b"FROM a:latest\n")
    assert one[0] == 2
    assert one[2].count(b"dockeropt: ") == 3
    for jobs in (["--jobs=2"], ["-j", "7"], ["--jobs=100"], []):
        assert lint(project, f"--format={name}", *jobs, *paths, stdin=b"FROM a:latest\n") == one


def test_a_baseline_is_the_same(project: Path) -> None:
    (project / "Dockerfile.7").unlink()
    (project / "Dockerfile.9").unlink()
    for jobs in ("1", "3"):
        lint(project, f"--jobs={jobs}", "--baseline=old.json", "--write-baseline", ".")
        written = (project / "old.json").read_bytes()
        assert lint(project, "--jobs=2", "--baseline=old.json", ".") == (0, b"", b"")
        assert lint(project, "--jobs=1", "--baseline=old.json", ".") == (0, b"", b"")
        (project / "old.json").unlink()
        assert b"DL3007" in written


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", ""])
def test_jobs_that_are_no_number_are_wrong_use(project: Path, number: str) -> None:
    code, out, err = lint(project, f"--jobs={number}", ".")
    assert (code, out) == (2, b"")
    assert b"Traceback" not in err
    assert err.startswith(f"dockeropt: --jobs takes a whole number from 1 on, not `{number}`\n".encode())


SLOW = """
import sys, time
from dockeropt.lint import workers

def work(task):
    if task == "bug":
        raise ValueError("a bug")
    if task == "dies":
        import os
        os.kill(os.getpid(), 9)
    time.sleep({seconds})
    return task

if __name__ == "__main__":
    for result in workers.in_processes(work, {tasks!r}, 2, print):
        print(result, flush=True)
"""


def run(seconds: float, tasks: list[str], folder: Path) -> subprocess.Popen[bytes]:
    script = folder / "slow.py"
    script.write_text(SLOW.format(seconds=seconds, tasks=tasks))
    # In a group of its own, as a shell starts it: Ctrl-C goes to every process of the group.
    return subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def test_an_exception_in_a_process_is_raised_in_the_first(tmp_path: Path) -> None:
    process = run(0, ["a", "b", "c", "d", "bug", "e"], tmp_path)
    out, err = process.communicate()
    assert process.returncode == 1
    assert b"ValueError: a bug" in err
    assert b"in work" in err
    assert out.split()[:3] == [b"a", b"b", b"c"]


def test_a_process_that_dies_is_told(tmp_path: Path) -> None:
    process = run(0, ["a", "b", "dies", "c"], tmp_path)
    _, err = process.communicate()
    assert b"a process that linted ended with -9, perhaps for want of memory" in err


def _group(leader: int) -> list[int]:
    """Return the processes of a group that are still there."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if int(fields[2]) == leader and fields[0] != "Z":
            found.append(int(entry.name))
    return found


def _wait_for(process: "subprocess.Popen[bytes]", count: int) -> None:
    until = time.monotonic() + 20
    while len(_group(process.pid)) != count and time.monotonic() < until:
        time.sleep(0.02)
    assert len(_group(process.pid)) == count


def test_none_outlives_the_first_when_it_is_killed(tmp_path: Path) -> None:
    process = run(0.3, ["a"] * 100, tmp_path)
    _wait_for(process, 3)
    process.kill()
    process.communicate(timeout=20)
    _wait_for(process, 0)


def test_ctrl_c_ends_all_of_them_and_prints_no_trace(project: Path) -> None:
    for number in range(FILES, 1500):
        (project / f"Dockerfile.{number}").write_text(BAD.format(number) + "RUN apt-get install a\n" * 50)
    process = subprocess.Popen(
        [sys.executable, "-m", "dockeropt", "lint", "--no-cache", "--jobs=2", "."],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    _wait_for(process, 3)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert err.endswith(b"dockeropt: interrupted\n")
    assert b"Traceback" not in err
    assert _group(process.pid) == []
