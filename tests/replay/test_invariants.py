"""Going back step by step says of any history what comparing its commits from scratch says."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from dockeropt.replay.context import ContextView
from dockeropt.replay.history import FILE, LINK, PROGRAM, SUBMODULE, Blob, Change
from dockeropt.replay.player import Player
from dockeropt.replay.recipe import Kept
from tests.cache.predictions import graph_of

_PATHS = st.sampled_from(
    ["a", "a/b", "a/b/c.js", "d.js", "d.md", "e/f", "e/g.md", "l", "Dockerfile", ".dockerignore"]
)
_DOCKERFILES = st.sampled_from(
    [
        "FROM x\nCOPY . .\nRUN y\n",
        "FROM x AS s\nCOPY a /a\nRUN y\nFROM z\nCOPY --from=s /a /a\nCOPY *.js l /b/\n",
        "FROM x\nRUN --mount=type=bind,source=e,target=/e y\nCOPY .git/HEAD d.* /\n",
        "FROM x\nCOPY\n",
    ]
)
_IGNORES = st.sampled_from(["", "*.md", "**/*.md\n!e/g.md", "*\n!a", ".git", "Dockerfile"])
_OTHERS = st.builds(
    lambda text, mode: (text, mode),
    st.sampled_from(["a", "a/b", "d.js", "../e", "/"]),
    st.sampled_from([FILE, FILE, PROGRAM, LINK, SUBMODULE]),
)
_EDIT = st.one_of(
    st.tuples(st.just("Dockerfile"), st.builds(lambda text: (text, FILE), _DOCKERFILES)),
    st.tuples(st.just(".dockerignore"), st.none() | st.builds(lambda text: (text, FILE), _IGNORES)),
    st.tuples(_PATHS.filter(lambda path: "ocker" not in path), st.none() | _OTHERS),
)
_HISTORIES = st.lists(st.lists(_EDIT, max_size=3), min_size=2, max_size=6)
_CONTENT: dict[str, bytes] = {}


def _blob(text: str, mode: int) -> Blob:
    _CONTENT[text] = text.encode()
    return Blob(text, mode)


def _trees(edits: list[list[tuple[str, tuple[str, int] | None]]]) -> list[dict[str, Blob]]:
    tree = {"Dockerfile": _blob("FROM x\nCOPY . .\nRUN y\n", FILE), "d.js": _blob("0", FILE)}
    trees = [tree]
    for commit in edits:
        tree = dict(tree)
        for path, content in commit:
            for other in list(tree):
                if other.startswith(f"{path}/") or path.startswith(f"{other}/"):
                    del tree[other]
            tree.pop(path, None)
            if content is not None:
                tree[path] = _blob(*content)
        trees.append(tree)
    return trees


def _changes(before: Mapping[str, Blob], after: Mapping[str, Blob]) -> tuple[Change, ...]:
    return tuple(
        Change(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )


def _player() -> Player:
    return Player(Kept("Dockerfile", "", _CONTENT.__getitem__), ContextView("", True, _CONTENT.__getitem__))


@given(_HISTORIES)
def test_a_player_says_what_a_comparison_from_scratch_says(
    edits: list[list[tuple[str, tuple[str, int] | None]]],
) -> None:
    trees = _trees(edits)
    player = _player()
    player.see(str(len(edits)), trees[-1], ())
    newer = len(edits)
    for number in reversed(range(len(edits))):
        rerun = player.see(str(number), trees[number], _changes(trees[number], trees[number + 1]))
        if graph_of(trees[number]["Dockerfile"].id).build.dockerfile.problems:
            assert rerun is None
            continue
        if rerun is None:
            newer = number
            continue
        sights = []
        for at in (number, newer):
            alone = _player()
            alone.see(str(at), trees[at], ())
            assert alone.sight is not None
            sights.append(alone.sight)
        before, after = sights
        assert after.changes == rerun.sight.changes
        assert after.same == rerun.sight.same
        assert after.needs == rerun.sight.needs
        assert tuple(key not in before.changes for key in after.changes) == rerun.most
        assert all(least <= most for least, most in zip(rerun.least, rerun.most, strict=True))
        newer = number
