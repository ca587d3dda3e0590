"""The pages of rules/ read into their parts: the head and the examples."""

import re
from pathlib import Path
from typing import NamedTuple

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.finding import Applicability
from dockeropt.semantics.context import Context, File

FOLDER = Path(__file__).parent.parent / "rules"
_BLOCK = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FIXES = {
    None: "no fix",
    Applicability.DISPLAY: "shows a fix",
    Applicability.UNSAFE: "fixed by `--fix --unsafe-fixes`",
    Applicability.SAFE: "fixed by `--fix`",
}


class Example(NamedTuple):
    """A Dockerfile of a page, its build context, the rule's options, and the findings it must have.

    ``fixed`` is what fixing makes of it, None where the page does not say.
    """

    name: str
    dockerfile: str
    context: Context | None
    options: Options
    findings: str
    is_bad: bool
    fixed: str | None = None


class Page(NamedTuple):
    """A rule's page. ``headings`` are those of the second level."""

    title: str
    head: str
    headings: tuple[str, ...]
    advice: str
    """the prose of "How to fix it"""
    examples: tuple[Example, ...]
    """blocks whose language no reader of this file knows"""
    unknown: tuple[str, ...]


def head_of(rule: Rule) -> str:
    """Return the line below the title that says how bad a finding is, and by what names it is known."""
    also = "".join(f" · also `{alias}`" for alias in rule.aliases)
    return f"**{rule.severity.value}** · since {rule.since} · {_FIXES[rule.fixes]}{also}"


def read_page(code: str, options: Options) -> Page:
    """Return the page of a rule whose default options are given."""
    text = (FOLDER / f"{code}.md").read_text(encoding="utf-8")
    title, _, rest = text.partition("\n\n")
    prose = _BLOCK.sub("", text)
    examples: list[Example] = []
    unknown: list[str] = []
    context: Context | None = None
    for match in _BLOCK.finditer(text):
        language, *words = match["info"].split() or [""]
        if language == "context":
            context = _read_context(match["text"])
        elif language == "dockerfile" and words and words[0] in ("bad", "good"):
            number = len(examples) + 1
            given = _read_options(words[1:], options)
            examples.append(
                Example(f"{code} {words[0]} {number}", match["text"], context, given, "", words[0] == "bad")
            )
            context = None
        elif language == "dockerfile" and words == ["fixed"]:
            examples[-1] = examples[-1]._replace(fixed=match["text"])
        elif language == "findings":
            examples[-1] = examples[-1]._replace(findings=match["text"])
        elif language not in ("sh", "text", "dockerfile", "toml"):
            unknown.append(language)
    headings = tuple(re.findall(r"^## (.+)$", prose, re.MULTILINE))
    advice = prose.partition("\n## How to fix it\n")[2].partition("\n## ")[0]
    return Page(title, rest.partition("\n")[0], headings, advice, tuple(examples), tuple(unknown))


def _read_context(text: str) -> Context:
    """Return the context of a listing: ``path size`` or ``path = content`` a line.

    The lines of .dockerignore stand after ``|``.
    """
    files: list[File] = []
    contents: dict[str, str] = {}
    dockerignore: str | None = None
    for line in text.splitlines():
        if line.startswith("|"):
            dockerignore = (dockerignore or "") + line[1:].strip() + "\n"
            continue
        path, _, size = line.partition(" ")
        if size.startswith("= "):
            contents[path] = size = size[2:]
            size = str(len(size))
        files.append(File(path, int(size or 100), 0o644))
        if path == ".dockerignore":
            dockerignore = dockerignore or ""
    listing = tuple(files)
    return Context(lambda: listing, dockerignore, read_text=contents.get)


def _read_options(words: list[str], defaults: Options) -> Options:
    """Return options written ``name=value`` behind the language of a block, in the types of the defaults."""
    options: Options = {}
    for word in words:
        name, _, value = word.partition("=")
        default = defaults[name]
        if isinstance(default, bool):
            options[name] = value == "true"
        elif isinstance(default, tuple):
            options[name] = tuple(value.split(","))
        else:
            options[name] = type(default)(value)
    return options
