"""Whether ShellCheck runs, and what the user is told of it."""

import sys
from collections.abc import Iterable, Sequence

from dockeropt.config.settings import Settings
from dockeropt.shellcheck.installed import find_program

EXTRA = 'pip install "dockeropt[shellcheck]"'


def program_for(settings: Iterable[Settings]) -> str | None:
    """Return ShellCheck's path, None where nobody wants it or it is not installed.

    That it is not is told where it was asked for by name, and else no matter of anyone's.
    """
    wanting = [each for each in settings if each.wants_shellcheck()]
    if not wanting:
        return None
    program = find_program()
    if program is None and any(each.names_shellcheck() for each in wanting):
        print("dockeropt: ShellCheck is not installed, so no SC rule ran", file=sys.stderr)
        print(f"  hint: {EXTRA}", file=sys.stderr)
    return program


def tell_problems(problems: Sequence[str]) -> None:
    """Say, once for all of them, for which scripts ShellCheck gave nothing."""
    if not problems:
        return
    more = len(problems) - 1
    others = f", nor on {more} more" if more else ""
    print(f"dockeropt: no SC rule ran on {problems[0]}{others}", file=sys.stderr)
    print("  hint: all other rules ran; to be without ShellCheck, add --ignore SC", file=sys.stderr)
