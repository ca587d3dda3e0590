"""The formats findings can be printed in, and the way to each."""

from collections.abc import Callable, Iterable
from typing import Any

from dockeropt.diagnostics.diagnostic import Diagnostic

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


def render(name: str, diagnostics: Iterable[Diagnostic], colour: bool = False) -> str:
    """Return the diagnostics in the format of this name; raises KeyError for an unknown one.

    ``colour`` counts for the formats in ``COLOURED`` only.
    """
    # The statement's own function: importlib would cost lint as much time as a small file.
    module = __import__(MODULES[name], fromlist=("render",))
    write: Callable[..., Any] = module.render
    text: str = write(diagnostics, colour) if name in COLOURED else write(diagnostics)
    return text
