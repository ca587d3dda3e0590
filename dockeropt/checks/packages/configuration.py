"""Where the configuration of a package manager has been written to say something."""

from functools import lru_cache

from dockeropt.checks.packages.invocations import Invocation
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.knowledge.package_manager_settings import Setting
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import View

_BETWEEN = " \t\"'=\\:"
"""what stands between a setting and its value"""


@lru_cache(8)
def configured_from(setting: Setting, build: Build) -> tuple[int | None, ...]:
    """Return for each stage the offset of the instruction that makes a setting, 0 for an earlier stage."""
    found: list[int | None] = []
    for stage in build.stages:
        start = None
        if stage.base_stage is not None and found[stage.base_stage] is not None:
            start = 0
        else:
            for view in views_with_triggers(stage):
                if _writes(view, setting):
                    start = view.instruction.span.start
                    break
        found.append(start)
    return tuple(found)


def is_set(invocation: Invocation, setting: Setting, configured: tuple[int | None, ...]) -> bool:
    """Tell whether a setting holds for a command: given by its options, or by the configuration."""
    start = configured[invocation.stage.number]
    if start is not None and start <= invocation.run.instruction.span.start:
        return True
    return any(
        setting.name in word.value.lower() and _has_value(word.value, setting)
        for word in invocation.command.words
    )


def _writes(view: View, setting: Setting) -> bool:
    instruction = view.instruction
    texts = [instruction.body.text, *(heredoc.body.text for heredoc in instruction.heredocs)]
    return any(any(file in text for file in setting.files) and _has_value(text, setting) for text in texts)


def _has_value(text: str, setting: Setting) -> bool:
    """Tell whether the setting stands in a text, with one of its values behind it."""
    _, found, after = text.lower().partition(setting.name)
    return bool(found) and after.lstrip(_BETWEEN).startswith(setting.values)
