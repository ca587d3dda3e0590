# ruff: noqa: E501
"""Single decisions: what is chosen where the project and its old Dockerfile say different things."""

from pathlib import Path

import pytest

from dockeropt.rewrite.options import Base, Options
from tests.rewrite.projects import (
    BERRY_LOCK,
    NPM_LOCK,
    PNPM_LOCK,
    YARN_LOCK,
    Files,
    choices,
    make,
    manifest,
    npm_lock,
    reasons,
    rewritten,
)


@pytest.mark.parametrize(
    ("files", "image"),
    [
        pytest.param(
            {"Dockerfile": "FROM node:18\n"}, "node:18-alpine", id="the old image's major is never raised"
        ),
        pytest.param(
            {"Dockerfile": "FROM node:20.11.1-slim\n"}, "node:20.11.1-alpine", id="nor its patch release"
        ),
        pytest.param({"Dockerfile": "FROM node:jod-alpine3.22\n"}, "node:22-alpine", id="a codename"),
        pytest.param(
            {"Dockerfile": "FROM node:22-alpine3.22\n"}, "node:22-alpine3.22", id="Alpine's own version stays"
        ),
        pytest.param(
            {"Dockerfile": "FROM node:lts\n", ".nvmrc": "v22.3.0\n"},
            "node:22-alpine",
            id="a floating tag yields to .nvmrc",
        ),
        pytest.param(
            {"Dockerfile": "FROM node\n"}, "node:26-alpine", id="a floating tag alone is the active LTS"
        ),
        pytest.param({".nvmrc": "lts/krypton"}, "node:24-alpine", id="an LTS name in .nvmrc"),
        pytest.param({".tool-versions": "python 3.13\nnodejs 22.1.0\n"}, "node:22-alpine", id="asdf's file"),
        pytest.param(
            {"package.json": manifest(engines={"node": ">=20 <23"})},
            "node:22-alpine",
            id="engines with an upper end",
        ),
        pytest.param(
            {"package.json": manifest(engines={"node": "^20.9 || >=22"})},
            "node:24-alpine",
            id="engines without one",
        ),
        pytest.param({"package.json": manifest(volta={"node": "22.1.0"})}, "node:22-alpine", id="volta"),
        pytest.param({}, "node:24-alpine", id="nothing is stated"),
        pytest.param(
            {"Dockerfile": "FROM ubuntu:24.04\nRUN curl https://deb.nodesource.com/setup_22.x | bash\n"},
            "node:22-alpine",
            id="Node from a script",
        ),
    ],
)
def test_node_version(tmp_path: Path, files: Files, image: str) -> None:
    result = rewritten(make(tmp_path, {"package-lock.json": NPM_LOCK, **files}))
    assert f"FROM {image} AS build\n" in result.dockerfile


def test_an_old_image_with_a_digest_keeps_it_where_the_tag_stays(tmp_path: Path) -> None:
    digest = "sha256:" + "a" * 64
    make(tmp_path, {"package-lock.json": NPM_LOCK, "Dockerfile": f"FROM node:22-alpine@{digest}\n"})
    assert f"FROM node:22-alpine@{digest}\n" in rewritten(tmp_path).dockerfile
    assert "FROM node:22-slim\n" in rewritten(tmp_path, Options(base=Base.SLIM)).dockerfile


def test_end_of_life_is_a_notice(tmp_path: Path) -> None:
    result = rewritten(make(tmp_path, {"package-lock.json": NPM_LOCK, "Dockerfile": "FROM node:18\n"}))
    assert "version 18 gets no security fixes since 2025-04-30" in [
        notice.choice for notice in result.notices
    ]


@pytest.mark.parametrize(
    ("files", "tool"),
    [
        pytest.param({"pnpm-lock.yaml": PNPM_LOCK}, "pnpm@9", id="pnpm by a lock file of version 9"),
        pytest.param(
            {"pnpm-lock.yaml": "lockfileVersion: '6.0'\n"}, "pnpm@8", id="pnpm by a lock file of version 6"
        ),
        pytest.param(
            {"pnpm-lock.yaml": "lockfileVersion: 5.4\n"}, "pnpm@7", id="pnpm by a lock file of version 5.4"
        ),
        pytest.param(
            {"pnpm-lock.yaml": PNPM_LOCK, "pnpm-workspace.yaml": "onlyBuiltDependencies: [esbuild]\n"},
            "pnpm@10",
            id="settings that pnpm 9 refuses",
        ),
        pytest.param(
            {
                "pnpm-lock.yaml": PNPM_LOCK,
                "Dockerfile": "FROM node:22\nRUN npm i -g pnpm@9.15.4\nRUN pnpm i\n",
            },
            "pnpm@9.15.4",
            id="pnpm as the old Dockerfile has it",
        ),
        pytest.param(
            {
                "package-lock.json": NPM_LOCK,
                ".nvmrc": "22",
                "package.json": manifest(packageManager="npm@11.6.2"),
            },
            "npm@11.6.2",
            id="npm of another major than the image's",
        ),
        pytest.param(
            {"yarn.lock": BERRY_LOCK, ".nvmrc": "26"},
            "@yarnpkg/cli-dist@4",
            id="yarn berry where there is no yarn",
        ),
    ],
)
def test_package_manager_is_installed_pinned(tmp_path: Path, files: Files, tool: str) -> None:
    assert f"    npm install --global {tool}\n" in rewritten(make(tmp_path, files)).dockerfile


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"yarn.lock": YARN_LOCK, ".nvmrc": "22"}, id="yarn 1 up to Node 24"),
        pytest.param(
            {
                "package-lock.json": NPM_LOCK,
                ".nvmrc": "24",
                "package.json": manifest(packageManager="npm@11.0.0"),
            },
            id="npm of the image's major",
        ),
        pytest.param(
            {
                "yarn.lock": BERRY_LOCK,
                ".nvmrc": "22",
                ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-4.9.2.cjs\n",
            },
            id="yarn berry that the project carries",
        ),
    ],
)
def test_package_manager_of_the_image_serves(tmp_path: Path, files: Files) -> None:
    assert "--global" not in rewritten(make(tmp_path, files)).dockerfile


def test_two_lock_files_and_package_manager_says_which(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest(packageManager="yarn@1.22.22"),
        "package-lock.json": NPM_LOCK,
        "yarn.lock": YARN_LOCK,
    }
    result = rewritten(make(tmp_path, files))
    assert "yarn install --frozen-lockfile" in result.dockerfile
    assert "package-lock.json is another manager's and is not used" in reasons(result, "package manager")[0]


def test_two_lock_files_and_the_old_dockerfile_says_which(tmp_path: Path) -> None:
    files: Files = {
        "package-lock.json": NPM_LOCK,
        "pnpm-lock.yaml": PNPM_LOCK,
        "Dockerfile": "FROM node:22\nRUN corepack enable && pnpm install\nRUN pnpm build\n",
    }
    result = rewritten(make(tmp_path, files))
    assert "CI=true pnpm install --offline --frozen-lockfile" in result.dockerfile


def test_no_lock_file_is_said(tmp_path: Path) -> None:
    result = rewritten(make(tmp_path, {}))
    assert "npm install\n" in result.dockerfile
    assert choices(result, "lock file") == ["none"]


@pytest.mark.parametrize(
    ("scripts", "install", "build"),
    [
        pytest.param({}, "npm ci", "RUN npm run build", id="none"),
        pytest.param(
            {"postinstall": "patch-package"}, "npm ci", "RUN npm run build", id="patches need only patches"
        ),
        pytest.param(
            {"postinstall": "patch-package && nuxt prepare"},
            "npm pkg delete scripts.postinstall && \\\n    npm ci && \\\n    npx patch-package",
            "RUN npm run build",
            id="patches and types",
        ),
        pytest.param(
            {"prepare": "husky"},
            "npm pkg delete scripts.prepare && \\\n    npm ci",
            "RUN npm run build",
            id="Git hooks",
        ),
        pytest.param(
            {"postinstall": 'node -e "if (a && b) make()" && nuxt prepare'},
            "npm pkg delete scripts.postinstall && \\\n    npm ci",
            "RUN npm run postinstall && \\\n    npm run build",
            id="one that may need the sources",
        ),
    ],
)
def test_install_scripts_of_the_project(
    tmp_path: Path, scripts: dict[str, str], install: str, build: str
) -> None:
    files: Files = {
        "package.json": manifest(scripts={"build": "nuxt build", **scripts}),
        "package-lock.json": NPM_LOCK,
        "patches/a.patch": "",
    }
    text = rewritten(make(tmp_path, files)).dockerfile
    assert f"target=/root/.npm \\\n    {install}\n" in text
    assert f"COPY . .\n{build}\n" in text


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param(
            "{ ssr: false }", 'CMD ["node", ".output/server/index.mjs"]', id="ssr: false keeps its server"
        ),
        pytest.param("{ nitro: { preset: 'static' } }", "USER 101", id="a static preset"),
        pytest.param(
            "{ nitro: { preset: 'vercel' } }", "ENV NITRO_PRESET=node-server", id="a platform's preset"
        ),
        pytest.param("{ nitro: { preset: 'node_cluster' } }", 'CMD ["node"', id="a cluster of node"),
        pytest.param(
            "{ nitro: { output: { dir: 'dist' } } }", "/app/dist .output", id="another output folder"
        ),
        pytest.param("{ nitro: { preset: process.env.P } }", 'CMD ["node"', id="a computed preset"),
    ],
)
def test_output(tmp_path: Path, config: str, expected: str) -> None:
    files: Files = {
        "package-lock.json": NPM_LOCK,
        "nuxt.config.ts": f"export default defineNuxtConfig({config})",
    }
    assert expected in rewritten(make(tmp_path, files)).dockerfile


@pytest.mark.parametrize(
    ("dockerfile", "port"),
    [
        pytest.param("FROM node:22\nENV PORT=8080\n", 8080, id="PORT"),
        pytest.param("FROM node:22\nENV NITRO_PORT=8081 PORT=8080\n", 8081, id="NITRO_PORT comes first"),
        pytest.param("FROM node:22\nEXPOSE 80/tcp\n", 80, id="EXPOSE alone"),
        pytest.param("FROM node:22\nEXPOSE 3000 24678\n", 3000, id="the development socket is left out"),
        pytest.param("FROM node:22\nENV NUXT_PORT=4000\n", 4000, id="NUXT_PORT"),
        pytest.param('FROM node:22\nCMD ["npx", "nuxt", "start", "--port", "5000"]\n', 5000, id="an option"),
        pytest.param("FROM node:22\nCMD PORT=6000 node .output/server/index.mjs\n", 6000, id="an assignment"),
        pytest.param("FROM node:22\nARG P=7000\nEXPOSE $P\n", 7000, id="an argument"),
        pytest.param("FROM node:22\n", 3000, id="none"),
    ],
)
def test_port(tmp_path: Path, dockerfile: str, port: int) -> None:
    text = rewritten(make(tmp_path, {"package-lock.json": NPM_LOCK, "Dockerfile": dockerfile})).dockerfile
    assert f"PORT={port}\n" in text
    assert f"\nEXPOSE {port}\n" in text


@pytest.mark.parametrize(
    ("dockerfile", "user"),
    [
        pytest.param("FROM node:22\n", "1000", id="root before"),
        pytest.param("FROM node:22\nUSER node\n", "1000", id="node before"),
        pytest.param(
            "FROM node:22\nUSER 1000:1000\n", "1000:1000", id="a number stays, as Kubernetes wants it"
        ),
        pytest.param("FROM node:22\nRUN useradd -u 1500 app\nUSER app\n", "1000", id="a user of its own"),
        pytest.param(
            "FROM node:22\nARG UID=911\nRUN adduser -u $UID app\nVOLUME /data\nUSER app\n",
            "911:911",
            id="the number stays where there are volumes",
        ),
    ],
)
def test_user(tmp_path: Path, dockerfile: str, user: str) -> None:
    text = rewritten(make(tmp_path, {"package-lock.json": NPM_LOCK, "Dockerfile": dockerfile})).dockerfile
    assert f"\nUSER {user}\nWORKDIR /app\n" in text


def test_a_route_made_for_health_checks_is_asked(tmp_path: Path) -> None:
    files: Files = {
        "package-lock.json": NPM_LOCK,
        "server/routes/healthz.get.ts": "",
        "nuxt.config.ts": "export default defineNuxtConfig({ app: { baseURL: '/shop' } })",
    }
    assert (
        "process.env.PORT + '/shop/healthz').then(r => process.exit(r.ok"
        in rewritten(make(tmp_path, files)).dockerfile
    )


def test_health_check_none_stays(tmp_path: Path) -> None:
    files: Files = {"package-lock.json": NPM_LOCK, "Dockerfile": "FROM node:22\nHEALTHCHECK NONE\n"}
    assert "\nHEALTHCHECK NONE\n" in rewritten(make(tmp_path, files)).dockerfile


def test_packages_are_translated_and_placed(tmp_path: Path) -> None:
    dockerfile = (
        "FROM node:22-slim\nRUN apt-get update && apt-get install -y git ffmpeg curl vim build-essential\n"
    )
    result = rewritten(make(tmp_path, {"package-lock.json": NPM_LOCK, "Dockerfile": dockerfile}))
    build, final = result.dockerfile.split("\nFROM ")
    assert "RUN apk add --no-cache build-base git\n" in build
    assert "RUN apk add --no-cache ffmpeg\n" in final


def test_what_is_not_made_for_musl_gets_slim(tmp_path: Path) -> None:
    result = rewritten(make(tmp_path, {"package-lock.json": npm_lock(onnxruntime__node="1.22.0")}))
    assert choices(result, "base") == ["slim"]


@pytest.mark.parametrize(
    ("packages", "base"),
    [
        pytest.param({"@rollup/rollup-linux-x64-gnu": "4.1.0"}, "slim", id="none for musl"),
        pytest.param(
            {"a-linux-x64-gnu": "4.1.0", "a-linux-x64-musl": "4.0.0"},
            "slim",
            id="only another version for musl",
        ),
        pytest.param({"a-linux-x64-gnu": "4.1.0", "a-linux-x64-musl": "4.1.0"}, "alpine", id="both"),
        pytest.param(
            {"a-linux-x64-glibc": "1.0.0", "a-linux-x64-musl": "1.0.0"}, "alpine", id="both, spelt glibc"
        ),
    ],
)
def test_a_lock_file_without_binaries_for_musl_gets_slim(
    tmp_path: Path, packages: dict[str, str], base: str
) -> None:
    make(tmp_path, {"package-lock.json": npm_lock(**packages)})
    assert [base] == choices(rewritten(tmp_path), "base")


def test_a_start_script_is_kept(tmp_path: Path) -> None:
    files: Files = {
        "package-lock.json": NPM_LOCK,
        "docker/entrypoint.sh": '#!/bin/bash\nexec "$@"\n',
        "Dockerfile": """\
            FROM node:22-alpine AS build
            WORKDIR /app
            COPY . .
            RUN npm ci && npm run build
            FROM node:22-alpine
            COPY docker/entrypoint.sh /usr/local/bin/
            COPY --from=build /app/.output /app/.output
            ENTRYPOINT ["entrypoint.sh"]
            CMD ["node", "/app/.output/server/index.mjs"]
        """,
    }
    text = rewritten(make(tmp_path, files)).dockerfile
    assert "COPY --chmod=755 docker/entrypoint.sh /usr/local/bin/entrypoint.sh\n" in text
    assert text.count("docker/entrypoint.sh") == 1
    assert 'ENTRYPOINT ["/usr/local/bin/entrypoint.sh"]\nCMD ["node"' in text
    assert "apk add --no-cache bash\n" in text


def test_what_runs_before_the_server_and_needs_more_is_said(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest(
            scripts={"build": "nuxt build", "start": "prisma migrate deploy && node .output/server/index.mjs"}
        ),
        "package-lock.json": NPM_LOCK,
        "Dockerfile": "FROM node:22\nCMD npm start\n",
    }
    result = rewritten(make(tmp_path, files))
    assert "'prisma migrate deploy' before the server is not kept" in choices(result, "start")


def test_unknown_commands_of_the_old_build_are_kept_in_their_place(tmp_path: Path) -> None:
    files: Files = {
        "package-lock.json": NPM_LOCK,
        "Dockerfile": """\
            FROM node:22
            WORKDIR /app
            RUN ./before.sh
            COPY . .
            RUN npm ci && echo done
            RUN node scripts/fetch-content.mjs && \\
                NODE_OPTIONS=--max-old-space-size=4096 npm run build && npm prune
            RUN node scripts/compress.mjs > /dev/null
        """,
    }
    text = rewritten(make(tmp_path, files)).dockerfile
    assert text.index("RUN ./before.sh\n") < text.index("npm ci\n")
    assert (
        "RUN node scripts/fetch-content.mjs && \\\n"
        "    NODE_OPTIONS=--max-old-space-size=4096 npm run build && \\\n"
        "    node scripts/compress.mjs >/dev/null\n"
    ) in text
    assert "prune" not in text


def test_little_to_gain_is_said(tmp_path: Path) -> None:
    make(tmp_path, {"package-lock.json": NPM_LOCK})
    result = rewritten(tmp_path)
    (tmp_path / "Dockerfile").write_text(result.dockerfile)
    assert choices(result, "gain") == []
    assert choices(rewritten(tmp_path), "gain")


def test_a_second_rewrite_changes_nothing(tmp_path: Path) -> None:
    make(tmp_path, {"package-lock.json": NPM_LOCK, "Dockerfile": "FROM node:22\nENV TZ=UTC\nEXPOSE 8080\n"})
    first = rewritten(tmp_path)
    (tmp_path / "Dockerfile").write_text(first.dockerfile)
    (tmp_path / ".dockerignore").write_text(first.ignore)
    second = rewritten(tmp_path)
    assert first.dockerfile == second.dockerfile
    assert first.ignore == second.ignore


def test_secrets_and_variables_of_the_old_install_and_build_are_kept(tmp_path: Path) -> None:
    files: Files = {
        "package-lock.json": NPM_LOCK,
        "Dockerfile": """\
            FROM node:22
            COPY . .
            RUN --mount=type=secret,id=npm --mount=type=cache,target=/root/.npm TOKEN=$(cat /run/secrets/npm) npm ci
            RUN --mount=type=secret,id=dsn,target=/dsn --mount=type=cache,target=/app/.cache SENTRY=$(cat /dsn) npm run build
        """,
    }
    text = rewritten(make(tmp_path, files)).dockerfile
    assert (
        "RUN --mount=type=cache,target=/root/.npm \\\n"
        "    --mount=type=secret,id=npm \\\n"
        "    npm pkg delete scripts.postinstall && \\\n"
        "    TOKEN=$(cat /run/secrets/npm) npm ci\n"
    ) in text
    assert (
        "RUN --mount=type=secret,id=dsn,target=/dsn \\\n"
        "    --mount=type=cache,target=/app/.cache \\\n"
        "    SENTRY=$(cat /dsn) npm run build\n"
    ) in text


def test_a_pipe_in_the_run_that_builds_is_kept_and_the_build_stands_once(tmp_path: Path) -> None:
    files: Files = {
        "package-lock.json": NPM_LOCK,
        "Dockerfile": """\
            FROM node:22-alpine
            WORKDIR /app
            COPY . .
            RUN set -o pipefail && npm ci && \\
                if [ -f a ]; then cat a | tee b; fi && \\
                npm run build
        """,
    }
    text = rewritten(make(tmp_path, files)).dockerfile
    assert "RUN if [ -f a ]; then cat a | tee b; fi && \\\n    npm run build\n" in text
    assert text.count("npm run build") == 1
    assert text.count("npm ci") == 1


def test_a_here_document_is_left_to_the_user(tmp_path: Path) -> None:
    files: Files = {
        "package-lock.json": NPM_LOCK,
        "Dockerfile": "FROM node:22\nRUN npm ci && npm run build\nRUN <<EOF\ngenerate > /etc/motd\nEOF\n",
    }
    result = rewritten(make(tmp_path, files))
    assert "EOF" not in result.dockerfile
    assert choices(result, "commands") == ["not kept: RUN <<EOF"]


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        pytest.param("make-it || true # may fail", "make-it || true", id="a comment would swallow the build"),
        pytest.param("start-it &", "{ start-it & }", id="a program in the background"),
        pytest.param("( cd a; make-it )", "( cd a; make-it )", id="a subshell"),
        pytest.param("for a in b c; do make-it $a; done", "for a in b c; do make-it $a; done", id="a loop"),
    ],
)
def test_what_stands_before_the_build_cannot_harm_it(tmp_path: Path, command: str, kept: str) -> None:
    dockerfile = f"FROM node:22-alpine\nCOPY . .\nRUN npm ci\nRUN {command}\nRUN npm run build\n"
    text = rewritten(make(tmp_path, {"package-lock.json": NPM_LOCK, "Dockerfile": dockerfile})).dockerfile
    assert f"\nRUN {kept} && \\\n    npm run build\n" in text


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({".npmrc": "shamefully-hoist=true\n"}, id=".npmrc"),
        pytest.param(
            {"pnpm-workspace.yaml": "packages: []\nnodeLinker: hoisted\n"}, id="pnpm-workspace.yaml"
        ),
    ],
)
def test_no_pnpm_fetch_where_the_install_throws_it_away(tmp_path: Path, files: Files) -> None:
    text = rewritten(make(tmp_path, {"pnpm-lock.yaml": PNPM_LOCK, **files})).dockerfile
    assert "pnpm fetch" not in text
    assert "    pnpm install --frozen-lockfile\n" in text
