"""Changes to what steps take files from: the context, other stages, mounts."""

from collections.abc import Mapping

from dockeropt.cache.steps import Mode
from tests.cache.row import A_FILE, APP, COPY_AND_RUNS, START, TWO_RUNS, Content, Row, copies, link

COPIES = {
    "the content of a copied file": Row(
        TWO_RUNS, files=A_FILE, files_after={"a.txt": Content("changed")}, reruns=COPY_AND_RUNS
    ),
    "the mode of a copied file": Row(
        TWO_RUNS,
        files=A_FILE,
        files_after={"a.txt": Content("a", 0o755, 1_700_000_100)},
        reruns=COPY_AND_RUNS,
    ),
    "the time of a copied file alone": Row(
        TWO_RUNS, files=A_FILE, files_after={"a.txt": Content("a", modified=1_700_000_200)}
    ),
    "a file added to a copied folder": Row(
        copies("COPY app /app"),
        files=APP,
        files_after={"app/new.txt": Content("new")},
        reruns=("COPY app /app", "RUN echo one"),
    ),
    "a file deleted from a copied folder": Row(
        copies("COPY app /app"),
        files=APP,
        files_after={"app/deep/b.txt": None},
        reruns=("COPY app /app", "RUN echo one"),
    ),
    "a file renamed in a copied folder": Row(
        copies("COPY app /app"),
        files=APP,
        files_after={"app/a.txt": None, "app/z.txt": APP["app/a.txt"]},
        reruns=("COPY app /app", "RUN echo one"),
    ),
    "a file beside a copied folder": Row(
        copies("COPY app /app"), files=APP, files_after={"c.txt": Content("changed")}
    ),
    "--chown": Row(
        copies("COPY --chown=1:1 app /app"),
        copies("COPY --chown=2:2 app /app"),
        files=APP,
        reruns=("COPY --chown=2:2 app /app", "RUN echo one"),
    ),
    "--chmod": Row(
        copies("COPY --chmod=755 app /app"),
        copies("COPY --chmod=700 app /app"),
        files=APP,
        reruns=("COPY --chmod=700 app /app", "RUN echo one"),
    ),
    "--chmod with a leading zero": Row(
        copies("COPY --chmod=755 app /app"), copies("COPY --chmod=0755 app /app"), files=APP
    ),
    "the copied folder's own name": Row(
        copies("COPY app /app"),
        copies("COPY src /app"),
        files={**APP, "src/a.txt": APP["app/a.txt"], "src/deep/b.txt": APP["app/deep/b.txt"]},
        reruns=("COPY src /app", "RUN echo one"),
    ),
    "the folder a file of the same name and content is copied from": Row(
        copies("COPY app/deep/b.txt /b"),
        copies("COPY other/b.txt /b"),
        files={**APP, "other/b.txt": APP["app/deep/b.txt"]},
    ),
    "the spelling of a copied path": Row(copies("COPY app /app"), copies("COPY ./app/ /app"), files=APP),
    "a file that the pattern leaves out": Row(
        copies("COPY *.json /"),
        files={"package.json": Content("{}"), "readme.md": Content("#")},
        files_after={"readme.md": Content("# changed")},
    ),
    "a file that the pattern takes in": Row(
        copies("COPY *.json /"),
        files={"package.json": Content("{}"), "readme.md": Content("#")},
        files_after={"tsconfig.json": Content("{ }")},
        reruns=("COPY *.json /", "RUN echo one"),
    ),
    "a file below a folder that the pattern takes in": Row(
        copies("COPY a* /"),
        files=APP,
        files_after={"app/deep/b.txt": Content("changed")},
        reruns=("COPY a* /", "RUN echo one"),
    ),
    "a file that .dockerignore leaves out": Row(
        copies("COPY . /"),
        files={".dockerignore": Content("*.md\n"), "a.txt": Content("a"), "readme.md": Content("#")},
        files_after={"readme.md": Content("# changed")},
    ),
    "a file that .dockerignore takes back in": Row(
        copies("COPY . /"),
        files={".dockerignore": Content("*.md\n!readme.md\n"), "readme.md": Content("#")},
        files_after={"readme.md": Content("# changed")},
        reruns=("COPY . /", "RUN echo one"),
    ),
    ".dockerignore itself, where COPY takes it in": Row(
        copies("COPY . /"),
        files={".dockerignore": Content("*.md\n"), "a.txt": Content("a")},
        files_after={".dockerignore": Content("*.md\n*.log\n")},
        reruns=("COPY . /", "RUN echo one"),
    ),
    ".dockerignore itself, where it leaves itself out": Row(
        copies("COPY . /"),
        files={".dockerignore": Content(".dockerignore\nDockerfile\n"), "a.txt": Content("a")},
        files_after={".dockerignore": Content(".dockerignore\nDockerfile\n*.log\n")},
    ),
    "the Dockerfile, where COPY takes it in": Row(
        copies("COPY . /"),
        copies("COPY . /") + "LABEL version=2\n",
        files=A_FILE,
        reruns=("COPY . /", "RUN echo one"),
    ),
    "content with the same size and the same time is not even sent": Row(
        copies("COPY a.txt /a"), files=A_FILE, files_after={"a.txt": Content("b")}
    ),
    "content with the same size and another time": Row(
        copies("COPY a.txt /a"),
        files=A_FILE,
        files_after={"a.txt": Content("b", modified=1_700_000_300)},
        reruns=("COPY a.txt /a", "RUN echo one"),
    ),
    "the second of two sources": Row(
        copies("COPY a.txt c.txt /x/"),
        files={**A_FILE, "c.txt": Content("c")},
        files_after={"c.txt": Content("changed")},
        reruns=("COPY a.txt c.txt /x/", "RUN echo one"),
    ),
    "ADD instead of COPY": Row(
        copies("COPY a.txt /a"), copies("ADD a.txt /a"), files=A_FILE, reruns=("ADD a.txt /a", "RUN echo one")
    ),
    "everything after a step that ran again with the same output": Row(
        START + "COPY a.txt /a\nRUN rm /a\nRUN echo one\nCOPY a.txt /b\n",
        files=A_FILE,
        files_after={"a.txt": Content("changed")},
        reruns=("COPY a.txt /a", "RUN rm /a", "RUN echo one", "COPY a.txt /b"),
    ),
    "a COPY --link after a step that ran again": Row(
        START + "RUN echo one\nCOPY --link a.txt /a\nRUN echo two\n",
        START + "RUN echo 1\nCOPY --link a.txt /a\nRUN echo two\n",
        files=A_FILE,
        reruns=("RUN echo 1", "RUN echo two"),
    ),
    "the content of a COPY --link": Row(
        START + "RUN echo one\nCOPY --link a.txt /a\nRUN echo two\n",
        files=A_FILE,
        files_after={"a.txt": Content("changed")},
        reruns=("COPY --link a.txt /a", "RUN echo two"),
    ),
    "a COPY --link with --chmod is not linked": Row(
        START + "RUN echo one\nCOPY --link --chmod=700 a.txt /a\nRUN echo two\n",
        START + "RUN echo 1\nCOPY --link --chmod=700 a.txt /a\nRUN echo two\n",
        files=A_FILE,
        reruns=("RUN echo 1", "COPY --link --chmod=700 a.txt /a", "RUN echo two"),
    ),
}

_STAGES = (
    "FROM node:22-alpine AS build\nWORKDIR /UNIQUE-build\nCOPY a.txt /a\nRUN {}\n"
    "FROM node:22-alpine\nWORKDIR /UNIQUE-final\nCOPY --from=build /out /out\nRUN echo one\n"
)
_BIND = START + "RUN --mount=type=bind,{} echo one\nRUN echo two\n"
_CHANGED = {"a.txt": Content("changed")}


def _mounts(before: str, after: str, reruns: bool, files: Mapping[str, Content] = {}) -> Row:
    """Return the row of a changed ``--mount``."""
    text = START + "RUN --mount={} echo one\nRUN echo two\n"
    changed = (f"RUN --mount={after} echo one", "RUN echo two")
    return Row(text.format(before), text.format(after), files=files, reruns=changed if reruns else ())


STAGES = {
    "COPY --from a stage that ran again with the same output": Row(
        _STAGES.format("echo same > /out"),
        files=A_FILE,
        files_after=_CHANGED,
        reruns=("COPY a.txt /a", "RUN echo same > /out"),
        mode=Mode.SAME,
    ),
    "COPY --from a stage that ran again with another output": Row(
        _STAGES.format("cp /a /out"),
        files=A_FILE,
        files_after=_CHANGED,
        reruns=("COPY a.txt /a", "RUN cp /a /out", "COPY --from=build /out /out", "RUN echo one"),
    ),
    "COPY --from by number instead of by name": Row(
        _STAGES.format("cp /a /out"),
        _STAGES.format("cp /a /out").replace("--from=build", "--from=0"),
        files=A_FILE,
    ),
    "a bind mount from a stage that ran again with the same output": Row(
        _STAGES.format("echo same > /out").replace(
            "COPY --from=build /out /out", "RUN --mount=from=build,source=/out,target=/out cat /out"
        ),
        files=A_FILE,
        files_after=_CHANGED,
        reruns=("COPY a.txt /a", "RUN echo same > /out"),
        mode=Mode.SAME,
    ),
    "a bind mount from a stage that ran again with another output": Row(
        _STAGES.format("cp /a /out").replace(
            "COPY --from=build /out /out", "RUN --mount=from=build,source=/out,target=/out cat /out"
        ),
        files=A_FILE,
        files_after=_CHANGED,
        reruns=(
            "COPY a.txt /a",
            "RUN cp /a /out",
            "RUN --mount=from=build,source=/out,target=/out cat /out",
            "RUN echo one",
        ),
    ),
    "a stage that the target does not need": Row(
        "FROM node:22-alpine AS unneeded\nWORKDIR /UNIQUE-unneeded\n" + TWO_RUNS,
        "FROM node:22-alpine AS unneeded\nWORKDIR /UNIQUE-changed\n" + TWO_RUNS,
        files=A_FILE,
    ),
    "FROM a stage goes on where that one ends": Row(
        "FROM node:22-alpine AS base\nWORKDIR /UNIQUE\nRUN echo base\nFROM base\nRUN echo one\n",
        "FROM node:22-alpine AS base\nWORKDIR /UNIQUE\nRUN echo changed\nFROM base\nRUN echo one\n",
        reruns=("RUN echo changed", "RUN echo one"),
    ),
    "an ONBUILD runs in the stage that is FROM its own": Row(
        "FROM node:22-alpine AS base\nWORKDIR /UNIQUE\nONBUILD RUN echo trigger\nFROM base\nRUN echo one\n",
        "FROM node:22-alpine AS base\nWORKDIR /UNIQUE\nONBUILD RUN echo changed\nFROM base\nRUN echo one\n",
        reruns=("RUN echo changed", "RUN echo one"),
    ),
}

_LINKED = {
    **APP,
    "twin.txt": APP["c.txt"],
    "file": link("c.txt"),
    "folder": link("app"),
    "rooted": link("/c.txt"),
    "first": link("second"),
    "second": link("c.txt"),
    "app/inside": link("../c.txt"),
}


def _follows(line: str, path: str, reruns: bool = True) -> Row:
    """Return the row of a file that changes behind a link."""
    return Row(
        copies(line),
        files=_LINKED,
        files_after={path: Content("changed")},
        reruns=(line, "RUN echo one") if reruns else (),
    )


LINKS = {
    "the file a link points to": _follows("COPY file /x", "c.txt"),
    "a file in the folder a link points to": _follows("COPY folder /x", "app/a.txt"),
    "the file a link points to from the root": _follows("COPY rooted /x", "c.txt"),
    "the file a link to a link points to": _follows("COPY first /x", "c.txt"),
    "a file below a link": _follows("COPY folder/a.txt /x", "app/a.txt"),
    "a file that a pattern takes below a link": _follows("COPY folder/*.txt /x/", "app/a.txt"),
    "the file behind a link that a pattern takes": _follows("COPY fil* /x/", "c.txt"),
    "a file in the folder behind a link that a pattern takes": _follows("COPY folde* /x/", "app/a.txt"),
    "the file a link in a copied folder points to": _follows("COPY app /x", "c.txt", reruns=False),
    "a mounted link": _follows("RUN --mount=type=bind,source=folder,target=/y ls", "app/a.txt"),
    "a link to a twin": Row(copies("COPY file /x"), files=_LINKED, files_after={"file": link("twin.txt")}),
    "a link to a twin that a pattern takes": Row(
        copies("COPY fil* /x/"), files=_LINKED, files_after={"file": link("twin.txt")}
    ),
    "a link to a twin in a copied folder": Row(
        copies("COPY app /x"),
        files=_LINKED,
        files_after={"app/inside": link("../twin.txt")},
        reruns=("COPY app /x", "RUN echo one"),
    ),
}

MOUNTS = {
    "a bind mount of a file that changes": Row(
        _BIND.format("source=a.txt,target=/a"),
        files=APP | A_FILE,
        files_after=_CHANGED,
        reruns=("RUN --mount=type=bind,source=a.txt,target=/a echo one", "RUN echo two"),
    ),
    "a bind mount of a file, another one changes": Row(
        _BIND.format("source=a.txt,target=/a"), files=APP | A_FILE, files_after={"c.txt": Content("changed")}
    ),
    "a bind mount of the whole context": Row(
        _BIND.format("target=/src"),
        files=APP | A_FILE,
        files_after={"c.txt": Content("changed")},
        reruns=("RUN --mount=type=bind,target=/src echo one", "RUN echo two"),
    ),
    "a bind mount that can be written": Row(
        _BIND.format("source=app,target=/a,rw"),
        files=APP,
        files_after={"app/a.txt": Content("changed")},
        reruns=("RUN --mount=type=bind,source=app,target=/a,rw echo one", "RUN echo two"),
    ),
    "id of a cache mount": _mounts("type=cache,id=a,target=/c", "type=cache,id=b,target=/c", reruns=False),
    "the first id of a cache mount": _mounts(
        "type=cache,target=/c", "type=cache,id=b,target=/c", reruns=True
    ),
    "sharing of a cache mount with an id": _mounts(
        "type=cache,id=a,target=/c", "type=cache,id=a,target=/c,sharing=locked", reruns=False
    ),
    "sharing of a cache mount without an id": _mounts(
        "type=cache,target=/c", "type=cache,target=/c,sharing=locked", reruns=True
    ),
    "target of a cache mount": _mounts("type=cache,id=a,target=/c", "type=cache,id=a,target=/d", reruns=True),
    "id of a secret mount": _mounts("type=secret,id=a", "type=secret,id=b", reruns=True),
    "a mount spelled otherwise": _mounts(
        "type=bind,source=a.txt,target=/a", "target=/a,src=./a.txt,ro", reruns=False, files=A_FILE
    ),
    "the first cache mount": Row(
        START + "RUN echo one\nRUN echo two\n",
        START + "RUN --mount=type=cache,target=/c echo one\nRUN echo two\n",
        reruns=("RUN --mount=type=cache,target=/c echo one", "RUN echo two"),
    ),
    "the order of two mounts": Row(
        START + "RUN --mount=type=cache,target=/c --mount=type=cache,target=/d echo one\n",
        START + "RUN --mount=type=cache,target=/d --mount=type=cache,target=/c echo one\n",
    ),
    "--network": Row(
        START + "RUN echo one\n",
        START + "RUN --network=none echo one\n",
        reruns=("RUN --network=none echo one",),
    ),
    "--network=default": Row(START + "RUN echo one\n", START + "RUN --network=default echo one\n"),
}
