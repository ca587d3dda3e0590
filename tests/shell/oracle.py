"""tree-sitter-bash as the judge of which commands a script has, and the scripts to judge."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import tree_sitter
import tree_sitter_bash

from dockeropt.semantics.resolver import resolve
from dockeropt.shell.reader import read
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.lines import LogicalText, Piece
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))
_KEYWORD_COMMANDS = frozenset({"declaration_command", "unset_command", "test_command"})


def text_of(script: str) -> LogicalText:
    """Return a script as a text that stands in its source as it is."""
    return LogicalText(script, (Piece(0, 0, len(script)),) if script else ())


def names_by_dockeropt(script: str) -> list[str]:
    """Return the commands' names as written, in the order of the text, wrappers not seen through."""
    return [
        command.program.raw for command in read(text_of(script), unwrap=False).commands if command.program
    ]


def names_by_tree_sitter(script: str) -> list[str] | None:
    """Return the same from tree-sitter-bash, None where it cannot be asked.

    That is where it finds a syntax error, and where it takes ``{`` or ``}``, which are reserved words,
    for the name of a command. ``[``, ``[[``, ``((``, ``export`` and the like are nodes of their own.
    """
    data = script.encode("utf-8", "surrogateescape")
    root = _PARSER.parse(data).root_node
    if root.has_error:
        return None
    found: list[tuple[int, str]] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "command":
            name = node.child_by_field_name("name")
            if name is not None:
                found.append((name.start_byte, _text(data, name)))
        elif node.type in _KEYWORD_COMMANDS or _is_arithmetic(node):
            found.append((node.start_byte, _text(data, node.children[0])))
        waiting.extend(reversed(node.children))
    found.sort(key=lambda item: item[0])
    names = [name for _, name in found]
    return None if "{" in names or "}" in names else names


def scripts_in(paths: Iterable[Path]) -> dict[str, Path]:
    """Return the different scripts that POSIX shells run in these Dockerfiles, each with one of its files."""
    scripts: dict[str, Path] = {}
    for path in paths:
        for text in _scripts_of(path):
            scripts.setdefault(text, path)
    return scripts


def _scripts_of(path: Path) -> Iterator[str]:
    build = resolve(parse(Source.decode(path.read_bytes(), str(path))))
    for stage in build.stages:
        for view in stage.views:
            script = build.script_of(view) if isinstance(view, Run) else None
            if script is not None:
                yield script.text.text


def _is_arithmetic(node: tree_sitter.Node) -> bool:
    return node.type == "compound_statement" and bool(node.children) and node.children[0].type == "(("


def _text(data: bytes, node: tree_sitter.Node) -> str:
    return data[node.start_byte : node.end_byte].decode("utf-8", "surrogateescape")
