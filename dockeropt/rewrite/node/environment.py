"""The environment, arguments and labels of the last stage."""

import re
from collections.abc import Iterable

from dockeropt.knowledge.nuxt import (
    CDN_VARIABLE,
    EVERY_ADDRESS,
    FORMER_PORT_VARIABLES,
    HOST_VARIABLES,
    PORT_VARIABLES,
    PRESET_VARIABLES,
)
from dockeropt.knowledge.volatile_names import volatility
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent, Variable
from dockeropt.rewrite.secrets import is_secret_name
from dockeropt.rewrite.start_command import Start


class Settings(NamedTuple):
    """ARG, ENV and LABEL of the last stage; each inner tuple of ``environment`` is one ENV instruction."""

    arguments: tuple[Variable, ...]
    environment: tuple[tuple[Variable, ...], ...]
    late_arguments: tuple[Variable, ...]
    """those that change with every build, and what rests on them, after the copies"""
    late_environment: tuple[tuple[Variable, ...], ...]
    labels: tuple[Variable, ...]


BUILD_ONLY = re.compile(
    r"(?i)^(?:npm_config_|yarn_|pnpm_|bun_install|corepack_|cypress_|puppeteer_skip|playwright_skip|husky|ci$"
    r"|nuxt_telemetry|sharp_ignore|node_version$|path$)"
)
LOCAL_PATH = re.compile(r"pnpm|\.bin|node_modules", re.IGNORECASE)


def plan_environment(
    intent: Intent | None, start: Start | None, port: int, decisions: list[Decision]
) -> Settings:
    """Return the settings of the last stage: NODE_ENV and PORT, and what the old image sets for the app."""
    own = [plain("NODE_ENV", "production"), plain("PORT", str(port))]
    kept = [v for v in (() if intent is None else intent.final.environment) if _is_kept(v, decisions)]
    for name, value in () if start is None else start.environment:
        is_own = name in (*PORT_VARIABLES, *HOST_VARIABLES, "NODE_ENV") or BUILD_ONLY.match(name)
        is_for_build = start is not None and start.builds and "max-old-space-size" in value
        if not is_own and not is_for_build:
            kept.append(plain(name, value))
    declared = {} if intent is None else {variable.name: variable for variable in intent.final.arguments}
    labels = () if intent is None else intent.labels
    volatile = {name for name in declared if volatility(name) is not None}
    late = [variable for variable in kept if not volatile.isdisjoint(variable.uses)]
    early = [variable for variable in kept if variable not in late]
    used_early = used_arguments(early, declared)
    used_late = [v for v in used_arguments([*late, *labels], declared) if v not in used_early]
    return Settings(tuple(used_early), grouped([*own, *early]), tuple(used_late), grouped(late), labels)


def plain(name: str, value: str) -> Variable:
    raw = value if re.fullmatch(r"[\w./:@%+,=-]*", value) else '"' + re.sub(r'(["\\$])', r"\\\1", value) + '"'
    return Variable(name, raw, value, ())


def _is_kept(variable: Variable, decisions: list[Decision]) -> bool:
    name, value = variable.name, variable.value or ""
    if name == "NODE_ENV":
        if value not in ("production", "") and "$" not in value:
            reason = f"the old image says {value}; what is built runs as production"
            decisions.append(Decision("NODE_ENV", "production", reason, is_notice=True))
        return False
    if name in (*PORT_VARIABLES, *FORMER_PORT_VARIABLES, *PRESET_VARIABLES):
        return False
    if name in HOST_VARIABLES and value.strip("\"'") in EVERY_ADDRESS:
        decisions.append(Decision(name, "left out", "the server listens on every address by itself"))
        return False
    if name == "PATH":
        return not LOCAL_PATH.search(value)
    if BUILD_ONLY.match(name):
        return False
    if name == CDN_VARIABLE:
        return bool(value) and "$" not in value and not variable.uses
    if is_secret_name(name):
        choice = f"{name} is not in the image: docker run --env {name}"
        decisions.append(
            Decision("credentials", choice, "whoever has the image could read it", is_notice=True)
        )
        return False
    return True


def used_arguments(variables: Iterable[Variable], declared: dict[str, Variable]) -> list[Variable]:
    names = dict.fromkeys(name for variable in variables for name in variable.uses if name in declared)
    return [declared[name] for name in names if not is_secret_name(name)]


def grouped(variables: Iterable[Variable]) -> tuple[tuple[Variable, ...], ...]:
    """Return the variables as ENV instructions: one that rests on another stands in a later instruction."""
    groups: list[list[Variable]] = []
    for variable in variables:
        if not groups or any(other.name in variable.uses for other in groups[-1]):
            groups.append([])
        groups[-1].append(variable)
    return tuple(tuple(group) for group in groups)
