import pytest

from dockeropt.gate.budget import Budget
from dockeropt.gate.causes import Cause, causes_of
from dockeropt.gate.snapshot import LayerSize, Snapshot
from dockeropt.gate.verdict import Judgement, judge

MB = 1_000_000
BASE = Snapshot(
    "app:1",
    "linux/amd64",
    100 * MB,
    "engine",
    300 * MB,
    (LayerSize("ADD rootfs.tar /", 40 * MB, 100 * MB), LayerSize("RUN npm ci", 60 * MB, 200 * MB)),
    1 * MB,
    {"/usr": 100 * MB, "/app": 200 * MB, "/app/node_modules": 190 * MB},
    frozenset({"/app/server.js", "/app/.git/config", "/app/.git/HEAD"}),
)
MEASURED = BASE._replace(wasted_bytes=None, folders={}, paths=None, startup_seconds=2.5, rebuild_seconds=70.0)


def grown(by: int) -> Snapshot:
    return BASE._replace(compressed_bytes=BASE.compressed_bytes + by, unpacked_bytes=BASE.unpacked_bytes + by)


def judged(subject: Snapshot, budget: Budget, baseline: Snapshot | None = None) -> dict[str, Judgement]:
    return {check.what: check.judgement for check in judge(subject, budget, baseline).checks}


@pytest.mark.parametrize(
    ("subject", "budget", "what", "judgement"),
    [
        pytest.param(BASE, Budget(max_size=100 * MB), "compressed size", Judgement.WITHIN, id="at the limit"),
        pytest.param(
            BASE, Budget(max_size=100 * MB - 1), "compressed size", Judgement.OVER, id="a byte over it"
        ),
        pytest.param(BASE, Budget(max_unpacked=200 * MB), "unpacked size", Judgement.OVER, id="unpacked"),
        pytest.param(BASE, Budget(max_waste=0), "wasted bytes", Judgement.OVER, id="waste"),
        pytest.param(
            BASE, Budget(forbidden=("**/.git",)), "files of **/.git", Judgement.OVER, id="a forbidden path"
        ),
        pytest.param(
            BASE, Budget(forbidden=("**/.svn",)), "files of **/.svn", Judgement.WITHIN, id="no forbidden path"
        ),
        pytest.param(MEASURED, Budget(max_startup=2.0), "start-up", Judgement.OVER, id="start-up"),
        pytest.param(
            MEASURED, Budget(max_rebuild=60.0), "rebuild", Judgement.ADVICE, id="a rebuild is advice"
        ),
        pytest.param(
            MEASURED,
            Budget(max_rebuild=60.0, enforces_rebuild=True),
            "rebuild",
            Judgement.OVER,
            id="a rebuild that is enforced",
        ),
    ],
)
def test_a_figure_is_held_to_its_limit(
    subject: Snapshot, budget: Budget, what: str, judgement: Judgement
) -> None:
    assert {what: judgement} == judged(subject, budget)


@pytest.mark.parametrize(
    ("by", "judgement"),
    [
        pytest.param(0, Judgement.WITHIN, id="as it was"),
        pytest.param(-MB, Judgement.WITHIN, id="smaller"),
        pytest.param(90_000, Judgement.WITHIN, id="under the floor"),
        pytest.param(4 * MB, Judgement.WITHIN, id="over the floor, under the percentage"),
        pytest.param(5 * MB, Judgement.WITHIN, id="at the percentage"),
        pytest.param(6 * MB, Judgement.OVER, id="over both"),
    ],
)
def test_an_increase_must_be_a_share_and_bytes_that_matter(by: int, judgement: Judgement) -> None:
    found = judged(grown(by), Budget(max_increase=0.05), BASE)
    assert found["increase of compressed size"] is judgement
    tight = judged(grown(90_000), Budget(max_increase=0.0), BASE)
    assert set(tight.values()) == {Judgement.WITHIN}


def test_bytes_of_two_stores_are_not_compared() -> None:
    verdict = judge(BASE._replace(compressed_by="dockeropt"), Budget(max_increase=0.0), BASE)
    assert [check.what for check in verdict.checks] == ["increase of unpacked size"]
    assert "compressed ones are not" in verdict.notes[0]


def test_a_limit_on_what_was_not_looked_at_is_named() -> None:
    verdict = judge(MEASURED, Budget(max_waste=0, forbidden=("x",)))
    assert [note.rpartition(" for ")[2] for note in verdict.notes] == ["max-waste", "forbidden paths"]
    verdict = judge(BASE, Budget(max_startup=1, max_rebuild=1))
    assert [note.rpartition(" for ")[2] for note in verdict.notes] == ["max-startup", "max-rebuild"]
    assert verdict.is_passed


def test_an_instruction_and_a_folder_are_named_for_growth() -> None:
    after = BASE._replace(
        unpacked_bytes=350 * MB,
        layers=(
            BASE.layers[0],
            LayerSize("RUN npm ci", 70 * MB, 230 * MB),
            LayerSize("COPY . .", 10 * MB, 20 * MB),
        ),
        folders={"/usr": 100 * MB, "/app": 250 * MB, "/app/node_modules": 220 * MB, "/app/videos": 20 * MB},
    )
    assert causes_of(BASE, after) == (
        Cause("RUN npm ci", False, 30 * MB, False),
        Cause("COPY . .", False, 20 * MB, True),
        Cause("/app/node_modules", True, 30 * MB, False),
        Cause("/app/videos", True, 20 * MB, True),
    )


def test_an_instruction_that_was_edited_is_set_against_the_old_one() -> None:
    layers = (BASE.layers[0], LayerSize("RUN npm install", 70 * MB, 230 * MB))
    assert causes_of(BASE, BASE._replace(unpacked_bytes=330 * MB, layers=layers)) == (
        Cause("RUN npm install", False, 30 * MB, False),
    )


def test_nothing_is_named_where_nothing_grew() -> None:
    assert causes_of(BASE, grown(0)) == ()
    assert causes_of(BASE, grown(-5)) == ()
