import pytest

from dockeropt.measure.cache_mounts import (
    emptying,
    own_mounts,
    with_own_cache_mounts,
    without_own_ids,
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "RUN --mount=type=cache,target=/root/.npm npm ci\n",
            "RUN --mount=type=cache,target=/root/.npm,id=R-root/.npm npm ci\n",
            id="no id: the target is the id",
        ),
        pytest.param(
            "RUN --mount=type=cache,dst=/a,id=npm,sharing=locked npm ci\n",
            "RUN --mount=type=cache,dst=/a,id=npm,sharing=locked,id=R-npm npm ci\n",
            id="an id of its own",
        ),
        pytest.param(
            "RUN --mount=type=cache,target=$HOME/.npm npm ci\n",
            "RUN --mount=type=cache,target=$HOME/.npm,id=R-$HOME/.npm npm ci\n",
            id="a variable",
        ),
        pytest.param(
            "run --mount=type=cache,target=/a \\\n  # why\n  --mount=type=CACHE,target=/b x\n",
            "run --mount=type=cache,target=/a,id=R-a \\\n  # why\n  --mount=type=CACHE,target=/b,id=R-b x\n",
            id="several over several lines",
        ),
        pytest.param(
            "RUN --mount=type=cache,target=/a <<E\nRUN --mount=type=cache,target=/b x\nE\n",
            "RUN --mount=type=cache,target=/a,id=R-a <<E\nRUN --mount=type=cache,target=/b x\nE\n",
            id="what looks like one in a heredoc",
        ),
        pytest.param(
            'RUN --mount="type=cache,target=/a" x\n',
            'RUN --mount="type=cache,target=/a,id=R-a" x\n',
            id="quotes",
        ),
        pytest.param(
            "RUN --mount=type=bind,target=/a --mount=type=secret,id=s x\nCOPY --link a b\n",
            "RUN --mount=type=bind,target=/a --mount=type=secret,id=s x\nCOPY --link a b\n",
            id="other mounts stay as they are",
        ),
        pytest.param(
            "# RUN --mount=type=cache,target=/a\n", "# RUN --mount=type=cache,target=/a\n", id="a comment"
        ),
    ],
)
def test_every_cache_mount_gets_an_id_of_the_run(before: str, after: str) -> None:
    assert after == with_own_cache_mounts(before, "R")


def test_lines_keep_their_numbers() -> None:
    text = "FROM a\nRUN --mount=type=cache,target=/a \\\n  x\n"
    assert text.count("\n") == with_own_cache_mounts(text, "R").count("\n")


@pytest.mark.parametrize(
    "step",
    [
        pytest.param("RUN --mount=type=cache,target=/root/.npm npm ci", id="one"),
        pytest.param("RUN --mount=type=cache,target=/a --mount=type=cache,id=b,target=/b x", id="two"),
        pytest.param("RUN echo ,id=other", id="an id that is not ours"),
    ],
)
def test_steps_are_shown_as_the_user_wrote_them(step: str) -> None:
    assert step == without_own_ids(with_own_cache_mounts(step, "0-1"), "0-1")


def test_mounts_are_emptied_on_the_image_below_the_steps_that_used_them() -> None:
    text = with_own_cache_mounts(
        "ARG T=22\nFROM node:$T AS a\nRUN --mount=type=cache,target=/a x\n"
        "FROM a\nRUN --mount=type=cache,target=/b x\n"
        "FROM golang\nRUN --mount=type=cache,id=$Z,target=/c x\nRUN --mount=type=cache,target=/d x\n",
        "R-0-0",
    )
    found = own_mounts(text, "R-0-0", {"T": "24"})
    assert found == {"node:24": {"R-0-0-a", "R-0-0-b"}, "golang": {"R-0-0-d"}}
    assert emptying("golang", ["R-d", "R-c"]) == (
        "FROM golang\nUSER 0\n"
        "RUN --mount=type=cache,id=R-c,target=/dockeropt/0 --mount=type=cache,id=R-d,target=/dockeropt/1 "
        "rm -rf /dockeropt/*/* /dockeropt/*/.[!.]*\n"
    )
