"""What goes wrong in the middle: one clear message, its exit code, nothing left that can be removed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engine.classic_engine import classic_engine
from tests.engine.failing_engine import Door, door
from tests.engine.measuring import BETTER, left_behind, lines, write_app

pytestmark = pytest.mark.engine

PATIENCE = 240


@pytest.fixture
def app(tmp_path: Path, token: str) -> Path:
    return write_app(tmp_path / "app", token)


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    # The path of a socket has at most 107 bytes.
    with door(tmp_path_factory.mktemp("d")) as opened:
        yield opened


def run(app: Path, temporary: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Measure as a user does; see that nothing is left."""
    done = subprocess.run(
        [sys.executable, "-m", "dockeropt", "measure", str(app), *options],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    assert list(temporary.iterdir()) == []
    return done


def test_a_build_that_fails_in_after_alone_is_that_of_after(app: Path, temporary: Path) -> None:
    (app / "Dockerfile.broken").write_text(
        "FROM node:22-alpine\nCOPY server.js ./\nRUN echo why >&2; exit 9\n"
    )
    done = run(app, temporary, "--after", str(app / "Dockerfile.broken"), "--no-start")
    assert done.returncode == 4
    assert "Dockerfile.broken:3 failed at [3/3] RUN echo why" in done.stderr
    assert "    why\n" in done.stderr
    assert done.stderr.count("dockeropt: ") == 1
    assert done.stdout == ""


STILL = "FROM scratch\nCOPY server.js /\n"


@pytest.mark.parametrize(
    ("dockerfile", "said", "hint"),
    [
        pytest.param(STILL, "no command", "--no-start", id="neither a shell nor a command"),
        pytest.param(
            STILL + "CMD node /server.js\n",
            "/bin/sh",
            "--no-start",
            id="a command for a shell that is not there",
        ),
        pytest.param(
            'FROM node:22-alpine\nCOPY server.js ./\nCMD ["true"]\n',
            "code 0 before",
            "--no-start",
            id="it ends at once",
        ),
    ],
)
def test_an_image_that_cannot_be_started(
    app: Path, temporary: Path, dockerfile: str, said: str, hint: str
) -> None:
    (app / "Dockerfile").write_text(dockerfile)
    done = run(app, temporary, "--after", str(app / "Dockerfile"), "--timeout", "20")
    assert done.returncode == 4
    message, advice = done.stderr.strip().splitlines()[-2:]
    assert said in done.stderr.split("dockeropt: ")[-1].lower()
    assert message
    assert hint in advice
    assert run(app, temporary, "--after", str(app / "Dockerfile"), "--no-start").returncode == 0


def test_a_port_that_is_in_use_here_is_no_matter(app: Path, temporary: Path) -> None:
    (app / "Dockerfile").write_text(BETTER)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8080))
            taken.listen()
        except OSError:
            # It is taken already: as well.
            pass
        done = run(app, temporary, "--after", str(app / "Dockerfile"), "--timeout", "60")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("moment", "dockerfile"),
    [
        pytest.param(
            "cold build", "FROM node:22-alpine\nCOPY server.js ./\nRUN sleep 600; : {}\n", id="a build"
        ),
        pytest.param(
            "image size",
            "FROM node:22\nCOPY server.js ./\nRUN head -c 300000000 /dev/urandom > /{}\n",
            id="the save",
        ),
        pytest.param(
            "start 1 of 3",
            'FROM node:22-alpine\nCOPY server.js ./\nEXPOSE 9\nCMD ["sleep", "{}600"]\n',
            id="a start",
        ),
    ],
)
def test_an_engine_that_stops_in_the_middle_of(
    app: Path, temporary: Path, way: Door, token: str, moment: str, dockerfile: str
) -> None:
    (app / "Dockerfile").write_text(dockerfile.format(token))
    said = temporary.parent / "said"
    with said.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "dockeropt", "measure", str(app), "--timeout", "300"],
            stdout=subprocess.DEVNULL,
            stderr=stream,
            env={**os.environ, "TMPDIR": str(temporary), "DOCKER_HOST": way.address},
        )
    try:
        end = time.monotonic() + PATIENCE
        while moment not in said.read_text():
            assert time.monotonic() < end, said.read_text()
            assert process.poll() is None, said.read_text()
            time.sleep(0.05)
        # A build has begun a second after that is said; an image is read for some seconds.
        time.sleep(1.5 if moment != "image size" else 0.2)
        way.shut()
        code = process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()
        run_id = said.read_text().partition("dockeropt.run=")[2][:12]
        if run_id:
            remove(run_id)
    assert code == 4, said.read_text()
    told = said.read_text()
    assert "Traceback" not in told
    # What could not be removed is named with the way to find it, and the files here are gone.
    assert "docker ps -a --filter label=dev.dockeropt.run=" in told
    assert list(temporary.iterdir()) == []
    assert told.strip().splitlines()[-1].startswith("  hint: ")
    left = left_behind(run_id, temporary)
    assert [each for each in left if "exec.cachemount" not in each] == []
    # No command takes a cache mount away without harm to the user's cache; that it is there is told.
    assert not left or "cache mounts: " in told


@contextmanager
def small_engine(folder: Path, megabytes: int) -> Iterator[str]:
    """Start a second engine that keeps all it has on a disk of so many megabytes; yield its address."""
    lines("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder))
    try:
        with classic_engine(folder) as host:
            yield host
    finally:
        lines("umount", "--lazy", str(folder))


@pytest.mark.second_engine
@pytest.mark.parametrize(
    ("megabytes", "said"),
    [
        # An image of 30 MB: its context and the layers of two cold builds take 90, saving it 30 more.
        pytest.param(100, ["Dockerfile:2 failed at [1/1] COPY main.py big /", "ERROR: "], id="a build"),
        pytest.param(125, ["the engine does not give dockeropt-measure:", " out: write "], id="the save"),
    ],
)
def test_a_full_disk_of_the_engine_in_the_middle_of(
    app: Path,
    temporary: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    megabytes: int,
    said: list[str],
) -> None:
    (app / "main.py").write_text("pass\n")
    (app / "big").write_bytes(os.urandom(30 << 20))
    (app / "Dockerfile").write_text("FROM scratch\nCOPY main.py big /\n")
    # The path of a socket has at most 107 bytes.
    with small_engine(tmp_path_factory.mktemp("e"), megabytes) as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        kept = "FROM scratch\nLABEL kept=yes\n"
        build = ["docker", "buildx", "build", "--quiet", "--load", "--tag=kept:1", "-"]
        subprocess.run(build, input=kept, text=True, check=True, capture_output=True)
        done = run(app, temporary, "--after", str(app / "Dockerfile"), "--no-start")
        assert done.returncode == 4, done.stderr
        assert done.stderr.count("dockeropt: ") == 1
        for part in [*said, "no space left on device", "hint: give its disk space: `docker system df`"]:
            assert part in done.stderr
        assert lines("docker", "image", "ls", "--all", "--format={{.Repository}}") == ["kept"]
        assert lines("docker", "ps", "--all", "--quiet") == []


def remove(run: str) -> None:
    """Do by hand what the hint says, now that the engine answers again."""
    label = f"label=dev.dockeropt.run={run}"
    containers = lines("docker", "ps", "--all", "--quiet", "--filter", label)
    for container in containers:
        lines("docker", "rm", "--force", container)
    tags = lines("docker", "image", "ls", "--format={{.Repository}}:{{.Tag}}", "dockeropt-measure")
    for tag in tags:
        if run in tag:
            lines("docker", "image", "rm", "--force", tag)


@pytest.mark.parametrize(
    "moment", ["before: rebuild after an edit", "before: image size", "before: start 2 of 3"]
)
def test_ctrl_c_leaves_nothing_in_any_phase(app: Path, temporary: Path, moment: str) -> None:
    said = temporary.parent / "said"
    with said.open("w") as stream:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "dockeropt",
                "measure",
                str(app),
                "--after",
                str(app / "Dockerfile.better"),
            ],
            stdout=stream,
            stderr=stream,
            env={**os.environ, "TMPDIR": str(temporary)},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,  # noqa: PLW1509
        )
    try:
        end = time.monotonic() + PATIENCE
        while moment not in said.read_text():
            assert time.monotonic() < end, said.read_text()
            assert process.poll() is None, said.read_text()
            time.sleep(0.05)
        run_id = next(temporary.iterdir()).name.split("-")[2]
        process.send_signal(signal.SIGINT)
        code = process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()
    assert code == 130, said.read_text()
    assert said.read_text().splitlines()[-1] == "dockeropt: interrupted"
    assert left_behind(run_id, temporary) == []
