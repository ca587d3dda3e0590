"""What a step costs when it runs: measured where a measurement knows it, else assumed by its kind."""

from collections.abc import Mapping

from dockeropt.cache.steps import Step
from dockeropt.replay.reading import Kind, Reading

ASSUMED: Mapping[Kind, float] = {
    Kind.INSTALL: 60.0,
    Kind.BUILD: 30.0,
    Kind.PACKAGES: 20.0,
    Kind.OTHER: 2.0,
    Kind.FILES: 1.0,
    Kind.FOLDER: 0.0,
    Kind.IMAGE: 0.0,
}
"""seconds by kind of step, rounded from builds of middling projects; only their order matters much"""


class Prices:
    """Seconds of steps; ``measured`` has them by BuildKit's name of a step: ``[build 3/7] RUN npm ci``."""

    def __init__(self, measured: Mapping[str, float] | None = None) -> None:
        self._by_name = {_plain(name): seconds for name, seconds in (measured or {}).items()}
        self._by_text: dict[str, float] = {}
        for name, seconds in self._by_name.items():
            self._by_text.setdefault(_text(name), seconds)

    def seconds(self, step: Step, reading: Reading) -> float:
        """Return what a step takes."""
        found = self.measured(step)
        return ASSUMED[reading.kind] if found is None else found

    def measured(self, step: Step) -> float | None:
        """Return what a step was measured to take, under its own name or elsewhere; None if it was not."""
        if not self._by_name:
            return None
        name = _plain(step.name)
        found = self._by_name.get(name)
        return self._by_text.get(_text(name)) if found is None else found


def _plain(name: str) -> str:
    return " ".join(name.split())


def _text(name: str) -> str:
    """Return the command without where it stands and what it mounts."""
    keyword, _, rest = name.partition("] ")[2].partition(" ")
    words = rest.split(" ")
    while words and words[0].startswith("--"):
        del words[0]
    return " ".join([keyword, *words])
