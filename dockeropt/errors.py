"""The errors that end a command, each with its exit code and what to do next."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process returns; documented in the README and relied on by CI scripts."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INTERNAL = 3
    NOT_MEASURED = 4
    INTERRUPTED = 130


class DockeroptError(Exception):
    """An error the user can act on: one sentence, and a hint that says what to type or change."""

    exit_code = ExitCode.USAGE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(DockeroptError):
    """Wrong arguments, missing or unreadable input, broken configuration: exit code 2."""


class InternalError(DockeroptError):
    """A fault of dockeropt that was caught before it did harm: exit code 3."""

    exit_code = ExitCode.INTERNAL


class MeasureError(DockeroptError):
    """Nothing could be measured: no engine, a build that failed, an app that never answered: exit code 4."""

    exit_code = ExitCode.NOT_MEASURED
