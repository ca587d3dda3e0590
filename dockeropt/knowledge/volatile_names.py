"""Names of build arguments whose value changes with every build or commit."""

from enum import Enum
from functools import lru_cache

from dockeropt.knowledge.words import words


class Volatility(Enum):
    """How an argument's value changes, told by its name."""

    COMMIT = "commit"
    BUILD = "build"
    CACHE_BUST = "cache bust"
    VERSION = "version"
    """the application's own version, when it has no default"""


_COMMIT_NAMES = words(
    "bitbucket_commit ci_commit_ref ci_commit_ref_name ci_commit_ref_slug ci_commit_tag "
    "codebuild_resolved_source_version commit commitish git_branch git_commit git_describe "
    "git_head git_rev git_ref git_revision git_sha github_ref github_ref_name github_sha "
    "heroku_slug_commit railway_git_commit_sha render_git_commit rev revision sha short_sha "
    "source_branch source_commit vcs_ref vcs_revision vercel_git_commit_sha"
)
_BUILD_NAMES = words(
    "build_id build_no build_num build_number build_stamp build_tag build_time build_timestamp "
    "build_date builddate buildnumber buildtime ci_build_id ci_job_id ci_pipeline_id "
    "ci_pipeline_iid circle_build_num codebuild_build_id codebuild_build_number created "
    "creation_date date drone_build_number github_run_attempt github_run_id github_run_number "
    "image_created job_id now pipeline_id release_date run_id timestamp travis_build_number"
)
_VERSION_NAMES = words(
    "app_version application_version build_version image_version package_version "
    "project_version release release_version service_version version"
)


@lru_cache(1024)
def volatility(name: str) -> Volatility | None:
    """Return how the value of an argument of this name changes, None for one that seems to stay."""
    lower = name.lower()
    parts = lower.replace("-", "_").split("_")
    if lower in _COMMIT_NAMES or (
        "commit" in parts
        and parts[-1] in ("commit", "sha", "hash", "id", "ref", "rev", "short", "date", "time")
    ):
        return Volatility.COMMIT
    if parts[0] == "git" and parts[-1] in ("sha", "hash", "commit", "rev", "revision", "describe"):
        return Volatility.COMMIT
    if lower in _BUILD_NAMES or (
        "build" in parts and parts[-1] in ("date", "time", "timestamp", "number", "num", "id")
    ):
        return Volatility.BUILD
    flat = "".join(parts)
    if (
        "cachebust" in flat
        or "bustcache" in flat
        or "cachebreak" in flat
        or flat in ("cachedate", "nocache", "refreshedat")
    ):
        return Volatility.CACHE_BUST
    if lower in _VERSION_NAMES:
        return Volatility.VERSION
    return None
