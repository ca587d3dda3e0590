"""The article's failure and what ends it: nginx and its cache before a bucket, both real, on loopback."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockeropt.ci.cdn import Cdn, Format, bucket_cors, render_cdn
from dockeropt.ci.cors import Answer, Fault, ask, judge
from dockeropt.ci.cors import _request as request
from dockeropt.cli.main import main
from tests.ci.bucket import bucket
from tests.engine.edge import OLD, Behavior, behavior_of, edge

pytestmark = pytest.mark.engine

SITE, OTHER = "https://shop.example.com", "https://www.example.org"
CDN = Cdn((SITE, "https://m.example.com"), "shop-assets")
MAX_AGE = 2
"""seconds that the bucket lets an answer be kept"""

OURS = behavior_of(render_cdn(CDN, Format.CLOUDFORMATION))
BY_ORIGIN = behavior_of(render_cdn(CDN._replace(by_origin=True), Format.CLOUDFORMATION))


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "entry.js").write_text("js")
    with bucket(tmp_path / "files", bucket_cors(CDN), MAX_AGE) as port:
        yield port


def get(url: str, origin: str | None) -> Answer:
    return request("GET", f"{url}/entry.js", {} if origin is None else {"Origin": origin}, 10)


def run_out() -> None:
    """Wait until what is kept is out of date."""
    time.sleep(MAX_AGE + 1)


def test_with_the_old_settings_pages_lose_their_files_when_an_answer_runs_out(
    port: int, tmp_path: Path
) -> None:
    with edge(OLD, port, tmp_path) as url:
        assert get(url, SITE).allows(SITE)
        kept = get(url, SITE)
        assert kept.is_from_cache
        assert kept.allows(SITE)
        run_out()
        assert get(url, None).is_good  # a robot, curl, an <img>
        spoilt = get(url, SITE)
        assert spoilt.is_from_cache
        assert spoilt.is_good
        assert not spoilt.allowed


@pytest.mark.parametrize(
    "behavior", [OURS, BY_ORIGIN], ids=["headers at the edge", "an answer for each origin"]
)
def test_with_ours_they_do_not(port: int, tmp_path: Path, behavior: Behavior) -> None:
    with edge(behavior, port, tmp_path) as url:
        assert get(url, SITE).allows(SITE)
        run_out()
        assert get(url, None).is_good
        assert get(url, SITE).allows(SITE)
        after = get(url, SITE)
        assert after.is_from_cache
        assert after.allows(SITE)
        assert not get(url, OTHER).allows(OTHER)
        assert get(url, "https://m.example.com").allows("https://m.example.com")


def test_ours_keeps_one_answer_for_all_and_the_other_one_for_each(port: int, tmp_path: Path) -> None:
    for behavior, is_shared in ((OURS, True), (BY_ORIGIN, False)):
        with edge(behavior, port, tmp_path) as url:
            get(url, SITE)
            assert get(url, "https://m.example.com").is_from_cache is is_shared


def faults(url: str, origin: str = SITE) -> list[Fault]:
    return [each.fault for each in judge(ask(f"{url}/entry.js", origin), origin)]


def test_cors_check_names_the_failure_while_it_lasts_and_before_it_comes(port: int, tmp_path: Path) -> None:
    with edge(OLD, port, tmp_path) as url:
        assert get(url, SITE).allows(SITE)
        assert faults(url) == [Fault.CACHED_WITHOUT_ORIGIN, Fault.PREFLIGHT_REFUSED]
        run_out()
        assert get(url, None).is_good
        assert faults(url) == [Fault.CACHED_WITHOUT_ORIGIN, Fault.PREFLIGHT_REFUSED]


@pytest.mark.parametrize(
    "behavior", [OURS, BY_ORIGIN], ids=["headers at the edge", "an answer for each origin"]
)
def test_cors_check_finds_nothing_with_ours(
    port: int, tmp_path: Path, behavior: Behavior, capsys: pytest.CaptureFixture[str]
) -> None:
    with edge(behavior, port, tmp_path) as url:
        assert main(["ci", "cors-check", f"{url}/entry.js", "--origin", SITE]) == 0
        assert capsys.readouterr().out == (
            f"{url}/entry.js: pages of {SITE} may read it, whatever was asked for before\n"
        )
        run_out()
        assert get(url, None).is_good
        assert faults(url) == []


def test_what_was_kept_of_another_page_is_told(port: int, tmp_path: Path) -> None:
    with edge(OLD, port, tmp_path) as url:
        assert get(url, "https://m.example.com").allows("https://m.example.com")
        found = judge(ask(f"{url}/entry.js", SITE), SITE)
        assert found[0].fault is Fault.OTHER_ORIGIN
        assert "it was kept of another page's request" in found[0].evidence
