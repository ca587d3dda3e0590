# ruff: noqa: E501, ISC004
"""Whatever a project combines: the result passes its own checks, and a second rewrite changes nothing."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from dockeropt.rewrite.options import Base, Options
from tests.rewrite.projects import (
    BERRY_LOCK,
    BUN_LOCK,
    PNPM_LOCK,
    YARN_LOCK,
    make,
    manifest,
    npm_lock,
    rewritten,
)

LOCKS: tuple[Mapping[str, str], ...] = (
    {},
    {"package-lock.json": npm_lock()},
    {"package-lock.json": npm_lock(better__sqlite3="12.0.0", canvas="2.11.2")},
    {"npm-shrinkwrap.json": npm_lock()},
    {"yarn.lock": YARN_LOCK},
    {"yarn.lock": BERRY_LOCK},
    {"yarn.lock": BERRY_LOCK, ".yarn/cache/nuxt.zip": "", ".yarnrc.yml": "enableGlobalCache: false\n"},
    {"yarn.lock": BERRY_LOCK, ".yarnrc.yml": 'nodeLinker: node-modules\nnpmAuthToken: "${NPM_TOKEN}"\n'},
    {"pnpm-lock.yaml": PNPM_LOCK},
    {"pnpm-lock.yaml": PNPM_LOCK, ".npmrc": "shamefully-hoist=true\n"},
    {"bun.lock": BUN_LOCK},
)
PROJECTS: tuple[Mapping[str, str], ...] = (
    {},
    {".npmrc": "//npm.acme.dev/:_authToken=${NPM_TOKEN}\n"},
    {".npmrc": "//npm.acme.dev/:_authToken=npm_0123456789\n"},
    {"nuxt.config.ts": "export default defineNuxtConfig({ nitro: { preset: 'bun' } })"},
    {
        "nuxt.config.ts": "export default defineNuxtConfig({ nitro: { preset: 'static' }, app: { baseURL: '/a' } })"
    },
    {"nuxt.config.ts": "export default defineNuxtConfig({ nitro: { preset: 'vercel' } })"},
    {".dockerignore": "*\n"},
    {".dockerignore": "node_modules\n.env\npackage*.json\n", ".env": "A=1\n"},
    {"libs/ui/package.json": '{"name": "ui", "bin": "cli.mjs"}', "libs/ui/cli.mjs": ""},
    {"prisma/schema.prisma": "", "patches/a.patch": ""},
    {"start.sh": '#!/bin/bash\nexec "$@"\n', "server/api/health.ts": ""},
)
MANIFESTS = (
    manifest(),
    manifest(
        dependencies={"nuxt": "^4", "ui": "file:libs/ui", "@prisma/client": "6"},
        devDependencies={"prisma": "6"},
    ),
    manifest(packageManager="pnpm@10.18.0", engines={"node": ">=22"}, devDependencies={"cypress": "15"}),
    manifest(scripts={"build": "ui && nuxi build --dotenv .env.production", "prepare": "node make.mjs"}),
    manifest(scripts={"build": "nuxt generate"}),
    manifest(scripts={"start": "NODE_OPTIONS=--enable-source-maps node .output/server/index.mjs"}),
)
DOCKERFILES = (
    None,
    "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install && npm run build\nEXPOSE 80\nCMD npm start\n",
    "FROM node\nUSER node\nENV A='x y' B=\"$A\" SECRET_KEY=1\nVOLUME /data\nHEALTHCHECK CMD curl -f localhost:3000/up\n",
    "FROM node:20-slim\nRUN apt-get update && apt-get install -y curl ffmpeg libfoo=1.0\nRUN a | b\n",
    "FROM node:18-alpine AS b\nRUN apk add git python3\nARG GIT_SHA\nRUN yarn && yarn build\n"
    "FROM node:18-alpine\nARG GIT_SHA\nLABEL a=$GIT_SHA b.c='d e'\nCOPY --from=b /.output .\nCOPY --from=b /prisma prisma\n"
    'ENTRYPOINT ["./start.sh"]\nCMD ["node", "server/index.mjs"]\n',
    "FROM oven/bun:1.3-alpine\nWORKDIR /srv/app\nCOPY . .\nRUN bun install && bun run build\nCMD bun .output/server/index.mjs\n",
    "FROM node:22 AS b\nRUN npm run generate\nFROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\n"
    "COPY --from=b /.output/public /usr/share/nginx/html\n",
    "ARG V=24\nFROM mirror.dev/node:$V-bookworm AS base\nFROM base AS b\nRUN --mount=type=secret,id=x npm ci\n"
    "RUN npm run build\nFROM base\nUSER 1500\nSTOPSIGNAL SIGINT\nCOPY --from=b /.output /srv/out\nCMD tini node /srv/out/server/index.mjs\n",
)
OPTIONS = (Options(), Options(base=Base.SLIM), Options(cdn=True))


@settings(max_examples=60)
@given(
    st.sampled_from(LOCKS),
    st.sampled_from(PROJECTS),
    st.sampled_from(MANIFESTS),
    st.sampled_from(DOCKERFILES),
    st.sampled_from(OPTIONS),
)
def test_the_result_is_sound_and_stable(
    lock: Mapping[str, str],
    project: Mapping[str, str],
    package: Mapping[str, object],
    dockerfile: str | None,
    options: Options,
) -> None:
    old = {} if dockerfile is None else {"Dockerfile": dockerfile}
    with TemporaryDirectory() as name:
        folder = make(Path(name), {"package.json": package, **lock, **project, **old})
        first = rewritten(folder, options)
        (folder / "Dockerfile").write_text(first.dockerfile)
        (folder / ".dockerignore").write_text(first.ignore)
        second = rewritten(folder, options)
        assert first.dockerfile == second.dockerfile
        assert first.ignore == second.ignore
