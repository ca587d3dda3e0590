"""What git ignores below a folder, read from its .gitignore files without asking git."""

import os

from dockeropt import files
from dockeropt.config.path_patterns import PathPattern, read_patterns

_NAME = ".gitignore"
_LARGEST = 1_000_000
"""bytes of a .gitignore file"""


class GitIgnore:
    """The .gitignore files that hold below a folder: its own, those inside, and those above in its git.

    The user's own list (core.excludesFile) is left aside: what is linted must not depend on who does it.
    """

    def __init__(self, root: str) -> None:
        self._patterns: dict[str, tuple[PathPattern, ...]] = {}
        self._top = os.path.abspath(root)
        self._repository = _repository(self._top)
        self._excluded: tuple[PathPattern, ...] = ()
        if self._repository:
            self._top = self._repository
            self._excluded = _read(os.path.join(self._repository, ".git", "info", "exclude"))

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Tell whether a path is ignored by a pattern that names it; its folders are asked about before it.

        The last pattern of the deepest file that names the path decides, as git has it.
        """
        path = os.path.abspath(path)
        folder = os.path.dirname(path)
        while True:
            answer = _decide(self._patterns_of(folder), _relative(path, folder), is_folder)
            if answer is not None:
                return answer
            if folder == self._top or folder == os.path.dirname(folder):
                break
            folder = os.path.dirname(folder)
        return bool(_decide(self._excluded, _relative(path, self._top), is_folder))

    def _patterns_of(self, folder: str) -> tuple[PathPattern, ...]:
        found = self._patterns.get(folder)
        if found is None:
            found = self._patterns[folder] = _read(os.path.join(folder, _NAME))
        return found


def _decide(patterns: tuple[PathPattern, ...], path: str, is_folder: bool) -> bool | None:
    for pattern in reversed(patterns):
        if pattern.matches(path, is_folder):
            return not pattern.is_negated
    return None


def _relative(path: str, folder: str) -> str:
    return path[len(folder.rstrip(os.sep)) + 1 :].replace(os.sep, "/")


def _read(path: str) -> tuple[PathPattern, ...]:
    text = files.read_text(path, _LARGEST) if os.path.isfile(path) else None
    return () if text is None else read_patterns(text)


def _repository(folder: str) -> str:
    """Return the root of the git repository a folder lies in, empty outside of one."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder
