"""Registries and credentials in package managers' settings: .npmrc, .yarnrc.yml, .yarnrc, bunfig.toml."""

import re

from dockeropt.records import NamedTuple


class RegistrySettings(NamedTuple):
    """What a settings file asks for, credentials apart from the rest."""

    path: str
    secret_variables: tuple[str, ...]
    """environment variables a credential is taken from: ``${NPM_TOKEN}``"""
    holds_secret: bool
    """a credential stands in the file itself"""
    registries: tuple[str, ...]
    """addresses other than the public registry's"""
    text: str


_CREDENTIAL = re.compile(
    r"(?i)(?:^|[\s:/\"'])(?:_authToken|_auth|_password|npmAuthToken|npmAuthIdent|token|password)[\"']?\s*[=:]\s*[\"']?([^\s\"']+)"
)
_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)(?::?-[^}]*)?\??\}?")
_REGISTRY = re.compile(r"(?i)(?:registry|npmRegistryServer|url)[\"']?\s*[=:]\s*[\"']?(https?://[^\s\"']+)")
_PUBLIC = ("registry.npmjs.org", "registry.yarnpkg.com")


def read_registry_settings(path: str, text: str) -> RegistrySettings:
    """Return the credentials and registries that a settings file names; comments are passed over."""
    variables: list[str] = []
    registries: list[str] = []
    holds_secret = False
    for line in text.splitlines():
        if line.lstrip().startswith(("#", ";")):
            continue
        credential = _CREDENTIAL.search(line)
        if credential is not None:
            named = _VARIABLE.findall(credential[1])
            variables += [name for name in named if name not in variables]
            holds_secret |= not named
        registry = _REGISTRY.search(line)
        if registry is not None and not any(host in registry[1] for host in _PUBLIC):
            registries.append(registry[1])
    return RegistrySettings(path, tuple(variables), holds_secret, tuple(registries), text)
