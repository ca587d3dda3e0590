"""A replay as text for people: what each step cost over the history, and what another Dockerfile would."""

from collections.abc import Iterator
from time import gmtime, strftime

from tabulate import tabulate

from dockeropt.replay.model import Bounds, History, Replay, StepCount
from dockeropt.replay.reading import Kind

_WIDTH = 20
"""of a bar, in characters"""
_LEGEND = "█ ran and needed to   ░ ran without need   · ran unless a stage handed over the same files"


def render(history: History, style: str = "simple") -> str:
    """Return the table of the Dockerfile's steps, with bars, and beside it what others would have rerun.

    ``style`` is a table format of tabulate, such as ``pipe`` for Markdown.
    """
    first = history.replays[0]
    parts = ["\n".join(heading(history, first)), _steps(first, style), "\n".join(sums(history, first))]
    others = compared(history)
    if others:
        align = ("left", *["right"] * (len(others[0]) - 1))
        table = tabulate(others[1:], others[0], tablefmt=style, disable_numparse=True, colalign=align)
        parts.append(f"{table}\n\nEach Dockerfile is held as it is now, while the files change as they did.")
    said = list(notes(history, first))
    return "\n\n".join([*parts, *(["\n".join(said)] if said else [])]) + "\n"


def sentence(step: StepCount) -> str:
    """Return what a step cost, as one says it: ``npm ci`` ran again in 187 of 200 commits."""
    line = step.name.partition("] ")[2]
    command = shortened(line.removeprefix("RUN "), 50)
    return (
        f"`{command}` ran again in {count(step.reran_least, step.reran_most)} of {step.commits} commits; "
        f"it needed to in {step.needed}"
    )


def count(least: float, most: float) -> str:
    """Return two bounds as one figure, or as from to."""
    return f"{most:g}" if least == most else f"{least:g}–{most:g}"


def shortened(text: str, width: int) -> str:
    """Return the text in one line of at most ``width`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"


def heading(history: History, replay: Replay) -> Iterator[str]:
    """Yield what was replayed, as sentences."""
    dates = f"{_day(history.first_time)} to {_day(history.last_time)}"
    plural = "s" * (history.commits != 1)
    yield f"{replay.dockerfile} over the last {history.commits} commit{plural} of {history.branch}, {dates}"
    if replay.is_held:
        yield "It is in none of them, so it is held as it is now."
    if replay.commits < history.commits:
        refused = f", {replay.refused} have one that BuildKit refuses" if replay.refused else ""
        yield f"Only {replay.commits} of them have a build before them to start from{refused}."


def _steps(replay: Replay, style: str) -> str:
    heads = ["step", "commits", "reran", "needed", "wasted", ""]
    rows = [
        [
            shortened(step.name, 60),
            str(step.commits),
            count(step.reran_least, step.reran_most),
            str(step.needed),
            count(step.wasted_least, step.wasted_most),
            _bar(step),
        ]
        for step in replay.steps
    ]
    align = ("left", "right", "right", "right", "right", "left")
    table = tabulate(rows, heads, tablefmt=style, disable_numparse=True, colalign=align)
    return f"{table}\n\n{_LEGEND}"


def _bar(step: StepCount) -> str:
    """Return a bar as long as the share of commits in which a step reran, by reason."""
    if not step.commits:
        return ""
    marks = [
        step.reran_least - step.wasted_least,
        step.reran_least,
        step.reran_most,
    ]
    ends = [round(mark / step.commits * _WIDTH) for mark in marks]
    return "█" * ends[0] + "░" * (ends[1] - ends[0]) + "·" * (ends[2] - ends[1])


def sums(history: History, replay: Replay) -> Iterator[str]:
    """Yield what it comes to, as sentences: the step that cost most, the share of steps, the waiting."""
    worst = max(replay.steps, key=_price, default=None)
    if worst is not None and worst.wasted_most:
        yield sentence(worst)
    yield f"steps that ran again: {_percent(replay.share)}"
    month = history.commits_a_month
    needed = replay.needed_seconds
    yield (
        f"waiting: {_time(replay.seconds)} a commit, {_time(_times(replay.seconds, month))} a month of "
        f"{month:.0f} commits; {_span(needed)} and {_span(needed * month)} if only what was needed had run"
    )
    if replay.former_steps:
        yield f"not in the table: {replay.former_steps} reruns of steps that only earlier versions have"


def _price(step: StepCount) -> tuple[float, int]:
    return step.wasted_most * step.seconds, step.wasted_most


def compared(history: History) -> list[list[str]]:
    """Return the Dockerfiles that were held as rows side by side, heads first; none for fewer than two."""
    replays = [each for each in history.replays if each.is_held]
    if len(replays) < 2:
        return []
    month = history.commits_a_month
    rows = [
        ["over the same commits", *(each.name for each in replays)],
        ["install reruns", *(_installs(each) for each in replays)],
        ["of them without need", *(_installs(each, is_wasted=True) for each in replays)],
        ["steps that ran again", *(_percent(each.share) for each in replays)],
        ["waiting, a commit", *(_time(each.seconds) for each in replays)],
        ["waiting, a month", *(_time(_times(each.seconds, month)) for each in replays)],
    ]
    if not any(step.kind == Kind.INSTALL.value for each in replays for step in each.steps):
        del rows[1:3]
    return rows


def _installs(replay: Replay, is_wasted: bool = False) -> str:
    """Return how often installs of the project's dependencies reran, all of them together."""
    steps = [step for step in replay.steps if step.kind == Kind.INSTALL.value]
    if is_wasted:
        least, most = sum(each.wasted_least for each in steps), sum(each.wasted_most for each in steps)
    else:
        least, most = sum(each.reran_least for each in steps), sum(each.reran_most for each in steps)
    return f"{count(least, most)} of {sum(each.commits for each in steps)}"


def notes(history: History, replay: Replay) -> Iterator[str]:
    """Yield what one has to know to read the figures."""
    if history.is_shallow:
        yield "The clone is shallow: `git fetch --unshallow` brings the rest of the history."
    if replay.takes_git:
        yield (
            "`.git` is copied, and every commit changes it: put `.git` into .dockerignore, or say "
            "--no-git-folder if the build gets no checkout."
        )
    for name in replay.volatile:
        yield f"{name} seems to change with every build: add --build-arg '{name}=*' to count that."
    if replay.missing:
        listed = ", ".join(f"`{path}`" for path in replay.missing[:5])
        more = len(replay.missing) - 5
        listed += f" and {more} more" if more > 0 else ""
        yield f"Not in the repository, so taken as unchanged: {listed}."
    assumed = {
        step.kind: step.seconds for each in history.replays for step in each.steps if not step.is_measured
    }
    if assumed:
        listed = ", ".join(f"{kind} {seconds:g} s" for kind, seconds in sorted(assumed.items()))
        rest = "Times" if not _has_measured(history) else "Times that FILE does not have"
        yield f"{rest} are assumed: {listed}."
    if assumed and not _has_measured(history):
        yield "`--times FILE` takes them from `dockeropt measure --json FILE`."


def _has_measured(history: History) -> bool:
    return any(step.is_measured for each in history.replays for step in each.steps)


def _percent(share: Bounds) -> str:
    return f"{count(round(share.least * 100), round(share.most * 100))} %"


def _times(bounds: Bounds, factor: float) -> Bounds:
    return Bounds(bounds.least * factor, bounds.most * factor)


def _time(bounds: Bounds) -> str:
    least, most = _span(bounds.least), _span(bounds.most)
    return most if least == most else f"{least} to {most}"


def _span(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.1f} min" if minutes < 100 else f"{minutes / 60:.1f} h"


def _day(time: int) -> str:
    return strftime("%Y-%m-%d", gmtime(time))
