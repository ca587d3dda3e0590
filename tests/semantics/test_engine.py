"""The semantics held against a real engine: what BuildKit expands, leaves out, copies and refuses.

Never build a Dockerfile without FROM here: engine 26.1.5 dies of one that has only ARG.
"""

import json
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from dockeropt import files
from dockeropt.semantics.context import Context, File
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
from tests.semantics.expansions import EXPANSIONS, VALUES
from tests.semantics.ignores import IGNORES, TREE
from tests.semantics.refusals import BASE, REFUSALS, TAKEN
from tests.semantics.selections import FOLDER, SELECTIONS

pytestmark = pytest.mark.engine


class Outcome(NamedTuple):
    """Whether the build went through, and the end of what it printed."""

    is_built: bool
    output: str


def build(folder: Path, output: str, arguments: Mapping[str, str] | None = None) -> Outcome:
    finished = subprocess.run(
        [
            "docker",
            "buildx",
            "build",
            "--progress=plain",
            "--provenance=false",
            f"--output={output}",
            *(f"--build-arg={name}={value}" for name, value in (arguments or {}).items()),
            str(folder),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    return Outcome(finished.returncode == 0, finished.stderr[-2000:])


def write(folder: Path, texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def paths_in(folder: Path) -> set[str]:
    return {file.path for file in files.list_files(str(folder))} if folder.is_dir() else set()


def test_expansions(tmp_path: Path) -> None:
    """Every row of the table, in ENV, as it stands in the image's configuration."""
    rows = [tuple(row.values) for row in EXPANSIONS]
    lines = ["FROM scratch", *(f"ENV {name}='{value}'" for name, value in VALUES.items())]
    lines += [f"ENV R{number}={text}" for number, (text, _) in enumerate(rows)]
    write(tmp_path, {"Dockerfile": "\n".join(lines)})
    archive = tmp_path / "image.tar"
    outcome = build(tmp_path, f"type=docker,dest={archive}")
    assert outcome.is_built, outcome.output
    environment = environment_of(archive)
    assert [expanded for _, expanded in rows] == [environment[f"R{number}"] for number in range(len(rows))]


def environment_of(archive: Path) -> dict[str, str]:
    with tarfile.open(archive) as tar:
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        config = tar.extractfile(json.load(manifest)[0]["Config"])
        assert config is not None
        return dict(entry.split("=", 1) for entry in json.load(config)["config"]["Env"])


@pytest.mark.parametrize(("text", "kept"), IGNORES)
def test_what_reaches_the_builder(tmp_path: Path, text: str, kept: str) -> None:
    context = tmp_path / "context"
    write(context, {path: path for path in TREE})
    write(context, {"Dockerfile": "FROM scratch\nCOPY . /\n", ".dockerignore": text})
    outcome = build(context, f"type=local,dest={tmp_path / 'out'}")
    assert outcome.is_built, outcome.output
    assert set(kept.split()) == paths_in(tmp_path / "out") - {"Dockerfile", ".dockerignore"}


def test_the_dockerfile_is_read_although_a_copy_does_not_see_it(tmp_path: Path) -> None:
    write(tmp_path / "context", {"Dockerfile": "FROM scratch\nCOPY . /\n", ".dockerignore": "*\n!a", "a": ""})
    outcome = build(tmp_path / "context", f"type=local,dest={tmp_path / 'out'}")
    assert outcome.is_built, outcome.output
    assert paths_in(tmp_path / "out") == {"a"}


def test_the_dockerfiles_own_ignore_file_beats_the_other(tmp_path: Path) -> None:
    context = tmp_path / "context"
    ignores = {".dockerignore": "a\n", "Dockerfile.dockerignore": "b\nDocker*\n.d*\n"}
    write(context, {"Dockerfile": "FROM scratch\nCOPY . /\n", "a": "", "b": "", **ignores})
    outcome = build(context, f"type=local,dest={tmp_path / 'out'}")
    assert outcome.is_built, outcome.output
    assert paths_in(tmp_path / "out") == {"a"}


def test_what_a_copy_selects(tmp_path: Path) -> None:
    """Each source into a folder of its own; every file holds its path."""
    context = tmp_path / "context"
    rows = [str(row.values[0]) for row in SELECTIONS if row.values[1]]
    write(context, {path: path for path in FOLDER})
    write(context, {".dockerignore": "Dockerfile\n.dockerignore\n"})
    copies = [f'COPY ["{source}", "/{number}/"]\n' for number, source in enumerate(rows)]
    write(context, {"Dockerfile": "FROM scratch\n" + "".join(copies).replace("\\", "\\\\\\\\")})
    outcome = build(context, f"type=local,dest={tmp_path / 'out'}")
    assert outcome.is_built, outcome.output
    listing = Context(lambda: tuple(File(path, 0, 0) for path in FOLDER), None)
    for number, source in enumerate(rows):
        folder = tmp_path / "out" / str(number)
        copied = {(folder / path).read_text() for path in paths_in(folder)}
        assert copied == {file.path for file in listing.select([source])}, source


SCOPES = f"""\
ARG OUTER=outer OTHER=other
ARG GIVEN=default
FROM {BASE} AS first
ARG OUTER
ARG OTHER=inner
ARG GIVEN
ARG NONE
ENV E1=1 E2=$E1.$OUTER
ENV E1=2 E2=$E1
RUN env > /1 && pwd >> /1 && id -un >> /1
ARG E1=argument
ENV OUTER=environment LEGACY=$OTHER
ENV LEGACY2 $GIVEN is  legacy
WORKDIR /work
WORKDIR lib/../$LEGACY
USER node
ONBUILD ENV TRIGGERED=$E1
RUN env > /tmp/2 && pwd >> /tmp/2 && id -un >> /tmp/2
FROM first AS second
ARG NONE=something TARGETARCH TARGETPLATFORM
ENV E1=again AFTER=$TRIGGERED-$NONE
RUN env > /tmp/3 && pwd >> /tmp/3 && id -un >> /tmp/3
FROM {BASE} AS third
ENV E1=third
WORKDIR /
RUN env > /tmp/4 && pwd >> /tmp/4 && id -un >> /tmp/4
FROM {BASE} AS bare
RUN env > /0
FROM scratch
COPY --from=bare /0 /0
COPY --from=first /1 /1
COPY --from=first /tmp/2 /2
COPY --from=SECOND /tmp/3 /3
COPY --from=2 /tmp/4 /4
"""


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({}, id="no build arguments"),
        pytest.param({"GIVEN": "given", "OTHER": "o", "E1": "e", "NONE": "n"}, id="build arguments"),
    ],
)
def test_scopes(tmp_path: Path, arguments: dict[str, str]) -> None:
    """What env, pwd and id say in a RUN is what its scope says."""
    write(tmp_path, {"Dockerfile": SCOPES})
    outcome = build(tmp_path, f"type=local,dest={tmp_path / 'out'}", arguments)
    assert outcome.is_built, outcome.output
    resolved = resolve(parse(Source(SCOPES)), arguments)
    runs = [view for stage in resolved.stages[:3] for view in stage.views if isinstance(view, Run)]
    image = {line.partition("=")[0] for line in (tmp_path / "out" / "0").read_text().splitlines()}
    for number, run in enumerate(runs, 1):
        *variables, workdir, user = (tmp_path / "out" / str(number)).read_text().splitlines()
        found = dict(line.split("=", 1) for line in variables)
        scope = resolved.scope_of(run)
        ours = dict(scope.variables)
        assert ours == {name: value for name, value in found.items() if name not in image}
        assert (scope.workdir or "/", scope.user or "root") == (workdir, user)


@pytest.mark.parametrize(("text", "at", "message"), REFUSALS)
def test_what_we_say_is_refused_is_refused(tmp_path: Path, text: str, at: str, message: str) -> None:
    write(tmp_path, {"Dockerfile": text, "x": ""})
    assert not build(tmp_path, "type=cacheonly").is_built


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_not_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"Dockerfile": text, "x": ""})
    outcome = build(tmp_path, "type=cacheonly")
    assert outcome.is_built, outcome.output
