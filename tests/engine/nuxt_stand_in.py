"""A project that builds in a second: its ``nuxt`` is a folder beside it that makes a real .output.

What is tried on it is what the rewritten Dockerfile does around a build: installing, copying, starting,
stopping. The build itself is tried on fixtures/projects/nuxt-shop.
"""

import json
from pathlib import Path

CLI = """\
#!/usr/bin/env node
import { mkdirSync, writeFileSync, readFileSync } from 'node:fs'
const verb = process.argv[2]
if (verb === 'prepare') { readFileSync('app/app.vue'); process.exit(0) }
mkdirSync('.output/public/_nuxt/builds', { recursive: true })
writeFileSync('.output/public/_nuxt/entry.js', readFileSync('app/app.vue'))
writeFileSync('.output/public/_nuxt/builds/latest.json', '{}')
writeFileSync('.output/public/index.html', 'home')
writeFileSync('.output/public/200.html', 'fallback')
if (verb === 'build') {
  mkdirSync('.output/server', { recursive: true })
  writeFileSync('.output/server/index.mjs', `
    import { createServer } from 'node:http'
    import { writeFileSync } from 'node:fs'
    const server = createServer((request, response) => {
      writeFileSync('written', 'yes')
      response.end(JSON.stringify({ uid: process.getuid(), environment: process.env }))
    })
    server.listen(process.env.PORT)
    process.on('SIGTERM', () => server.close(() => process.exit(0)))
  `)
}
"""
NPM_LOCK = {
    "lockfileVersion": 3,
    "requires": True,
    "packages": {
        "": {"dependencies": {"nuxt": "file:nuxt"}},
        "nuxt": {"version": "4.2.0", "bin": {"nuxt": "cli.mjs"}},
        "node_modules/nuxt": {"resolved": "nuxt", "link": True},
    },
}
YARN_LOCK = '# yarn lockfile v1\n\n\n"nuxt@file:nuxt":\n  version "4.2.0"\n'
PNPM_LOCK = """\
lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .:
    dependencies:
      nuxt:
        specifier: link:nuxt
        version: link:nuxt
"""


def make(folder: Path, token: str, protocol: str = "file", **changes: object) -> None:
    """Write the project without a lock file; ``token`` makes its sources new to every cache."""
    manifest = {
        "name": "stand-in",
        "private": True,
        "scripts": {"build": "nuxt build", "generate": "nuxt generate", "postinstall": "nuxt prepare"},
        "dependencies": {"nuxt": f"{protocol}:nuxt"},
        **changes,
    }
    package = {"name": "nuxt", "version": "4.2.0", "type": "module", "bin": {"nuxt": "cli.mjs"}}
    files = {
        "package.json": json.dumps(manifest),
        "nuxt/package.json": json.dumps(package),
        "nuxt/cli.mjs": CLI,
        "nuxt.config.ts": "export default defineNuxtConfig({})\n",
        "app/app.vue": f"<template>{token}</template>\n",
    }
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    (folder / "nuxt/cli.mjs").chmod(0o755)
