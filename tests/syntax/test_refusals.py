"""What BuildKit would refuse, message by message; the accepted ones are as telling."""

import pytest

from tests.syntax.checked import checked

REFUSED = [
    ("FORM a", "unknown instruction FORM: did you mean FROM?"),
    (
        "apt-get update",
        "unknown instruction apt-get: is RUN missing before it, or a continuation on the line above?",
    ),
    ("FROM", "FROM names no image: give one, or scratch"),
    ("FROM a b", "FROM takes an image, and AS with a name: remove the rest"),
    ("FROM a AS", "FROM takes an image, and AS with a name: remove the rest"),
    ("FROM a IS b", "FROM takes an image, and AS with a name: remove the rest"),
    ("FROM a AS 1b", "1b cannot name a stage: use a letter, then letters, digits, - _ and ."),
    ("FROM a AS b/c", "b/c cannot name a stage: use a letter, then letters, digits, - _ and ."),
    ("FROM --platfrom=x a", "FROM takes no flag --platfrom: did you mean --platform?"),
    ("FROM --platform a", "--platform has no value: write --platform=…"),
    ("FROM ${A", "no variable that BuildKit can read: ${A"),
    ("ENV", "ENV names nothing: give a name and a value"),
    ("ENV A", "A has no value: ENV wants name=value"),
    ("ENV A=b C", "C has no value: ENV wants name=value"),
    ("ENV =b", "ENV has a value without a name: write name=value"),
    ('ENV A="b', 'the quote " is never closed: "b'),
    ("ENV A=b' c", "the quote ' is never closed: b' c"),
    ("ENV A=${B^^}", "no variable that BuildKit can read: ${B^^}"),
    ("ENV A=${B:0:3}", "no variable that BuildKit can read: ${B:0:3}"),
    ("LABEL", "LABEL names nothing: give a name and a value"),
    ('LABEL a="b c', 'the quote " is never closed: "b c'),
    ("ARG", "ARG names nothing: give a name"),
    ("ARG =b", "ARG has a value without a name: write name=value"),
    ("COPY", "COPY has no source and target: name what to copy and where to"),
    ("COPY a", "COPY has no target: name what to copy and where to"),
    ('COPY ["a"]', "COPY has no target: name what to copy and where to"),
    ("ADD a", "ADD has no target: name what to copy and where to"),
    ("COPY a <<EOF\nEOF", "a heredoc cannot be the target of COPY: name the file to write"),
    ("COPY --form=a b c", "COPY takes no flag --form: did you mean --from?"),
    ("COPY --form=a --chown=b --chown=c d e", "COPY takes no flag --form: did you mean --from?"),
    ("COPY --chown=a --chown=b c d", "--chown is given twice: keep one"),
    ("COPY --link=maybe a b", "--link takes true or false, not maybe"),
    ("COPY --link= a b", '--link takes true or false, not ""'),
    ("COPY --from a b", "--from has no value: write --from=…"),
    ("ADD --from=a b c", "ADD takes no flag --from: remove it"),
    ("RUN --network=wifi a", "--network takes default, host, none, not wifi"),
    ("RUN --security=none a", "--security takes insecure, sandbox, not none"),
    ("RUN --mount=type=chache,target=/x a", "unknown type chache of --mount: did you mean cache?"),
    (
        "RUN --mount=type=volume,target=/x a",
        "unknown type volume of --mount: use bind, cache, secret, ssh, tmpfs",
    ),
    ("RUN --mount=type=cache,traget=/x a", "unknown option traget of --mount: did you mean target?"),
    ("RUN --mount=type=cache,color=red a", "unknown option color of --mount: remove it"),
    ("RUN --mount=type=cache,target=/x,sharing=open a", "sharing takes locked, private, shared, not open"),
    (
        "RUN --mount=type=bind,target=/x,sharing=locked a",
        "sharing is not for a mount of type bind: remove it",
    ),
    ("RUN --mount=type=bind,target=/x,uid=1 a", "uid is not for a mount of type bind: remove it"),
    ("RUN --mount=type=cache,target=/x,uid=me a", "uid takes a number, not me"),
    ("RUN --mount=type=bind,target=/x,ro=perhaps a", "readonly takes true or false, not perhaps"),
    (
        "RUN --mount=from=$A,target=/x a",
        "--mount=from takes no variable: give the image a stage of its own and name that",
    ),
    ("RUN --mount=type=secret a", "a secret mount without a name: add id=NAME"),
    ("RUN --mount=type=secret,id=a,source=b a", "a secret mount with both id and source: keep id"),
    ("RUN []", "an empty array is no command: name the program to run"),
    ("RUN [1]", "an array of RUN may hold only strings: quote every element"),
    ('CMD ["a", 1]', "an array of CMD may hold only strings: quote every element"),
    ("CMD --x=y a", "CMD takes no flag --x: remove it"),
    ("HEALTHCHECK", "HEALTHCHECK wants CMD and a command, or NONE"),
    ("HEALTHCHECK curl a", "HEALTHCHECK wants CMD and a command, or NONE"),
    ("HEALTHCHECK NONE a", "HEALTHCHECK NONE takes nothing more: remove the rest"),
    ("HEALTHCHECK CMD", "HEALTHCHECK CMD has no command: say how to tell that it works"),
    ("HEALTHCHECK CMD []", "HEALTHCHECK CMD has no command: say how to tell that it works"),
    ("HEALTHCHECK --interval=5 CMD a", "--interval takes a time such as 30s, not 5"),
    ("HEALTHCHECK --interval=-5s CMD a", "--interval takes a time such as 30s, not -5s"),
    ("HEALTHCHECK --retries=few CMD a", "--retries takes a number, not few"),
    ("SHELL sh -c", 'SHELL wants a JSON array: write it as ["/bin/sh", "-c"], with double quotes'),
    ("SHELL []", 'SHELL wants a JSON array: write it as ["/bin/sh", "-c"], with double quotes'),
    ("SHELL", 'SHELL wants a JSON array: write it as ["/bin/sh", "-c"], with double quotes'),
    ("VOLUME", "VOLUME names nothing: give a path"),
    ('VOLUME ["", "a"]', "VOLUME names an empty path: give one"),
    ("WORKDIR", "WORKDIR names nothing: give a path"),
    ('WORKDIR "/a', 'the quote " is never closed: "/a'),
    ("USER", "USER names nothing: give a user"),
    ("EXPOSE", "EXPOSE names nothing: give a port"),
    ("STOPSIGNAL", "STOPSIGNAL names nothing: give a signal"),
    ("MAINTAINER", "MAINTAINER names nothing: give a name"),
    ("ONBUILD", "ONBUILD names no instruction: write one behind it"),
    ("ONBUILD ONBUILD RUN a", "ONBUILD is not allowed behind ONBUILD: remove it"),
    ("ONBUILD FROM a", "FROM is not allowed behind ONBUILD: remove it"),
    ("ONBUILD ENV A", "A has no value: ENV wants name=value"),
    ("RUN <<EOF\na", "the heredoc EOF never ends: add a line with EOF alone"),
    ("RUN " + "a" * 65_532, "a line of 65536 bytes: BuildKit reads at most 65535, break it"),
    ("\\\n\\\n", "a continuation without an instruction: remove the \\ or write the instruction behind it"),
]
"""instructions behind a FROM, and what we say first"""

ACCEPTED = [
    "FROM a AS b-c_d.1",
    "FROM --platform=$BUILDPLATFORM a",
    "ENV A B",
    "ENV A=",
    "ENV A=${B:-c}${D#e}",
    "LABEL a.b/c=d",
    "ARG A B=c D",
    "ARG --anything=a A",
    "COPY a b c/",
    "COPY --link --chmod=755 --chown=1:1 a b",
    "COPY --link=FALSE a b",
    "COPY <<EOF /a\nEOF",
    "ADD --checksum=sha256:a https://a/b c",
    "RUN",
    "RUN [ -f a ] && b",
    'RUN echo "',
    "RUN --mount=type=cache,target=/x,id=a,sharing=locked,mode=0755,uid=1000,gid=1000 a",
    "RUN --mount=type=secret,id=a,required,env=A a",
    "RUN --mount=type=ssh a",
    "RUN --mount=from=a,src=b,dst=c,rw a",
    "RUN --mount=type=tmpfs,target=/x,size=1g a",
    "RUN --mount=type=$T,target=/x a",
    "RUN --mount=type=bind,target=/a --mount=type=bind,target=/b c",
    "CMD",
    "CMD []",
    "ENTRYPOINT []",
    "HEALTHCHECK NONE",
    "HEALTHCHECK --interval=1m30s --timeout=500ms --retries=3 --start-period=0s CMD a",
    "HEALTHCHECK --interval= CMD a",
    'SHELL ["powershell", "-Command"]',
    "VOLUME /a /b",
    "EXPOSE 80 443/tcp 8000-8010",
    "MAINTAINER some 'body",
    "ONBUILD RUN a",
    "ONBUILD COPY . .",
    "RUN a \\\n\n b",
    "RUN " + "a" * 65_531,
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, m, id=t[:40]) for t, m in REFUSED])
def test_what_is_refused(text: str, expected: str) -> None:
    parsed = checked("FROM scratch\n" + text + "\n")
    assert expected == (parsed.problems[0].message if parsed.problems else "nothing")
    assert all(problem.span.start >= len("FROM scratch\n") for problem in parsed.problems)


@pytest.mark.parametrize("text", [pytest.param(t, id=t[:40]) for t in ACCEPTED])
def test_what_is_accepted(text: str) -> None:
    assert checked("FROM scratch\n" + text + "\n").problems == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "a file without instructions: begin with FROM and a base image", id="an empty file"),
        pytest.param(
            "# a\n", "a file without instructions: begin with FROM and a base image", id="comments alone"
        ),
        pytest.param(
            "FROM a\n#" + "é" * 40_000,
            "a line of 80001 bytes: BuildKit reads at most 65535, break it",
            id="a long comment",
        ),
        pytest.param(
            "FROM a\nRUN <<A\n" + "a" * 70_000 + "\nA\n",
            "a line of 70000 bytes: BuildKit reads at most 65535, break it",
            id="a long line of a heredoc",
        ),
        pytest.param(
            "# escape=`\n# escape=`\nFROM a",
            "a second escape directive: only one is allowed, remove it",
            id="a directive twice",
        ),
        pytest.param(
            "# syntax=a\n#SYNTAX=b\nFROM a",
            "a second syntax directive: only one is allowed, remove it",
            id="in another case",
        ),
        pytest.param(
            "# escape=/\nFROM a", "the escape directive takes \\ or `, not /", id="a wrong escape character"
        ),
    ],
)
def test_what_is_wrong_with_the_file(text: str, expected: str) -> None:
    assert [expected] == [problem.message for problem in checked(text).problems]


def test_problems_come_in_order_and_point_at_the_fault() -> None:
    text = "FROM a AS 1\nCOPY --form=a b c\nRUN <<A\nx\n"
    parsed = checked(text)
    assert [parsed.text_of(problem.span) for problem in parsed.problems] == ["1", "--form=a", "<<A"]


def test_a_problem_of_a_trigger_points_into_it() -> None:
    parsed = checked("FROM a\nONBUILD \\\n  FORM b\n")
    assert [parsed.text_of(problem.span) for problem in parsed.problems] == ["FORM"]
