"""One input for each number: a known Dockerfile changed at random, or one put together from pieces."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from random import Random

from tests.fuzz.pieces import CHARACTERS, COMMENTS, ENDINGS, KEYWORDS, NESTS, WORDS

ROOT = Path(__file__).parents[2]
DEEPEST = 3_000
LONGEST = 20_000
"""characters; large files have tests of their own, and small ones find more in the same time"""

_EXAMPLE = re.compile(r"^```dockerfile[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def make(number: int) -> bytes:
    """Return the input of a number, the same one each time."""
    random = Random(number)
    kind = random.random()
    if kind < 0.5:
        text = random.choice(known())
    elif kind < 0.95:
        text = _composed(random)
    else:
        text = _nested(random)
    for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
        text = random.choice(_MUTATIONS)(random, text)
    return text[:LONGEST].encode("utf-8", "surrogatepass" if random.random() < 0.5 else "replace")


@lru_cache(1)
def known() -> tuple[str, ...]:
    """Return every Dockerfile of the fixtures and of the rule pages."""
    found = [
        path.read_text() for path in sorted((ROOT / "fixtures").glob("*/**/*ockerfile*")) if path.is_file()
    ]
    for page in sorted((ROOT / "rules").glob("*.md")):
        found.extend(match[1] for match in _EXAMPLE.finditer(page.read_text(encoding="utf-8")))
    return tuple(found)


def _composed(random: Random) -> str:
    parts = [random.choice(("", "", "FROM debian:12\n", "FROM a AS b\n", "ARG X\nFROM $X\n"))]
    for _ in range(random.randint(1, 8)):
        if random.random() < 0.15:
            parts.append(random.choice(COMMENTS))
            continue
        parts.append(random.choice(KEYWORDS))
        parts.extend(f" {word}" for word in random.choices(WORDS, k=random.randint(0, 9)))
        parts.append(random.choice(ENDINGS))
    return "".join(parts)


def _nested(random: Random) -> str:
    depth = random.choice((2, 5, 20, 100, 500, DEEPEST))
    nests = [random.choice(NESTS) for _ in range(random.randint(1, 3))]
    chosen = [nests[at % len(nests)] for at in range(depth)]
    closed = depth if random.random() < 0.6 else random.randint(0, depth)
    opening = "".join(start for start, _ in chosen)
    closing = "".join(end for _, end in reversed(chosen[:closed]))
    line = f"{random.choice(KEYWORDS)} {opening}{random.choice(WORDS)}{closing}\n"
    return f"FROM debian:12\n{line}RUN apt-get install a\n"


def _place(random: Random, text: str, longest: int = 60) -> slice:
    start = random.randint(0, len(text))
    return slice(start, min(len(text), start + random.randint(0, longest)))


def _delete(random: Random, text: str) -> str:
    place = _place(random, text)
    return text[: place.start] + text[place.stop :]


def _repeat(random: Random, text: str) -> str:
    place = _place(random, text, random.choice((1, 5, 60)))
    times = random.choice((2, 2, 3, 10, 300))
    return text[: place.start] + text[place] * times + text[place.stop :]


def _insert(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    piece = random.choice(random.choice((WORDS, WORDS, KEYWORDS, ENDINGS, COMMENTS, CHARACTERS)))
    return text[:at] + piece + text[at:]


def _exchange(random: Random, text: str) -> str:
    place = _place(random, text)
    return text[: place.start] + random.choice(WORDS) + text[place.stop :]


def _splice(random: Random, text: str) -> str:
    other = random.choice(known())
    return text[: random.randint(0, len(text))] + other[random.randint(0, len(other)) :]


def _shuffle(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    random.shuffle(lines)
    return "".join(lines)


def _respell(random: Random, text: str) -> str:
    """Return the text with one word replaced wherever it stands."""
    words = re.findall(r"[\w$./-]+", text)
    return text.replace(random.choice(words), random.choice(WORDS)) if words else text


_MUTATIONS: tuple[Callable[[Random, str], str], ...] = (
    *(_delete, _repeat, _insert, _insert, _exchange, _exchange, _splice, _shuffle, _respell),
)


def smaller(data: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """Return what is left of an input after taking out all that it fails without: lines first, then bytes."""
    for split in (
        lambda all_of_it: all_of_it.splitlines(keepends=True),
        lambda all_of_it: [bytes([b]) for b in all_of_it],
    ):
        data = _without_needless(split(data), fails)
        if len(data) > 2_000:
            break
    return data


def _without_needless(parts: Iterable[bytes], fails: Callable[[bytes], bool]) -> bytes:
    kept = list(parts)
    size = max(1, len(kept) // 2)
    while size:
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + size :]
            if fails(b"".join(fewer)):
                kept = fewer
            else:
                at += size
        size //= 2
    return b"".join(kept)
