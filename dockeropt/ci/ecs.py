"""What an ECS task and its service need for traffic to wait until the app answers, from a measured start-up.

ECS does not look at an image's own HEALTHCHECK; it has to stand in the task definition. Limits are those of
the ECS API: a start period of 0 to 300 seconds.
"""

from collections.abc import Mapping
from math import ceil

from dockeropt.ci.facts import Facts
from dockeropt.errors import UsageError
from dockeropt.measure.model import Comparison, Measurement, Startup
from dockeropt.records import NamedTuple
from dockeropt.syntax.instructions import Form

Json = Mapping[str, object]

SLOWER = 3
"""times that a small Fargate task may take what the machine took that measured"""
_LEAST, _MOST = 10, 300
"""seconds of a start period"""
_INTERVAL, _TIMEOUT, _RETRIES = 10, 5, 3


class Task(NamedTuple):
    """The fragments, as JSON values, and what the user should know."""

    definition: Json
    """of the task"""
    service: Json
    notices: tuple[str, ...]


def choose(comparison: Comparison, name: str | None) -> Measurement:
    """Return the measurement of a candidate, the last one where no name is given."""
    names = [measurement.name for measurement in comparison.measurements]
    if not names:
        raise UsageError("nothing was measured", "write it again with `dockeropt measure --json FILE`")
    if name is None:
        return comparison.measurements[-1]
    if name not in names:
        raise UsageError(f"there is no measurement of {name}", f"it has {', '.join(names)}")
    return comparison.measurements[names.index(name)]


def plan_task(
    facts: Facts, measurement: Measurement, container: str, image: str, address: str | None
) -> Task:
    """Return the fragments. Raises UsageError where no start was measured or nothing tells how to ask."""
    startup = measurement.startup
    if startup is None:
        raise UsageError(
            f"no start-up of {measurement.name} was measured",
            "measure it with a port: dockeropt measure --port 3000 --json FILE",
        )
    slowest = max(startup.timing.seconds)
    period = min(_MOST, max(_LEAST, ceil(slowest * SLOWER)))
    layout = facts.layout
    is_read = layout is not None and layout.is_address_read_at_start and address is not None
    environment = [{"name": layout.variable, "value": address}] if layout is not None and is_read else []
    container_definition = {
        "name": container,
        "image": image,
        "essential": True,
        "portMappings": [{"containerPort": startup.port, "protocol": "tcp"}],
        **({"environment": environment} if environment else {}),
        "healthCheck": {
            "command": list(_command(facts, startup)),
            "interval": _INTERVAL,
            "timeout": _TIMEOUT,
            "retries": _RETRIES,
            "startPeriod": period,
        },
    }
    service = {
        # Meanwhile no failed check of the load balancer stops the task
        "healthCheckGracePeriodSeconds": period + _INTERVAL * _RETRIES,
        "deploymentConfiguration": {
            "minimumHealthyPercent": 100,
            "maximumPercent": 200,
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        },
    }
    definition = {"containerDefinitions": [container_definition]}
    return Task(definition, service, tuple(_notices(startup, slowest, period)))


def _notices(startup: Startup, slowest: float, period: int) -> list[str]:
    found = [f"a start period of {period} s: {SLOWER} times the slowest start measured, {slowest:.1f} s"]
    if slowest * SLOWER > _MOST:
        found = [f"a start period of {_MOST} s, the most ECS takes: the slowest start took {slowest:.0f} s"]
    if startup.early_health is not None:
        early = startup.early_health
        found.append(
            f"HEALTHCHECK said healthy {early.seconds:.1f} s before the app answered: let it ask for a page"
        )
    if startup.stop is not None and startup.stop.was_killed:
        found.append("the app did not end on SIGTERM, so every deployment waits for it and cuts requests off")
    return found


def _command(facts: Facts, startup: Startup) -> tuple[str, ...]:
    """Return the health check: that of the Dockerfile, else one with the program the image has anyway."""
    health = facts.health
    if health is not None and health.command is not None:
        if health.command.form is Form.EXEC:
            return ("CMD", *(word.value for word in health.command.arguments))
        return ("CMD-SHELL", " ".join(health.command.script.text.split()))
    url = f"http://127.0.0.1:{startup.port}{startup.path}"
    image = facts.build.root_stage(facts.final).image
    name = "" if image is None else image.last_name
    if name == "node":
        ask = f"fetch({url!r}).then(r => process.exit(r.status < 500 ? 0 : 1), () => process.exit(1))"
        return ("CMD", "node", "-e", ask)
    if name == "python":
        return ("CMD", "python", "-c", f"import urllib.request; urllib.request.urlopen({url!r}, timeout=4)")
    raise UsageError(
        f"{facts.dockerfile} has no HEALTHCHECK, and {name or 'its image'} has no program to ask with",
        "add one: HEALTHCHECK CMD wget -q -O /dev/null " + url,
    )
