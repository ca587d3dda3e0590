"""Static files of web frameworks: which of them never change, where a build leaves them, what serves them.

Sources: the documentation of Nuxt, Next.js and Vite; for types the IANA registry of media types and RFC 9239.
"""

from collections.abc import Mapping

from dockeropt.records import NamedTuple


class StaticLayout(NamedTuple):
    """How a framework lays out what a browser loads. Paths are relative to the folder that is published."""

    framework: str
    packages: tuple[str, ...]
    """names in package.json that tell it"""
    hashed: str
    """the folder of the files whose names carry a hash of their content, with ``/`` at its end"""
    polled: tuple[str, ...]
    """files in it that are asked for again and again, to learn of a new build"""
    copies: tuple[tuple[str, str], ...]
    """what an ``assets`` stage copies: from the app's folder, to where"""
    is_address_read_at_start: bool
    """whether the server reads the CDN's address when it starts; if not, the build has to know it"""
    setting: str
    """where the address is written, for messages"""


NUXT = StaticLayout(
    "Nuxt",
    ("nuxt", "nuxt3", "nuxt-edge", "nuxt-nightly"),
    "_nuxt/",
    ("_nuxt/builds/latest.json",),
    ((".output/public", "/"),),
    True,
    "NUXT_APP_CDN_URL",
)
NEXT = StaticLayout(
    "Next.js",
    ("next",),
    "_next/static/",
    (),
    ((".next/static", "/_next/static"),),
    False,
    "assetPrefix: process.env.CDN_URL in next.config",
)
VITE = StaticLayout(
    "Vite", ("vite",), "assets/", (), (("dist", "/"),), False, "base: process.env.CDN_URL in vite.config"
)
LAYOUTS = (NUXT, NEXT, VITE)
"""in the order they are looked for: a Nuxt app may name Vite, too"""

CDN_ARGUMENT = "CDN_URL"
"""the build argument that carries the CDN's address where the build has to know it"""

FOREVER = "public,max-age=31536000,immutable"
"""Cache-Control of a name that carries a hash"""
SHORT = "public,max-age=300"
"""of what keeps its name when its content changes"""
ALWAYS_ASKED = "no-cache"
"""of pages, and of what a browser polls: kept, but asked for each time"""

CONTENT_TYPES: Mapping[str, str] = {
    "avif": "image/avif",
    "css": "text/css; charset=utf-8",
    "gif": "image/gif",
    "html": "text/html; charset=utf-8",
    "ico": "image/x-icon",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "map": "application/json",
    "mjs": "text/javascript; charset=utf-8",
    "otf": "font/otf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "txt": "text/plain; charset=utf-8",
    "wasm": "application/wasm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xml": "application/xml",
}
"""by ending; what a machine's own table says of these differs from one Python to the next"""
