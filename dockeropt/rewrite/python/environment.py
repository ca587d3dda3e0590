"""Which of the old variables belong to the install, and which to the running app."""

import re
from collections.abc import Iterable

from dockeropt.records import NamedTuple
from dockeropt.rewrite.python.recipe import Recipe, Step
from dockeropt.syntax.instructions import Arg, Env, Label, Pair, View

_INSTALL = re.compile(
    r"(?i)^(?:pip_|uv_|poetry_|pipenv_|pdm_|cflags|cxxflags|ldflags|cc|cxx|http_proxy|https_proxy|no_proxy"
    r"|setuptools_scm\w*|.*_(?:no_binary|static_deps)|gdal_version|swig|mysqlclient_\w+|cargo_\w+|rust\w+"
    r"|slugify_uses_text_unidecode|debian_frontend)$|^(?:pip|uv|poetry|pipenv|pdm|setuptools_scm)_"
)
_VENV_PATH = re.compile(r"venv|/root/\.local/bin|poetry|\.cargo/bin|/env/bin", re.IGNORECASE)
_GONE = frozenset(("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "PYTHON_VERSION", "DEBIAN_FRONTEND"))


class Variables(NamedTuple):
    """An ENV, ARG or LABEL line for each stage; empty where the stage has no use for it."""

    build: str
    run: str


def is_for_install(name: str) -> bool:
    """Tell whether a variable sets up an installer or a compiler."""
    return _INSTALL.match(name) is not None


def read_venv(recipe: Recipe) -> str:
    """Return the virtual environment the old image has, by its variables; empty where none names it."""
    for name in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"):
        value = recipe.end.variables.get(name, "")
        if re.fullmatch(r"/[\w./-]+", value):
            return value.rstrip("/")
    found = re.search(r"(?:^|:)(/[\w./-]*venv)/bin(?::|$)", recipe.end.variables.get("PATH", ""))
    return found[1] if found else ""


def plan_variables(step: Step, recipe: Recipe, build_text: str, run_text: str) -> Variables:
    """Return what an ENV or ARG becomes; the texts are those of the commands of the two stages."""
    view = step.view
    assert isinstance(view, Env | Arg)  # noqa: S101 - the caller has looked
    keyword = "ENV" if isinstance(view, Env) else "ARG"
    build = [pair for pair in view.pairs if _is_wanted(pair, view, recipe, build_text, in_build=True)]
    run = [pair for pair in view.pairs if _is_wanted(pair, view, recipe, run_text, in_build=False)]
    return Variables(_line(keyword, build, view), _line(keyword, run, view))


def label_line(view: Label) -> str:
    """Return a LABEL with ``=`` between names and values."""
    return _line("LABEL", view.pairs, view)


def plain(value: str) -> str:
    """Return a value as ENV writes it."""
    return (
        value if re.fullmatch(r"[\w./:@%+,=-]*", value) else '"' + re.sub(r'(["\\$])', r"\\\1", value) + '"'
    )


def _is_wanted(pair: Pair, view: View, recipe: Recipe, text: str, in_build: bool) -> bool:
    name = pair.key.value
    value = "" if pair.value is None else recipe.expand(pair.value, view)
    if name in _GONE:
        return False
    if name == "PATH":
        return not in_build and not _VENV_PATH.search(value)
    is_named = re.search(rf"\$\{{?{re.escape(name)}\b", text) is not None
    if isinstance(view, Arg):
        return is_named
    if in_build:
        return is_for_install(name) or is_named
    return not is_for_install(name) or is_named


def _line(keyword: str, pairs: Iterable[Pair], view: View) -> str:
    written = []
    for pair in pairs:
        key = pair.key.raw
        if pair.value is None:
            written.append(key)
            continue
        raw = pair.value.raw
        if pair.is_legacy and (re.search(r"\s", raw) or not raw) and raw[:1] not in "'\"":
            raw = '"' + raw.replace('"', '\\"') + '"'
        written.append(f"{key}={raw}")
    if not written:
        return ""
    pad = " \\\n" + " " * (len(keyword) + 1)
    return f"{keyword} {pad.join(written)}"
