"""The command ``dockeropt``: which command runs, and what every error looks like."""

import os
import sys
from collections.abc import Sequence

from dockeropt.cli import options
from dockeropt.errors import DockeroptError, ExitCode


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return the exit code; every error is one line on standard error."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _dispatch(words)
        sys.stdout.flush()
    except DockeroptError as error:
        _say(error.message, error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) went away; what is still buffered must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.CLEAN
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets one line and exit code 3
        _report(error)
        return ExitCode.INTERNAL
    return code


def _dispatch(words: list[str]) -> int:
    if words[:1] == ["lint"]:
        words = ["lint", *options.with_counts(words[1:])]
        plain = options.read(words[1:], options.LINT)
        if plain is not None:
            from dockeropt.cli.lint import run

            return run(*plain)
    from dockeropt.cli.group import invoke

    return invoke(words)


def _say(message: str, hint: str = "") -> None:
    print(f"dockeropt: {message}", file=sys.stderr)
    if hint:
        print(f"  hint: {hint}", file=sys.stderr)


def _report(error: Exception) -> None:
    import traceback

    from dockeropt import __version__

    traceback.print_exception(error)
    _say(
        f"this is a bug in dockeropt {__version__} ({type(error).__name__}: {error})",
        "please report it with the lines above and the file it happened on",
    )
