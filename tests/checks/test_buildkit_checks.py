"""BuildKit's checks under BuildKit's own names, with its rules for variables, cases and images.

Each row is what BuildKit of August 2026 reports, read from its source: the names from linter/ruleset.go, the
rules from instructions/parse.go and from validations.go, convert.go and convert_expose.go in dockerfile2llb.
The engine of the tests is older than most of them. Where we report more the rule's page says so.
"""

from time import process_time
from typing import NamedTuple

import pytest

from dockeropt.checks.registry import find, rules
from dockeropt.config.settings import Settings
from dockeropt.lint.linter import lint_source
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.source import Source

CHECKS = (
    "ConsistentInstructionCasing",
    "CopyIgnoredFile",
    "DuplicateStageName",
    "ExposeInvalidFormat",
    "ExposeProtoCasing",
    "FromAsCasing",
    "FromPlatformFlagConstDisallowed",
    "InvalidBaseImagePlatform",
    "InvalidDefaultArgInFrom",
    "InvalidDefinitionDescription",
    "JSONArgsRecommended",
    "LegacyKeyValueFormat",
    "MaintainerDeprecated",
    "MultipleInstructionsDisallowed",
    "NoEmptyContinuation",
    "RedundantTargetPlatform",
    "ReservedStageName",
    "SecretsUsedInArgOrEnv",
    "StageNameCasing",
    "UndefinedArgInFrom",
    "UndefinedVar",
    "WorkdirRelativePath",
)


class Case(NamedTuple):
    """A Dockerfile and the lines in which BuildKit's check finds something."""

    check: str
    name: str
    dockerfile: str
    lines: list[int]


CASES = (
    Case("ConsistentInstructionCasing", "a keyword in two cases", "FROM a:1\nRun b\nRUN c\n", [2]),
    Case("ConsistentInstructionCasing", "the few follow the many", "from a:1\nrun b\nRUN c\n", [3]),
    Case("ConsistentInstructionCasing", "upper case where both are as many", "from a:1\nRUN b\n", [1]),
    Case("ConsistentInstructionCasing", "what stands before FROM does not count", "arg A=1\nFROM a:1\n", []),
    Case("ConsistentInstructionCasing", "all in lower case", "from a:1\nrun b\n", []),
    Case("DuplicateStageName", "one name in two cases", "FROM a:1 AS x\nFROM a:1 AS X\n", [2]),
    Case("DuplicateStageName", "other names", "FROM a:1 AS x\nFROM a:1 AS y\n", []),
    Case(
        "ExposeInvalidFormat", "an address and a mapping", "FROM a:1\nEXPOSE 127.0.0.1:80:80 81:80\n", [2, 2]
    ),
    Case("ExposeInvalidFormat", "an IPv6 address", "FROM a:1\nEXPOSE [::1]:80:80\n", [2]),
    Case("ExposeInvalidFormat", "behind a variable", "FROM a:1\nARG P=80:80\nEXPOSE $P\n", [3]),
    Case("ExposeInvalidFormat", "a range", "FROM a:1\nEXPOSE 8000-8010 53/udp\n", []),
    Case("ExposeProtoCasing", "upper case", "FROM a:1\nEXPOSE 80/TCP 53/Udp 81/tcp\n", [2, 2]),
    Case("ExposeProtoCasing", "behind a variable", "FROM a:1\nARG P=80/TCP\nEXPOSE $P\n", [3]),
    Case("FromAsCasing", "as below FROM", "FROM a:1 as b\n", [1]),
    Case("FromAsCasing", "AS below from", "from a:1 AS b\n", [1]),
    Case("FromAsCasing", "From is the fault of another check", "From a:1 aS b\n", []),
    Case("FromPlatformFlagConstDisallowed", "a constant", "FROM --platform=linux/amd64 a:1 AS base\n", [1]),
    Case("FromPlatformFlagConstDisallowed", "the system alone", "FROM --platform=windows a:1\n", [1]),
    Case(
        "FromPlatformFlagConstDisallowed",
        "a name that tells it",
        "FROM --platform=linux/amd64 a:1 AS b_amd64\nFROM --platform=linux/arm/v7 a:1 AS linux-b\n"
        "FROM --platform=x86_64 a:1 AS c-amd64\n",
        [],
    ),
    Case(
        "FromPlatformFlagConstDisallowed",
        "a variable",
        "ARG P=linux/amd64\nFROM --platform=$P a:1\nFROM --platform=$BUILDPLATFORM a:1\n",
        [],
    ),
    Case("InvalidBaseImagePlatform", "an image for another", "FROM --platform=linux/arm64 amd64/a:1\n", [1]),
    Case(
        "InvalidBaseImagePlatform", "an image for this one", "FROM --platform=linux/arm64 arm64v8/a:1\n", []
    ),
    Case("InvalidDefaultArgInFrom", "no tag", "ARG TAG\nFROM a:${TAG}\n", [2]),
    Case("InvalidDefaultArgInFrom", "no image", "ARG IMAGE\nFROM $IMAGE\n", [2]),
    Case("InvalidDefaultArgInFrom", "a default in ARG", "ARG TAG=1\nFROM a:${TAG}\n", []),
    Case(
        "InvalidDefaultArgInFrom", "a default in FROM", "ARG TAG\nFROM a${TAG:+:$TAG}\nFROM a:${TAG:-1}\n", []
    ),
    Case("InvalidDefaultArgInFrom", "a tag with an empty end", "ARG V\nFROM a:1${V}\n", []),
    Case("InvalidDefinitionDescription", "another word first", "# the base\nARG BASE=a:1\nFROM $BASE\n", [1]),
    Case("InvalidDefinitionDescription", "of a stage", "# the base\nFROM a:1 AS base\n", [1]),
    Case(
        "InvalidDefinitionDescription", "the name first", "# BASE to build on\nARG BASE=a:1\nFROM $BASE\n", []
    ),
    Case(
        "InvalidDefinitionDescription", "a blank line between", "# the base\n\nARG BASE=a:1\nFROM $BASE\n", []
    ),
    Case("InvalidDefinitionDescription", "a stage without a name", "# the base\nFROM a:1\n", []),
    Case("JSONArgsRecommended", "shell form", "FROM a:1\nENTRYPOINT b\nCMD c\n", [2, 3]),
    Case("JSONArgsRecommended", "a list", 'FROM a:1\nENTRYPOINT ["b"]\nCMD ["c"]\n', []),
    Case("LegacyKeyValueFormat", "ENV and LABEL", "FROM a:1\nENV a b\nLABEL c d\nENV e f=g\n", [2, 3, 4]),
    Case("LegacyKeyValueFormat", "with =", "FROM a:1\nENV a=b\nLABEL c=d\n", []),
    Case("MaintainerDeprecated", "MAINTAINER", "FROM a:1\nMAINTAINER b\n", [2]),
    Case(
        "MultipleInstructionsDisallowed",
        "of each kind in a stage",
        'FROM a:1\nCMD ["a"]\nCMD ["b"]\nENTRYPOINT ["a"]\nENTRYPOINT ["b"]\n'
        "HEALTHCHECK NONE\nHEALTHCHECK CMD a\n",
        [3, 5, 7],
    ),
    Case(
        "MultipleInstructionsDisallowed", "in two stages", 'FROM a:1 AS b\nCMD ["a"]\nFROM b\nCMD ["a"]\n', []
    ),
    Case("NoEmptyContinuation", "a blank line", "FROM a:1\nRUN b \\\n\n  c\n", [3]),
    Case("NoEmptyContinuation", "a comment", "FROM a:1\nRUN b \\\n# why\n  c\n", []),
    Case("RedundantTargetPlatform", "the variable alone", "FROM --platform=$TARGETPLATFORM a:1\n", [1]),
    Case(
        "RedundantTargetPlatform",
        "with a default",
        "FROM --platform=${TARGETPLATFORM:-linux/amd64} a:1\n",
        [1],
    ),
    Case("RedundantTargetPlatform", "its parts", "FROM --platform=$TARGETOS/$TARGETARCH a:1\n", []),
    Case("ReservedStageName", "in any case", "FROM a:1 AS Scratch\nFROM a:1 AS context\n", [1, 2]),
    Case(
        "SecretsUsedInArgOrEnv",
        "words of a name in any case",
        "FROM a:1\nARG apikey\nENV DATABASE_PASSWORD=abc\nENV auth=abc\n"
        "ENV SECRET_MESSAGE=abc\nARG NPM_TOKEN\n",
        [2, 3, 4, 5, 6],
    ),
    Case(
        "SecretsUsedInArgOrEnv",
        "what tells of something else",
        "FROM a:1\nENV PUBLIC_KEY=abc\nENV PASSWORD_FILE=/a\n"
        "ENV TOKEN_VERSION=1.2\nENV AUTHOR=b KEYBOARD=us\n",
        [],
    ),
    Case("SecretsUsedInArgOrEnv", "before the first FROM", "ARG GITHUB_TOKEN\nFROM a:1\n", [1]),
    Case("StageNameCasing", "upper case", "FROM a:1 AS Build\n", [1]),
    Case("UndefinedArgInFrom", "not declared", "FROM a:1${VARIANT}\n", [1]),
    Case("UndefinedArgInFrom", "a default does not declare", "FROM a:${VERSION:-1}\n", [1]),
    Case("UndefinedArgInFrom", "in the platform", "FROM --platform=$BULIDPLATFORM a:1\n", [1]),
    Case("UndefinedArgInFrom", "declared without a value", "ARG VARIANT\nFROM a:1${VARIANT}\n", []),
    Case("UndefinedArgInFrom", "declared in a stage", "FROM a:1\nARG V=1\nFROM a:$V\n", [3]),
    Case(
        "UndefinedArgInFrom",
        "of the platform",
        "FROM a:1-$TARGETARCH\nFROM --platform=$BUILDPLATFORM a:1\n",
        [],
    ),
    Case("UndefinedVar", "not declared", "FROM alpine:3\nCOPY $foo .\nARG foo=b\n", [2]),
    Case("UndefinedVar", "declared without a value", "FROM alpine:3\nARG foo\nCOPY a${foo} .\n", []),
    Case("UndefinedVar", "declared before FROM", "ARG foo=a\nFROM alpine:3\nCOPY $foo .\n", [3]),
    Case(
        "UndefinedVar",
        "declared in the stage it is FROM",
        "FROM alpine:3 AS b\nARG foo=a\nFROM b\nCOPY $foo .\n",
        [],
    ),
    Case("UndefinedVar", "a slip", "FROM alpine:3\nENV PATH=$PAHT:/bin\n", [2]),
    Case("UndefinedVar", "with a default", "FROM alpine:3\nWORKDIR ${A:-/srv}\nENV B=${C:+d}\n", [2, 3]),
    Case("UndefinedVar", "in the default of ARG", "FROM alpine:3\nARG VERSION=$foo\n", [2]),
    Case("UndefinedVar", "of the base image", "FROM python:3\nARG VERSION=$PYTHON_VERSION\n", []),
    Case("UndefinedVar", "of the platform", "FROM a:1\nENV A=$TARGETARCH\n", [2]),
    Case("UndefinedVar", "of a proxy", "FROM a:1\nENV A=$HTTP_PROXY\n", [2]),
    Case(
        "UndefinedVar",
        "in a here-document",
        "FROM alpine:3\nCOPY <<A /b\n$foo\nA\nCOPY <<'A' /c\n$foo\nA\n",
        [3],
    ),
    Case("UndefinedVar", "what the shell replaces", "FROM alpine:3\nRUN $a\nCMD $b\nENTRYPOINT $c\n", []),
    Case("UndefinedVar", "in quotes or escaped", "FROM alpine:3\nENV A='$foo' B=\\$foo\n", []),
    Case("UndefinedVar", "in a trigger", "FROM alpine:3\nONBUILD COPY $foo .\n", []),
    Case("WorkdirRelativePath", "before any other", "FROM a:1\nWORKDIR app\n", [2]),
    Case("WorkdirRelativePath", "absolute", "FROM a:1\nWORKDIR /app\n", []),
    Case("WorkdirRelativePath", "absolute on Windows", "FROM a:1\nWORKDIR C:\\\\app\n", []),
)
CONTEXTS: tuple[tuple[str, tuple[str, ...], str, str, list[int]], ...] = (
    ("a file", ("secret.env", "a"), "secret.env", "COPY secret.env a /\n", [2]),
    ("a file of ADD", ("secret.env", "a"), "secret.env", "ADD secret.env /\n", [2]),
    ("a pattern", ("a.env", "b"), "*.env", "COPY a.env /\n", [2]),
    ("a folder above", ("d/a", "b"), "d", "COPY d/a /\n", [2]),
    ("all of it", ("a",), "*", "COPY . /\n", [2]),
    ("the context, part of it left out", ("a", "b.env"), "*.env", "COPY . /\n", []),
    ("an exception", ("a", "b"), "**\n!a", "COPY b /\n", []),
    ("another stage", ("a",), "a", "COPY --from=b:1 a /\n", []),
)


def lines_of(check: str, dockerfile: str, context: Context | None = None) -> list[int]:
    """Return the lines in which the rules find something that BuildKit knows by this name."""
    own = [rule for rule in rules() if check in (rule.code, *rule.aliases)]
    source = Source(dockerfile)
    found = lint_source(source, Settings(select=frozenset(rule.code.lower() for rule in own)), context)
    codes = {rule.code for rule in own}
    return sorted(source.position(each.finding.span.start).line for each in found if each.code in codes)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.check}: {case.name}" for case in CASES])
def test_a_check_finds_what_buildkit_finds(case: Case) -> None:
    assert case.lines == lines_of(case.check, case.dockerfile)


@pytest.mark.parametrize(
    ("files", "ignored", "line", "lines"), [each[1:] for each in CONTEXTS], ids=[each[0] for each in CONTEXTS]
)
def test_a_copy_is_held_against_the_context(
    files: tuple[str, ...], ignored: str, line: str, lines: list[int]
) -> None:
    context = Context(lambda: [File(path, 1, 0o644) for path in files], ignored)
    assert lines == lines_of("CopyIgnoredFile", f"FROM a:1\n{line}", context)


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_is_a_rule_with_cases_for_and_against(check: str) -> None:
    assert find(check) is not None
    assert check == "CopyIgnoredFile" or any(case.check == check and case.lines for case in CASES)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ENV {}", id="in an ENV of many pairs"),
        pytest.param('LABEL a="{}"', id="in one word"),
        pytest.param("COPY <<EOF /a\n{}\nEOF", id="in a here-document"),
    ],
)
def test_thousands_of_variables_take_time_in_proportion(text: str) -> None:
    def seconds(count: int) -> float:
        lines = text.format(" ".join(f"A{number}=$b{number}" for number in range(count)))
        start = process_time()
        assert len(lines_of("UndefinedVar", f"FROM alpine:3\n{lines}\n")) == count
        return process_time() - start

    assert min(seconds(8000), seconds(8000)) < 10 * max(seconds(2000), 0.05)
