"""What an app's own sources tell: where it listens, what it writes, which packages and programs it uses."""

import re

from dockeropt.records import NamedTuple
from dockeropt.rewrite.node.project import Project

_SOURCE = re.compile(r"\.[cm]?[jt]sx?$")
_QUIET = re.compile(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|e2e|cypress|docs?|examples?|node_modules|dist|build|coverage|\.[\w-]+)/"
    r"|(?:^|/)[^/]*\.(?:config|spec|test|stories|d)\.[cm]?[jt]s$|(?:^|/)(?:gulpfile|Gruntfile|webpack)[^/]*$"
)
_LARGEST = 300_000
_MOST = 4_000_000
"""characters read in all"""
_IMPORT = re.compile(
    r"""(?:\brequire\s*\(\s*|\bimport\s*\(\s*|\bfrom\s+|\bimport\s+)['"]((?:@[\w.~-]+/)?[\w.~-]+)"""
)
_TYPE_IMPORT = re.compile(r"\b(?:import|export)\s+type\b[^;'\"]*['\"][^'\"]*['\"]")
_LISTEN = re.compile(r"\.listen\s*\(\s*(?:\{[^}]*?port\s*:\s*)?(\d{2,5})\b")
_PORT = re.compile(
    r"(?:process\.env\.|env\.|process\.env\[['\"])(?:[A-Z_]*PORT)\b['\"\])]*\s*(?:,\s*10\s*\))?\s*(?:\|\||\?\?|,)\s*['\"]?(\d{2,5})"
)
_READS_PORT = re.compile(r"process\.env(?:\.PORT\b|\[['\"]PORT['\"]\])")
_LOCALHOST = re.compile(
    r"\.listen\s*\([^)]*['\"](?:localhost|127\.0\.0\.1)['\"]|host:\s*['\"](?:localhost|127\.0\.0\.1)['\"]"
)
_ROUTE = re.compile(r"""['"`](/(?:api/)?_?(?:health|healthz|healthcheck|livez|readyz|ping|status))['"`]""")
_PROGRAM = re.compile(
    r"""(?:exec|execFile|spawn|execSync|execFileSync|spawnSync|execa|\$)\s*\(?\s*['"`]([\w./-]+)"""
)
_HTTP = re.compile(r"\.listen\s*\(|createServer\s*\(|\bserve\s*\(")


class Sources(NamedTuple):
    """What the sources of an app tell, tests and configuration left out."""

    text: str
    imports: frozenset[str]
    """packages they import for their values"""
    port: int | None
    reads_port: bool
    listens: bool
    only_local: bool
    """listens on localhost alone, where nothing outside the container reaches it"""
    handles_signals: bool
    health_path: str
    programs: frozenset[str]
    """programs they start"""


def read_sources(project: Project) -> Sources:
    """Return what the JavaScript and TypeScript of a project tells."""
    texts: list[str] = []
    left = _MOST
    for path in project.files:
        if not _SOURCE.search(path) or _QUIET.search(path) or left <= 0:
            continue
        text = project.read(path)
        if len(text) <= _LARGEST:
            texts.append(text)
            left -= len(text)
    text = "\n".join(texts)
    imports = {name for name in _IMPORT.findall(_TYPE_IMPORT.sub("", text)) if not name.startswith(".")}
    ports = [int(found) for found in (*_PORT.findall(text), *_LISTEN.findall(text))]
    route = _ROUTE.search(text)
    return Sources(
        text,
        frozenset(imports),
        ports[0] if len(set(ports)) == 1 else None,
        _READS_PORT.search(text) is not None,
        _HTTP.search(text) is not None,
        _LOCALHOST.search(text) is not None,
        "SIGTERM" in text or "enableShutdownHooks" in text,
        "" if route is None else route[1],
        frozenset(name.rpartition("/")[2] for name in _PROGRAM.findall(text)),
    )
