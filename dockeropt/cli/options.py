"""The options of ``lint`` as a table, and a reader for the plain case.

``lint`` runs in editors and pre-commit hooks on one small file, where importing click takes longer than
the work. So its options are declared once, here: click is built from the table for help, errors and
completion, and ``read`` takes what is plainly right without it. What ``read`` is not sure of goes to click.
"""

from collections.abc import Sequence
from enum import Enum

from dockeropt.records import NamedTuple
from dockeropt.report.formats import NAMES


class Kind(Enum):
    """What an option takes."""

    FLAG = "flag"
    VALUE = "value"
    VALUES = "values"
    """may be given several times, each a list with commas"""


class Option(NamedTuple):
    """One option: its spelling, where its value goes, what it takes and what the help says."""

    flag: str
    name: str
    kind: Kind
    help: str
    choices: tuple[str, ...] = ()
    metavar: str = ""
    short: str = ""
    """one letter, as hadolint has it"""


LEVELS = ("error", "warning", "info", "style", "ignore", "none")

LINT = (
    Option("--format", "format", Kind.VALUE, "How to print the findings.", NAMES, short="-f"),
    Option("--output", "output", Kind.VALUE, "Write the findings to this file instead.", (), "FILE", "-o"),
    Option(
        "--select",
        "select",
        Kind.VALUES,
        "Run only these rules: codes, slugs, aliases, or the beginning of codes such as DL3.",
        (),
        "RULES",
    ),
    Option("--ignore", "ignore", Kind.VALUES, "Do not run these rules either.", (), "RULES"),
    *(
        Option(f"--{level}", level, Kind.VALUES, f"Give these rules the severity {level}.", (), "RULES")
        for level in LEVELS[:4]
    ),
    Option(
        "--failure-threshold",
        "failure_threshold",
        Kind.VALUE,
        "Exit 1 only for findings of this severity or a worse one.",
        LEVELS,
        short="-t",
    ),
    Option(
        "--report-threshold",
        "report_threshold",
        Kind.VALUE,
        "Show only findings of this severity or a worse one.",
        LEVELS,
    ),
    Option("--fix", "fix", Kind.FLAG, "Apply the fixes that are safe, and show what is left."),
    Option("--unsafe-fixes", "unsafe_fixes", Kind.FLAG, "Apply those too that may change what is built."),
    Option("--diff", "diff", Kind.FLAG, "Print what --fix would change, and write nothing."),
    Option("--no-fail", "no_fail", Kind.FLAG, "Exit 0 whatever is found."),
    Option("--exit-zero", "exit_zero", Kind.FLAG, "The same as --no-fail."),
    Option("--no-color", "no_color", Kind.FLAG, "Print without colours; so does the variable NO_COLOR."),
    Option("--config", "config", Kind.VALUE, "Read this file instead of looking for one.", (), "FILE", "-c"),
    Option("--no-config", "no_config", Kind.FLAG, "Read no configuration file."),
    Option("--show-config", "show_config", Kind.FLAG, "Print what is configured for each path, and stop."),
    Option(
        "--disable-ignore-pragma",
        "disable_ignore_pragma",
        Kind.FLAG,
        "Let no comment in the file hide a finding.",
    ),
    Option("--require-reason", "require_reason", Kind.FLAG, "Report every ignore comment without a reason."),
    Option(
        "--trusted-registry",
        "trusted_registry",
        Kind.VALUES,
        "Take images from these registries only.",
        (),
        "REGISTRIES",
    ),
    Option(
        "--require-label",
        "require_label",
        Kind.VALUES,
        "Ask for a label of a type, such as maintainer:text.",
        (),
        "LABELS",
    ),
    Option("--strict-labels", "strict_labels", Kind.FLAG, "Allow no label but those asked for."),
    Option("--baseline", "baseline", Kind.VALUE, "Be quiet about the old findings in this file.", (), "FILE"),
    Option(
        "--write-baseline",
        "write_baseline",
        Kind.FLAG,
        "Write the findings of now to the baseline, and stop.",
    ),
    Option(
        "--stdin-filename",
        "stdin_filename",
        Kind.VALUE,
        "What - is called: for messages, configuration and context.",
        (),
        "PATH",
    ),
    Option(
        "--jobs",
        "jobs",
        Kind.VALUE,
        "Lint in so many processes; as many as there are cores where that pays, if not given.",
        (),
        "N",
        "-j",
    ),
    Option(
        "--history",
        "history",
        Kind.VALUE,
        "Count what the cache rules find over the last N commits; 200 if N is not given.",
        (),
        "[N]",
    ),
    Option("--no-cache", "no_cache", Kind.FLAG, "Neither use nor keep results of other runs."),
    Option(
        "--cache-dir", "cache_dir", Kind.VALUE, "Keep results here, not in the user's own folder.", (), "DIR"
    ),
    Option(
        "--context",
        "context",
        Kind.VALUE,
        "The build context, if not the Dockerfile's folder.",
        (),
        "DIR",
    ),
)

Values = dict[str, str | bool | tuple[str, ...] | None]


def text_of(value: str | bool | tuple[str, ...] | None) -> str | None:
    """Return what an option that takes one value was given, None where it was not."""
    return value if isinstance(value, str) else None


def defaults(options: Sequence[Option]) -> Values:
    """Return what every option is when it is not given."""
    empty: dict[Kind, str | bool | tuple[str, ...] | None] = {
        Kind.FLAG: False,
        Kind.VALUE: None,
        Kind.VALUES: (),
    }
    return {option.name: empty[option.kind] for option in options}


def with_counts(arguments: Sequence[str]) -> list[str]:
    """Return a command line whose ``--history`` has its number: the next word where that is one, else 200."""
    words: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return [*words, word, *waiting]
        if word == "--history":
            word = f"--history={waiting.pop(0) if waiting and waiting[0].isdecimal() else 200}"
        words.append(word)
    return words


def read(arguments: Sequence[str], options: Sequence[Option]) -> tuple[tuple[str, ...], Values] | None:
    """Return paths and values of a plainly right command line, None where click has to look."""
    known = {spelling: option for option in options for spelling in (option.flag, option.short) if spelling}
    values = defaults(options)
    paths: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            paths.extend(waiting)
        elif not argument.startswith("-") or argument == "-":
            paths.append(argument)
        else:
            flag, equals, value = argument.partition("=")
            option = known.get(flag)
            if option is None or (equals and flag == option.short):
                return None
            if option.kind is Kind.FLAG:
                if equals:
                    return None
                values[option.name] = True
                continue
            if not equals:
                value = next(waiting, "-")
                if value.startswith("-"):
                    return None
            if option.choices and value not in option.choices:
                return None
            before = values[option.name]
            several = (*(before if isinstance(before, tuple) else ()), value)
            values[option.name] = several if option.kind is Kind.VALUES else value
    return tuple(paths), values
