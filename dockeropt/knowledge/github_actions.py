"""Actions of GitHub, each pinned to the commit of a release: a tag can be moved, a commit cannot."""

from dockeropt.records import NamedTuple


class Action(NamedTuple):
    """An action at a release."""

    name: str
    commit: str
    release: str

    def __str__(self) -> str:
        """Return what ``uses:`` takes, with the release as a comment, as Dependabot and Renovate keep it."""
        return f"{self.name}@{self.commit} # {self.release}"


ACTIONS = {
    "checkout": Action("actions/checkout", "3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    "setup_buildx": Action(
        "docker/setup-buildx-action", "37fe631027851001ddb9b187196cc803df7f5f0e", "v4.3.0"
    ),
    "build_push": Action("docker/build-push-action", "53b7df96c91f9c12dcc8a07bcb9ccacbed38856a", "v7.3.0"),
    "login": Action("docker/login-action", "4907a6ddec9925e35a0a9e82d7399ccc52663121", "v4.1.0"),
    "upload_sarif": Action(
        "github/codeql-action/upload-sarif", "8aad20d150bbac5944a9f9d289da16a4b0d87c1e", "v4.36.2"
    ),
    "aws_credentials": Action(
        "aws-actions/configure-aws-credentials", "e6de054238d6b7531b4efff3b6587d9aade6a06c", "v6.2.3"
    ),
}
