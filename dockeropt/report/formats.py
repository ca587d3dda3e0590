"""The formats findings can be printed in, and the way to each."""

from collections.abc import Callable, Iterable
from typing import Any

from dockeropt.diagnostics.diagnostic import Diagnostic, Entry

DEFAULT = "text"

MODULES = {
    "text": "dockeropt.report.text",
    "json": "dockeropt.report.json",
    "tty": "dockeropt.report.tty",
    "gnu": "dockeropt.report.gnu",
    "checkstyle": "dockeropt.report.checkstyle",
    "codeclimate": "dockeropt.report.codeclimate",
    "gitlab_codeclimate": "dockeropt.report.gitlab_codeclimate",
    "codacy": "dockeropt.report.codacy",
    "sonarqube": "dockeropt.report.sonarqube",
    "sarif": "dockeropt.report.sarif",
    "github": "dockeropt.report.github",
    "junit": "dockeropt.report.junit",
    "markdown": "dockeropt.report.markdown",
}
"""name to module; all but text, github and markdown are hadolint's names"""

NAMES = tuple(MODULES)

OF_ENGINES = frozenset(("codeclimate", "codacy"))
"""the formats of platforms that run linters as engines and take any exit code but 0 for a broken one, so that
findings are none; hadolint has it so too

https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md"""

COLOURED = frozenset(("text", "tty"))
"""the formats for people's terminals"""

OF_ENTRIES = frozenset(("json",))
"""the formats that are a list of entries, each of which can be written, kept and sent by itself"""


def render_entries(name: str, entries: Iterable[Entry]) -> str:
    """Return a report of entries that ``entry_writer`` has written for a format in ``OF_ENTRIES``."""
    text: str = _module(name).render_entries(entries)
    return text


def entry_writer(name: str) -> Callable[[Diagnostic], Entry]:
    """Return what writes one entry of a format in ``OF_ENTRIES``."""
    write: Callable[[Diagnostic], Entry] = _module(name).entry
    return write


def render(name: str, diagnostics: Iterable[Diagnostic], colour: bool = False) -> str:
    """Return the diagnostics in the format of this name; raises KeyError for an unknown one.

    ``colour`` counts for the formats in ``COLOURED`` only.
    """
    write: Callable[..., Any] = _module(name).render
    text: str = write(diagnostics, colour) if name in COLOURED else write(diagnostics)
    return text


def _module(name: str) -> Any:
    # The statement's own function: importlib would cost lint as much time as a small file.
    return __import__(MODULES[name], fromlist=("render",))
