"""DO7009, DO7010: how PowerShell runs a script."""

import re
from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build
from dockeropt.semantics.scripts import script_heredoc
from dockeropt.shell.script import Dialect
from dockeropt.syntax.edits import insert
from dockeropt.syntax.instructions import Form, Run
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span

_CALLED = r"(?:\S*[\\/])?(?:powershell|pwsh)(?:\.exe)?(?=\s)"
_QUOTED = r"'[^']*'|#[^\n]*"
_HARMLESS = (
    rf"(?is)(?:{_CALLED}(?:\s+-\w+)*\s+)?[\s\"]*"
    r"(?:\$[\w:]+\s*=[\s\w\"\\.$-]*|\[Net\.ServicePointManager\].*|Write-\w+.*|(?:Start-)?Sleep.*)?"
)
"""a statement that cannot fail: a value is set, a text is written"""
_LONG = 500
"""characters from which on a statement is not looked at closely"""
_DOWNLOAD = r"(?i)\b(?:Invoke-WebRequest|iwr|wget|curl|Start-BitsTransfer)\b(?=\s)"


def check_errors(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the end of the first statement whose failure nobody sees."""
    script = _script(run, build)
    if script is None or _says(run, build, script, "erroractionpreference"):
        return
    bare = re.sub(_QUOTED, lambda found: " " * len(found[0]), script.text)
    start = 0
    for end in re.finditer(r"[;\n][;\s]*+(?=[^\"'}])", bare.rstrip()):
        statement, start = " ".join(bare[start : end.start()].split()), end.end()
        if len(statement) < _LONG and re.fullmatch(_HARMLESS, statement):
            continue
        yield Finding(
            script.to_source(Span(end.start(), end.start() + 1)),
            "when what stands before this fails, PowerShell goes on, and the build with it; "
            "begin with `$ErrorActionPreference = 'Stop';`, in SHELL for all RUNs",
            _begin_with("$ErrorActionPreference = 'Stop';", run, build),
        )
        return


def check_progress(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the first download whose progress bar is drawn for nobody."""
    script = _script(run, build)
    if script is None or _says(run, build, script, "progresspreference"):
        return
    found = re.search(_DOWNLOAD, script.text)
    if found is not None:
        yield Finding(
            script.to_source(Span(*found.span())),
            f"`{found[0]}` draws a progress bar that nobody sees and that makes it many times slower; "
            "write `$ProgressPreference = 'SilentlyContinue';` before it",
            _begin_with("$ProgressPreference = 'SilentlyContinue';", run, build),
        )


def _begin_with(statement: str, run: Run, build: Build) -> Fix | None:
    """Return the fix that puts a statement first, where SHELL says that PowerShell reads the line."""
    is_call = re.match(rf"(?i){_CALLED}|param\b|using\b|#", run.command.script.text) is not None
    if run.command.form is Form.EXEC or build.dialect_of(run) is not Dialect.POWERSHELL or is_call:
        return None
    if run.instruction.heredocs:
        return None
    edit = insert(run.command.script.offset(0), f"{statement} ")
    return fix_of(f"begin with `{statement}`", edit, applicability=Applicability.UNSAFE)


def _script(run: Run, build: Build) -> LogicalText | None:
    """Return the text of a RUN that PowerShell runs, None for another shell's."""
    if run.command.form is Form.EXEC:
        return run.command.script if re.match(_CALLED, _program(run)) else None
    text = run.command.script
    dialect = build.dialect_of(run)
    if dialect is Dialect.POWERSHELL:
        heredoc = script_heredoc(run)
        return text if heredoc is None else heredoc.body
    return text if dialect is Dialect.CMD and re.match(_CALLED, text.text) else None


def _program(run: Run) -> str:
    return f"{run.command.arguments[0].value} " if run.command.arguments else ""


def _says(run: Run, build: Build, script: LogicalText, preference: str) -> bool:
    shell = " ".join(build.scope_of(run).shell or ()).lower()
    return preference in shell or preference in script.text.lower()


RULES = (
    Rule(
        "DO7009",
        "powershell-goes-on",
        Severity.WARNING,
        Run,
        check_errors,
        fixes=Applicability.UNSAFE,
        aliases=("error-action-preference",),
    ),
    Rule(
        "DO7010",
        "powershell-progress-bar",
        Severity.INFO,
        Run,
        check_progress,
        fixes=Applicability.UNSAFE,
        aliases=("progress-preference",),
    ),
)
