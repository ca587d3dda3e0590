"""``dockeropt comment``: one comment on a pull or merge request, written again by every run."""

import json
import os
from collections.abc import Iterator, Mapping
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import click

from dockeropt.errors import UsageError
from dockeropt.files import read_text
from dockeropt.records import NamedTuple

_SECONDS = 30
_PAGE = 100
_MOST_PAGES = 50
"""of comments that are looked through"""


class Place(NamedTuple):
    """Where the comments of a pull or merge request are."""

    comments: str
    """address of the list"""
    comment: str
    """what the addresses of single ones begin with"""
    update: str
    """method that changes one"""
    headers: Mapping[str, str]
    needed: str
    """what the token must be allowed to do"""


@click.command(
    epilog="""\b
Examples:
  dockeropt gate app:1 --markdown gate.md; dockeropt comment gate.md
  dockeropt measure . --markdown measure.md && dockeropt comment measure.md

In GitHub Actions it takes GITHUB_TOKEN, in GitLab CI/CD GITLAB_TOKEN (a project access token with the scope
api). Outside a pull or merge request it says so and does nothing."""
)
@click.argument("file")
def comment(file: str) -> None:
    """Post FILE as a comment on the pull or merge request that CI is running for.

    FILE is what --markdown wrote. Its first line tells whose comment it is: the one of an earlier run is
    replaced.
    """
    text = read_text(file)
    if text is None:
        raise UsageError(f"there is no file {file}", "write it with `dockeropt gate --markdown FILE`")
    marker = text.partition("\n")[0]
    if not marker.startswith("<!--"):
        raise UsageError(f"{file} has no mark of dockeropt in its first line", "give a file --markdown wrote")
    place = place_of(os.environ)
    if place is None:
        click.echo("no pull or merge request to comment on", err=True)
        return
    before = next((each for each in _comments(place) if _is_ours(each, marker)), None)
    body = {"body": text}
    if before is None:
        _ask(place, "POST", place.comments, body)
    else:
        _ask(place, place.update, f"{place.comment}/{before['id']}", body)
    click.echo(f"{file}: {'commented' if before is None else 'comment replaced'}", err=True)


def place_of(environment: Mapping[str, str]) -> Place | None:
    """Return where to comment by the variables of GitHub Actions or GitLab CI/CD, None outside a request.

    Raises UsageError where the token is missing.
    """
    if environment.get("GITHUB_ACTIONS") == "true":
        return _github(environment)
    if environment.get("GITLAB_CI") == "true":
        return _gitlab(environment)
    return None


def _github(environment: Mapping[str, str]) -> Place | None:
    event = json.loads(read_text(environment.get("GITHUB_EVENT_PATH", "")) or "{}")
    number = event.get("pull_request", {}).get("number")
    if number is None:
        return None
    token = _token(environment, "GITHUB_TOKEN")
    issues = f"{environment['GITHUB_API_URL']}/repos/{environment['GITHUB_REPOSITORY']}/issues"
    return Place(
        f"{issues}/{number}/comments",
        f"{issues}/comments",
        "PATCH",
        {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"},
        "permissions: pull-requests: write",
    )


def _gitlab(environment: Mapping[str, str]) -> Place | None:
    number = environment.get("CI_MERGE_REQUEST_IID")
    if not number:
        return None
    token = _token(environment, "GITLAB_TOKEN")
    project = quote(environment["CI_PROJECT_ID"], safe="")
    notes = f"{environment['CI_API_V4_URL']}/projects/{project}/merge_requests/{number}/notes"
    return Place(notes, notes, "PUT", {"PRIVATE-TOKEN": token}, "a token with the scope api")


def _token(environment: Mapping[str, str], name: str) -> str:
    token = environment.get(name)
    if not token:
        raise UsageError(f"{name} is not set, so nothing can be posted", f"give the step the variable {name}")
    return token


def _comments(place: Place) -> Iterator[Mapping[str, object]]:
    for page in range(1, _MOST_PAGES + 1):
        found = _ask(place, "GET", f"{place.comments}?per_page={_PAGE}&page={page}")
        if not isinstance(found, list):
            return
        yield from (each for each in found if isinstance(each, dict))
        if len(found) < _PAGE:
            return


def _is_ours(found: Mapping[str, object], marker: str) -> bool:
    body = found.get("body")
    return isinstance(body, str) and body.startswith(marker)


def _ask(place: Place, method: str, address: str, body: Mapping[str, str] | None = None) -> object:
    if not address.startswith(("https://", "http://")):
        raise UsageError(f"{address} is no address", "look at GITHUB_API_URL or CI_API_V4_URL")
    data = None if body is None else json.dumps(body).encode()
    headers = {**place.headers, "Content-Type": "application/json"}
    try:
        with urlopen(Request(address, data, headers, method=method), timeout=_SECONDS) as answer:  # noqa: S310
            return json.load(answer)
    except HTTPError as error:
        hint = f"the token needs {place.needed}" if error.code in {401, 403, 404} else "run it again"
        raise UsageError(f"{method} {address} was answered with status {error.code}", hint) from error
    except (URLError, OSError, ValueError) as error:
        raise UsageError(f"{method} {address} failed: {error}", "run it again") from error
