"""Files of a repository that no image is built of, with the .dockerignore lines that keep them out."""

from dockeropt.records import NamedTuple


class Needless(NamedTuple):
    """A line for .dockerignore, and words that say in a Dockerfile that the build does use the files."""

    line: str
    signs: tuple[str, ...]


def _group(lines: str, *signs: str) -> tuple[Needless, ...]:
    return tuple(Needless(line, (line.strip("*"), *signs)) for line in lines.split())


NEEDLESS_FILES = (
    *_group(".git", "git "),
    *_group(
        ".github .gitlab .gitlab-ci.yml .circleci .travis.yml .buildkite .drone.yml .woodpecker "
        "azure-pipelines.yml bitbucket-pipelines.yml Jenkinsfile appveyor.yml buildspec.yml cloudbuild.yaml"
    ),
    *_group(".devcontainer .idea .vscode"),
    *_group("Dockerfile* docker-compose*.yml docker-compose*.yaml compose.yml compose.yaml", "compose"),
    *_group(".pre-commit-config.yaml renovate.json .renovaterc", "pre-commit"),
    *_group("CHANGELOG.md CODE_OF_CONDUCT.md CONTRIBUTING.md SECURITY.md"),
    *_group("docs doc", "mkdocs", "sphinx", "vitepress", "docusaurus"),
    *_group("test tests __tests__ e2e cypress", "test", "vitest", "jest", "check"),
)
"""README.md is not among them, which package managers read, nor the settings of tools that a build runs"""
