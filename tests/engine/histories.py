"""Histories of small projects, one edit a commit, for builds that take no time."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.replay.repository import Files, Link, Program


class Story(NamedTuple):
    """A project and what its commits do to it. ``TOKEN`` is new in every test run."""

    files: Files
    edits: tuple[Files, ...]
    arguments: tuple[str, ...] = ()


def _dockerfile(text: str, *edits: tuple[str, str]) -> list[Files]:
    """Return a Dockerfile and its next versions, each a replacement in the one before."""
    versions: list[Files] = [{"Dockerfile": text}]
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
        versions.append({"Dockerfile": text})
    return versions


def _single() -> Story:
    first, flag, order, label = _dockerfile(
        "FROM node:22-alpine\nWORKDIR /TOKEN\nCOPY . .\nRUN cat package.json > installed\n"
        "RUN cp -r src built\n",
        ("cat package.json", "cat  package.json"),
        (
            "COPY . .\nRUN cat  package.json > installed\n",
            "COPY package.json .\nRUN cat package.json > installed\nCOPY . .\n",
        ),
        ("RUN cp -r src built\n", "LABEL a=b\nRUN cp -r src built\n"),
    )
    return Story(
        {**first, ".dockerignore": ".git\n*.md\n", "package.json": "{}", "src/a.js": "1", "README.md": "#"},
        (
            {"src/a.js": "2"},
            {"README.md": "# 2"},
            {"src/b.js": "1"},
            flag,
            {"package.json": "{ }"},
            order,
            {"src/a.js": "3"},
            {"src/b.js": Program("1")},
            label,
            {".dockerignore": ".git\n*.md\nDockerfile\n"},
            {"Dockerfile": str(label["Dockerfile"]).replace("LABEL a=b", "LABEL a=c")},
            {"src/b.js": None, "src/c.js": Program("1")},
            {},
            {"package.json": "{  }", "src/a.js": "4"},
        ),
    )


def _stages() -> Story:
    first, final = _dockerfile(
        "FROM node:22-alpine AS manifests\nWORKDIR /TOKEN\nCOPY package.json .\nRUN cp package.json modules\n"
        "FROM node:22-alpine AS build\nWORKDIR /TOKEN-b\nCOPY --from=manifests /TOKEN/modules .\n"
        "COPY src src\n"
        "RUN grep -v '^//' src/a.js > out || true\n"
        "FROM node:22-alpine\nWORKDIR /TOKEN-f\nCOPY --from=build /TOKEN-b/out .\n"
        "COPY --link public public\nRUN echo done\n",
        ("RUN echo done", "RUN echo finished"),
    )
    return Story(
        {**first, "package.json": "{}", "src/a.js": "1\n", "public/x": "1", "README.md": "#"},
        (
            {"src/a.js": "1\n// a comment\n"},
            {"src/a.js": "2\n"},
            {"public/x": "2"},
            {"README.md": "# 2"},
            {"src/b.js": "1"},
            {"package.json": "{ }"},
            final,
            {"src/a.js": "3\n", "public/y": "1"},
            {"src/b.js": None},
            {"public/x": "3", "public/y": None},
            {"src/a.js": "3\n// twice\n"},
        ),
    )


def _mounts() -> Story:
    first, cache, secret = _dockerfile(
        "FROM node:22-alpine\nWORKDIR /TOKEN\n"
        "RUN --mount=type=bind,source=package.json,target=package.json cat package.json > /installed\n"
        "RUN --mount=type=bind,source=src,target=src --mount=type=cache,target=/cache wc src/* > /built\n"
        "RUN --mount=type=bind,target=/context ls /context > /listed\n"
        "COPY run.sh /\n",
        ("type=cache,target=/cache", "type=cache,target=/other"),
        ("--mount=type=cache,target=/other", "--mount=type=secret,id=key"),
    )
    return Story(
        {
            **first,
            ".dockerignore": "docs\n",
            "package.json": "{}",
            "src/a": "1",
            "run.sh": "#",
            "docs/a": "1",
        },
        (
            {"docs/a": "2"},
            {"src/a": "2"},
            {"package.json": "{ }"},
            cache,
            {"run.sh": Program("#")},
            {"LICENSE": "1"},
            secret,
            {"src/b": "1"},
            {".dockerignore": "docs\nLICENSE\n"},
            {"LICENSE": "2"},
            {".dockerignore": "*\n!src\n!package.json\n!run.sh\n"},
        ),
    )


def _patterns() -> Story:
    first, more = _dockerfile(
        "FROM node:22-alpine\nWORKDIR /TOKEN\nCOPY package*.json ./\nRUN cat package*.json > installed\n"
        'COPY apps/*/app.json manifests/\nCOPY ["with space", "b?.txt", "/names/"]\nADD files.tar.gz /files\n'
        "COPY link linked/ /links/\nRUN echo done\n",
        ("COPY apps/*/app.json manifests/", "COPY --chown=1:1 apps/*/app.json manifests/"),
    )
    return Story(
        {
            **first,
            ".dockerignore": "**/*.md\n.git\n",
            "package.json": "{}",
            "package-lock.json": "{}",
            "apps/a/app.json": "{}",
            "apps/b/app.json": "{}",
            "apps/a/src.js": "1",
            "with space": "1",
            "b1.txt": "1",
            "files.tar.gz": "1",
            "real.txt": "1",
            "link": Link("real.txt"),
            "real/x": "1",
            "linked": Link("real"),
        },
        (
            {"apps/a/src.js": "2"},
            {"apps/b/app.json": "{ }"},
            {"apps/c/app.json": "{}"},
            {"b2.txt": "1"},
            {"b22.txt": "1"},
            {"real.txt": "2"},
            {"real/y": "1"},
            {"real/y.md": "1"},
            {"package-extra.json": "{}"},
            {"files.tar.gz": "2"},
            more,
            {"link": Link("with space")},
        ),
    )


def _heredocs() -> Story:
    first, script, copied = _dockerfile(
        "FROM node:22-alpine\nWORKDIR /TOKEN\nRUN <<EOF\necho one\necho two\nEOF\n"
        "COPY <<'SETTINGS' settings.ini\na=1\nSETTINGS\nCOPY src src\nRUN cat settings.ini src/*\n",
        ("echo two", "echo 2"),
        ("a=1", "a=2"),
    )
    return Story(
        {**first, "src/a": "1", "docs/a": "1"},
        (
            {"docs/a": "2"},
            script,
            {"src/a": "2"},
            copied,
            {"Dockerfile": f"# a comment\n{copied['Dockerfile']!s}"},
            {"Dockerfile": str(copied["Dockerfile"]).replace("FROM", "from")},
            {"src/a": Link("b"), "src/b": "2"},
            {"src/a": None},
        ),
    )


def _arguments() -> Story:
    first, later, base = _dockerfile(
        "ARG BASE=node:22-alpine\nFROM ${BASE} AS base\nWORKDIR /TOKEN\n"
        "COPY package.json .\nRUN cat package.json\n"
        "FROM base AS build\nARG COMMIT_ID=none\nENV VERSION=1\nCOPY src src\nRUN echo ${VERSION} > version\n"
        "FROM base\nCOPY --from=build /TOKEN/version .\nARG COMMIT_ID\nRUN echo ${COMMIT_ID}\n",
        ("ARG COMMIT_ID=none\nENV VERSION=1\nCOPY src src\n", "ENV VERSION=1\nCOPY src src\n"),
        ("VERSION=1", "VERSION=2"),
    )
    return Story(
        {**first, "package.json": "{}", "src/a": "1", "docs/a": "1"},
        (
            {"docs/a": "2"},
            {"src/a": "2"},
            {"package.json": "{ }"},
            later,
            {"docs/a": "3"},
            {"src/a": "3"},
            base,
            {"src/a": "4"},
            {},
        ),
        ("COMMIT_*=*",),
    )


STORIES: Mapping[str, Story] = {
    "one stage": _single(),
    "three stages": _stages(),
    "bind mounts": _mounts(),
    "patterns and links": _patterns(),
    "heredocs": _heredocs(),
    "arguments": _arguments(),
}
