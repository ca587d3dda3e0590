"""Which files of a context the build of an image does not use."""

from collections.abc import Iterable

from dockeropt.knowledge.needless_files import NEEDLESS_FILES
from dockeropt.semantics.dockerignore import Matcher


def needless_lines(paths: Iterable[str], text: str) -> tuple[str, ...]:
    """Return the .dockerignore lines for files among these that a Dockerfile's text has no use for.

    ``paths`` are those that reach the builder. A file is in use where its name or a tool for it is named.
    """
    lines = [line for line, signs in NEEDLESS_FILES if not any(sign in text for sign in signs)]
    matchers = {line: Matcher(line) for line in lines}
    found: set[str] = set()
    tops: set[str] = set()
    for path in paths:
        top = path.partition("/")[0]
        if top in tops:
            continue
        tops.add(top)
        found.update(line for line in lines if matchers[line].excludes(top))
    return tuple(line for line in lines if line in found)
