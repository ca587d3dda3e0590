"""Static files of web frameworks: which of them never change, where a build leaves them, what serves them.

Sources: the documentation of each framework on its setting; the IANA registry of media types and RFC 9239.
"""

from collections.abc import Container, Mapping

from dockeropt.records import NamedTuple


class StaticLayout(NamedTuple):
    """How a framework lays out what a browser loads. Paths are relative to the folder that is published."""

    framework: str
    packages: tuple[str, ...]
    """names in package.json that tell it"""
    hashed: tuple[str, ...]
    """files whose names carry a hash of their content: folders with ``/`` at the end, or patterns of names
    without their ending, as ``aws s3`` and ``find`` both read them"""
    polled: tuple[str, ...]
    """files that are asked for again and again, to learn of a new build"""
    copies: tuple[tuple[str, str], ...]
    """what an ``assets`` stage copies: from the app's folder, to where"""
    setting: str
    """what to write where for links to the CDN"""
    key: str = ""
    """the setting of the configuration that takes the address, with the name of what holds it"""
    variable: str = ""
    """what the framework reads the address from by itself"""
    is_address_read_at_start: bool = False
    """whether the server reads it when it starts; if not, the build has to know it"""
    configs: tuple[str, ...] = ()
    """names of its configuration without their endings"""
    folder_key: str = ""
    """the setting that moves the first of ``hashed``"""
    command: str = ""
    """the command whose ``option`` takes the address, where no configuration does"""
    option: str = ""


NUXT = StaticLayout(
    "Nuxt",
    ("nuxt", "nuxt3", "nuxt-edge", "nuxt-nightly"),
    ("_nuxt/",),
    ("_nuxt/builds/latest.json",),
    ((".output/public", "/"),),
    "NUXT_APP_CDN_URL",
    variable="NUXT_APP_CDN_URL",
    is_address_read_at_start=True,
    configs=("nuxt.config",),
    folder_key="app.buildAssetsDir",
)
NEXT = StaticLayout(
    "Next.js",
    ("next",),
    ("_next/static/",),
    (),
    ((".next/static", "/_next/static"),),
    "assetPrefix: process.env.CDN_URL in next.config",
    "assetPrefix",
    configs=("next.config",),
)
ASTRO = StaticLayout(
    "Astro",
    ("astro",),
    ("_astro/",),
    (),
    (("dist", "/"),),
    "build: { assetsPrefix: process.env.CDN_URL } in astro.config",
    "assetsPrefix",
    configs=("astro.config",),
    folder_key="build.assets",
)
SVELTEKIT = StaticLayout(
    "SvelteKit",
    ("@sveltejs/kit",),
    ("_app/immutable/",),
    ("_app/version.json",),
    (("build/client", "/"),),
    "kit: { paths: { assets: process.env.CDN_URL ?? '' } } in svelte.config",
    "assets",
    configs=("svelte.config",),
)
REACT_ROUTER = StaticLayout(
    "React Router",
    ("@react-router/dev", "@remix-run/dev"),
    ("assets/",),
    (),
    (("build/client", "/"),),
    'base: `${process.env.CDN_URL ?? ""}/` in vite.config',
    "base",
    configs=("vite.config",),
    folder_key="build.assetsDir",
)
ANGULAR = StaticLayout(
    "Angular",
    ("@angular/cli", "@angular/build"),
    (f"*-{'[A-Z2-7]' * 8}", f"*.{'[0-9a-f]' * 16}*"),
    (),
    (("dist/APP/browser", "/"),),
    '--deploy-url "$CDN_URL/" behind `ng build`',
    command="ng build",
    option="--deploy-url",
)
CREATE_REACT_APP = StaticLayout(
    "Create React App",
    ("react-scripts",),
    ("static/",),
    (),
    (("build", "/"),),
    "PUBLIC_URL",
    variable="PUBLIC_URL",
)
VUE_CLI = StaticLayout(
    "Vue CLI",
    ("@vue/cli-service",),
    ("js/", "css/", "img/", "fonts/", "media/"),
    (),
    (("dist", "/"),),
    "publicPath: process.env.CDN_URL in vue.config",
    "publicPath",
    configs=("vue.config",),
)
VITE = StaticLayout(
    "Vite",
    ("vite",),
    ("assets/",),
    (),
    (("dist", "/"),),
    'base: `${process.env.CDN_URL ?? ""}/` in vite.config',
    "base",
    configs=("vite.config",),
    folder_key="build.assetsDir",
)
LAYOUTS = (NUXT, NEXT, ASTRO, SVELTEKIT, REACT_ROUTER, ANGULAR, CREATE_REACT_APP, VUE_CLI, VITE)
"""in the order they are looked for: most of them name Vite, too"""


def layout_of(packages: Container[str]) -> StaticLayout | None:
    """Return the layout of the framework among a project's packages."""
    return next((each for each in LAYOUTS if any(name in packages for name in each.packages)), None)


ASSETS = "assets"
"""the stage with the static files alone"""
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
