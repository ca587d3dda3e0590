"""DL3064: a variable that is named like a secret."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Arg, Env, View

_SECRET = frozenset(
    (
        "apikey",
        "auth",
        "credential",
        "credentials",
        "key",
        "passwd",
        "password",
        "pword",
        "secret",
        "token",
    )
)
_ENDINGS = ("passwd", "password", "secret", "token")
"""words that stay words behind others: ``PGPASSWORD``"""
_HARMLESS = frozenset(("dir", "file", "fingerprint", "fpr", "gpg", "path", "pgp", "pub", "public", "version"))
_SWITCHES = frozenset(("0", "1", "false", "no", "none", "off", "on", "true", "yes"))
_PLACES = ("/", "file:", "http:", "https:")


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every ARG and ENV whose name has a word for a secret in it."""
    allowed = options["allowed"]
    for view in _views(build):
        if not isinstance(view, Arg | Env):
            continue
        for pair in view.pairs:
            name = pair.key.value
            if isinstance(allowed, tuple) and name in allowed:
                continue
            if is_secret_name(name, pair.value.value if pair.value is not None else ""):
                keyword = view.instruction.keyword
                mount = f"RUN --mount=type=secret,id={name.lower()},env={name}"
                yield Finding(
                    pair.key.span,
                    f"{keyword} `{name}` can be read by everyone who has the image; "
                    f"hand it over at run time, or to a build step by {mount}",
                )


def is_secret_name(name: str, value: str) -> bool:
    """Tell whether a variable with this value is named like a secret and may be one."""
    return _is_secret(name) and not _is_harmless(value)


def _views(build: Build) -> Iterator[View]:
    yield from build.global_views
    for stage in build.stages:
        yield from views_with_triggers(stage)


def _is_secret(name: str) -> bool:
    words = name.lower().split("_")
    is_named = not _SECRET.isdisjoint(words) or any(word.endswith(_ENDINGS) for word in words)
    return is_named and _HARMLESS.isdisjoint(words)


def _is_harmless(value: str) -> bool:
    """Tell whether a value only says where a secret is, or whether to use one."""
    return value.lower() in _SWITCHES or value.startswith(_PLACES) or value.endswith((".key", ".pem"))


RULE = Rule(
    "DL3064",
    "secret-variable",
    Severity.WARNING,
    Build,
    check,
    options={"allowed": ()},
    aliases=("SecretsUsedInArgOrEnv",),
)
