"""What the rules on instructions find, and what they leave alone, beyond the examples on their pages."""

import pytest

from dockeropt.checks.registry import rules
from dockeropt.config.settings import Settings
from dockeropt.knowledge.archives import is_archive
from dockeropt.knowledge.licences import is_licence_expression
from dockeropt.lint.linter import lint_source
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.source import Source

EVERYTHING = Settings(select=frozenset(rule.code.lower() for rule in rules()))


def marked(code: str, text: str, context: Context | None = None) -> list[str]:
    """Return the text of each finding of a rule."""
    found = lint_source(Source(text), Settings(select=frozenset((code.lower(),))), context)
    return [text[each.finding.span.start : each.finding.span.end] for each in found]


@pytest.mark.parametrize(
    ("code", "body", "expected"),
    [
        pytest.param("DL3003", "RUN make && cd /x && cd /y\n", ["cd /x"], id="cd once a RUN"),
        pytest.param("DL3003", 'RUN bash -c "cd /x && make"\n', ["cd /x"], id="cd in a shell of its own"),
        pytest.param("DL3003", 'RUN su shop -c "cd && make"\n', [], id="cd of another user"),
        pytest.param("DL3003", 'SHELL ["pwsh", "-c"]\nRUN cd x\n', [], id="cd in PowerShell"),
        pytest.param("DL3004", "ONBUILD RUN sudo make\n", ["sudo"], id="sudo in a trigger"),
        pytest.param("DL3001", "RUN /usr/sbin/service x start\n", ["/usr/sbin/service"], id="path of a tool"),
        pytest.param("DL3020", "ADD a b.tar /c/\n", [], id="an archive among files"),
        pytest.param("DL3020", "ADD git@example.com:a/b.git /c\n", [], id="a repository"),
        pytest.param("DL3020", "ADD $FILE /c\n", [], id="an unknown source"),
        pytest.param("DL3020", "ARG FILE=a\nADD $FILE /c\n", ["ADD"], id="a known source"),
        pytest.param("DL3020", 'ADD ["a", "/c"]\n', ["ADD"], id="a list of files"),
        pytest.param("DL3020", "ADD <<EOF /c\nhi\nEOF\n", [], id="a heredoc"),
        pytest.param("DL3021", "COPY a b $TARGET\n", [], id="an unknown target"),
        pytest.param("DL3021", "COPY <<A <<B /c\na\nA\nb\nB\n", ["/c"], id="two heredocs and no folder"),
        pytest.param("DL3045", "COPY a C:/x\nCOPY b \\\\x\nCOPY c $X/y\n", [], id="absolute targets"),
        pytest.param("DL3045", "RUN cd /x\nCOPY a 'b'\n", ["'b'"], id="a quoted relative target"),
        pytest.param(
            "DL3046", "ARG UID=1000\nRUN useradd -u ${UID} a\n", [], id="a low number by a variable"
        ),
        pytest.param("DL3046", "RUN useradd -mu 100000 a\n", ["useradd"], id="options in one word"),
        pytest.param("DL3047", "RUN wget -qO- a\nRUN wget -nv a\nRUN wget --version\n", [], id="quiet wgets"),
        pytest.param("DL3047", "RUN wget -O- a 2>/dev/null\n", [], id="a wget nobody hears"),
        pytest.param("DL4005", "RUN ln -s /bin/sh /bin/ash\n", [], id="a link to the shell"),
        pytest.param("DL3044", "ENV A=1 B='$A' C=\\$A\n", [], id="no variables"),
        pytest.param("DL3044", "ENV A=1\nENV A=2 B=$A\n", [], id="a value known before"),
        pytest.param(
            "DL3064",
            "ENV MONKEY=1 GPG_KEY_FILE=/a PUBLIC_KEY=b KEY_URL=https://c AUTH=on\n",
            [],
            id="no secrets",
        ),
        pytest.param("DL3064", "ENV PGPASSWORD=a\n", ["PGPASSWORD"], id="a secret in one word"),
        pytest.param("DL3064", "ONBUILD ARG auth\n", ["auth"], id="a secret in a trigger"),
        pytest.param("DL3066", "USER shop:100\n", ["shop:100"], id="a name with a group"),
        pytest.param("DL3066", "USER root\nUSER 1000:shop\n", [], id="numbers"),
        pytest.param("DL3011", "EXPOSE 80-70000/tcp 8080\n", ["80-70000/tcp"], id="a range too wide"),
        pytest.param("ExposeInvalidFormat", "EXPOSE 80 80/udp $PORT\n", [], id="ports"),
        pytest.param("DL3048", "LABEL a.b-c_d/e=1 9a=1 a.=1\n", ["9a", "a."], id="keys"),
        pytest.param("UndefinedVar", "COPY a $TARGETARCH/\n", ["$TARGETARCH"], id="a platform argument"),
        pytest.param("UndefinedVar", "ARG A\nCOPY $A ${A:-c} /x/$PATH\n", [], id="variables that may be"),
        pytest.param("UndefinedVar", "COPY ${B:-c} /x\n", ["${B:-c}"], id="a default in vain"),
        pytest.param("LegacyKeyValueFormat", "ONBUILD ENV A b\n", ["A b"], id="the old form in a trigger"),
        pytest.param("NoEmptyContinuation", "RUN <<EOF\na\n\nb\nEOF\n", [], id="a blank line in a heredoc"),
    ],
)
def test_what_is_found_in_a_stage(code: str, body: str, expected: list[str]) -> None:
    assert expected == marked(code, f"FROM debian:12\n{body}")


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        pytest.param("DL3002", "FROM a:1 AS b\nUSER root\nFROM c:1\n", [], id="root in a stage not shipped"),
        pytest.param("DL3002", "FROM a:1 AS b\nUSER 0:0\nFROM b\n", ["0:0"], id="root in the stage below"),
        pytest.param(
            "DL3022", "FROM a:1 AS Base\nFROM c:1\nCOPY --from=bAse / /x\n", [], id="names in any case"
        ),
        pytest.param("DL3022", "FROM a:1\nCOPY --from=4 /a /x\n", ["4"], id="a number without a stage"),
        pytest.param("DL3045", "FROM a:1 AS b\nWORKDIR /x\nFROM b\nCOPY a b\n", [], id="WORKDIR below"),
        pytest.param("DL4003", 'FROM a:1\nCMD ["a"]\nFROM b:1\nCMD ["b"]\n', [], id="one CMD a stage"),
        pytest.param("DL4000", "MAINTAINER a\nFROM b:1\n", ["MAINTAINER"], id="MAINTAINER before FROM"),
        pytest.param("FromAsCasing", "from a:1 as b\nFrom c:1 aS d\n", [], id="AS like FROM"),
        pytest.param("ConsistentInstructionCasing", "from a:1\nrun b\nCMD c\n", ["CMD"], id="lower case"),
        pytest.param("UndefinedArgInFrom", "FROM --platform=$BUILDPLATFORM a:1\n", [], id="BUILDPLATFORM"),
        pytest.param("InvalidDefaultArgInFrom", "ARG A\nFROM ${A:-b:1}\n", [], id="a default in FROM"),
        pytest.param("DL3029", "FROM --platform=linux/amd64 a:1 AS win-AMD64\n", [], id="told by the name"),
        pytest.param("DL3067", "FROM a:1 AS b\nFROM c:1\nCOPY --from=b /x /\n", [], id="a folder"),
        pytest.param(
            "InvalidBaseImagePlatform", "FROM --platform=linux/arm64/v8 arm64v8/a:1\n", [], id="alike"
        ),
    ],
)
def test_what_is_found_in_a_file(code: str, text: str, expected: list[str]) -> None:
    assert expected == marked(code, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("RUN a\nFROM b:1\n", id="an instruction before FROM"),
        pytest.param("FROM b:1\nONBUILD ONBUILD RUN a\n", id="a trigger of a trigger"),
        pytest.param("FROM b:1 AS c\nCOPY --from=c /a /b\n", id="a stage that copies from itself"),
        pytest.param("FROM b:$TAG\n", id="an argument nobody declares"),
    ],
)
def test_a_refusal_with_a_rule_of_its_own_is_told_once(text: str) -> None:
    refusals = {"DL1000", "DL3022", "DL3023", "DL3043", "DL3061", "UndefinedArgInFrom"}
    found = [each.code for each in lint_source(Source(text), EVERYTHING) if each.code in refusals]
    assert len(found) == 1
    assert found != ["DL1000"]


@pytest.mark.parametrize(
    ("dockerignore", "expected"),
    [
        pytest.param("*.env\n", ["a.env"], id="left out"),
        pytest.param("*.env\n!b.env\n", [], id="with an exception"),
        pytest.param("dist\n", ["dist/app"], id="in a folder that is left out"),
        pytest.param(None, [], id="no .dockerignore"),
    ],
)
def test_copies_of_ignored_files(dockerignore: str | None, expected: list[str]) -> None:
    context = Context(lambda: (File("a.env", 1, 0o644), File("dist/app", 1, 0o644)), dockerignore)
    assert expected == marked("CopyIgnoredFile", "FROM a:1\nCOPY a.env dist/app $X . /x/\n", context)


@pytest.mark.parametrize(
    ("code", "value", "is_good"),
    [
        ("DL3052", "https://example.com/a?b#c", True),
        ("DL3052", "https://", False),
        ("DL3053", "2026-11-23T08:00:00.5+01:00", True),
        ("DL3053", "2026-13-01T08:00:00Z", False),
        ("DL3055", "0a5a80c", True),
        ("DL3055", "0a5a80cfe", False),
        ("DL3056", "1.0.0-rc.1+build.5", True),
        ("DL3056", "1.0.0-01", False),
        ("DL3058", "a.b@example.com", True),
        ("DL3058", "a@b", False),
    ],
)
def test_values_of_labels(code: str, value: str, is_good: bool) -> None:
    kinds = {"DL3052": "url", "DL3053": "rfc3339", "DL3055": "hash", "DL3056": "semver", "DL3058": "email"}
    settings = Settings(select=frozenset((code.lower(),)), options={code: {"labels": (f"a:{kinds[code]}",)}})
    found = lint_source(Source(f'FROM b:1\nLABEL a="{value}" other=x\n'), settings)
    assert is_good == (not found)


@pytest.mark.parametrize("text", ["MIT", "(Apache-2.0 or mit) AND GPL-2.0-only WITH Classpath-exception-2.0"])
def test_licences(text: str) -> None:
    assert is_licence_expression(text)


@pytest.mark.parametrize("text", ["", "the usual", "MIT Apache-2.0", "MIT AND", "AND MIT OR"])
def test_no_licences(text: str) -> None:
    assert not is_licence_expression(text)


@pytest.mark.parametrize(("name", "expected"), [("a.tar.zst", True), ("a.tgz", True), ("a.zip", False)])
def test_archives(name: str, expected: bool) -> None:
    assert expected == is_archive(name)
