"""What the scripts of a package.json come down to."""

import re
from collections.abc import Iterator, Mapping

_NUXT = re.compile(
    r"(?:^|[\s;&|('\"/])(?:nuxt|nuxi|nuxt-cli)(?:@[\w.-]+)?\s+(?:--?[\w-]+(?:=\S+)?\s+)*([a-z]+)"
    r"|(?:^|[\s;&|('\"/])(?:nuxt|nuxi)\s*$"
)
_CALL = re.compile(
    r"\b(?:npm|pnpm|yarn|bun)\s+(?:--?[\w-]+(?:=\S+)?\s+)*(?:run(?:-script)?\s+)?([\w:.-]+)"
    r"|\b(?:run-s|run-p|npm-run-all)\s+((?:-*[\w:.*-]+\s*)+)"
)
_PIECE = re.compile(r"""(&&|\|\||;)|"(?:\\.|[^"\\])*"|'[^']*'|.""", re.DOTALL)
_HOOK = re.compile(
    r"husky|simple-git-hooks|lefthook|yorkie|is-ci|pre-commit|core\.hooksPath|git-hooks|setup-hooks|skip-ci"
    r"|lint-staged|nano-staged"
)


def expand(text: str, scripts: Mapping[str, str], depth: int = 0) -> str:
    """Return a script with the texts of the scripts it calls behind it; calls are followed four deep."""
    parts = [text]
    if depth < 4:
        called = [scripts[name] for name in _called(text) if name in scripts]
        parts.extend(expand(each, scripts, depth + 1) for each in called if each != text)
    return " ; ".join(parts)


def _called(text: str) -> Iterator[str]:
    for single, several in _CALL.findall(text):
        if single:
            yield single
        yield from several.split()


def nuxt_verbs(text: str, scripts: Mapping[str, str]) -> frozenset[str]:
    """Return what a script asks Nuxt to do: ``build``, ``generate``, ``prepare``, ``preview``, …"""
    found = {match[1] or "dev" for match in _NUXT.finditer(expand(text, scripts))}
    return frozenset(found)


def commands(text: str) -> tuple[str, ...]:
    """Return the commands of a script that are joined by ``&&``, ``||`` or ``;``."""
    parts = [""]
    for piece in _PIECE.finditer(text):
        if piece[1]:
            parts.append("")
        else:
            parts[-1] += piece[0]
    return tuple(part.strip() for part in parts if part.strip())


def is_git_hook(text: str) -> bool:
    """Tell whether a command only installs Git hooks, which an image has no use for."""
    return _HOOK.search(text) is not None


def is_nuxt_prepare(text: str) -> bool:
    """Tell whether a command is ``nuxt prepare``, which ``nuxt build`` does again by itself."""
    found = {match[1] for match in _NUXT.finditer(text)}
    return found == {"prepare"}
