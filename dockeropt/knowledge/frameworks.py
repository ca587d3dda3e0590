"""Web frameworks: how they are told, what their build makes and what runs it.

Sources: https://nitro.build/deploy/runtimes/node, https://nextjs.org/docs/app/api-reference/config/next-config-js/output
"""

from dockeropt.records import NamedTuple


class Framework(NamedTuple):
    """A framework whose build can stand without node_modules."""

    name: str
    packages: tuple[str, ...]
    """names in package.json that tell it"""
    build_programs: tuple[str, ...]
    """programs of ``npx`` or a package.json script that build it"""
    output: str
    """the self-contained folder, relative to the project"""
    entry: str
    """the program in it that node runs"""
    runtime_variables: tuple[str, ...] = ()
    """variables its server reads when it starts, so that no build needs them; ``*`` ends a prefix"""


NUXT = Framework(
    "Nuxt",
    ("nuxt", "nuxt3", "nuxt-edge", "nuxt-nightly"),
    ("nuxt", "nuxi"),
    ".output",
    ".output/server/index.mjs",
    ("NUXT_APP_CDN_URL", "NUXT_APP_BASE_URL"),
)
NITRO = Framework(
    "Nitro", ("nitropack", "nitro"), ("nitro", "nitropack"), ".output", ".output/server/index.mjs"
)
NEXT = Framework("Next.js", ("next",), ("next",), ".next/standalone", ".next/standalone/server.js")

SELF_CONTAINED = (NUXT, NITRO, NEXT)
