"""How a script joins its commands: so a further one is joined."""

from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.semantics.scripts import script_heredoc
from dockeropt.shell.script import Operator, Script
from dockeropt.syntax.edits import line_end
from dockeropt.syntax.instructions import Run

_BLANKS = " \t\r\n"


class Joint(NamedTuple):
    """What to write between the last command and a new one."""

    before: str
    operator: str
    after: str


def joint(script: Script, top: list[Operator], run: Run, build: Build) -> Joint:
    """Return how the script joins commands, on the same line or the next, before or after the line end."""
    text = build.dockerfile.source.text
    operator = top[-1].text if top else "&&"
    if operator not in (";", "newline") or not _stops_at_errors(script, run, build):
        operator = "&&"
    first, last = script.text.offset(0), script.text.offset(len(script.text.text.rstrip(_BLANKS)) - 1)
    line = text.rfind("\n", 0, last) + 1
    if script_heredoc(run) is not None:
        if operator == "newline":
            return Joint(line_end(text, last) + _indentation(text, last), operator, "")
        return Joint("" if operator == ";" else " ", operator, f"{operator} ")
    operator = "&&" if operator == "newline" else operator
    gap = "" if operator == ";" else " "
    if line <= first:
        return Joint(gap, operator, f"{operator} ")
    broken = f"{build.dockerfile.escape}{line_end(text, first)}"
    for each in reversed(top):
        if each.text != operator:
            continue
        if starts_line(each, build):
            return Joint(f" {broken}{_indentation(text, each.span.start)}", operator, f"{operator} ")
        following = text.find("\n", each.span.end)
        if text[each.span.end : following].strip(_BLANKS) == build.dockerfile.escape:
            at = next((c.span.start for c in script.commands if c.span.start > each.span.end), last)
            indentation = _indentation(text, at)
            return Joint(f"{gap}{operator} {broken}{indentation}", operator, "")
    return Joint(f" {broken}{_indentation(text, last) or '    '}", operator, f"{operator} ")


def _stops_at_errors(script: Script, run: Run, build: Build) -> bool:
    """Tell whether a script ends at the first command that fails."""
    shell = build.scope_of(run).shell or ()
    options = [*shell[1:], *(word.value for each in script.named("set") for word in each.words)]
    if any(each[:1] == "+" and "e" in each for each in options):
        return False
    return any(each[:1] == "-" and each[1:2] != "-" and "e" in each for each in options)


def starts_line(operator: Operator, build: Build) -> bool:
    text = build.dockerfile.source.text
    start = text.rfind("\n", 0, operator.span.start) + 1
    return start > 0 and not text[start : operator.span.start].strip()


def _indentation(text: str, at: int) -> str:
    """Return the blanks that the line of an offset begins with."""
    start = text.rfind("\n", 0, at) + 1
    end = start
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return text[start:end]
