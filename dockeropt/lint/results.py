"""What was found in files before: a folder of results that runs share, so that only what changed is linted.

A result is kept under a key made of the bytes of the Dockerfile, its path, the settings that hold for it,
and the code of dockeropt. It also says what else the rules looked at, the build context, and counts only
where that is the same. A folder is no place to rely on: whatever is wrong with it or with a file in it,
the Dockerfile is linted as if nothing had been kept.
"""

import marshal
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum

from dockeropt import __version__
from dockeropt.config.settings import Settings
from dockeropt.lint.packing import Packed
from dockeropt.records import NamedTuple
from dockeropt.semantics.context import Context

try:
    from _blake2 import blake2b  # hashlib loads OpenSSL first, which takes longer than linting a small file
except ImportError:
    from hashlib import blake2b

LARGEST = 1_000_000
"""bytes of one result; of a larger one linting anew costs little beside reading it"""
FULLEST = 768_000
"""bytes in each of the 256 folders before the oldest results go: 192 MB in all, some 40,000 Dockerfiles"""

_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# results of dockeropt, see https://bford.info/cachedir/\n"
)
_DIGEST = 16
"""bytes"""


class Kept(NamedTuple):
    """What was found in a Dockerfile, and what it depends on besides the key."""

    named: tuple[str, ...]
    """the paths that tell the build context"""
    seen: str
    """of the build context, as ``seen_of`` says it"""
    found: Packed
    written: Packed = ()
    """the format in which each finding was written besides, then severity and text of each; empty for none"""


class Results:
    """The results kept in a folder, which need not exist."""

    def __init__(self, folder: str, program: str | None = None) -> None:
        """``program`` is another one whose findings are kept too; raises OSError where it is not there."""
        self._folder = folder
        self._code = code_fingerprint()
        if program is not None:
            status = os.stat(program)
            self._code += f"{program} {status.st_mtime_ns} {status.st_size}\0".encode(
                "utf-8", "surrogateescape"
            )
        self._settings: dict[int, tuple[Settings, bytes]] = {}
        """by the id of the settings, which are kept so that no others take it"""
        self._shelves: set[str] = set()

    def key(self, data: bytes, path: str, settings: Settings) -> str:
        """Return the key of a Dockerfile's result, as hexadecimal digits."""
        place = os.fsencode(os.path.abspath(path))
        return blake2b(b"\0".join((self._of(settings), place, data)), digest_size=_DIGEST).hexdigest()

    def load(self, key: str) -> Kept | None:
        """Return what is kept under a key; None for nothing, and for what was cut off or changed."""
        try:
            with open(self._path(key), "rb", buffering=0) as file:
                stored = file.read(LARGEST + 1)
            checksum, content = stored[: 2 * _DIGEST], stored[2 * _DIGEST :]
            if checksum != _checksum(content):
                return None
            return Kept(*marshal.loads(content))  # noqa: S302 - as Python reads its own __pycache__
        except (OSError, EOFError, ValueError, TypeError):
            return None

    def save(self, key: str, kept: Kept) -> None:
        """Keep a result, as a whole or not at all; where it cannot be kept nothing happens."""
        content = marshal.dumps((*kept,))
        if len(content) > LARGEST:
            return
        path = self._path(key)
        temporary = f"{path}.{os.getpid()}"
        try:
            try:
                _write(temporary, _checksum(content) + content)
            except FileNotFoundError:
                self._make(os.path.dirname(path))
                _write(temporary, _checksum(content) + content)
            os.replace(temporary, path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
        self._shelves.add(os.path.dirname(path))

    def tidy(self) -> None:
        """Remove the oldest results from the folders that this run has filled too far."""
        for shelf in self._shelves:
            with suppress(OSError):
                _tidy(shelf)
        self._shelves.clear()

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, key[:2], key[2:])

    def _make(self, shelf: str) -> None:
        """Make a folder for results; the first one also tells git and backups to leave all of them out."""
        if not os.path.isdir(self._folder):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            _write(os.path.join(self._folder, ".gitignore"), b"*\n")
            _write(os.path.join(self._folder, "CACHEDIR.TAG"), _TAG.encode())
        os.makedirs(shelf, exist_ok=True)

    def _of(self, settings: Settings) -> bytes:
        """Return what tells code and settings apart; one configuration has one object for all its files."""
        known = self._settings.get(id(settings))
        if known is None:
            text = repr(_plain(settings._asdict())).encode("utf-8", "surrogateescape")
            known = settings, blake2b(self._code + text, digest_size=_DIGEST).hexdigest().encode()
            self._settings[id(settings)] = known
        return known[1]


def default_folder(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the user's own folder for results, None where the user has no home.

    Not one in the project: that would be part of the build context, and each result kept there would make
    `COPY . .` run again.
    """
    if sys.platform == "win32":
        above = environment.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        above = os.path.expanduser("~/Library/Caches")
    else:
        above = environment.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(above, "dockeropt") if os.path.isabs(above) else None


def seen_of(context: Context | None, like: str | None = None) -> str:
    """Return what the rules have seen of a build context: its .dockerignore, and its files if they asked.

    With ``like``, the answer of an earlier run, the files are listed where they were then.
    """
    if context is None:
        return "no context"
    asked = context.asked if like is None else like.partition(" ")[0]
    ignore = context.dockerignore
    parts = ["" if ignore is None else f"+{ignore}"]
    listed, *read = asked.split(",")
    if listed != "nothing":
        for path, size, mode in context.all_files if listed == "all" else context.files:
            parts.append(f"{path}\0{size}\0{mode}")
    for name in read:
        text = context.text_of(bytes.fromhex(name).decode("utf-8", "surrogateescape"))
        parts.append("" if text is None else f"+{text}")
    text = "\0\0".join(parts)
    return f"{asked} {blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=_DIGEST).hexdigest()}"


def code_fingerprint() -> bytes:
    """Return what tells this dockeropt from any other: versions, and time and size of every module."""
    parts = [__version__, sys.version]
    folders = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    parts.append(f"{entry.path} {status.st_mtime_ns} {status.st_size}")
                elif entry.name not in ("__pycache__", "data") and entry.is_dir():
                    folders.append(entry.path)
    return "\n".join(sorted(parts)).encode("utf-8", "surrogateescape") + b"\0"


def _checksum(content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST).hexdigest().encode()


def _write(path: str, data: bytes) -> None:
    with open(path, "wb", buffering=0) as file:
        if file.write(data) != len(data):
            raise OSError(f"{path} was cut off")


def _tidy(shelf: str) -> None:
    with os.scandir(shelf) as entries:
        kept = [(entry.stat().st_mtime_ns, entry.stat().st_size, entry.path) for entry in entries]
    left = sum(size for _, size, _ in kept)
    if left <= FULLEST:
        return
    for _, size, path in sorted(kept):
        with suppress(OSError):
            os.unlink(path)
        left -= size
        if left <= FULLEST // 2:
            return


def _plain(value: object) -> object:
    """Return a value that is written alike for equal values, whatever their order."""
    if isinstance(value, Mapping):
        return sorted((key, _plain(each)) for key, each in value.items())
    if isinstance(value, frozenset):
        return sorted(value)
    return value.value if isinstance(value, Enum) else value
