# ruff: noqa: E501
"""The whole Dockerfile for each package manager, flavour and way of handing over credentials."""

from pathlib import Path

from inline_snapshot import snapshot

from dockeropt.rewrite.options import Base, Options
from tests.rewrite.projects import (
    BERRY_LOCK,
    BUN_LOCK,
    NPM_LOCK,
    PNPM_LOCK,
    YARN_LOCK,
    Files,
    make,
    manifest,
    npm_lock,
    rewritten,
)

NAIVE = """\
    FROM node:22

    WORKDIR /app
    COPY . .
    RUN npm install
    ARG NUXT_APP_CDN_URL
    ENV NUXT_APP_CDN_URL=$NUXT_APP_CDN_URL
    RUN npm run build
    EXPOSE 3000
    CMD npm start
"""


def test_npm_after_a_naive_dockerfile(tmp_path: Path) -> None:
    make(tmp_path, {"package-lock.json": NPM_LOCK, "Dockerfile": NAIVE})
    assert (
        snapshot("""\
FROM node:22-alpine AS build
WORKDIR /app

# Manifests first: an edit of the sources installs nothing again
COPY package.json package-lock.json ./
# Without the project's own postinstall: its sources are not here yet
RUN --mount=type=cache,target=/root/.npm \\
    npm pkg delete scripts.postinstall && \\
    npm ci

COPY . .
RUN npm run build

FROM node:22-alpine
ENV NODE_ENV=production \\
    PORT=3000

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1000
WORKDIR /app

# .output is self-contained: no sources, no node_modules
COPY --from=build /app/.output .output

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/').then(r => process.exit(r.status < 500 ? 0 : 1))"]

CMD ["node", ".output/server/index.mjs"]
""")
        == rewritten(tmp_path).dockerfile
    )


def test_pnpm_without_a_dockerfile(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest(packageManager="pnpm@10.18.0+sha512.abc"),
        "pnpm-lock.yaml": PNPM_LOCK,
        "pnpm-workspace.yaml": "onlyBuiltDependencies:\n  - esbuild\n",
        "patches/nuxt@4.2.0.patch": "",
    }
    assert (
        snapshot("""\
FROM node:24-alpine AS build
WORKDIR /app

RUN --mount=type=cache,target=/root/.npm \\
    npm install --global pnpm@10.18.0

# Manifests first: an edit of the sources installs nothing again
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
COPY patches patches
# Downloads by the lock file alone: an edit of package.json repeats none of it
RUN --mount=type=cache,target=/root/.local/share/pnpm/store \\
    pnpm fetch
COPY package.json ./
# Without the project's own postinstall: its sources are not here yet
RUN --mount=type=cache,target=/root/.local/share/pnpm/store \\
    npm pkg delete scripts.postinstall && \\
    CI=true pnpm install --offline --frozen-lockfile

COPY . .
RUN pnpm run build

FROM node:24-alpine
ENV NODE_ENV=production \\
    PORT=3000

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1000
WORKDIR /app

# .output is self-contained: no sources, no node_modules
COPY --from=build /app/.output .output

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/').then(r => process.exit(r.status < 500 ? 0 : 1))"]

CMD ["node", ".output/server/index.mjs"]
""")
        == rewritten(make(tmp_path, files)).dockerfile
    )


def test_yarn_1_from_node_25_on(tmp_path: Path) -> None:
    files: Files = {
        "yarn.lock": YARN_LOCK,
        "Dockerfile": "FROM node:26\nRUN yarn && yarn build\nCMD yarn start\n",
    }
    assert (
        snapshot("""\
FROM node:26-alpine AS build
WORKDIR /app

RUN --mount=type=cache,target=/root/.npm \\
    npm install --global yarn@1.22.22

# Manifests first: an edit of the sources installs nothing again
COPY package.json yarn.lock ./
# Without the project's own postinstall: its sources are not here yet
RUN --mount=type=cache,target=/usr/local/share/.cache/yarn \\
    npm pkg delete scripts.postinstall && \\
    yarn install --frozen-lockfile

COPY . .
RUN yarn run build

FROM node:26-alpine
ENV NODE_ENV=production \\
    PORT=3000

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1000
WORKDIR /app

# .output is self-contained: no sources, no node_modules
COPY --from=build /app/.output .output

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/').then(r => process.exit(r.status < 500 ? 0 : 1))"]

CMD ["node", ".output/server/index.mjs"]
""")
        == rewritten(make(tmp_path, files)).dockerfile
    )


def test_yarn_berry_with_the_node_modules_linker(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest(packageManager="yarn@4.9.2"),
        "yarn.lock": BERRY_LOCK,
        ".yarnrc.yml": "nodeLinker: node-modules\n",
        ".yarn/plugins/plugin.cjs": "",
        ".nvmrc": "22",
    }
    assert (
        snapshot("""\
FROM node:22-alpine AS build
WORKDIR /app

# The image's own yarn is version 1
RUN --mount=type=cache,target=/root/.npm \\
    npm install --global --force @yarnpkg/cli-dist@4.9.2

# Manifests first: an edit of the sources installs nothing again
COPY package.json yarn.lock ./
COPY .yarn/plugins .yarn/plugins
# Without the project's own postinstall: its sources are not here yet
RUN --mount=type=cache,target=/root/.yarn/berry/cache \\
    --mount=type=bind,source=.yarnrc.yml,target=.yarnrc.yml \\
    npm pkg delete scripts.postinstall && \\
    yarn install --immutable

COPY . .
RUN yarn run build

FROM node:22-alpine
ENV NODE_ENV=production \\
    PORT=3000

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1000
WORKDIR /app

# .output is self-contained: no sources, no node_modules
COPY --from=build /app/.output .output

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/').then(r => process.exit(r.status < 500 ? 0 : 1))"]

CMD ["node", ".output/server/index.mjs"]
""")
        == rewritten(make(tmp_path, files)).dockerfile
    )


def test_bun_for_a_server_that_runs_on_bun(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest(packageManager="bun@1.3.0"),
        "bun.lock": BUN_LOCK,
        "nuxt.config.ts": "export default defineNuxtConfig({ nitro: { preset: 'bun' } })",
    }
    assert (
        snapshot("""\
FROM oven/bun:1.3.0-alpine AS build
WORKDIR /app

# Manifests first: an edit of the sources installs nothing again
COPY package.json bun.lock ./
# Without the project's own postinstall: its sources are not here yet
RUN --mount=type=cache,target=/root/.bun/install/cache \\
    bun pm pkg delete scripts.postinstall && \\
    bun install --frozen-lockfile

COPY . .
RUN bun run build

FROM oven/bun:1.3.0-alpine
ENV NODE_ENV=production \\
    PORT=3000

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1000
WORKDIR /app

# .output is self-contained: no sources, no node_modules
COPY --from=build /app/.output .output

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["bun", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/').then(r => process.exit(r.status < 500 ? 0 : 1))"]

CMD ["bun", ".output/server/index.mjs"]
""")
        == rewritten(make(tmp_path, files)).dockerfile
    )


def test_slim_with_packages_that_are_compiled(tmp_path: Path) -> None:
    make(tmp_path, {"package-lock.json": npm_lock(better__sqlite3="12.4.1"), "Dockerfile": NAIVE})
    assert (
        snapshot("""\
FROM node:22-slim AS build
WORKDIR /app

# For the install and the build alone
# dockeropt: ignore=DL3008 old versions are removed, so that a pin breaks a later build
RUN apt-get update && \\
    apt-get install --yes --no-install-recommends g++ make python3 && \\
    rm -rf /var/lib/apt/lists/*

# Manifests first: an edit of the sources installs nothing again
COPY package.json package-lock.json ./
# Without the project's own postinstall: its sources are not here yet
RUN --mount=type=cache,target=/root/.npm \\
    npm pkg delete scripts.postinstall && \\
    npm ci

COPY . .
RUN npm run build

FROM node:22-slim
ENV NODE_ENV=production \\
    PORT=3000

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1000
WORKDIR /app

# .output is self-contained: no sources, no node_modules
COPY --from=build /app/.output .output

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/').then(r => process.exit(r.status < 500 ? 0 : 1))"]

CMD ["node", ".output/server/index.mjs"]
""")
        == rewritten(tmp_path, Options(base=Base.SLIM)).dockerfile
    )


def test_cdn(tmp_path: Path) -> None:
    make(tmp_path, {"package-lock.json": NPM_LOCK, "Dockerfile": NAIVE})
    assert (
        snapshot("""\
FROM node:22-alpine AS build
WORKDIR /app

# Manifests first: an edit of the sources installs nothing again
COPY package.json package-lock.json ./
# Without the project's own postinstall: its sources are not here yet
RUN --mount=type=cache,target=/root/.npm \\
    npm pkg delete scripts.postinstall && \\
    npm ci

COPY . .
RUN npm run build

# The static files alone, for a CDN:
# docker build --target assets --output type=local,dest=static .
FROM scratch AS assets
COPY --from=build /app/.output/public /

FROM node:22-alpine
ENV NODE_ENV=production \\
    PORT=3000

# NUXT_APP_CDN_URL is read when the server starts: docker run --env NUXT_APP_CDN_URL=https://...

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1000
WORKDIR /app

# .output is self-contained: no sources, no node_modules
COPY --from=build /app/.output .output

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/').then(r => process.exit(r.status < 500 ? 0 : 1))"]

CMD ["node", ".output/server/index.mjs"]
""")
        == rewritten(tmp_path, Options(cdn=True)).dockerfile
    )


def test_token_of_a_private_registry(tmp_path: Path) -> None:
    files: Files = {
        "package-lock.json": NPM_LOCK,
        ".npmrc": "@acme:registry=https://npm.acme.dev\n//npm.acme.dev/:_authToken=${NPM_TOKEN}\n",
        "Dockerfile": """\
            FROM node:22-alpine AS build
            ARG NPM_TOKEN
            WORKDIR /app
            COPY package*.json .npmrc ./
            RUN npm ci
            COPY . .
            RUN npm run build

            FROM node:22-alpine
            WORKDIR /srv
            COPY --from=build /app/.output .
            CMD ["node", "server/index.mjs"]
        """,
    }
    assert (
        snapshot("""\
FROM node:22-alpine AS build
WORKDIR /app

# Manifests first: an edit of the sources installs nothing again
COPY package.json package-lock.json ./
# Without the project's own postinstall: its sources are not here yet
RUN --mount=type=cache,target=/root/.npm \\
    --mount=type=bind,source=.npmrc,target=.npmrc \\
    --mount=type=secret,id=NPM_TOKEN \\
    npm pkg delete scripts.postinstall && \\
    NPM_TOKEN="$(cat /run/secrets/NPM_TOKEN)" npm ci

COPY . .
RUN npm run build

FROM node:22-alpine
ENV NODE_ENV=production \\
    PORT=3000

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1000
WORKDIR /srv

# .output is self-contained: no sources, no node_modules
COPY --from=build /app/.output ./

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/').then(r => process.exit(r.status < 500 ? 0 : 1))"]

CMD ["node", "server/index.mjs"]
""")
        == rewritten(make(tmp_path, files)).dockerfile
    )


def test_token_inside_npmrc(tmp_path: Path) -> None:
    files: Files = {"package-lock.json": NPM_LOCK, ".npmrc": "//npm.acme.dev/:_authToken=npm_0123456789\n"}
    result = rewritten(make(tmp_path, files))
    assert (
        snapshot("""\
FROM node:24-alpine AS build
WORKDIR /app

# Manifests first: an edit of the sources installs nothing again
COPY package.json package-lock.json ./
# Without the project's own postinstall: its sources are not here yet
RUN --mount=type=cache,target=/root/.npm \\
    --mount=type=secret,id=npmrc,target=/root/.npmrc \\
    npm pkg delete scripts.postinstall && \\
    npm ci

COPY . .
RUN npm run build

FROM node:24-alpine
ENV NODE_ENV=production \\
    PORT=3000

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1000
WORKDIR /app

# .output is self-contained: no sources, no node_modules
COPY --from=build /app/.output .output

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/').then(r => process.exit(r.status < 500 ? 0 : 1))"]

CMD ["node", ".output/server/index.mjs"]
""")
        == result.dockerfile
    )
    assert "\n# Holds a credential: given to the build as a secret\n.npmrc\n" in result.ignore


def test_everything_an_old_dockerfile_can_want(tmp_path: Path) -> None:
    files: Files = {
        "package-lock.json": NPM_LOCK,
        "Dockerfile": """\
            ARG NODE_VERSION=22.11.0
            FROM mirror.acme.dev/library/node:${NODE_VERSION}-alpine AS deps
            WORKDIR /srv
            ENV HUSKY=0 NODE_OPTIONS="--max-old-space-size=4096"
            COPY package*.json ./
            RUN npm ci --legacy-peer-deps

            FROM deps AS build
            ARG NUXT_PUBLIC_API=https://api.acme.dev
            ARG GIT_SHA
            ARG SENTRY_AUTH_TOKEN
            COPY . .
            RUN npm run lint && npx nuxi build

            FROM mirror.acme.dev/library/node:${NODE_VERSION}-alpine
            ARG GIT_SHA
            LABEL org.opencontainers.image.revision=$GIT_SHA org.opencontainers.image.title="The shop"
            RUN apk add --no-cache tzdata curl tini \\
                && addgroup -g 1001 web && adduser -u 1001 -G web -D web \\
                && mkdir -p /srv/uploads /var/lib/shop
            WORKDIR /srv
            ENV PORT=8080 TZ=Europe/Zurich RELEASE=$GIT_SHA HOST=0.0.0.0 STRIPE_SECRET_KEY=sk_live
            COPY --from=build /srv/.output ./.output
            COPY --from=build /srv/node_modules ./node_modules
            COPY --from=build /srv/drizzle ./drizzle
            VOLUME /srv/uploads
            USER web
            EXPOSE 8080 24678
            HEALTHCHECK --interval=10s CMD curl -f http://localhost:8080/api/ready || exit 1
            STOPSIGNAL SIGINT
            ENTRYPOINT ["tini", "--"]
            CMD ["node", "--enable-source-maps", ".output/server/index.mjs"]
        """,
    }
    assert (
        snapshot("""\
ARG NODE_VERSION=22.11.0
FROM mirror.acme.dev/library/node:${NODE_VERSION}-alpine AS build
WORKDIR /srv
ENV HUSKY=0

# Manifests first: an edit of the sources installs nothing again
COPY package.json package-lock.json ./
# Without the project's own postinstall: its sources are not here yet
RUN --mount=type=cache,target=/root/.npm \\
    npm pkg delete scripts.postinstall && \\
    npm ci --legacy-peer-deps

COPY . .
ARG NUXT_PUBLIC_API=https://api.acme.dev
ARG GIT_SHA
ENV NODE_OPTIONS="--max-old-space-size=4096"
RUN --mount=type=secret,id=SENTRY_AUTH_TOKEN \\
    export SENTRY_AUTH_TOKEN="$(cat /run/secrets/SENTRY_AUTH_TOKEN)" && \\
    npm run lint && \\
    npx nuxi build

FROM mirror.acme.dev/library/node:${NODE_VERSION}-alpine
ENV NODE_ENV=production \\
    PORT=8080 \\
    TZ=Europe/Zurich

# For the server itself
# dockeropt: ignore=DL3018 old versions are removed, so that a pin breaks a later build
RUN apk add --no-cache tzdata

# Written by the server, so not root's
RUN mkdir -p /var/lib/shop && \\
    chown 1001:1001 /var/lib/shop

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1001:1001
WORKDIR /srv
RUN mkdir -p uploads

# .output is self-contained: no sources, no node_modules
COPY --from=build /srv/.output .output
COPY --from=build /srv/drizzle ./drizzle

ARG GIT_SHA
ENV RELEASE=$GIT_SHA
LABEL org.opencontainers.image.revision=$GIT_SHA \\
      org.opencontainers.image.title="The shop"

EXPOSE 8080
VOLUME ["/srv/uploads"]
STOPSIGNAL SIGINT

HEALTHCHECK --interval=10s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/api/ready').then(r => process.exit(r.ok ? 0 : 1))"]

CMD ["node", "--enable-source-maps", ".output/server/index.mjs"]
""")
        == rewritten(make(tmp_path, files)).dockerfile
    )


def test_static_files(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest(scripts={"generate": "nuxt generate"}),
        "package-lock.json": NPM_LOCK,
        "nuxt.config.ts": "export default defineNuxtConfig({ app: { baseURL: '/shop/' } })",
        "Dockerfile": """\
            FROM node:22 AS build
            COPY . .
            RUN npm install && npm run generate
            FROM nginx:1.27-alpine
            COPY --from=build /.output/public /usr/share/nginx/html/shop
            EXPOSE 80
        """,
    }
    assert (
        snapshot("""\
FROM node:22-alpine AS build
WORKDIR /app

# Manifests first: an edit of the sources installs nothing again
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \\
    npm ci

COPY . .
RUN npm run generate

FROM nginx:1.27-alpine

# Nothing is written outside /tmp, so that nginx needs no root
COPY <<"EOF" /etc/nginx/nginx.conf
worker_processes auto;
pid /tmp/nginx.pid;
error_log /dev/stderr notice;

events {}

http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /dev/stdout;
    sendfile on;
    gzip on;
    gzip_types text/css application/javascript application/json image/svg+xml;

    client_body_temp_path /tmp/client_temp;
    proxy_temp_path /tmp/proxy_temp;
    fastcgi_temp_path /tmp/fastcgi_temp;
    uwsgi_temp_path /tmp/uwsgi_temp;
    scgi_temp_path /tmp/scgi_temp;

    server {
        listen 80;
        root /usr/share/nginx/html;

        # Names with a hash in them never change; what the client polls for a new build does
        location /shop/_nuxt/ {
            add_header Cache-Control "public, max-age=31536000, immutable";
        }
        location /shop/_nuxt/builds/ {
            add_header Cache-Control "no-cache";
        }
        location / {
            try_files $uri $uri/index.html /shop/200.html;
        }
    }
}
EOF
COPY --from=build /app/.output/public /usr/share/nginx/html/shop

# The image's own nginx
USER 101
EXPOSE 80

HEALTHCHECK --interval=30s --timeout=5s --start-period=5s \\
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:80/shop/"]

CMD ["nginx", "-g", "daemon off;"]
""")
        == rewritten(make(tmp_path, files)).dockerfile
    )


def test_a_member_of_an_npm_workspace(tmp_path: Path) -> None:
    files: Files = {
        "package.json": {"private": True, "workspaces": ["apps/*", "packages/*"]},
        "package-lock.json": NPM_LOCK,
        "apps/web/package.json": manifest(name="web"),
        "apps/web/nuxt.config.ts": "export default defineNuxtConfig({})",
        "packages/ui/package.json": {"name": "ui", "scripts": {"prepare": "tsup"}},
    }
    assert (
        snapshot("""\
FROM node:24-alpine AS build
WORKDIR /app

# Manifests first: an edit of the sources installs nothing again
COPY package.json package-lock.json ./
COPY apps/web/package.json apps/web/
COPY packages/ui/package.json packages/ui/
# Without the project's own postinstall, prepare: its sources are not here yet
RUN --mount=type=cache,target=/root/.npm \\
    npm pkg delete --prefix apps/web scripts.postinstall && \\
    npm pkg delete --prefix packages/ui scripts.prepare && \\
    npm ci

COPY . .
RUN npm run prepare --workspace packages/ui && \\
    npm run build --workspace apps/web

FROM node:24-alpine
ENV NODE_ENV=production \\
    PORT=3000

# Not root; the folder made after USER is that user's own, the files copied into it stay root's
USER 1000
WORKDIR /app

# .output is self-contained: no sources, no node_modules
COPY --from=build /app/apps/web/.output .output

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/').then(r => process.exit(r.status < 500 ? 0 : 1))"]

CMD ["node", ".output/server/index.mjs"]
""")
        == rewritten(make(tmp_path, files)).dockerfile
    )
