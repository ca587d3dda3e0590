"""DO7007: a build asks for a GPU."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word

_PROGRAMS = ("nvidia-smi", "rocm-smi", "amd-smi", "nvidia-debugdump")
_CALLS = (
    "torch.cuda.is_available(",
    "torch.cuda.device_count(",
    "list_physical_devices('GPU'",
    'list_physical_devices("GPU"',
)


def check(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each program or call that asks which GPUs there are."""
    for command in commands_of(run, build):
        if command.base_name in _PROGRAMS and command.program is not None:
            yield Finding(command.program.span, f"`{command.base_name}` {_MESSAGE}")
        elif command.base_name.startswith("python"):
            for word in command.words:
                call = next((each for each in _CALLS if each in word.value), None)
                if call is not None:
                    yield Finding(_place(call, word), f"`{call.rpartition('(')[0]}` {_MESSAGE}")


def _place(call: str, word: Word) -> Span:
    """Return where a call stands in a word, without its opening bracket."""
    at = word.raw.find(call)
    if at < 0 or not word.is_contiguous:
        return word.span
    return Span(word.span.start + at, word.span.start + at + call.rindex("("))


_MESSAGE = "finds no GPU in a build, whatever the machine has; ask when the container starts"

RULE = Rule("DO7007", "gpu-query", Severity.WARNING, Run, check, aliases=("no-buildtime-gpu-queries",))
