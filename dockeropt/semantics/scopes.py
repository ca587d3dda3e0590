"""What each instruction changes for those after it: variables, shell, user and working directory."""

import re
from collections.abc import Mapping, Sequence
from posixpath import normpath
from typing import TypeVar

from dockeropt.semantics.build import Scope
from dockeropt.semantics.variables import expansion
from dockeropt.semantics.versions import Versions
from dockeropt.syntax.instructions import Arg, Env, Shell, User, View, Workdir
from dockeropt.syntax.tree import Word

EMPTY = Scope(Versions(keeps_place=True), Versions(), Versions(), None, None, None)
"""what an image is known to bring: nothing"""

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_WINDOWS_ROOT = r"[A-Za-z]:|[\\/]{2}|\\"
_Value = TypeVar("_Value")


def after(
    view: View, scope: Scope, outer: Mapping[str, str], arguments: Mapping[str, str], escape: str
) -> Scope:
    """Return what holds after an instruction.

    ``outer`` are the variables before the first FROM, ``arguments`` the build arguments given.
    """
    if isinstance(view, Env):
        return _after_env(view, scope, escape)
    if isinstance(view, Arg):
        return _after_arg(view, scope, outer, arguments, escape)
    if isinstance(view, Workdir):
        return scope._replace(workdir=_workdir(scope, view, escape)) if view.path else scope
    if isinstance(view, User):
        return scope._replace(user=_text(view.name, scope, escape)) if view.name else scope
    if isinstance(view, Shell) and view.arguments:
        return scope._replace(shell=tuple([word.value for word in view.arguments]))
    return scope


def of_scratch() -> Scope:
    """Return what holds in an empty stage: BuildKit gives it a PATH."""
    environment: Versions[str] = Versions(keeps_place=True)
    variables: Versions[str] = Versions()
    return EMPTY._replace(
        environment=environment.with_("PATH", _PATH), variables=variables.with_("PATH", _PATH), workdir="/"
    )


def inherited(parent: Scope, added: Sequence[View], before: Scope) -> Scope:
    """Return what holds at the start of a stage FROM one that ends with ``parent``.

    All ENV is set again, which hides an ARG of the same name and changes the order. ``added`` are the
    instructions since ``before``, the parent's own start: when they only add names to ENV, nothing changes,
    and a long chain of stages costs no copies.
    """
    pairs = sum([len(view.pairs) for view in added if isinstance(view, Env)])
    has_arguments = any(isinstance(view, Arg) for view in added)
    if not has_arguments and len(parent.environment) == len(before.environment) + pairs:
        return parent
    variables = parent.variables
    for name, value in parent.environment.items():
        variables = _set(variables, name, value)
    return parent._replace(variables=variables)


def declare_globally(view: View, scope: Scope, arguments: Mapping[str, str], escape: str) -> Scope:
    """Return what FROM sees after an instruction before the first FROM: only ARG counts."""
    return _after_arg(view, scope, {}, arguments, escape) if isinstance(view, Arg) else scope


def _after_env(view: Env, scope: Scope, escape: str) -> Scope:
    """Return the scope with the pairs set; all of them see the values from before the instruction."""
    environment, variables = scope.environment, scope.variables
    for pair in view.pairs:
        name = _text(pair.key, scope, escape)
        value = _text(pair.value, scope, escape) if pair.value else ""
        environment = _set(environment, name, value)
        variables = _set(variables, name, value)
    return scope._replace(environment=environment, variables=variables)


def _after_arg(
    view: Arg, scope: Scope, outer: Mapping[str, str], arguments: Mapping[str, str], escape: str
) -> Scope:
    """Return the scope with the arguments declared; each sees those before it in the same instruction.

    A build argument beats the default, which beats the ARG before the first FROM. Without any of them a
    variable keeps the value it has, from ENV or from the stage this one is FROM. BuildKit before 0.14
    expanded all defaults of one ARG with the values from before it.
    """
    for pair in view.pairs:
        name = _text(pair.key, scope, escape)
        value = arguments.get(name)
        if value is None:
            value = _text(pair.value, scope, escape) if pair.value is not None else outer.get(name)
        if value is not None:
            scope = scope._replace(
                arguments=_set(scope.arguments, name, value), variables=_set(scope.variables, name, value)
            )
        elif name not in scope.arguments:
            scope = scope._replace(arguments=_set(scope.arguments, name, None))
    return scope


def _workdir(scope: Scope, view: Workdir, escape: str) -> str | None:
    path = _text(view.path, scope, escape) if view.path else ""
    if path.startswith("/"):
        return "/" + normpath(path).lstrip("/")
    if path.startswith("$") or re.match(_WINDOWS_ROOT, path):
        return path
    return None if scope.workdir is None else normpath(f"{scope.workdir.rstrip('/')}/{path}")


def _text(word: Word, scope: Scope, escape: str) -> str:
    return expansion(word.raw, scope.variables.get, escape, keeps_unset=True).text


def _set(mapping: Mapping[str, _Value], name: str, value: _Value) -> Mapping[str, _Value]:
    versions = mapping if isinstance(mapping, Versions) else Versions.of(mapping.items())
    return versions.with_(name, value)
