"""ShellCheck over all scripts of a run: each text is checked once, many in one process."""

import os
from collections.abc import Iterable

from dockeropt.checks.rule import ForeignRule
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.shellcheck.comments import Comment, findings
from dockeropt.shellcheck.program import PATIENCE, Batch, ShellCheckError
from dockeropt.shellcheck.scripts import LONGEST, Given, given_scripts

LARGEST_BATCH = 200
"""scripts for one process, which takes a second or less for them: more would hide one that hangs"""
MOST_HANGS = 3
"""scripts that may cost the whole patience; after them ShellCheck is asked no more"""


class ShellCheck:
    """ShellCheck for one run of ``lint``, with its files in a folder that exists.

    Close it in the end: a process may still be running.
    """

    def __init__(self, program: str, folder: str, patience: float = PATIENCE) -> None:
        self._program = program
        self._folder = folder
        self._batches = 0
        self._patience = patience
        self._given: dict[int, tuple[Build, list[Given]]] = {}
        self._known: dict[str, list[Comment]] = {}
        self._running: dict[str, Batch] = {}
        self._failed: dict[str, str] = {}
        self._failures = 0
        self._problems: list[str] = []

    def start(self, builds: Iterable[Build]) -> None:
        """Begin to check the scripts of these builds, so that what is asked about them next need not wait."""
        texts: dict[str, None] = {}
        for build in builds:
            given = list(given_scripts(build))
            self._given[id(build)] = build, given
            texts.update((each.text, None) for each in given)
        self._start([text for text in texts if not self._is_known(text) and text not in self._running])

    def findings(self, build: Build) -> list[tuple[ForeignRule, Finding]]:
        """Return what ShellCheck finds in a build, script by script."""
        if id(build) not in self._given:
            self.start([build])
        found: list[tuple[ForeignRule, Finding]] = []
        for given in self._given.pop(id(build))[1]:
            text = given.text
            batch = self._running.get(text)
            if batch is not None:
                self._collect(batch)
            found.extend(findings(given, self._known.get(text, [])))
            if text in self._failed:
                source = build.dockerfile.source
                line = source.position(given.run.start).line
                self._problems.append(f"{source.path}:{line}: {self._failed[text]}")
        return found

    @property
    def has_problems(self) -> bool:
        """Whether there are scripts for which it gave nothing, not told yet."""
        return bool(self._problems)

    def take_problems(self) -> tuple[str, ...]:
        """Return, once, for which scripts ShellCheck gave nothing: where each is, and why."""
        problems = tuple(self._problems)
        self._problems.clear()
        return problems

    def close(self) -> None:
        """End what is still running."""
        for batch in set(self._running.values()):
            batch.close()
        self._running.clear()

    def _is_known(self, text: str) -> bool:
        if len(text) > LONGEST:
            self._failed[text] = f"a script of {len(text):,} characters is too long for it"
        return text in self._known or text in self._failed

    def _start(self, texts: list[str]) -> None:
        for at in range(0, len(texts), LARGEST_BATCH):
            some = texts[at : at + LARGEST_BATCH]
            if self._failures >= MOST_HANGS:
                self._failed.update(dict.fromkeys(some, "it had failed too often before"))
                continue
            self._batches += 1
            # Each process of ours has numbers of its own.
            folder = os.path.join(self._folder, f"{os.getpid()}-{self._batches}")
            try:
                batch = Batch(self._program, folder, some, self._patience)
            except OSError as error:
                self._failures = MOST_HANGS
                self._failed.update(dict.fromkeys(some, f"it cannot be run ({error})"))
                continue
            self._running.update(dict.fromkeys(some, batch))

    def _collect(self, batch: Batch) -> None:
        """Take over the results of a process; where it has none, try its scripts one by one."""
        for text in batch.texts:
            self._running.pop(text, None)
        try:
            self._known.update(zip(batch.texts, batch.result(), strict=True))
        except ShellCheckError as error:
            if len(batch.texts) == 1:
                self._failures += 1
                self._failed[batch.texts[0]] = f"it {error}"
                return
            for text in batch.texts:
                self._start([text])
                alone = self._running.get(text)
                if alone is not None:
                    self._collect(alone)
