"""Apply DO1001's fix to every Dockerfile of real projects, and see whether an install still reruns.

Usage: python -m benchmarks.manifests_first FOLDER…

Each FOLDER is a project with its sources; a Dockerfile is read with the folder as its build context, and with
its own folder. After the fix BuildKit's own parser must read the file, no fix may have changed what it does
not name, and by the step graph the install must stay cached when every source is edited that the Dockerfile
does not name.
"""

import sys
from pathlib import Path

from benchmarks.hadolint import dockerfiles_in
from dockeropt.cache.graph import StepGraph, reruns
from dockeropt.cache.snapshot import Entry, Snapshot
from dockeropt.cache.walk import Walk
from dockeropt.checks.packages.installs import installs_of
from dockeropt.cli.context import open_context
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.diagnostics.finding import Applicability
from dockeropt.knowledge.manifests import is_source
from dockeropt.knowledge.package_manager import Reads
from dockeropt.lint.fixer import fix_source
from dockeropt.lint.linter import lint_source, read_build
from dockeropt.semantics.build import Build
from dockeropt.semantics.context import Context
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.source import Source
from tests.lint.promises import faults

SETTINGS = Settings(select=frozenset(("do1001",)))


def main() -> None:
    roots = [Path(each) for each in sys.argv[1:]]
    found = fixed = cached = 0
    wrong: list[str] = []
    for root in roots:
        for path in dockerfiles_in([root]):
            source = Source.decode(path.read_bytes(), str(path))
            for folder in dict.fromkeys((root.resolve(), path.parent)):
                context = open_context(str(folder), str(path))
                at_fault = len(lint_source(source, SETTINGS, context))
                if not at_fault:
                    continue
                done = fix_source(source, SETTINGS, context, Applicability.UNSAFE)
                wrong += [f"{path}: {bug}" for bug in done.bugs]
                found += at_fault
                fixed += len(done.fixed)
                if not done.fixed:
                    continue
                kept = faults(source, done, Applicability.UNSAFE, SETTINGS, context)
                wrong += [f"{path}: {kind}: {what}" for kind, what in kept]
                before, after = idle_installs(source, context), idle_installs(done.source, context)
                cached += after[0] - before[0]
                if after[0] < min(before[0] + len(done.fixed), after[1]):
                    wrong.append(f"{path}: an install still runs again when sources change")
                print(f"{path.relative_to(root.parent)}: {'; '.join(title(each) for each in done.fixed)}")
    print(f"{found} findings, {fixed} fixed, {cached} more installs stay cached, {len(wrong)} wrong")
    for each in wrong:
        print(each)
    sys.exit(1 if wrong else 0)


def title(diagnostic: Diagnostic) -> str:
    fix = diagnostic.finding.fix
    return "" if fix is None else fix.title


def idle_installs(source: Source, context: Context) -> tuple[int, int]:
    """Return how many installs stay cached, and of how many, when sources are edited that are not named."""
    build = read_build(source, context)
    old = Snapshot({file.path: Entry("old", file.mode) for file in context.files})
    edited = {
        file.path: Entry("new", file.mode)
        for file in context.files
        if is_source(file.path) and file.path not in source.text
    }
    walk = Walk(build, frozenset(range(len(build.stages))))
    graph = StepGraph(build, *walk.read())
    again = {step.number for step in reruns((graph, old), (graph, old.updated(edited)))}
    numbers = [
        step.number for step in graph.steps if isinstance(step.view, Run) and installs(step.view, build)
    ]
    return len(set(numbers) - again), len(numbers)


def installs(run: Run, build: Build) -> bool:
    """Tell whether a step installs what its manifests or its command line name."""
    return any(each.reads is not Reads.SOURCES for each in installs_of(run, build))


if __name__ == "__main__":
    main()
