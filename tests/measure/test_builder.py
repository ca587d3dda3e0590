"""What is made of a build that fails although its steps do not; the docker command is one of ours."""

import json
import os
from pathlib import Path

import pytest

from dockeropt.errors import MeasureError
from dockeropt.measure.builder import Buildx, Request

STEP = {
    "digest": "a",
    "name": "[1/1] RUN make",
    "started": "2026-01-01T00:00:00Z",
    "completed": "2026-01-01T00:00:02Z",
}
SCRIPT = """\
#!/bin/sh
echo build >> {calls}
if [ "$(wc -l < {calls})" -le {failing} ]; then
  echo '{status}' >&2
  echo "{reason}" >&2
  exit 1
fi
echo '{status}' >&2
"""
LOST = "ERROR: failed to solve: not found"
RAN = json.dumps({"vertexes": [STEP]})


class Docker:
    """A docker command that fails so many times before it builds."""

    def __init__(self, folder: Path, failing: int, reason: str, status: str) -> None:
        self.calls = folder / "calls"
        script = SCRIPT.format(calls=self.calls, failing=failing, reason=reason, status=status)
        (folder / "docker").write_text(script)
        (folder / "docker").chmod(0o755)

    def build(self, is_cold: bool) -> float:
        request = Request("app", "Dockerfile", "app:1", is_cold, {}, (), {}, "Dockerfile")
        return Buildx().build(request, lambda _graph, _ended: None).steps[0].seconds

    @property
    def builds(self) -> int:
        return len(self.calls.read_text().splitlines())


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


def test_a_cold_build_that_the_engine_lost_is_made_again(tmp_path: Path) -> None:
    docker = Docker(tmp_path, 2, LOST, RAN)
    assert docker.build(is_cold=True) == 2
    assert docker.builds == 3


@pytest.mark.parametrize(
    ("is_cold", "reason", "status", "said", "hint", "builds"),
    [
        pytest.param(True, LOST, RAN, "after its last step", "measure again", 3, id="lost again and again"),
        pytest.param(
            False, LOST, RAN, "after its last step", "measure again", 1, id="a rebuild is made but once"
        ),
        pytest.param(
            True, LOST, "{}", "before its first step", "measure again", 3, id="lost before anything ran"
        ),
        pytest.param(
            True,
            "ERROR: failed to solve: a.txt: not found",
            "{}",
            "before its first step",
            "`docker build`",
            1,
            id="a file that is not there",
        ),
    ],
)
def test_what_a_build_cannot_help_is_said(
    tmp_path: Path, is_cold: bool, reason: str, status: str, said: str, hint: str, builds: int
) -> None:
    docker = Docker(tmp_path, 9, reason, status)
    with pytest.raises(MeasureError, match=said) as raised:
        docker.build(is_cold)
    assert hint in raised.value.hint
    assert builds == docker.builds
