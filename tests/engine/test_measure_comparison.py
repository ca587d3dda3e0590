"""A measurement with a real engine: what it says, and that nothing of it stays."""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from dockeropt.errors import MeasureError
from dockeropt.measure.comparison import Options, measure
from dockeropt.measure.image.subject import read_subject
from dockeropt.measure.model import BuildTime, Candidate, Comparison, Measurement, Scenario
from dockeropt.measure.stored import from_json
from dockeropt.report.measurement import render
from tests.engine.measuring import BETTER, NAIVE, left_behind, lines, write_app

pytestmark = pytest.mark.engine


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> Iterator[Path]:
    """The folder for temporary files; when the test ends nothing may be left of its run."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    # The run is named after the test's token, so that other runs on the same engine do not count.
    monkeypatch.setattr("dockeropt.measure.session.uuid4", lambda: UUID(token.ljust(32, "0")))
    yield folder
    assert left_behind(token, folder) == []


def digest(folder: Path) -> dict[str, tuple[str, int]]:
    return {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in folder.iterdir()
    }


def rebuild(measurement: Measurement) -> BuildTime:
    assert measurement.rebuild is not None
    return measurement.rebuild


@pytest.fixture
def compared(tmp_path: Path, temporary: Path, token: str) -> Comparison:
    app = write_app(tmp_path / "app", token)
    before = digest(app)
    comparison = measure(
        str(app),
        [Candidate("before", NAIVE, None), Candidate("after", BETTER, "Dockerfile*\n")],
        Options(runs=2),
    )
    assert before == digest(app)
    return comparison


def test_two_dockerfiles_are_compared_and_nothing_is_left(compared: Comparison) -> None:
    before, after = compared.measurements
    assert compared.edited == {Scenario.SOURCE: ("server.js",)}
    # By instruction: a step that another build runs at the same moment carries that build's stage and number.
    assert {"COPY . .", "RUN head -c 3000000 /dev/urandom > dependencies", "RUN cp server.js built.js"} == {
        step.name.partition("] ")[2] for step in before.cold.run if "WORKDIR" not in step.name
    }
    assert {"COPY . .", "RUN cp server.js built.js", "RUN head -c 3000000 /dev/urandom > dependencies"} == {
        step.name.partition("] ")[2] for step in rebuild(before).run
    }
    assert {"COPY . .", "RUN cp server.js built.js", "COPY --from=build /app/built.js ./"} == {
        step.name.partition("] ")[2] for step in rebuild(after).run
    }
    assert {"RUN --mount=type=cache,target=/root/.npm head -c 3000000 /dev/urandom > dependencies"} == {
        step.name.partition("] ")[2] for step in rebuild(after).cached if " RUN " in step.name
    }
    for each in compared.measurements:
        assert (len(each.cold.timing.seconds), len(rebuild(each).timing.seconds)) == (2, 2)
        assert each.startup is not None
        assert (len(each.startup.timing.seconds), each.startup.port, each.startup.status) == (3, 8080, 200)
        assert 0.2 < each.startup.timing.minimum < 30
        # node as PID 1 does not end on SIGTERM by itself
        assert each.startup.stop is not None
        assert each.startup.stop.was_killed
        assert 9 < each.startup.stop.seconds < 40
        assert each.startup.early_health is None
        assert each.image.compressed_by == "engine"
    # The random bytes cannot be compressed, and are in the first image alone.
    more = before.image.compressed_bytes - after.image.compressed_bytes
    assert 3_000_000 <= more < 3_100_000
    own = [layer.instruction for layer in before.image.layers if not layer.is_base]
    assert own == [
        "WORKDIR /app",
        "COPY . .",
        "RUN head -c 3000000 /dev/urandom > dependencies",
        "RUN cp server.js built.js",
    ]
    base = sum(layer.unpacked_bytes for layer in before.image.layers if layer.is_base)
    assert base == sum(layer.unpacked_bytes for layer in after.image.layers if layer.is_base)
    assert base > 50_000_000


def test_sizes_are_those_of_the_image_a_registry_would_get(
    tmp_path: Path, temporary: Path, token: str
) -> None:
    app = write_app(tmp_path / "app", token)
    comparison = measure(str(app), [Candidate("only", BETTER, "Dockerfile*\n")], Options(starts=False))
    (app / ".dockerignore").write_text("Dockerfile*\n")
    exported = tmp_path / "oci"
    lines(
        "docker", "buildx", "build", "--quiet", "--provenance=false",
        f"--output=type=oci,tar=false,dest={exported}", f"--file={app}/Dockerfile.better", str(app),
    )  # fmt: skip
    index = json.loads((exported / "index.json").read_text())
    manifest = json.loads(blob(exported, index["manifests"][0]["digest"]))
    # The layer of files copied out of the build has times of its own in each build: a few bytes' difference.
    expected = sum(layer["size"] for layer in manifest["layers"])
    only = comparison.measurements[0]
    assert None is only.startup
    assert len(manifest["layers"]) == len(only.image.layers)
    assert abs(expected - only.image.compressed_bytes) < 200
    # The layout itself, and an archive of it, are read to the byte of their manifest.
    with tarfile.open(tmp_path / "oci.tar", "w") as tar:
        tar.add(exported, ".")
    for subject in (exported, tmp_path / "oci.tar"):
        read = read_subject(str(subject))
        assert [layer["size"] for layer in manifest["layers"]] == [
            layer.weight.compressed for layer in read.layers
        ]


def blob(folder: Path, name: str) -> bytes:
    return (folder / "blobs" / name.replace(":", "/")).read_bytes()


def test_cold_builds_find_their_cache_mounts_empty_and_leave_the_users_filled(
    tmp_path: Path, temporary: Path, token: str
) -> None:
    app = write_app(tmp_path / "app", token)
    mount = f"RUN --mount=type=cache,id={token},target=/cache"
    users = f"FROM node:22-alpine\n{mount} echo {token} > /cache/mine\n"
    (app / "Dockerfile.user").write_text(users)
    lines(
        "docker",
        "buildx",
        "build",
        "--quiet",
        "--output=type=cacheonly",
        f"--file={app}/Dockerfile.user",
        str(app),
    )
    cold = (
        "FROM node:22-alpine\nCOPY package.json ./\n"
        f"{mount} test ! -e /cache/mine && touch /cache/mine\nCOPY server.js ./\n"
    )
    comparison = measure(str(app), [Candidate("only", cold, None)], Options(runs=2, starts=False))
    assert [step.name.partition("] ")[2] for step in rebuild(comparison.measurements[0]).run] == [
        "COPY server.js ./"
    ]
    check = f"FROM node:22-alpine\n{mount} grep {token} /cache/mine && : again\n"
    (app / "Dockerfile.user").write_text(check)
    lines(
        "docker",
        "buildx",
        "build",
        "--quiet",
        "--output=type=cacheonly",
        f"--file={app}/Dockerfile.user",
        str(app),
    )


def test_a_rebuild_is_not_served_from_another_candidates(tmp_path: Path, temporary: Path, token: str) -> None:
    app = write_app(tmp_path / "app", token)
    twins = [Candidate("one", NAIVE, None), Candidate("other", NAIVE, None)]
    one, other = measure(str(app), twins, Options(starts=False)).measurements
    assert len(rebuild(one).run) == 3
    assert len(rebuild(other).run) == 3


@pytest.mark.usefixtures("temporary")
def test_a_file_alike_but_for_content_is_not_taken_from_an_earlier_run(tmp_path: Path, token: str) -> None:
    for content in (f"one {token}", f"two {token}"):
        app = write_app(tmp_path / content, token)
        (app / "data.txt").write_text(content)
        os.utime(app / "data.txt", (1_700_000_000, 1_700_000_000))
        dockerfile = f"FROM node:22-alpine\nCOPY . .\nRUN grep '{content}' data.txt\n"
        measure(str(app), [Candidate("it", dockerfile, None)], Options(starts=False))


@pytest.mark.parametrize(
    ("dockerfile", "said", "hint"),
    [
        pytest.param(
            "FROM node:22-alpine\nRUN echo first \\\n && echo the reason >&2 \\\n && exit 3\n",
            [
                "Dockerfile:2 failed at",
                "RUN echo first",
                "    the reason",
                "ERROR: failed to solve",
                "exit code: 3",
            ],
            "docker build",
            id="a step that fails",
        ),
        pytest.param(
            "FROM node:22-alpine\nCOPY missing.txt ./\n",
            ["Dockerfile:2 failed", "missing.txt", "not found"],
            "docker build",
            id="a file that is not there",
        ),
        pytest.param(
            "FROM node:22-alpine\nRUNN x\n",
            ["Dockerfile:2 failed before its first step", "RUNN"],
            "docker build",
            id="an instruction that is none",
        ),
        pytest.param(
            "", ["Dockerfile failed before its first step"], "docker build", id="an empty Dockerfile"
        ),
        pytest.param(
            "FROM dockeropt.invalid/none:1\n",
            ["the base image dockeropt.invalid/none:1 cannot be pulled"],
            "docker pull dockeropt.invalid/none:1",
            id="a base image that cannot be had",
        ),
        pytest.param(
            'FROM node:22-alpine\nCOPY server.js ./\nCMD ["sh", "-c", "echo no database >&2; exit 7"]\n',
            ["before: the container ended with code 7 before it answered", "    no database"],
            "--env",
            id="an app that ends",
        ),
        pytest.param(
            "FROM node:22-alpine\nCOPY server.js ./\nEXPOSE 9000\n"
            'CMD ["sh", "-c", "echo waiting; exec node server.js"]\n',
            ["before: no good answer on port 9000, path / within 3 s: connection", "    waiting"],
            "--port",
            id="a port that never answers",
        ),
        pytest.param(
            "FROM node:22-alpine\nCOPY server.js ./\nEXPOSE 80\n"
            "RUN sed -i 's/a.end/a.writeHead(503).end/; s/8080/80/' server.js\n"
            'CMD ["node", "server.js"]\n',
            ["before: no good answer on port 80, path / within 3 s: status 503", "(its log is empty)"],
            "--path",
            id="an app that answers with an error",
        ),
        pytest.param(
            'FROM node:22-alpine\nCOPY server.js ./\nCMD ["no-such-program"]\n',
            ["before: the container cannot be started", "no-such-program"],
            "CMD",
            id="a command that is not there",
        ),
    ],
)
def test_what_cannot_be_measured_is_said_once_with_what_to_do(
    tmp_path: Path, temporary: Path, token: str, dockerfile: str, said: list[str], hint: str
) -> None:
    app = write_app(tmp_path / "app", token)
    with pytest.raises(MeasureError) as raised:
        measure(str(app), [Candidate("before", dockerfile, None)], Options(timeout=3))
    for part in said:
        assert part in raised.value.message
    assert hint in raised.value.hint


LIMITS = """\
const fs = require('fs')
const first = (...paths) => fs.readFileSync(paths.find(fs.existsSync), 'utf8').trim().split(' ')[0]
module.exports = request =>
  request.url === '/up' &&
  first('/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes') === '268435456' &&
  first('/sys/fs/cgroup/cpu.max', '/sys/fs/cgroup/cpu/cpu.cfs_quota_us') === '50000'
"""
"""whether the container has half a processor and 256 MB, in either version of control groups"""


def test_settings_reach_builds_and_starts(tmp_path: Path, temporary: Path, token: str) -> None:
    app = write_app(tmp_path / "app", token)
    (tmp_path / "secret").write_text("s3cret\n")
    (app / "limits.js").write_text(LIMITS)
    dockerfile = """\
FROM node:22-alpine
ARG STATUS
COPY server.js limits.js ./
RUN --mount=type=secret,id=key,required=true grep s3cret /run/secrets/key
RUN sed -i "s/a.end/a.writeHead(require('.\\/limits')(q) ? $STATUS : 500).end/" server.js
RUN sed -i "s/8080/process.env.PORT/" server.js
EXPOSE 9
CMD ["node", "server.js"]
"""
    options = Options(
        port=7000,
        path="/up",
        source="server.js",
        timeout=20,
        arguments={"STATUS": "302"},
        environment={"PORT": "7000"},
        secrets=(f"id=key,src={tmp_path}/secret",),
        cpus=0.5,
        memory="256m",
    )
    startup = measure(str(app), [Candidate("only", dockerfile, None)], options).measurements[0].startup
    assert startup is not None
    assert (startup.port, startup.path, startup.status) == (7000, "/up", 302)


SLOW = """\
FROM node:22-alpine
COPY server.js ./
RUN sed -i "s/, 200)/, 4000)/; 1i process.on('SIGTERM', () => process.exit(0))" server.js
EXPOSE 8080
HEALTHCHECK --interval=500ms --retries=1 CMD {}
CMD ["node", "server.js"]
"""


@pytest.mark.parametrize(
    ("check", "is_early"),
    [
        pytest.param("true", True, id="a check that asks nobody"),
        pytest.param("wget -qO- http://127.0.0.1:8080/", False, id="a check that asks the app"),
    ],
)
def test_a_health_check_that_says_healthy_too_early_is_told(
    tmp_path: Path, temporary: Path, token: str, check: str, is_early: bool
) -> None:
    app = write_app(tmp_path / "app", token)
    options = Options(source="server.js", cpus=0.5, memory="256m")
    comparison = measure(str(app), [Candidate("only", SLOW.format(check), None)], options)
    startup = comparison.measurements[0].startup
    assert startup is not None
    assert is_early == (startup.early_health is not None)
    # It answers after four seconds and is asked every 50 ms: who sends it traffic at once loses so many.
    failed = sum(each.requests for each in startup.failing)
    assert 20 < failed < 90
    assert {each.how for each in startup.failing} <= {"refused", "dropped"}
    assert failed == startup.failed_requests
    assert "requests failed until then" in render(comparison)
    if startup.early_health is not None:
        assert 0.5 < startup.early_health.seconds < 4.5
        assert startup.early_health.failed_requests > 3
    assert is_early == ("let HEALTHCHECK ask the app" in render(comparison))
    assert startup.stop is not None
    assert not startup.stop.was_killed


def test_the_command_prints_a_table_and_writes_everything_to_a_file(tmp_path: Path, token: str) -> None:
    app = write_app(tmp_path / "app", token)
    (app / "Dockerfile.better.dockerignore").write_text("*\n!server.js\n!package.json\n")
    stored = tmp_path / "measured.json"
    after = app / "Dockerfile.better"
    command = [
        sys.executable,
        "-m",
        "dockeropt",
        "measure",
        str(app),
        "--after",
        str(after),
        "--json",
        str(stored),
    ]
    done = subprocess.run([*command, "--no-start"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    titles = [line[:27].strip() for line in done.stdout.splitlines()[2:7]]
    assert titles[:2] == ["image, unpacked", "image, compressed"]
    assert titles[2:] == ["cold build", "rebuild after a source edit", "steps run again"]
    assert "3 of 4   3 of 6" in done.stdout
    assert "before: cold build" in done.stderr
    comparison = from_json(stored.read_text())
    assert [each.name for each in comparison.measurements] == ["before", "after"]
    assert render(comparison) == done.stdout
