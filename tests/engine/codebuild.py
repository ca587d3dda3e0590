"""CodeBuild on this machine: the commands of a buildspec, phase by phase, in one shell as in version 0.2."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.ci.pipelines import phases

_STEP = """\
eval "$(cat {command})" > {output} 2>&1
code=$?
[ "$code" = 0 ] || {{ echo "{name} failed with $code"; exit 1; }}
"""
_INHERITED = ("PATH", "HOME", "TMPDIR", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT")


class Finished(NamedTuple):
    """A build: whether it succeeded, and what each command of each phase printed, in order."""

    failure: str
    """empty, or the command that ended it"""
    outputs: dict[str, list[str]]

    def output_of(self, part: str, text: str) -> str:
        """Return what the one command of a phase printed that has a text in it."""
        (found,) = (output for output in self.outputs[part] if text in output)
        return found


def codebuild(
    text: str,
    root: Path,
    folder: Path,
    environment: Mapping[str, str],
    replaced: Mapping[str, str],
    last_phase: str = "",
) -> Finished:
    """Run a buildspec at the root of a source; ``replaced`` has commands to run in place of others.

    With ``last_phase`` nothing after that phase is run.
    """
    folder.mkdir()
    script, commands = "", {}
    for phase, listed in phases(text).items():
        for number, command in enumerate(listed):
            name = f"{phase}-{number}"
            commands[name] = folder / f"{name}.log"
            (folder / name).write_text(replaced.get(command, command))
            script += _STEP.format(
                command=shlex.quote(str(folder / name)), output=shlex.quote(str(commands[name])), name=name
            )
        if phase == last_phase:
            break
    missing = replaced.keys() - {command for listed in phases(text).values() for command in listed}
    assert not missing, f"there is no command {missing} to replace"
    # A variable of whoever runs the tests is none of the build's
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    ran = subprocess.run(
        ["sh", "-c", script],
        cwd=root,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=900,
    )
    outputs: dict[str, list[str]] = {}
    for name, log in commands.items():
        if log.exists():
            outputs.setdefault(name.partition("-")[0], []).append(log.read_text())
    failure = ""
    if ran.returncode:
        failure = ran.stdout + ran.stderr + next(reversed([o for each in outputs.values() for o in each]), "")
    return Finished(failure, outputs)
