"""What a Nuxt build makes, by Nitro preset, and what its server reads.

Sources: the Nuxt and Nitro documentation.
"""

from enum import Enum

DEFAULT_PORT = 3000
"""where Nitro listens when neither NITRO_PORT nor PORT is set"""
VITE_SOCKET_PORT = 24678
"""hot reload of ``nuxt dev``: nothing listens there in production"""
OUTPUT = ".output"
SERVER_ENTRY = "server/index.mjs"
"""below the output folder"""
PUBLIC = "public"
"""static files, below the output folder"""
CONFIG_NAMES = ("nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs", "nuxt.config.mts", "nuxt.config.cjs")
HEALTH_ROUTE = r"server/(?:api|routes)/(?:.*/)?_?(?:health|healthz|healthcheck|livez|readyz|ping)"
"""start of the path of a file that makes a route for health checks"""

CDN_VARIABLE = "NUXT_APP_CDN_URL"
BASE_VARIABLE = "NUXT_APP_BASE_URL"
PORT_VARIABLES = ("NITRO_PORT", "PORT")
"""in the order Nitro's node-server looks at them"""
FORMER_PORT_VARIABLES = ("NUXT_PORT",)
"""read by ``nuxt dev`` and Nuxt 2, not by the built server"""
HOST_VARIABLES = ("NITRO_HOST", "HOST", "NUXT_HOST")
EVERY_ADDRESS = ("0.0.0.0", "0", "::")  # noqa: S104 - recognised, not bound
PRESET_VARIABLES = ("NITRO_PRESET", "SERVER_PRESET")


class Preset(Enum):
    """What kind of output a Nitro preset makes."""

    NODE = "a server for Node.js"
    BUN = "a server for Bun"
    STATIC = "static files"
    PLATFORM = "output for a hosting platform"


_NODE = {"node", "node-server", "node-cluster", "nitro", "nitro-prod"}
_STATIC = {
    "static",
    "github-pages",
    "gitlab-pages",
    "vercel-static",
    "netlify-static",
    "cloudflare-pages-static",
}


def preset_of(name: str) -> Preset:
    """Return what a preset makes; names are compared as Nitro does, ``_`` and ``-`` alike."""
    plain = name.strip().lower().replace("_", "-")
    if plain in _NODE:
        return Preset.NODE
    if plain in _STATIC or plain.endswith("-static"):
        return Preset.STATIC
    return Preset.BUN if plain == "bun" else Preset.PLATFORM


STAND_IN_PRESET = "node-server"
"""set at build time where the project's own preset makes nothing a container can run"""
