"""Which copies may be linked, and how sure that is."""

import pytest

from dockeropt.config.settings import Settings
from dockeropt.lint.linter import lint_source
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.source import Source

FILES = ("a.conf", "tool", "conf/a.conf")
IMAGE = "FROM debian:13-slim\n"
SCRATCH = "FROM scratch\nCOPY tool /first/\n"


def linked(text: str) -> list[str]:
    """Return how sure the fix of each copy is."""
    context = Context(lambda: [File(path, 1, 0o644) for path in FILES], None)
    found = lint_source(Source(text), Settings(select=frozenset(("do1009",))), context)
    return [each.finding.fix.applicability.name for each in found if each.finding.fix is not None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("FROM scratch\nCOPY tool /\n", [], id="nothing above it"),
        pytest.param(f"{SCRATCH}COPY conf /etc/shop\n", ["SAFE"], id="a new folder"),
        pytest.param(f"{SCRATCH}COPY conf //\n", [], id="a folder over what is there"),
        pytest.param(f"{SCRATCH}COPY tool /first/\n", ["SAFE"], id="a file into a folder of its owner"),
        pytest.param(f"{SCRATCH}COPY --chown=7 tool /first/\n", [], id="a file of another owner"),
        pytest.param(f"{SCRATCH}COPY --chown=7 tool /second/\n", ["SAFE"], id="into a folder of its own"),
        pytest.param(f"{SCRATCH}COPY --chown=shop tool /second/\n", [], id="an owner by name"),
        pytest.param(f"{SCRATCH}COPY --chmod=700 tool /second/\n", [], id="a mode"),
        pytest.param(f"{SCRATCH}COPY --link tool /second/\n", [], id="linked already"),
        pytest.param(f"{SCRATCH}ADD tool /second/\n", [], id="ADD"),
        pytest.param(f"{SCRATCH}COPY tool $WHERE\n", [], id="a target that is not known"),
        pytest.param(f"{SCRATCH}COPY tool /first/tool/deep/\n", [], id="below a file"),
        pytest.param(f"{SCRATCH}USER 5\nWORKDIR /own\nCOPY tool .\n", [], id="a folder of the user in force"),
        pytest.param(
            "FROM scratch\nCOPY --from=a:1 /a /a\nCOPY tool /a/\nCOPY tool /b/\n",
            ["UNSAFE", "SAFE"],
            id="a folder that was copied from elsewhere, and a new one",
        ),
        pytest.param(f"{IMAGE}COPY tool /usr/local/bin/\n", ["UNSAFE"], id="on an image"),
        pytest.param(f"{IMAGE}COPY tool /bin/\n", [], id="a folder that may be a link"),
        pytest.param(f"{IMAGE}COPY tool /tmp/\n", [], id="a folder of another mode"),
        pytest.param(f"{IMAGE}COPY --chown=7:7 tool /opt/\n", [], id="a folder of root"),
        pytest.param(f"{IMAGE}COPY a.conf /etc/\n", ["UNSAFE"], id="a file into a folder of the image"),
        pytest.param(f"{IMAGE}COPY conf /etc/\n", [], id="a folder over one of the image"),
        pytest.param(f"{IMAGE}COPY conf /\n", [], id="a folder over all of the image"),
        pytest.param(f"{IMAGE}COPY conf /app\n", [], id="another name"),
        pytest.param(f"{IMAGE}COPY conf /conf\n", ["UNSAFE"], id="the same name"),
        pytest.param(f"{IMAGE}COPY tool /app/\nRUN make\n", [], id="a step behind it"),
        pytest.param(f"{IMAGE}RUN mkdir -m 700 /app\nCOPY tool /app/\n", [], id="a folder that a step made"),
        pytest.param(f"{IMAGE}WORKDIR /app\nRUN ./make\nCOPY tool .\n", [], id="a folder a step works in"),
        pytest.param(f"{IMAGE}WORKDIR /app\nRUN apt-get update\nCOPY tool .\n", ["UNSAFE"], id="an install"),
        pytest.param("FROM bitnami/x:1\nWORKDIR /app\nCOPY tool .\n", [], id="an image of another user"),
        pytest.param(f"# syntax=docker/dockerfile:1.3\n{SCRATCH}COPY tool /b/\n", [], id="an old frontend"),
        pytest.param(f"# syntax=docker/dockerfile:1\n{SCRATCH}COPY tool /b/\n", ["SAFE"], id="a new one"),
        pytest.param(f"# syntax=shop/frontend\n{SCRATCH}COPY tool /b/\n", [], id="somebody's frontend"),
        pytest.param(
            "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nRUN a\nCOPY tool /b/\n", [], id="Windows"
        ),
    ],
)
def test_a_copy_is_linked_where_that_changes_nothing(text: str, expected: list[str]) -> None:
    assert expected == linked(text)
