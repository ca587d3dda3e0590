"""Fixing keeps its promises on every Dockerfile at hand, and wherever comments and continuations stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.checks.registry import rules
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.finding import Applicability
from dockeropt.lint.fixer import fix_source
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.source import Source
from tests.lint.promises import faults
from tests.syntax.corpus import corpus_files
from tests.syntax.texts import dockerfiles

APPLIED = (Applicability.SAFE, Applicability.UNSAFE)
EVERYTHING = Settings(select=frozenset(rule.code.lower() for rule in rules()))
"""the rules too that are off unless asked for"""
PROJECT = {"package.json": "{}", "package-lock.json": "{}", "requirements.txt": "a==1\n", "src/a.js": ""}
LISTING = [File(path, len(content), 0o644) for path, content in PROJECT.items()]
SCRIPTS = {**PROJECT, "package.json": '{"scripts": {"postinstall": "node src/a.js"}}'}
"""the same with an install script that reads a source"""


def check(text: str, settings: Settings, least: Applicability, context: Context | None = None) -> None:
    """Fix a text with all rules on, and hold the result to what fixing promises."""
    source = Source(text)
    done = fix_source(source, settings, context, least)
    assert done.bugs == ()
    assert faults(source, done, least, settings, context) == []


@pytest.mark.parametrize("least", APPLIED, ids=lambda each: each.name.lower())
def test_every_dockerfile_at_hand(least: Applicability) -> None:
    count = 0
    for path in corpus_files():
        check(Source.decode(path.read_bytes()).text, EVERYTHING, least)
        count += 1
    assert count > 5


_LINES = [
    "FROM node:22-slim as Base",
    "from --platform=linux/amd64 debian:12 AS other",
    "FROM --platform=$TARGETPLATFORM alpine:3.22",
    'MAINTAINER "Ada" <ada@example.com>',
    "ENV A b c",
    'ENV A "b c" d',
    "LABEL key a value with $A",
    "ARG GIT_SHA",
    "ENV SHA=$GIT_SHA",
    "LABEL revision=$GIT_SHA",
    "LABEL key=value other=value",
    "LABEL Other..Key=value key=again",
    "WORKDIR app",
    "WORKDIR /srv",
    "ADD src /srv/src",
    "COPY . .",
    "COPY a.txt b.txt /srv",
    "COPY --from=Base /a /b",
    "COPY --from=Basr a b",
    "COPY a.txt /srv/",
    "COPY --chown=7:8 src /app",
    "VOLUME [/a, /b]",
    "HEALTHCHECK CMD ['true',]",
    "FROM base AS third",
    "FROM scratch",
    "RUN --mount=type=bind,from=Base,target=/mnt ls /mnt",
    "RUN apt-get update && apt-get install curl",
    "RUN apt update ; apt install -y curl git",
    "RUN set -ex; apt-get update; apt-get install -y curl",
    "RUN apk update && apk add curl && rm -rf /var/cache/apk/*",
    "RUN yum install -y git || true",
    "RUN pip install -r requirements.txt && ls",
    "RUN npm ci && npm cache clean --force",
    "RUN npm ci",
    "RUN npm ci && npm run build",
    "RUN if [ -f yarn.lock ]; then yarn; elif [ -f package-lock.json ]; then npm ci; else exit 1; fi",
    "RUN bundle install --without development test --deployment",
    "RUN composer install",
    "RUN d=$(mktemp -d) && ls $d",
    "RUN wget http://example.com/a.tgz && tar xf a.tgz",
    "RUN rm /bin/sh && ln -s /bin/bash /bin/sh",
    "RUN apt-get install --force-yes --allow-unauthenticated curl",
    "RUN pip install --trusted-host a.example.com six",
    "RUN yarn install && yarn build",
    "RUN wget https://example.com/a | tar x",
    "RUN sudo apt-get update",
    'RUN sh -c "apt-get update && apt-get install x"',
    "RUN useradd -u 1234567 shop",
    'RUN ["apt-get", "install", "curl"]',
    "EXPOSE 80/TCP 8080:80",
    "HEALTHCHECK CMD curl localhost",
    "CMD npm start",
    "ENTRYPOINT python app.py",
    "ONBUILD RUN apt-get install curl",
]
_HEREDOCS = (
    "RUN <<EOF\napt-get update\napt-get install curl\nEOF",
    "RUN <<-EOF bash\n\tset -e\n\tapt update\n\tEOF",
    "RUN cat <<EOF > /a && apt-get update\nFROM x as y\nEOF",
    "COPY <<A <<B /srv\nRUN x\nA\nB",
    "RUN <<EOF\nset -e\nnpm ci\nEOF",
    "RUN <<EOF\nnpm ci\nnpm run build\nEOF",
)
_BETWEEN = ("# a comment", "", "# hadolint ignore=DL3008", "  # indented", "# why \\")


@st.composite
def _spread(draw: st.DrawFn, line: str, escape: str) -> str:
    """Return a line with some of its blanks replaced by continuations, comments and blank lines."""
    broken = f" {escape}\n"
    gaps = st.sampled_from(
        (
            " ",
            " ",
            " ",
            "  ",
            "\t",
            broken,
            f"{broken}    ",
            f"{broken}# inside\n  ",
            f"{broken}\n ",
            f"{escape}\n ",
        )
    )
    first, *words = line.split(" ")
    return first + "".join(draw(gaps) + word for word in words)


@st.composite
def _faulty(draw: st.DrawFn) -> str:
    """Return a Dockerfile full of what fixes mend, however it is written."""
    escape = draw(st.sampled_from(("\\", "\\", "\\", "`")))
    newline = draw(st.sampled_from(("\n", "\n", "\r\n")))
    parts = ["# escape=`"] if escape == "`" else []
    parts.append("FROM debian:12")
    for line in draw(st.lists(st.sampled_from((*_LINES, *_HEREDOCS)), min_size=1, max_size=8)):
        parts.extend(draw(st.lists(st.sampled_from(_BETWEEN), max_size=2)))
        parts.append(line if line in _HEREDOCS else draw(_spread(line, escape)))
    text = "\n".join(parts) + draw(st.sampled_from(("\n", "\n", "", "\n\n", " ")))
    return draw(st.sampled_from(("", "", "\ufeff"))) + text.replace("\n", newline)


@given(_faulty(), st.sampled_from(APPLIED), st.sampled_from((None, PROJECT, SCRIPTS)))
def test_wherever_comments_continuations_and_heredocs_stand(
    text: str, least: Applicability, project: dict[str, str] | None
) -> None:
    context = None if project is None else Context(lambda: LISTING, None, read_text=project.get)
    check(text, EVERYTHING, least, context)


@given(dockerfiles(), st.sampled_from(APPLIED))
def test_any_form_there_is(text: str, least: Applicability) -> None:
    check(text, EVERYTHING, least)
