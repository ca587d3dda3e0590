"""Where ShellCheck is."""

import os
import sys


def find_program() -> str | None:
    """Return the path of the ShellCheck that the extra installs beside this Python, None without it.

    One elsewhere on PATH is not taken: what is found must not depend on the machine.
    """
    name = "shellcheck.exe" if os.name == "nt" else "shellcheck"
    folder = os.path.dirname(sys.executable)
    for place in (folder, os.path.join(folder, "Scripts"), os.path.dirname(os.path.abspath(sys.argv[0]))):
        path = os.path.join(place, name)
        if os.path.isfile(path):
            return path
    return None
