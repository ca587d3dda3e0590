"""The stacks a rewrite knows, each in a module of its own that is loaded when it is asked for.

A stack says what in a folder tells it (``detect``) and what its Dockerfile becomes (``draft``): the values
of a template, or that the old file stays and is mended where it stands.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from importlib import import_module

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.ignore_plan import IgnorePlan
from dockeropt.rewrite.old_files import OldFiles
from dockeropt.rewrite.options import Base, Options
from dockeropt.syntax.edits import Edit


class Strength(IntEnum):
    """How much a piece of evidence says; the strongest is believed."""

    TOOLCHAIN = 1
    """the language alone: a package.json, a requirements.txt, a go.mod"""
    BUNDLER = 2
    """a tool that several frameworks build with: vite"""
    FRAMEWORK = 3
    """a framework by its own name: next, nuxt, django"""


class Evidence(NamedTuple):
    """What file says so: ``package.json`` and ``depends on next``."""

    file: str
    says: str
    strength: Strength
    app: str = ""
    """the folder of the app below the context, empty for the context itself"""


class Draft(NamedTuple):
    """A new Dockerfile and .dockerignore as values for the templates, and why they are as they are."""

    template: str
    """a file of templates/dockerfile, ``python.j2``"""
    values: Mapping[str, object]
    ignore: IgnorePlan
    kept_texts: tuple[str, ...]
    """texts of the old Dockerfile: what our linter finds in them is told and not held against us"""
    decisions: tuple[Decision, ...]


class InPlace(NamedTuple):
    """The old Dockerfile stays and gets the linter's fixes: it has the stages already, or nothing is to gain.

    ``reason`` is one sentence, without a full stop.
    """

    reason: str
    ignore: IgnorePlan
    decisions: tuple[Decision, ...] = ()
    edits: tuple[Edit, ...] = ()
    """what the user asked for beside the fixes"""


class Stack(NamedTuple):
    """A stack. ``name`` is also its flag: ``--next``."""

    name: str
    title: str
    """what messages call it: ``a Next.js app``"""
    images: tuple[str, ...]
    """last names of the images it builds on: an old Dockerfile FROM one of them speaks for it"""
    detect: Callable[[Folder], Evidence | None]
    draft: Callable[[Folder, OldFiles, Options], Draft | InPlace]
    bases: tuple[Base, ...] = ()
    """the flavours that --base may ask for, none where the old image and the program say what it is"""


class Entry(NamedTuple):
    """A stack by name; ``module``, below this package, has it as ``STACK``."""

    name: str
    title: str
    module: str

    def load(self) -> Stack:
        """Return the stack itself."""
        stack = import_module(f"dockeropt.rewrite.{self.module}").STACK
        if not isinstance(stack, Stack):
            raise TypeError(f"STACK of {self.module} is no Stack")
        return stack


STACKS: tuple[Entry, ...] = (
    Entry("nuxt", "a Nuxt app", "node.frameworks.nuxt"),
    Entry("next", "a Next.js app", "node.frameworks.next"),
    Entry("astro", "an Astro site", "node.frameworks.astro"),
    Entry("sveltekit", "a SvelteKit app", "node.frameworks.sveltekit"),
    Entry("remix", "a Remix or React Router app", "node.frameworks.remix"),
    Entry("nest", "a NestJS app", "node.frameworks.nest"),
    Entry("angular", "an Angular app", "node.frameworks.angular"),
    Entry("vite", "a Vite app", "node.frameworks.vite"),
    Entry("react", "a Create React App", "node.frameworks.react"),
    Entry("vue", "a Vue CLI app", "node.frameworks.vue"),
    Entry("node", "a Node app", "node.frameworks.plain"),
    Entry("python", "a Python project", "python.stack"),
    Entry("go", "a Go program", "toolchains.go"),
    Entry("rust", "a Rust program", "toolchains.rust"),
    Entry("maven", "a Java project of Maven's", "toolchains.maven"),
    Entry("gradle", "a Java project of Gradle's", "toolchains.gradle"),
    Entry("dotnet", "a .NET app", "toolchains.dotnet"),
    Entry("ruby", "a Ruby app", "toolchains.ruby"),
    Entry("php", "a PHP app", "toolchains.php"),
)
BY_NAME: Mapping[str, Entry] = {entry.name: entry for entry in STACKS}
