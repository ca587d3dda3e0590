"""Changes to instructions: what is no step, what of the text counts, variables, working directories."""

from dockeropt.cache.steps import Mode
from tests.cache.row import A_FILE, COPY_AND_RUNS, RUNS, START, TWO_RUNS, Row, swap

METADATA = {
    f"{name} is no step": Row(*swap(before, after), files=A_FILE)
    for name, before, after in [
        ("a changed LABEL", "LABEL version=1", "LABEL version=2"),
        ("a changed EXPOSE", "EXPOSE 80", "EXPOSE 8080"),
        ("a changed CMD", 'CMD ["a"]', 'CMD ["b"]'),
        ("a changed ENTRYPOINT", 'ENTRYPOINT ["a"]', 'ENTRYPOINT ["b"]'),
        ("a changed VOLUME", "VOLUME /one", "VOLUME /two"),
        ("a changed HEALTHCHECK", "HEALTHCHECK CMD true", "HEALTHCHECK CMD false"),
        ("a changed STOPSIGNAL", "STOPSIGNAL SIGTERM", "STOPSIGNAL SIGQUIT"),
        ("a changed MAINTAINER", "MAINTAINER a", "MAINTAINER b"),
        ("an added LABEL", "", "LABEL new=1"),
        ("an ONBUILD", "ONBUILD RUN echo a", "ONBUILD RUN echo b"),
    ]
}

SPELLING = {
    "the casing of a keyword does not count": Row(
        TWO_RUNS, TWO_RUNS.replace("RUN echo", "run echo").replace("COPY", "Copy"), files=A_FILE
    ),
    "the name of a stage does not count": Row(
        TWO_RUNS, TWO_RUNS.replace("alpine", "alpine AS build"), files=A_FILE
    ),
    "a comment inside a continuation does not count": Row(
        START + "RUN echo one && \\\n  # why\n  echo more\nRUN echo two\n",
        START + "RUN echo one && \\\n  # because\n  echo more\nRUN echo two\n",
    ),
    "a comment and blank lines between instructions do not count": Row(
        TWO_RUNS, TWO_RUNS.replace("RUN echo one", "\n# now\nRUN echo one"), files=A_FILE
    ),
    "the layout of an exec form does not count": Row(
        START + 'RUN ["echo", "one"]\n', START + 'RUN [ "echo",  "one" ]\n'
    ),
    "the indentation inside a RUN counts": Row(
        START + "RUN echo one && \\\n  echo more\nRUN echo two\n",
        START + "RUN echo one && \\\n    echo more\nRUN echo two\n",
        reruns=("RUN echo one && \\", "RUN echo two"),
    ),
    "a blank inside a RUN counts": Row(
        TWO_RUNS,
        TWO_RUNS.replace("echo one", "echo  one"),
        files=A_FILE,
        reruns=("RUN echo  one", "RUN echo two"),
    ),
    "the text of a RUN counts": Row(
        TWO_RUNS, TWO_RUNS.replace("echo one", "echo 1"), files=A_FILE, reruns=("RUN echo 1", "RUN echo two")
    ),
    "the body of a here-document counts": Row(
        START + "RUN <<EOF\necho a\nEOF\nRUN echo two\n",
        START + "RUN <<EOF\necho b\nEOF\nRUN echo two\n",
        reruns=("RUN <<EOF", "RUN echo two"),
    ),
    "the name of a here-document that is the script does not count": Row(
        START + "RUN <<EOF\necho a\nEOF\n", START + 'RUN <<"END"\necho a\nEND\n'
    ),
    "the name of a here-document inside a command counts": Row(
        START + "RUN cat <<EOF\na\nEOF\nRUN echo two\n",
        START + "RUN cat <<END\na\nEND\nRUN echo two\n",
        reruns=("RUN cat <<END", "RUN echo two"),
    ),
    "the interpreter line of a here-document counts": Row(
        START + "RUN <<EOF\n#!/bin/sh\necho a\nEOF\n",
        START + "RUN <<EOF\n#!/bin/sh -e\necho a\nEOF\n",
        reruns=("RUN <<EOF",),
    ),
    "the body of a copied here-document counts": Row(
        START + "COPY <<EOF /a\none\nEOF\nRUN echo one\n",
        START + "COPY <<EOF /a\ntwo\nEOF\nRUN echo one\n",
        reruns=("COPY <<EOF /a", "RUN echo one"),
    ),
}

VARIABLES = {
    "the value of an ARG no RUN uses": Row(
        *swap("ARG V=1", "ARG V=1"),
        files=A_FILE,
        arguments={"V": "1"},
        arguments_after={"V": "2"},
        reruns=RUNS,
    ),
    "the default of an ARG": Row(*swap("ARG V=1", "ARG V=2"), files=A_FILE, reruns=RUNS),
    "an ARG without a default gets a value": Row(
        *swap("ARG V", "ARG V"), files=A_FILE, arguments_after={"V": "2"}, reruns=RUNS
    ),
    "an ARG without a value is added": Row(*swap("", "ARG V"), files=A_FILE),
    "a platform ARG is added": Row(*swap("", "ARG TARGETARCH"), files=A_FILE, reruns=RUNS),
    "a changed ENV": Row(*swap("ENV V=1", "ENV V=2"), files=A_FILE, reruns=RUNS),
    "an ENV that takes an ARG's value": Row(
        *swap("ARG V\nENV W=$V", "ARG V\nENV W=$V"),
        files=A_FILE,
        arguments={"V": "1"},
        arguments_after={"V": "2"},
        reruns=RUNS,
    ),
    "a changed USER": Row(*swap("USER 1", "USER 2"), files=A_FILE, reruns=RUNS),
    "a USER before a WORKDIR": Row(
        *swap("USER 1\nWORKDIR /w", "USER 2\nWORKDIR /w"), files=A_FILE, reruns=("WORKDIR /w", *COPY_AND_RUNS)
    ),
    "a changed SHELL": Row(
        *swap('SHELL ["/bin/sh", "-c"]', 'SHELL ["/bin/sh", "-e", "-c"]'), files=A_FILE, reruns=RUNS
    ),
    "a SHELL that says what is in force anyway": Row(*swap("", 'SHELL ["/bin/sh", "-c"]'), files=A_FILE),
    "a SHELL before an exec form alone": Row(
        START + 'SHELL ["/bin/sh", "-c"]\nRUN ["echo", "one"]\n',
        START + 'SHELL ["/bin/sh", "-e", "-c"]\nRUN ["echo", "one"]\n',
    ),
    "an ENV before COPY costs the COPY nothing": Row(*swap("", "ENV NEW=1"), files=A_FILE, reruns=RUNS),
    "an ENV that a COPY's target uses": Row(
        START + "ENV V=/x\nCOPY a.txt $V\n",
        START + "ENV V=/y\nCOPY a.txt $V\n",
        files=A_FILE,
        reruns=("COPY a.txt $V",),
    ),
    "an ARG declared later": Row(
        TWO_RUNS + "ARG V\n", files=A_FILE, arguments={"V": "1"}, arguments_after={"V": "2"}
    ),
    "an ARG between two RUNs": Row(
        TWO_RUNS.replace("RUN echo two", "ARG V\nRUN echo two"),
        files=A_FILE,
        arguments={"V": "1"},
        arguments_after={"V": "2"},
        reruns=("RUN echo two",),
    ),
    "an ARG in another stage": Row(
        "FROM node:22-alpine AS other\nWORKDIR /UNIQUE-other\nARG V\nRUN echo other\n"
        + TWO_RUNS
        + "COPY --from=other /etc/passwd /passwd\n",
        files=A_FILE,
        arguments={"V": "1"},
        arguments_after={"V": "2"},
        reruns=("RUN echo other",),
        mode=Mode.SAME,
    ),
    "an ARG before FROM that is not declared again": Row(
        "ARG V=1\n" + TWO_RUNS, files=A_FILE, arguments={"V": "1"}, arguments_after={"V": "2"}
    ),
    "an ARG before FROM that is declared again": Row(
        "ARG V=1\n" + TWO_RUNS.replace("COPY", "ARG V\nCOPY"),
        "ARG V=2\n" + TWO_RUNS.replace("COPY", "ARG V\nCOPY"),
        files=A_FILE,
        reruns=RUNS,
    ),
    "a build argument that is not declared": Row(
        TWO_RUNS, files=A_FILE, arguments={"V": "1"}, arguments_after={"V": "2"}
    ),
    "HTTP_PROXY": Row(
        TWO_RUNS,
        files=A_FILE,
        arguments={"HTTP_PROXY": "http://127.0.0.1:1"},
        arguments_after={"HTTP_PROXY": "http://127.0.0.1:2"},
    ),
    "HTTP_PROXY, declared": Row(
        *swap("ARG HTTP_PROXY", "ARG HTTP_PROXY"),
        files=A_FILE,
        arguments={"HTTP_PROXY": "http://127.0.0.1:1"},
        arguments_after={"HTTP_PROXY": "http://127.0.0.1:2"},
        reruns=RUNS,
    ),
    "the order of two ENV lines": Row(
        *swap("ENV A=1\nENV B=2", "ENV B=2\nENV A=1"), files=A_FILE, reruns=RUNS
    ),
    "the order of two ARG lines": Row(
        *swap("ARG A=1\nARG B=2", "ARG B=2\nARG A=1"), files=A_FILE, reruns=RUNS
    ),
    "the order of an ARG and an ENV": Row(
        *swap("ARG A=1\nENV B=2", "ENV B=2\nARG A=1"), files=A_FILE, reruns=RUNS
    ),
    "two ENV lines made one": Row(*swap("ENV A=1\nENV B=2", "ENV A=1 B=2"), files=A_FILE),
    "an ENV set twice, ending at the same value": Row(*swap("ENV A=1", "ENV A=0\nENV A=1"), files=A_FILE),
    "an ENV set again moves to the end": Row(
        *swap("ENV A=1 B=2", "ENV A=1 B=2\nENV A=1"), files=A_FILE, reruns=RUNS
    ),
    "an ENV after an ARG of the same name wins": Row(
        *swap("ARG A=1\nENV A=3", "ARG A=2\nENV A=3"), files=A_FILE
    ),
    "an ARG after an ENV of the same name wins": Row(
        *swap("ENV A=3\nARG A=1", "ENV A=3\nARG A=2"), files=A_FILE, reruns=RUNS
    ),
    "an ARG of the stage this one is FROM": Row(
        "FROM node:22-alpine AS base\nWORKDIR /UNIQUE\nARG V=1\nFROM base\nRUN echo one\n",
        "FROM node:22-alpine AS base\nWORKDIR /UNIQUE\nARG V=2\nFROM base\nRUN echo one\n",
        reruns=("RUN echo one",),
    ),
    "an ENV of the stage this one is FROM": Row(
        "FROM node:22-alpine AS base\nWORKDIR /UNIQUE\nENV V=1\nFROM base\nRUN echo one\n",
        "FROM node:22-alpine AS base\nWORKDIR /UNIQUE\nENV V=2\nFROM base\nRUN echo one\n",
        reruns=("RUN echo one",),
    ),
    "a stage's ARG and ENV change places in the stage below": Row(
        "FROM node:22-alpine AS base\nWORKDIR /UNIQUE\nENV E=1\nARG A=1\nFROM base\nRUN echo one\n",
        "FROM node:22-alpine AS base\nWORKDIR /UNIQUE\nARG A=1\nENV E=1\nFROM base\nRUN echo one\n",
    ),
}

WORKDIRS = {
    "WORKDIR and everything after, COPY too": Row(
        *swap("WORKDIR /one", "WORKDIR /two"), files=A_FILE, reruns=("WORKDIR /two", *COPY_AND_RUNS)
    ),
    "a WORKDIR spelled otherwise is the same folder, but not to a RUN": Row(
        *swap("WORKDIR /one", "WORKDIR /one/"), files=A_FILE, reruns=RUNS
    ),
    "a relative WORKDIR": Row(
        *swap("WORKDIR /one/two", "WORKDIR /one\nWORKDIR two"),
        files=A_FILE,
        reruns=("WORKDIR /one", "WORKDIR two", *COPY_AND_RUNS),
    ),
    "a relative WORKDIR spelled otherwise": Row(*swap("WORKDIR one", "WORKDIR ./one/"), files=A_FILE),
    "WORKDIR / is no step, but RUN is keyed on it": Row(
        START + "WORKDIR /one\nCOPY a.txt /a\nWORKDIR /\nRUN echo one\n",
        START + "WORKDIR /one\nCOPY a.txt /a\nRUN echo one\n",
        files=A_FILE,
        reruns=("RUN echo one",),
    ),
    "a relative target under the same WORKDIR": Row(
        START + "WORKDIR /one\nCOPY a.txt b\n", START + "WORKDIR /one\nCOPY a.txt /one/b\n", files=A_FILE
    ),
}
