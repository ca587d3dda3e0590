"""Names of build arguments and what they say about their values."""

import pytest

from dockeropt.knowledge.volatile_names import Volatility, volatility


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("GIT_SHA", Volatility.COMMIT),
        ("COMMIT_SHA", Volatility.COMMIT),
        ("APP_GIT_COMMIT", Volatility.COMMIT),
        ("CI_COMMIT_SHORT_SHA", Volatility.COMMIT),
        ("VCS_REF", Volatility.COMMIT),
        ("git_revision", Volatility.COMMIT),
        ("BUILD_DATE", Volatility.BUILD),
        ("APP_BUILD_NUMBER", Volatility.BUILD),
        ("TIMESTAMP", Volatility.BUILD),
        ("CACHEBUST", Volatility.CACHE_BUST),
        ("CACHE_BUST_1", Volatility.CACHE_BUST),
        ("APP_VERSION", Volatility.VERSION),
    ],
)
def test_a_name_that_says_its_value_changes(name: str, kind: Volatility) -> None:
    assert kind is volatility(name)


@pytest.mark.parametrize(
    "name", ["NODE_VERSION", "NODE_SHA256", "GIT_VERSION", "UID", "BUILD_TYPE", "DATE_FORMAT", "GITHUB_TOKEN"]
)
def test_a_name_that_says_nothing(name: str) -> None:
    assert volatility(name) is None
