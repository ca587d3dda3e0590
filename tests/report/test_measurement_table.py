import pytest
from inline_snapshot import snapshot

from dockeropt.measure.model import Comparison, Scenario
from dockeropt.report.measurement import render
from dockeropt.report.quantities import change, duration, size
from tests.measure.examples import AFTER, BEFORE, COMPARISON


def test_before_after_and_change() -> None:
    assert render(COMPARISON) == snapshot("""\
                                before    after    change
----------------------------  --------  -------  --------
image, unpacked               2,674 MB   163 MB     ÷16.4
image, compressed             1,159 MB  56.0 MB     ÷20.7
cold build                      87.0 s   40.0 s      ÷2.2
rebuild after a source edit     98.0 s   28.0 s      ÷3.5
  steps run again               2 of 2   0 of 1
start-up to first answer        1.75 s   0.50 s      ÷3.5
  requests failed until then        20        0       -20
docker stop                     10.3 s   0.30 s     ÷34.3

one run of each build, medians of 3 starts; MB are 10^6 bytes
source edit: a line appended to pages/index.vue in a copy of the context
before: what asks while it starts fails: 12 refused until 0.60 s, 8 status 503 until 1.70 s
before: healthy 1.20 s before the first answer, 20 requests failed; let HEALTHCHECK ask the app
before: killed by docker stop, for SIGTERM does not end it; handle it, or run it under tini
after: no step needs pages/index.vue; name one that is used with --source
""")


def test_one_candidate_has_no_change() -> None:
    assert render(COMPARISON._replace(measurements=(AFTER._replace(startup=None),))) == snapshot("""\
                               after
---------------------------  -------
image, unpacked               163 MB
image, compressed            56.0 MB
cold build                    40.0 s
rebuild after a source edit   28.0 s
  steps run again             0 of 1

one run of each build; MB are 10^6 bytes
source edit: a line appended to pages/index.vue in a copy of the context
after: no step needs pages/index.vue; name one that is used with --source
""")


def test_three_candidates_for_a_readme() -> None:
    middle = BEFORE._replace(name="article", startup=None)
    assert render(COMPARISON._replace(measurements=(BEFORE, middle, AFTER)), "pipe") == snapshot("""\
|                              |   before |   article |   after |   change |
|:-----------------------------|---------:|----------:|--------:|---------:|
| image, unpacked              | 2,674 MB |  2,674 MB |  163 MB |    ÷16.4 |
| image, compressed            | 1,159 MB |  1,159 MB | 56.0 MB |    ÷20.7 |
| cold build                   |   87.0 s |    87.0 s |  40.0 s |     ÷2.2 |
| rebuild after a source edit  |   98.0 s |    98.0 s |  28.0 s |     ÷3.5 |
|   steps run again            |   2 of 2 |    2 of 2 |  0 of 1 |          |
| start-up to first answer     |   1.75 s |         - |  0.50 s |     ÷3.5 |
|   requests failed until then |       20 |         - |       0 |      -20 |
| docker stop                  |   10.3 s |         - |  0.30 s |    ÷34.3 |

one run of each build, medians of 3 starts; MB are 10^6 bytes
source edit: a line appended to pages/index.vue in a copy of the context
before: what asks while it starts fails: 12 refused until 0.60 s, 8 status 503 until 1.70 s
before: healthy 1.20 s before the first answer, 20 requests failed; let HEALTHCHECK ask the app
before: killed by docker stop, for SIGTERM does not end it; handle it, or run it under tini
after: no step needs pages/index.vue; name one that is used with --source
""")


def test_layers_compressed_by_us_and_edits_that_reach_no_step_are_said() -> None:
    after = AFTER._replace(image=AFTER.image._replace(compressed_by="dockeropt"))
    notes = render(Comparison("app", {Scenario.SOURCE: ("a.ts",)}, "1", "2", (BEFORE, after))).splitlines()[
        -2:
    ]
    assert notes == [
        "after: no step needs a.ts; name one that is used with --source",
        "after: this engine keeps layers unpacked; compressed bytes are those of gzip -6",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(0, "0 kB", id="nothing"),
        pytest.param(12_345, "12 kB", id="thousands"),
        pytest.param(56_123_000, "56.1 MB", id="a small image"),
        pytest.param(2_674_000_000, "2,674 MB", id="a large image"),
    ],
)
def test_sizes(value: float, text: str) -> None:
    assert text == size(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [pytest.param(0.421, "0.42 s", id="fast"), pytest.param(98.04, "98.0 s", id="slow")],
)
def test_durations(value: float, text: str) -> None:
    assert text == duration(value)


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        pytest.param(2674, 163, "÷16.4", id="much smaller"),
        pytest.param(100, 80, "÷1.25", id="a little smaller"),
        pytest.param(80, 100, "×1.25", id="bigger"),
        pytest.param(1000, 1004, "=", id="the same but for noise"),
        pytest.param(0, 0, "=", id="both nothing"),
        pytest.param(0, 5, "+5", id="from nothing"),
    ],
)
def test_changes(before: float, after: float, text: str) -> None:
    assert text == change(before, after)
