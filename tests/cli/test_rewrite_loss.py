"""What ``rewrite --verify`` says a new image loses to the old one: then it writes nothing."""

import pytest

from dockeropt.cli.rewrite_proof import loss_of
from dockeropt.measure.model import BuildTime, Layer, Measurement, Scenario, Timing
from tests.measure.examples import AFTER, BEFORE


def _of(unpacked: int, rebuild: float) -> Measurement:
    layers = (Layer("COPY . .", 1, unpacked, is_base=False),)
    builds = {scenario: BuildTime(Timing((rebuild,)), ()) for scenario in (Scenario.COLD, Scenario.SOURCE)}
    return BEFORE._replace(image=BEFORE.image._replace(layers=layers), builds=builds)


@pytest.mark.parametrize(
    ("after", "says"),
    [
        pytest.param(_of(100_000_000, 10.0), "", id="nothing"),
        pytest.param(_of(100_500_000, 14.0), "", id="a little, which an init is or a busy machine"),
        pytest.param(_of(20_000_000, 1.0), "", id="much less of both"),
        pytest.param(
            _of(120_000_000, 1.0),
            "the new image is larger: 120 MB, where the old one has 100 MB",
            id="more bytes",
        ),
        pytest.param(
            _of(50_000_000, 31.0),
            "a rebuild after an edit gets slower: 31.0 s, where the old one takes 10.0 s",
            id="more seconds",
        ),
    ],
)
def test_what_is_lost(after: Measurement, says: str) -> None:
    assert says == loss_of(_of(100_000_000, 10.0), after)


def test_a_real_gain_is_no_loss() -> None:
    assert loss_of(BEFORE, AFTER) == ""
    assert loss_of(AFTER, BEFORE).startswith("the new image is larger")
