"""The fragment of an ECS task: its health check, and a start period out of a measurement."""

from pathlib import Path

import pytest

from dockeropt.ci.ecs import Task, choose, plan_task
from dockeropt.ci.facts import read_facts
from dockeropt.errors import UsageError
from dockeropt.measure.model import (
    BuildTime,
    Comparison,
    EarlyHealth,
    ImageSize,
    Measurement,
    Scenario,
    Startup,
    Stop,
    Timing,
)
from tests.ci.pipelines import NUXT, Files, make

STARTUP = Startup(Timing((2.0, 4.5, 3.0)), 3000, "/", 200)


def measured(startup: Startup | None, name: str = "after") -> Measurement:
    builds = {Scenario.COLD: BuildTime(Timing((1.0,)), ())}
    return Measurement(name, ImageSize((), "engine"), builds, startup)


def task(folder: Path, files: Files, startup: Startup | None = STARTUP, address: str | None = None) -> Task:
    return plan_task(read_facts(str(make(folder, files))), measured(startup), "app", "image", address)


def container(made: Task) -> dict[str, object]:
    definitions = made.definition["containerDefinitions"]
    assert isinstance(definitions, list)
    (only,) = definitions
    assert isinstance(only, dict)
    return only


def check(made: Task) -> dict[str, object]:
    found = container(made)["healthCheck"]
    assert isinstance(found, dict)
    return found


ASKED_BY_NODE = (
    "fetch('http://127.0.0.1:3000/').then(r => process.exit(r.status < 500 ? 0 : 1), () => process.exit(1))"
)
NODE = {"Dockerfile": "FROM node:22\n"}


@pytest.mark.parametrize(
    ("seconds", "period"), [((0.2,), 10), ((2.0, 4.5, 3.0), 14), ((60.0,), 180), ((200.0,), 300)]
)
def test_the_start_period_is_three_times_the_slowest_start(
    tmp_path: Path, seconds: tuple[float, ...], period: int
) -> None:
    made = task(tmp_path, NODE, STARTUP._replace(timing=Timing(seconds)))
    assert check(made)["startPeriod"] == period
    assert made.service["healthCheckGracePeriodSeconds"] == period + 30


@pytest.mark.parametrize(
    ("dockerfile", "command"),
    [
        pytest.param(
            'FROM nginx\nHEALTHCHECK --interval=5s CMD ["wget", "-q", "http://a/"]\n',
            ["CMD", "wget", "-q", "http://a/"],
            id="exec form",
        ),
        pytest.param(
            "FROM nginx\nHEALTHCHECK CMD wget -q http://a/ \\\n || exit 1\n",
            ["CMD-SHELL", "wget -q http://a/ || exit 1"],
            id="shell form over two lines",
        ),
        pytest.param(
            "FROM nginx AS base\nHEALTHCHECK CMD a\nFROM base\n",
            ["CMD-SHELL", "a"],
            id="of the stage it is FROM",
        ),
        pytest.param(
            "FROM node:22\nHEALTHCHECK NONE\n",
            ["CMD", "node", "-e", ASKED_BY_NODE],
            id="a Node image without one",
        ),
        pytest.param(
            "FROM python:3.13-slim\n",
            [
                "CMD",
                "python",
                "-c",
                "import urllib.request; urllib.request.urlopen('http://127.0.0.1:3000/', timeout=4)",
            ],
            id="a Python image without one",
        ),
    ],
)
def test_the_health_check_is_the_dockerfile_s(tmp_path: Path, dockerfile: str, command: list[str]) -> None:
    assert check(task(tmp_path, {"Dockerfile": dockerfile}))["command"] == command


def test_an_image_that_has_nothing_to_ask_with_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        task(tmp_path, {"Dockerfile": "FROM scratch\n"})
    assert raised.value.message == "Dockerfile has no HEALTHCHECK, and its image has no program to ask with"


def test_a_measurement_without_a_start(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        task(tmp_path, NODE, None)
    assert raised.value.message == "no start-up of after was measured"
    assert "--port" in raised.value.hint


def test_the_address_of_the_cdn_is_a_variable_where_the_server_reads_it(tmp_path: Path) -> None:
    nuxt = {**NUXT, "Dockerfile": "FROM node:22\n"}
    made = container(task(tmp_path / "nuxt", nuxt, address="https://cdn.example.com"))
    assert made["environment"] == [{"name": "NUXT_APP_CDN_URL", "value": "https://cdn.example.com"}]
    assert "environment" not in container(task(tmp_path / "plain", NODE, address="https://cdn.example.com"))
    assert "environment" not in container(task(tmp_path / "none", nuxt))


def test_what_the_measurement_saw_is_told(tmp_path: Path) -> None:
    startup = STARTUP._replace(early_health=EarlyHealth(2.5, 7), stop=Stop(10.2, True))
    assert task(tmp_path, NODE, startup).notices == (
        "a start period of 14 s: 3 times the slowest start measured, 4.5 s",
        "HEALTHCHECK said healthy 2.5 s before the app answered: let it ask for a page",
        "the app did not end on SIGTERM, so every deployment waits for it and cuts requests off",
    )


def test_the_candidate_is_the_last_one_or_the_one_named() -> None:
    both = Comparison(".", {}, "1", "1", (measured(None, "before"), measured(None, "after")))
    assert choose(both, None).name == "after"
    assert choose(both, "before").name == "before"
    with pytest.raises(UsageError, match="no measurement of gone"):
        choose(both, "gone")
