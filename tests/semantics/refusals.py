"""Dockerfiles that BuildKit refuses for their stages, what we say of each, and where."""

import pytest

BASE = "node:22-alpine"

REFUSALS = [
    pytest.param(
        f"ENV A=1\nFROM {BASE}\n",
        "ENV",
        "ENV stands before the first FROM, where only ARG may stand",
        id="instruction before FROM",
    ),
    pytest.param(
        "FROM $IMAGE\n",
        "$IMAGE",
        "IMAGE has no ARG before the first FROM, so FROM names no image",
        id="undeclared variable in FROM",
    ),
    pytest.param(
        "ARG IMAGE=\nFROM $IMAGE\n",
        "$IMAGE",
        '"$IMAGE" is empty, so FROM names no image',
        id="empty variable in FROM",
    ),
    pytest.param(
        f"FROM {BASE} AS Build\nFROM Build\n",
        "Build",
        '"Build" is neither an image nor a stage: both are written in lower case in FROM',
        id="stage named in upper case in FROM",
    ),
    pytest.param("FROM node:\n", "node:", '"node:" is no image reference', id="image without its tag"),
    pytest.param(
        f"FROM {BASE} AS a\nCOPY --from=b /x /\nFROM {BASE} AS b\nFROM a\n",
        "b",
        'stage "b" is defined later; move it before this one',
        id="copy from a later stage",
    ),
    pytest.param(
        f"FROM {BASE} AS a\nCOPY --from=1 /x /\nFROM {BASE} AS b\nFROM a\n",
        "1",
        'stage "1" is defined later; move it before this one',
        id="copy from a later number",
    ),
    pytest.param(
        f"FROM {BASE} AS a\nRUN --mount=from=b,target=/m ls\nFROM {BASE} AS b\nFROM a\n",
        "--mount=from=b,target=/m",
        'stage "b" is defined later; move it before this one',
        id="mount from a later stage",
    ),
    pytest.param(
        f"FROM {BASE} AS a\nFROM a AS b\nCOPY --from=a /x /\nFROM {BASE} AS a\nFROM b\n",
        "a",
        'stage "a" is defined later; move it before this one',
        id="the last of two stages with one name counts",
    ),
    pytest.param(
        f"FROM {BASE} AS a\nCOPY --from=a /x /\n",
        "a",
        'stage "a" takes files from itself',
        id="copy from itself by name",
    ),
    pytest.param(
        f"FROM {BASE} AS a\nCOPY --from=0 /x /\n",
        "0",
        'stage "0" takes files from itself',
        id="copy from itself by number",
    ),
    pytest.param(
        f"FROM {BASE} AS a\nRUN --mount=from=a,target=/m ls\n",
        "--mount=from=a,target=/m",
        'stage "a" takes files from itself',
        id="mount from itself",
    ),
    pytest.param(
        f"FROM {BASE} AS a\nCOPY --from=b /x /\nFROM {BASE} AS b\nCOPY --from=a /x /\n",
        "b",
        'stage "b" is defined later and needs this one in turn',
        id="cycle of two stages",
    ),
    pytest.param(
        f"FROM {BASE} AS a\nCOPY --from=c /x /\nFROM a AS b\nFROM b AS c\n",
        "c",
        'stage "c" is defined later and needs this one in turn',
        id="cycle through FROM",
    ),
    pytest.param(
        f"FROM {BASE} AS a\nCOPY --from=7 /x /\n",
        "7",
        "there is no stage 7; the last one is 0",
        id="number of no stage",
    ),
    pytest.param(
        f"FROM {BASE}\nCOPY --from=-1 /x /\n",
        "-1",
        "there is no stage -1; the last one is 0",
        id="negative number",
    ),
    pytest.param(
        f"FROM {BASE}\nCOPY --from=No_Such /x /\n",
        "No_Such",
        '"No_Such" is neither a stage nor an image reference',
        id="neither stage nor image",
    ),
    pytest.param(
        f"ARG S=a\nFROM {BASE} AS a\nFROM {BASE}\nARG S\nCOPY --from=$S /x /\n",
        "$S",
        "from takes no variable: name the stage of FROM $S AS NAME",
        id="variable in from",
    ),
    pytest.param(
        f"FROM {BASE}\nENV A=\nENV C=${{A:?}}\n",
        "${A:?}",
        '"${A:?}" cannot be expanded: A: is not allowed to be empty',
        id="required variable that is empty",
    ),
    pytest.param(
        f'FROM {BASE}\nENV A=1\nLABEL x="${{A:=2}}"\n',
        '"${A:=2}"',
        '"${A:=2}" cannot be expanded: unsupported modifier (:=) in substitution',
        id="form of shells in quotes",
    ),
]
"""Dockerfile, the text the problem points at, and its message"""

TAKEN = [
    pytest.param(f"FROM {BASE} AS a\nFROM {BASE} AS a\nFROM a\n", id="two stages with one name"),
    pytest.param(
        f"FROM {BASE} AS a\nCOPY --from=b /etc/passwd /x\nFROM {BASE} AS b\n",
        id="copy from a later stage in a stage that is not built",
    ),
    pytest.param(
        f"FROM {BASE} AS Build\nFROM scratch\nCOPY --from=BUILD /etc/passwd /\n", id="case of COPY --from"
    ),
    pytest.param(f"FROM {BASE} AS Build\nFROM build\n", id="lower case in FROM"),
    pytest.param(f"FROM {BASE} AS a\nFROM scratch\nCOPY --from=+0 /etc/passwd /\n", id="number with a sign"),
    pytest.param(f"FROM ${{IMAGE:-{BASE}}}\n", id="default in FROM"),
    pytest.param(f'FROM "{BASE}"\n', id="quotes in FROM"),
    pytest.param(
        "ARG V=22\nARG IMAGE=node:$V-alpine\nFROM $IMAGE\n", id="arguments that build on each other"
    ),
]
