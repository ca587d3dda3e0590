"""The instructions of a stage, those that ONBUILD puts aside included."""

from collections.abc import Iterator

from dockeropt.semantics.build import Stage
from dockeropt.syntax.instructions import Onbuild, View


def views_with_triggers(stage: Stage) -> Iterator[View]:
    """Yield a stage's instructions, for an ONBUILD the one it triggers in a stage FROM this."""
    for view in stage.views:
        if not isinstance(view, Onbuild):
            yield view
        elif view.trigger is not None:
            yield view.trigger
