"""The files that npm, yarn, pnpm and bun read to install, and the folders of which they read everything."""

NODE_FILES = (
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "bun.lock",
    "bun.lockb",
    "bunfig.toml",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".pnpmfile.cjs",
    ".pnp.cjs",
    ".pnp.loader.mjs",
)
NODE_FOLDERS = (".yarn/releases/", ".yarn/plugins/", ".yarn/patches/", "patches/")
