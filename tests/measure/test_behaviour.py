"""What counts as written by an app, and what a new image does otherwise than the old one."""

import pytest

from dockeropt.measure.behaviour import Answer, Behaviour, written_folders
from dockeropt.measure.equivalence import differences
from dockeropt.measure.model import Stop


@pytest.mark.parametrize(
    ("changed", "folders"),
    [
        pytest.param(("/app", "/app/data", "/app/data/a.db"), ("/app/data",), id="a file"),
        pytest.param(("/srv", "/srv/logs"), ("/srv",), id="a folder made"),
        pytest.param(("/tmp", "/tmp/a", "/root/.npm/b", "/var/run/c.pid"), (), id="the system's"),
        pytest.param(
            (
                "/app/__pycache__",
                "/app/__pycache__/app.cpython-313.pyc",
                "/usr/local/lib/python3.13/http/__pycache__/client.cpython-313.pyc",
            ),
            (),
            id="bytecode that Python keeps where it may",
        ),
    ],
)
def test_folders_an_app_writes_into(changed: tuple[str, ...], folders: tuple[str, ...]) -> None:
    assert folders == written_folders(changed)


def _behaviour(answer: Answer, was_killed: bool = False, user: str = "0") -> Behaviour:
    return Behaviour({"/": answer}, user, (), {}, 0.5, Stop(0.1, was_killed), 0)


_PAGE = Answer(200, "text/html", 1000)


@pytest.mark.parametrize(
    ("old", "new", "what", "is_failure"),
    [
        pytest.param(
            _behaviour(_PAGE),
            _behaviour(Answer(502, "text/html", 9)),
            "/: status 502, where the old one says 200",
            True,
            id="a server error",
        ),
        pytest.param(
            _behaviour(Answer(500, "", 0)),
            _behaviour(_PAGE),
            "/: status 200, where the old one says 500",
            False,
            id="an error that is gone",
        ),
        pytest.param(
            _behaviour(_PAGE),
            _behaviour(Answer(200, "application/json", 1000)),
            "/: application/json, where the old one says text/html",
            True,
            id="another kind",
        ),
        pytest.param(
            _behaviour(_PAGE),
            _behaviour(Answer(200, "text/html", 1200)),
            "/: 1200 bytes, where the old one sends 1000",
            False,
            id="another size",
        ),
        pytest.param(
            _behaviour(_PAGE),
            _behaviour(_PAGE, was_killed=True),
            "it does not end on SIGTERM, where the old one does",
            True,
            id="a signal it ignores",
        ),
        pytest.param(
            _behaviour(_PAGE),
            _behaviour(_PAGE, user="1000"),
            "it runs as user 1000, the old one as root",
            False,
            id="another user",
        ),
    ],
)
def test_what_is_different(old: Behaviour, new: Behaviour, what: str, is_failure: bool) -> None:
    assert [(what, is_failure)] == [tuple(each) for each in differences(old, new)]


def test_nothing_is_different() -> None:
    assert differences(_behaviour(_PAGE), _behaviour(Answer(200, "text/html", 1060))) == ()
