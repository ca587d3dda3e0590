"""Names for findings that stay when lines move."""

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from dockeropt.diagnostics.diagnostic import Diagnostic


def with_fingerprints(diagnostics: Iterable[Diagnostic]) -> Iterator[tuple[Diagnostic, str]]:
    """Yield each diagnostic with 64 hexadecimal digits that no other of them has.

    They are made of path, code, the marked text and its line; equal ones are told apart by their order.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for diagnostic in diagnostics:
        source, span = diagnostic.source, diagnostic.finding.span
        line = source.line(source.position(span.start).line).strip()
        parts = (source.path, diagnostic.code, source.text[span.start : span.end].strip(), line)
        identity = "\0".join((*parts, str(seen[parts])))
        seen[parts] += 1
        yield diagnostic, sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
