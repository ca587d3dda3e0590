"""Asking an address the way browsers and everybody else do, and naming what is wrong with its CORS answers.

Fetch standard: a page of one origin may read an answer of another only with Access-Control-Allow-Origin ``*``
or its own; ``*`` does not do for requests with credentials; what is no plain request is asked for first by
OPTIONS, whose answer has to be 2xx and to allow the method.
"""

import http.client
import secrets
import ssl
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from urllib.parse import urlsplit, urlunsplit

from dockeropt import __version__
from dockeropt.errors import MeasureError, UsageError
from dockeropt.records import NamedTuple

_ALLOWED = "access-control-allow-origin"
_METHODS = "access-control-allow-methods"
_CREDENTIALS = "access-control-allow-credentials"
_LARGEST = 1 << 20
"""bytes read of a body; the rest is left"""


class Fault(Enum):
    """What can be wrong; the value is the name in JSON."""

    NO_HEADER = "no-cors-header"
    CACHED_WITHOUT_ORIGIN = "cached-without-origin"
    OTHER_ORIGIN = "other-origin"
    PREFLIGHT_REFUSED = "preflight-refused"
    WILDCARD_WITH_CREDENTIALS = "wildcard-with-credentials"


class Found(NamedTuple):
    """A fault, what showed it, and what to change. Prose, lower case, without a full stop."""

    fault: Fault
    evidence: str
    change: str


class Answer(NamedTuple):
    """An answer to one request; names of headers are lower case."""

    status: int
    headers: Mapping[str, str]

    @property
    def allowed(self) -> str:
        """Whom it allows to read it, empty for nobody else."""
        return self.headers.get(_ALLOWED, "")

    def allows(self, origin: str) -> bool:
        """Tell whether a page of an origin may read it."""
        return self.allowed in ("*", origin)

    @property
    def is_good(self) -> bool:
        """Whether it is what was asked for."""
        return 200 <= self.status < 300

    @property
    def is_from_cache(self) -> bool:
        """Whether a cache says that it had the answer already."""
        told = self.headers.get("x-cache", "") + self.headers.get("x-cache-status", "")
        age = self.headers.get("age", "0")
        return "hit" in told.lower() or (age.isdigit() and int(age) > 0)


class Trial(NamedTuple):
    """Two addresses no cache has an answer of: one asked for with Origin, the other without and then with."""

    cross: Answer
    plain: Answer
    after: Answer

    def is_spoilt(self, origin: str) -> bool:
        """Tell whether the answer to a request without Origin was given to one with it."""
        return (
            self.cross.allows(origin)
            and not self.after.allows(origin)
            and self.cross.status == self.after.status == self.plain.status
        )


class Answers(NamedTuple):
    """Everything asked, in the order it was asked."""

    cross: Answer
    """of the address itself, with Origin"""
    by_query: Trial
    """of the address with a query: a cache that leaves queries out of its keys has an answer of it"""
    by_path: Trial
    """of files that are not there, whose answers some caches keep, too"""
    preflight: Answer
    """OPTIONS of the address itself"""

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Both trials."""
        return (self.by_query, self.by_path)


_SERVER = (
    "add the headers where all answers pass, those out of the cache too: a CloudFront response headers policy"
    " with CORS and origin override, as `dockeropt ci cdn` writes it"
)
_INVALIDATE = "; then invalidate what the cache has kept"
_KEPT = (
    "the answer has no Access-Control-Allow-Origin, a new one has: it was kept of a request without Origin"
)
_WILL_BE_KEPT = (
    "a new address asked for without Origin and then with answers without Access-Control-Allow-Origin:"
    " so will this one, once its answer runs out and the next request has no Origin"
)


def ask(url: str, origin: str, seconds: float = 10) -> Answers:
    """Ask for a URL in every way that matters; a query is added to some so that no cache has the answer.

    Asked with Origin first: asking without could itself fill a cache with an answer nobody else can use.
    Raises UsageError for what is no http URL, MeasureError where nothing answers or the file is not there.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable() or " " in url:
        raise UsageError(
            f"{url!a} is no address to ask", "give that of a static file: https://cdn.example.com/a.js"
        )
    cross = {"Origin": origin, "Sec-Fetch-Mode": "cors"}
    preflight = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-requested-with"}

    def trial(unknown: Callable[[str], str]) -> Trial:
        first, second = unknown(url), unknown(url)
        return Trial(
            _request("GET", first, cross, seconds),
            _request("GET", second, {}, seconds),
            _request("GET", second, cross, seconds),
        )

    answers = Answers(
        _request("GET", url, cross, seconds),
        trial(_with_query),
        trial(_with_path),
        _request("OPTIONS", url, {**cross, **preflight}, seconds),
    )
    if not answers.cross.is_good:
        where = answers.cross.headers.get("location")
        hint = f"ask for {where}" if where else "give the URL of a file that is there"
        raise MeasureError(f"{url} answers {answers.cross.status} to a request with Origin", hint)
    return answers


def judge(answers: Answers, origin: str) -> tuple[Found, ...]:
    """Return what is wrong, the gravest first."""
    return tuple(_faults(answers, origin))


def _faults(answers: Answers, origin: str) -> Iterator[Found]:
    cross = answers.cross
    is_sent = any(trial.cross.allows(origin) for trial in answers.trials)
    if cross.allowed and not cross.allows(origin):
        kept = ", and a new answer allows this one: it was kept of another page's request" if is_sent else ""
        yield Found(
            Fault.OTHER_ORIGIN,
            f"it allows {cross.allowed}, not {origin}{kept}",
            f"allow {origin}, too, and let the CDN write the header or keep an answer for each Origin"
            + _INVALIDATE,
        )
    elif not cross.allowed and is_sent:
        yield Found(Fault.CACHED_WITHOUT_ORIGIN, _KEPT, _SERVER + _INVALIDATE)
    elif not cross.allowed:
        kept = "; it came out of a cache, which may have kept it of a request without Origin"
        yield Found(
            Fault.NO_HEADER,
            f"the answer to a request with Origin: {origin} has no Access-Control-Allow-Origin"
            + (kept if cross.is_from_cache else ""),
            _SERVER + (_INVALIDATE if cross.is_from_cache else ""),
        )
    elif any(trial.is_spoilt(origin) for trial in answers.trials):
        yield Found(Fault.CACHED_WITHOUT_ORIGIN, _WILL_BE_KEPT, _SERVER)
    if cross.allowed == "*" and cross.headers.get(_CREDENTIALS, "").lower() == "true":
        yield Found(
            Fault.WILDCARD_WITH_CREDENTIALS,
            "it allows * and credentials, which browsers take for neither",
            f"allow {origin} by name, or no credentials: static files need none",
        )
    yield from _preflight(answers.preflight, origin)


def _preflight(answer: Answer, origin: str) -> Iterator[Found]:
    methods = {method.strip().upper() for method in answer.headers.get(_METHODS, "").split(",")}
    if not answer.is_good:
        why = f"OPTIONS is answered {answer.status}"
    elif not answer.allows(origin):
        why = f"the answer to OPTIONS allows {answer.allowed or 'nobody'}"
    elif not methods & {"GET", "*"}:
        why = "the answer to OPTIONS does not name GET in Access-Control-Allow-Methods"
    else:
        return
    yield Found(
        Fault.PREFLIGHT_REFUSED,
        why,
        "let the CDN take GET, HEAD and OPTIONS and hand Origin and Access-Control-Request-* on, and give the"
        f" bucket CORS rules for {origin}",
    )


def _with_query(url: str) -> str:
    """Return the address with a query nobody has asked for yet."""
    parts = urlsplit(url)
    query = f"{parts.query}&" if parts.query else ""
    return urlunsplit(parts._replace(query=f"{query}dockeropt={secrets.token_hex(8)}", fragment=""))


def _with_path(url: str) -> str:
    """Return the address of a file beside this one that nobody has asked for yet, because it is not there."""
    parts = urlsplit(url)
    folder = parts.path.rpartition("/")[0]
    return urlunsplit(
        parts._replace(path=f"{folder}/dockeropt-{secrets.token_hex(8)}", query="", fragment="")
    )


def _request(method: str, url: str, headers: Mapping[str, str], seconds: float) -> Answer:
    """Return the answer to one request; a redirection is not followed."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection: http.client.HTTPConnection
    try:
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)
        else:
            connection = http.client.HTTPConnection(host, parts.port, timeout=seconds)
        try:
            connection.request(method, path, headers={"User-Agent": f"dockeropt/{__version__}", **headers})
            response = connection.getresponse()
            response.read(_LARGEST)
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()})
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
        raise MeasureError(
            f"{host} does not answer: {reason}", "check the address and the network"
        ) from error
