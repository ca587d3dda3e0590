"""``cors-check``: the judgement of every combination of answers, and asking a real server."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dockeropt.ci.cdn import Cdn, bucket_cors
from dockeropt.ci.cors import Answer, Answers, Fault, Found, Trial, ask, judge
from dockeropt.cli.main import main
from dockeropt.errors import MeasureError, UsageError
from tests.ci.bucket import bucket, free_port

SITE = "https://shop.example.com"
ALLOW = "access-control-allow-origin"
YES = Answer(200, {ALLOW: SITE})
ANY = Answer(200, {ALLOW: "*"})
OTHER = Answer(200, {ALLOW: "https://other.example.com"})
BARE = Answer(200, {})
HIT = Answer(200, {"age": "7"})
ABSENT = Answer(403, {})
ABSENT_YES = Answer(403, {ALLOW: SITE})
ACCEPTED = Answer(204, {ALLOW: SITE, "access-control-allow-methods": "GET, HEAD"})

WELL = Trial(YES, BARE, YES)
MUTE = Trial(BARE, BARE, BARE)
QUIET = Trial(ABSENT, ABSENT, ABSENT)


def found(
    cross: Answer, by_query: Trial = WELL, by_path: Trial = QUIET, preflight: Answer = ACCEPTED
) -> tuple[Found, ...]:
    return judge(Answers(cross, by_query, by_path, preflight), SITE)


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        pytest.param((YES,), [], id="all is well"),
        pytest.param((ANY, Trial(ANY, ANY, ANY)), [], id="everybody may read it"),
        pytest.param((BARE, MUTE), [Fault.NO_HEADER], id="no header at all"),
        pytest.param((HIT, MUTE), [Fault.NO_HEADER], id="no header out of a cache"),
        pytest.param(
            (BARE, WELL), [Fault.CACHED_WITHOUT_ORIGIN], id="kept without, a new query answers with"
        ),
        pytest.param(
            (HIT, Trial(HIT, HIT, HIT), Trial(ABSENT_YES, ABSENT, ABSENT_YES)),
            [Fault.CACHED_WITHOUT_ORIGIN],
            id="kept without, queries not in the key, a file that is not there answers with",
        ),
        pytest.param(
            (YES, Trial(YES, BARE, BARE)), [Fault.CACHED_WITHOUT_ORIGIN], id="will be kept, by query"
        ),
        pytest.param(
            (YES, Trial(YES, YES, YES), Trial(ABSENT_YES, ABSENT, ABSENT)),
            [Fault.CACHED_WITHOUT_ORIGIN],
            id="will be kept, by path",
        ),
        pytest.param(
            (YES, Trial(YES, BARE, Answer(503, {}))), [], id="an answer of another status shows nothing"
        ),
        pytest.param((OTHER, MUTE), [Fault.OTHER_ORIGIN], id="another site's"),
        pytest.param(
            (YES, WELL, QUIET, Answer(403, {})), [Fault.PREFLIGHT_REFUSED], id="OPTIONS is not taken"
        ),
        pytest.param(
            (YES, WELL, QUIET, Answer(200, {})), [Fault.PREFLIGHT_REFUSED], id="OPTIONS allows nobody"
        ),
        pytest.param(
            (YES, WELL, QUIET, Answer(200, {ALLOW: SITE, "access-control-allow-methods": "POST"})),
            [Fault.PREFLIGHT_REFUSED],
            id="OPTIONS does not allow GET",
        ),
        pytest.param(
            (YES, WELL, QUIET, Answer(200, {ALLOW: "*", "access-control-allow-methods": "*"})),
            [],
            id="OPTIONS allows all",
        ),
        pytest.param(
            (Answer(200, {ALLOW: "*", "access-control-allow-credentials": "true"}), Trial(ANY, ANY, ANY)),
            [Fault.WILDCARD_WITH_CREDENTIALS],
            id="* and credentials",
        ),
        pytest.param(
            (BARE, MUTE, QUIET, ABSENT), [Fault.NO_HEADER, Fault.PREFLIGHT_REFUSED], id="two faults at once"
        ),
    ],
)
def test_the_fault_is_named(answers: tuple[Answer, Trial, Trial, Answer], faults: list[Fault]) -> None:
    judged = found(*answers)
    assert [each.fault for each in judged] == faults
    for each in judged:
        assert each.change
        assert not each.evidence.endswith(".")


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "a.js").write_text("js")
    with bucket(tmp_path, bucket_cors(Cdn((SITE,))), 60) as port:
        yield port


def test_a_bucket_without_a_cache_is_well(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{port}/a.js"
    assert main(["ci", "cors-check", url, "--origin", SITE]) == 0
    assert main(["ci", "cors-check", url, "--origin", SITE + "/", "--json"]) == 0
    assert '"faults": []' in capsys.readouterr().out


def test_a_bucket_that_allows_another_site_is_told(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["ci", "cors-check", f"http://127.0.0.1:{port}/a.js", "--origin", "https://www.example.org"]
    assert main(words) == 1
    out = capsys.readouterr().out
    assert out.startswith("no-cors-header: ")
    assert "\n  change: add the headers where all answers pass" in out
    assert "\npreflight-refused: OPTIONS is answered 403\n" in out
    assert main([*words, "--json"]) == 1
    assert '"fault": "no-cors-header"' in capsys.readouterr().out


class _Careless(BaseHTTPRequestHandler):
    """Answers everybody with ``*`` and credentials, and knows no OPTIONS."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Credentials", "true")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


def test_a_server_that_allows_everybody_with_credentials_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Careless) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/a.js"
        assert main(["ci", "cors-check", url, "--origin", SITE]) == 1
        server.shutdown()
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines[::2]] == [
        "wildcard-with-credentials",
        "preflight-refused",
    ]


def test_a_file_that_is_not_there_cannot_be_judged(port: int) -> None:
    with pytest.raises(MeasureError, match="answers 403 to a request with Origin"):
        ask(f"http://127.0.0.1:{port}/gone.js", SITE)
    assert main(["ci", "cors-check", f"http://127.0.0.1:{port}/gone.js", "--origin", SITE]) == 4


def test_an_address_that_does_not_answer() -> None:
    with pytest.raises(MeasureError, match=r"127\.0\.0\.1 does not answer"):
        ask(f"http://127.0.0.1:{free_port()}/a.js", SITE, 2)


@pytest.mark.parametrize(
    "url", ["", "a.js", "ftp://example.com/a.js", "http://", "http://example.com/a b", "http://a/\r\nHost: b"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="is no address to ask"):
        ask(url, SITE)


@pytest.mark.parametrize(
    "origin", ["shop.example.com", "https://a.example/path", "*", "null", "https://a\r\nX: y"]
)
def test_what_is_no_origin(origin: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "cors-check", "http://127.0.0.1/a.js", "--origin", origin]) == 2
    assert "is no origin" in capsys.readouterr().err
