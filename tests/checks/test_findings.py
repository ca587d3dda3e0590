"""Where findings stand, what their messages look like, and that no rule fails on what can be written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.checks.registry import rules
from dockeropt.config.settings import Settings
from dockeropt.knowledge.words import words
from dockeropt.lint.linter import lint_source
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.source import Source
from tests.checks.marks import marked
from tests.rule_pages import Example, read_page

EVERYTHING = Settings(select=frozenset(rule.code.lower() for rule in rules()))
EXAMPLES = [example for rule in rules() for example in read_page(rule.code, rule.options).examples]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("DL3006", "FROM --platform=linux/amd64 debian AS base\n", ["debian"]),
        ("DL3007", "FROM debian:latest AS base\n", ["debian:latest"]),
        ("DL3008", "FROM debian:12\nRUN apt-get install -y \\\n  a=1 \\\n  # why\n  bash\n", ["bash"]),
        ("DL3009", "FROM debian:12\nRUN set -e; apt-get -qq update && ls\n", ["apt-get -qq update"]),
        ("DL3015", "FROM debian:12\nRUN apt-get -y install a\n", ["install"]),
        ("DL1001", "# hadolint ignore=DL3006\r\nFROM debian\r\n", ["# hadolint ignore=DL3006"]),
        ("DL3004", "FROM debian:12\nRUN a && sudo -u b -E c=1 apt-get update\n", ["sudo"]),
        ("DL3004", "FROM debian:12\nRUN bash -c 'sudo a'\n", ["sudo"]),
        ("DL3004", "FROM debian:12\nRUN sudo\n", ["sudo"]),
        ("DL3025", "FROM debian:12\nCMD  echo hi  \n", ["echo hi"]),
        ("DL3044", 'FROM debian:12\nENV A=1 B="x${A:-y}$C"\n', ["${A:-y}"]),
        ("DL3059", "FROM debian:12\nRUN a\n run b\n", ["run"]),
        ("DL4006", "FROM debian:12\nRUN a && b | c | d\n", ["|"]),
        ("DO1001", "FROM node:22\nCOPY . .\nRUN cd web && npm ci --quiet\n", ["npm ci --quiet"]),
        ("DO1002", "FROM debian:12\nARG A=1 GIT_SHA B\nRUN apt-get update\n", ["GIT_SHA"]),
        ("DO1003", "FROM node:22\nRUN <<EOF\nset -e\nnpm ci\nEOF\n", ["npm ci"]),
        ("DO2001", 'FROM golang:1\nCOPY . .\nRUN go build .\nCMD ["./a"]\n', ["go build ."]),
        ("DO2003", 'FROM node:22\nCMD ["node"]\n', ["node:22"]),
        ("DO4001", "FROM node:22\nCOPY a .npmrc b ./\n", [".npmrc"]),
        ("UndefinedArgInFrom", "ARG A=1\nFROM debian:$B-$A\n", ["$B"]),
        ("UndefinedVar", "FROM debian:12\nENV A=$ABLE/b/${ABLE}c\n", ["$ABLE"]),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("D") else "",
)
def test_a_finding_stands_exactly_at_what_is_wrong(code: str, text: str, expected: list[str]) -> None:
    assert expected == marked(code, text)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_message_is_one_sentence_that_quotes_the_file(example: Example) -> None:
    for diagnostic in lint_source(Source(example.dockerfile), EVERYTHING, example.context):
        message = diagnostic.finding.message
        assert "\n" not in message
        assert not message.endswith((".", " "))
        assert re.match(r"[a-z`]|[A-Z]{3,10} ", message)
        assert message.count("`") % 2 == 0


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_has_windows_line_ends_and_a_byte_order_mark_too(example: Example) -> None:
    def found(text: str) -> list[tuple[str, int, str]]:
        source = Source(text)
        return [
            (each.code, source.position(each.finding.span.start).line, each.finding.message.replace("\r", ""))
            for each in lint_source(source, EVERYTHING, example.context)
        ]

    assert found(example.dockerfile) == found("\ufeff" + example.dockerfile.replace("\n", "\r\n"))


WORDS = st.sampled_from(
    [
        *sorted(
            words("""
                FROM AS COPY ADD RUN ARG ENV CMD ENTRYPOINT ONBUILD SHELL USER WORKDIR --from=a --from=0
                --mount=type= --mount=type=cache,target=/x --mount=type=bind,target=. a b node:22 debian
                $A ${A:-b} scratch . / * .npmrc src/ package.json apt-get install update npm ci pip -r |
                && ; requirements.txt go build ' " [ ] ["a"] ( ) # GIT_SHA GIT_SHA=1 BUILD_DATE= set -o
                pipefail rm -rf /var/lib/apt/lists/* .output node_modules $( ` { } powershell <<EOF EOF
                curl wget -k -fo b.tgz http://a.com/b.tgz tar xf echo a:b chpasswd useradd -p chmod -R 777 +x
                git clone https://u:p4ss@a.com/c d=$(mktemp -d) gpg --import STOPSIGNAL KILL WORKDIR /proc
                LABEL a=b bundle --path composer HEALTHCHECK VOLUME ['a'] USER shop API_KEY=k1 nvidia-smi
                --chown=a --chmod=777 mcr.microsoft.com/windows/servercore:ltsc2025 iwr xdebug libjemalloc2
            """)
        ),
        *("\\\n", "\n", "\n ", "\n\n"),
    ]
)
CONTEXT = Context(
    lambda: tuple(File(path, 10, 0o644) for path in (".npmrc", "id_rsa", "package.json", "src/a.js")), None
)


@given(st.lists(WORDS, max_size=60).map(" ".join), st.sampled_from([None, CONTEXT]))
def test_no_rule_fails_and_every_finding_is_in_the_text(text: str, context: Context | None) -> None:
    source = Source(text)
    for diagnostic in lint_source(source, EVERYTHING, context):
        start, end = diagnostic.finding.span
        assert 0 <= start <= end <= len(text)
        for related in diagnostic.finding.related:
            assert 0 <= related.span.start <= related.span.end <= len(text)
