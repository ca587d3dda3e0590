"""What goes wrong when real Node projects are rewritten, one trap a test."""

from pathlib import Path

import pytest

from dockeropt.rewrite.options import Base, Options
from tests.rewrite.node.projects import (
    LOCK,
    NAIVE,
    PLAIN,
    SERVER,
    Files,
    choices,
    dockerfile,
    kept,
    last_stage,
    manifest,
    outcome,
    reasons,
)
from tests.rewrite.projects import PNPM_LOCK, YARN_LOCK

EXPRESS = {"express": "5"}
PATCHED = {**EXPRESS, "patch-package": "8"}


def _plain(*, command: str = '["node", "server.js"]', package: object = None, **files: str) -> Files:
    found: Files = {
        "package.json": package or manifest({}, EXPRESS),  # type: ignore[dict-item]
        "server.js": SERVER,
        "Dockerfile": PLAIN.replace('["node", "server.js"]', command),
        **files,
    }
    return found


def test_node_as_pid_1_ends_on_sigterm(tmp_path: Path) -> None:
    text = last_stage(dockerfile(tmp_path, _plain()))
    assert "process.listenerCount(signal) > 1 || process.exit(code)" in text
    assert text.endswith('CMD ["node", "--require", "/usr/local/lib/end-on-signal.cjs", "server.js"]\n')


def test_a_server_that_handles_sigterm_is_left_to_it(tmp_path: Path) -> None:
    files = {**_plain(), "server.js": SERVER + 'process.on("SIGTERM", () => process.exit());\n'}
    assert last_stage(dockerfile(tmp_path, files)).endswith('CMD ["node", "server.js"]\n')


def test_an_init_is_replaced(tmp_path: Path) -> None:
    files = _plain(command='["tini", "--", "node", "server.js"]')
    assert '"node", "--require"' in last_stage(dockerfile(tmp_path, files))


def test_the_app_may_write_beside_its_sources(tmp_path: Path) -> None:
    text = last_stage(dockerfile(tmp_path, _plain(**{"uploads/keep.txt": ""})))
    assert text.index("USER 1000\n") < text.index("WORKDIR /app\n")
    assert "COPY --chown=1000:1000 . ./\n" in text


def test_a_folder_the_old_dockerfile_makes_is_the_users(tmp_path: Path) -> None:
    old = PLAIN.replace("EXPOSE", "RUN mkdir -p /data logs\n    EXPOSE")
    text = last_stage(dockerfile(tmp_path, {**_plain(), "Dockerfile": old}))
    assert "RUN mkdir -p /data && \\\n    chown 1000:1000 /data\n" in text
    assert "RUN mkdir -p logs\n" in text


def test_an_install_script_that_needs_sources_runs_with_them(tmp_path: Path) -> None:
    package = manifest({"postinstall": "node make.js", "start": "node server.js"}, EXPRESS, {"x": "1"})
    text = dockerfile(tmp_path, _plain(package=package, **{"make.js": ""}))
    assert "npm pkg delete scripts.postinstall && \\\n    npm ci\n" in text
    assert text.index("COPY . .\n") < text.index("npm run postinstall")
    assert "npm prune --omit=dev" in text


def test_the_prisma_client_is_made_once_the_schema_is_there(tmp_path: Path) -> None:
    package = manifest({"start": "node server.js"}, {**EXPRESS, "@prisma/client": "6"}, {"prisma": "6"})
    text = dockerfile(tmp_path, _plain(package=package, **{"prisma/schema.prisma": ""}))
    assert text.index("COPY . .\n") < text.index("npx prisma generate") < text.index("npm prune --omit=dev")
    assert "openssl" in last_stage(text)


def test_devdependencies_are_there_for_the_build_and_gone_after(tmp_path: Path) -> None:
    package = manifest({"build": "tsc", "start": "node dist/main.js"}, EXPRESS, {"typescript": "5"})
    files: Files = {"package.json": package, "Dockerfile": NAIVE.replace("npm install", "npm ci --omit=dev")}
    text = dockerfile(tmp_path, files)
    assert "    npm ci\n" in text
    assert "FROM dependencies AS production\nRUN npm prune --omit=dev\n" in text
    assert "COPY --from=production /app/node_modules node_modules\n" in text


def test_the_app_is_set_aside_without_its_packages_and_none_is_removed(tmp_path: Path) -> None:
    package = manifest({"build": "tsc", "start": "node server.js"}, EXPRESS, {"typescript": "5"})
    text = dockerfile(tmp_path, {**_plain(package=package), "Dockerfile": NAIVE})
    assert "rm -rf node_modules" not in text
    assert "! -name node_modules -exec cp -a {} /output/" in text
    assert "COPY --from=build --chown=1000:1000 /output ./\n" in last_stage(text)


@pytest.mark.parametrize(
    ("start", "source"),
    [
        pytest.param("ts-node src/server.ts", "", id="the start command runs one"),
        pytest.param("node -r ts-node/register src/server.ts", "", id="the start command loads one"),
        pytest.param("node server.js", 'const t = require("ts-node");\n', id="the sources import one"),
    ],
)
def test_devdependencies_that_the_server_runs_with_stay(tmp_path: Path, start: str, source: str) -> None:
    package = manifest({"start": start}, EXPRESS, {"ts-node": "10"})
    files = {**_plain(package=package, command='["npm", "start"]'), "server.js": source + SERVER}
    made = outcome(tmp_path, files)
    assert choices(made, "packages") == ["devDependencies stay"]
    assert "--omit=dev" not in made.rewritten.dockerfile


def test_a_type_import_needs_no_package(tmp_path: Path) -> None:
    package = manifest({"build": "tsc", "start": "node dist/main.js"}, EXPRESS, {"type-fest": "4"})
    files: Files = {
        "package.json": package,
        "src/main.ts": 'import type { JsonValue } from "type-fest";\n',
        "Dockerfile": NAIVE,
    }
    assert "npm prune --omit=dev" in dockerfile(tmp_path, files)


def test_a_lock_file_that_is_empty_is_believed_to_be_one(tmp_path: Path) -> None:
    assert "npm ci\n" in dockerfile(tmp_path, {**_plain(), "package-lock.json": ""})


@pytest.mark.parametrize(
    ("old", "install"),
    [
        pytest.param("npm ci", "npm install", id="npm ci, which cannot have worked"),
        pytest.param("npm install", "npm install", id="npm"),
        pytest.param("yarn --frozen-lockfile", "yarn install", id="yarn"),
        pytest.param("npm install -g pnpm && pnpm install", "pnpm install", id="pnpm"),
    ],
)
def test_without_a_lock_file_none_is_copied_and_it_says_so(tmp_path: Path, old: str, install: str) -> None:
    files = {**_plain(), "Dockerfile": PLAIN.replace("npm install", old), "package-lock.json": None}
    made = outcome(tmp_path, files)
    text = made.rewritten.dockerfile
    assert "\nCOPY package.json ./\n" in text
    assert f" \\\n    {install}\n" in text
    assert choices(made, "lock file") == ["none"]
    assert [each.is_notice for each in made.rewritten.decisions if each.subject == "lock file"] == [True]


@pytest.mark.parametrize(
    ("files", "step"),
    [
        pytest.param({"patches/a.patch": ""}, "COPY patches patches\n", id="the usual folder"),
        pytest.param(
            {
                "package.json": manifest({"postinstall": "patch-package --patch-dir fixes"}, PATCHED),
                "fixes/a.patch": "",
            },
            "COPY fixes/a.patch fixes/\n",
            id="a folder that patch-package is told",
        ),
        pytest.param(
            {
                "package.json": manifest({}, EXPRESS, pnpm={"patchedDependencies": {"a@1": "fixes/a.patch"}}),
                "fixes/a.patch": "",
                "fixes/b.patch": "",
                "pnpm-lock.yaml": PNPM_LOCK,
                "package-lock.json": None,
            },
            "COPY fixes/a.patch fixes/\n",
            id="a file that pnpm's settings name",
        ),
        pytest.param(
            {
                "package.json": manifest({}, EXPRESS),
                "fixes/a.patch": "",
                "pnpm-workspace.yaml": "patchedDependencies:\n  a@1: fixes/a.patch\n",
                "pnpm-lock.yaml": PNPM_LOCK,
                "package-lock.json": None,
            },
            "COPY fixes/a.patch fixes/\n",
            id="a file that pnpm's workspace names",
        ),
    ],
)
def test_patches_are_there_when_it_installs(tmp_path: Path, files: Files, step: str) -> None:
    package = manifest({"postinstall": "patch-package"}, PATCHED)
    text = dockerfile(tmp_path, {**_plain(package=package), **files})
    install = max(text.find(" npm ci"), text.find(" pnpm install"))
    assert 0 < text.index(step) < install


@pytest.mark.parametrize(
    ("lock", "where", "commands"),
    [
        pytest.param(
            "package-lock.json", "devDependencies", "npm ci && \\\n    npm prune --omit=dev\n", id="npm"
        ),
        pytest.param(
            "yarn.lock", "devDependencies", "yarn install --frozen-lockfile\n", id="yarn, and they stay"
        ),
        pytest.param("yarn.lock", "dependencies", "yarn install --production --frozen-lockfile\n", id="yarn"),
    ],
)
def test_what_patches_is_there_when_it_installs(tmp_path: Path, lock: str, where: str, commands: str) -> None:
    package = {**manifest({"postinstall": "patch-package"}, EXPRESS, {"jest": "30"})}
    package[where] = {**package[where], "patch-package": "8"}  # type: ignore[dict-item]
    files = {"package-lock.json": None, lock: LOCK if lock[0] == "p" else YARN_LOCK, "patches/a.patch": ""}
    assert f" \\\n    {commands}" in dockerfile(tmp_path, {**_plain(package=package), **files})


def test_yarn_patches_again_what_it_installs_anew(tmp_path: Path) -> None:
    scripts = {"postinstall": "patch-package", "build": "tsc", "start": "node server.js"}
    package = manifest(scripts, PATCHED, {"typescript": "5"})
    files = {"package-lock.json": None, "yarn.lock": YARN_LOCK, "patches/a.patch": "", "Dockerfile": NAIVE}
    text = dockerfile(tmp_path, {**_plain(package=package), **files})
    assert "--frozen-lockfile && yarn run patch-package\n" in text


@pytest.mark.parametrize(
    ("files", "step"),
    [
        pytest.param({}, "COPY libs/ui/package.json libs/ui/\nRUN", id="npm links to the folder"),
        pytest.param(
            {"package-lock.json": None, "yarn.lock": YARN_LOCK},
            "COPY libs/ui libs/ui\n# dockeropt: ignore=DO1001 yarn copies libs/ui into node_modules\nRUN",
            id="yarn copies it",
        ),
        pytest.param(
            {"package.json": manifest({}, {**EXPRESS, "ui": "file:libs/ui.tgz"}), "libs/ui.tgz": ""},
            "COPY libs/ui.tgz libs/ui.tgz\nRUN",
            id="an archive",
        ),
    ],
)
def test_a_package_of_a_folder_is_there_when_it_installs(tmp_path: Path, files: Files, step: str) -> None:
    package = manifest({}, {**EXPRESS, "ui": "file:./libs/ui"})
    folder = {"libs/ui/package.json": '{"name": "ui"}', "libs/ui/index.js": ""}
    text = dockerfile(tmp_path, {**_plain(package=package), **folder, **files})
    assert step in text
    assert "COPY --chown=1000:1000 . ./\n" in last_stage(text)


def test_a_folder_that_node_modules_links_to_comes_along(tmp_path: Path) -> None:
    scripts = {"build": "react-router build", "start": "react-router-serve ./build/server/index.js"}
    packages = {"@react-router/serve": "7", "react-router": "7", "ui": "file:libs/ui"}
    package = manifest(scripts, packages, {"@react-router/dev": "7"})
    files: Files = {"package.json": package, "libs/ui/package.json": '{"name": "ui"}', "Dockerfile": NAIVE}
    text = last_stage(dockerfile(tmp_path, files))
    assert "COPY --from=build /app/libs/ui libs/ui\n" in text


def test_a_workspace_is_copied_with_its_members(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest({}, {}, {"typescript": "5"}, workspaces=["apps/*"]),
        "apps/api/package.json": manifest({"start": "node server.js"}, EXPRESS, name="api"),
        "apps/api/server.js": SERVER,
        "Dockerfile": PLAIN.replace('["node", "server.js"]', '["npm", "start", "-w", "api"]'),
    }
    text = dockerfile(tmp_path, files)
    assert "COPY apps/api/package.json apps/api/\n" in text
    last = last_stage(text)
    assert "COPY --from=build --chown=1000:1000 /app ./\n" in last
    assert "WORKDIR /app/apps/api\n" in last


def test_an_npm_start_that_does_more_stays(tmp_path: Path) -> None:
    package = manifest({"start": "node migrate.js && node server.js"}, EXPRESS)
    files = _plain(package=package, command='["npm", "start"]', **{"migrate.js": ""})
    assert last_stage(dockerfile(tmp_path, files)).endswith('CMD ["npm", "run", "start"]\n')


def test_an_entrypoint_script_runs_first(tmp_path: Path) -> None:
    old = PLAIN.replace("CMD", 'ENTRYPOINT ["./start.sh"]\n    CMD')
    files = {**_plain(), "start.sh": '#!/bin/bash\nexec "$@"\n', "Dockerfile": old}
    text = last_stage(dockerfile(tmp_path, files))
    assert "COPY --chmod=755 start.sh ./start.sh\n" in text
    assert 'ENTRYPOINT ["./start.sh"]\n' in text
    assert "apk add --no-cache bash" in text


def test_a_server_on_localhost_is_told(tmp_path: Path) -> None:
    files = {**_plain(), "server.js": SERVER.replace("3000", '3000, "127.0.0.1"')}
    assert "let it listen on 0.0.0.0" in reasons(outcome(tmp_path, files), "host")[0]


@pytest.mark.parametrize(
    ("source", "port"),
    [
        pytest.param("app.listen(process.env.PORT || 8081)", 8081, id="a default beside PORT"),
        pytest.param("app.listen({ port: 8082 })", 8082, id="a number"),
    ],
)
def test_the_port_the_sources_listen_on(tmp_path: Path, source: str, port: int) -> None:
    files = {**_plain(), "server.js": source, "Dockerfile": PLAIN.replace("    EXPOSE 3000\n", "")}
    text = last_stage(dockerfile(tmp_path, files))
    assert f"EXPOSE {port}\n" in text
    assert f"fetch('http://127.0.0.1:{port}/')" in text


def test_without_a_known_port_there_is_no_health_check(tmp_path: Path) -> None:
    files = {**_plain(), "server.js": "", "Dockerfile": PLAIN.replace("    EXPOSE 3000\n", "")}
    assert "HEALTHCHECK" not in dockerfile(tmp_path, files)


def test_the_old_health_check_is_made_by_node(tmp_path: Path) -> None:
    old = PLAIN.replace(
        "EXPOSE", "HEALTHCHECK --interval=9s CMD curl -f localhost:3000/up || exit 1\n    EXPOSE"
    )
    text = last_stage(dockerfile(tmp_path, {**_plain(), "Dockerfile": old}))
    assert "HEALTHCHECK --interval=9s \\\n" in text
    assert "fetch('http://127.0.0.1:3000/up').then(r => process.exit(r.ok ? 0 : 1))" in text


def test_build_time_variables_reach_the_build(tmp_path: Path) -> None:
    old = NAIVE.replace(
        "    RUN npm run build", "    ARG VITE_API\n    ENV VITE_API=$VITE_API\n    RUN npm run build"
    )
    package = manifest({"build": "vite build", "start": "vite preview"}, {}, {"vite": "6"})
    text = dockerfile(tmp_path, {"package.json": package, "index.html": "", "Dockerfile": old})
    assert "ARG VITE_API\nENV VITE_API=$VITE_API\nRUN npm run build\n" in text


def test_a_committed_dotenv_stays_in_the_context(tmp_path: Path) -> None:
    package = manifest({"build": "vite build", "start": "vite preview"}, {}, {"vite": "6"})
    made = outcome(tmp_path, {"package.json": package, ".env": "VITE_A=1\n", "Dockerfile": NAIVE})
    assert "!.env\n" in made.rewritten.ignore


def test_a_native_package_without_musl_takes_slim(tmp_path: Path) -> None:
    package = manifest({"start": "node server.js"}, {**EXPRESS, "onnxruntime-node": "1.20.0"})
    assert "FROM node:22-slim" in dockerfile(tmp_path, _plain(package=package))


def test_a_program_the_sources_start_stays(tmp_path: Path) -> None:
    old = PLAIN.replace("WORKDIR", "RUN apt-get update && apt-get install -y git\n    WORKDIR")
    source = 'require("child_process").execFile("git", ["log"]);\n'
    files = {**_plain(), "server.js": source + SERVER, "Dockerfile": old}
    assert "apk add --no-cache git" in last_stage(dockerfile(tmp_path, files))


def test_a_browser_outside_the_app_keeps_the_old_dockerfile(tmp_path: Path) -> None:
    old = PLAIN.replace("EXPOSE", "RUN npx playwright install --with-deps\n    EXPOSE")
    assert "installs a browser" in kept(tmp_path, {**_plain(), "Dockerfile": old})


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("RUN echo UTC > /etc/timezone", "outside the app", id="a file of the system"),
        pytest.param("RUN pip install yt-dlp", "is not known", id="another language's packages"),
        pytest.param("COPY server /app/lib", "laid out unlike", id="a folder under another name"),
        pytest.param("ADD https://example.com/a.tgz /opt/", "downloads", id="a download"),
        pytest.param("RUN cd client && npm install", "several folders", id="two packages"),
    ],
)
def test_what_cannot_be_carried_keeps_the_old_dockerfile(tmp_path: Path, line: str, says: str) -> None:
    old = PLAIN.replace("EXPOSE", f"{line}\n    EXPOSE")
    assert says in kept(
        tmp_path, {**_plain(), "server/a.js": "", "client/package.json": "{}", "Dockerfile": old}
    )


def test_two_stages_are_mended_in_place(tmp_path: Path) -> None:
    old = (
        "from node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"
        'FROM node:22-alpine\nCOPY --from=build /app/dist /dist\nCMD ["node", "/dist/main.js"]\n'
    )
    files = {**_plain(), "Dockerfile": old}
    made = outcome(tmp_path, files)
    assert made.is_in_place
    assert made.rewritten.dockerfile.startswith("FROM node:22 AS build\n")


def test_variables_labels_volumes_and_the_stop_signal_stay(tmp_path: Path) -> None:
    old = PLAIN.replace(
        "EXPOSE",
        'ENV GREETING="good day" TZ=UTC\n    LABEL team=shop\n    VOLUME /data\n    '
        "STOPSIGNAL SIGINT\n    EXPOSE",
    )
    text = last_stage(dockerfile(tmp_path, {**_plain(), "Dockerfile": old}))
    for line in ('GREETING="good day"', "TZ=UTC", "LABEL team=shop", 'VOLUME ["/data"]', "STOPSIGNAL SIGINT"):
        assert line in text


def test_node_env_is_not_invented(tmp_path: Path) -> None:
    assert "NODE_ENV" not in dockerfile(tmp_path, _plain())


def test_a_watcher_is_left_out(tmp_path: Path) -> None:
    package = manifest({"start": "nodemon server.js"}, EXPRESS, {"nodemon": "3"})
    text = last_stage(dockerfile(tmp_path, _plain(package=package, command='["npm", "start"]')))
    assert '"server.js"]' in text
    assert "nodemon" not in text


def test_slim_is_taken_when_asked_for(tmp_path: Path) -> None:
    assert "FROM node:22-slim" in dockerfile(tmp_path, _plain(), Options(base=Base.SLIM))


def test_a_global_tool_that_starts_the_app_is_installed(tmp_path: Path) -> None:
    old = PLAIN.replace("EXPOSE", "RUN npm install -g pm2\n    EXPOSE").replace(
        '["node", ', '["pm2-runtime", '
    )
    text = last_stage(dockerfile(tmp_path, {**_plain(), "Dockerfile": old}))
    assert "npm install --global pm2\n" in text
    assert 'CMD ["pm2-runtime", "server.js"]\n' in text


@pytest.mark.parametrize(
    ("lines", "commands"),
    [
        pytest.param("RUN npx tsc", "RUN npx tsc && ", id="a compiler through npx"),
        pytest.param(
            "RUN npm run build:css\n    RUN npm run build",
            "RUN npm run build:css && \\\n    npm run build && ",
            id="two builds",
        ),
        pytest.param("RUN npm run build -w lib", "RUN npm run build -w lib && ", id="a build of one member"),
    ],
)
def test_every_build_of_the_old_dockerfile_runs_once(tmp_path: Path, lines: str, commands: str) -> None:
    scripts = {"build": "tsc", "build:css": "sass a b", "start": "node dist/main.js"}
    package = manifest(scripts, EXPRESS, {"typescript": "5"})
    old = NAIVE.replace("RUN npm run build", lines)
    text = dockerfile(tmp_path, {"package.json": package, "Dockerfile": old})
    assert commands in text
    assert text.count("npm run build") + text.count("npx tsc") == commands.count(
        "npm run build"
    ) + commands.count("npx tsc")


def test_a_build_in_another_folder_keeps_the_old_dockerfile(tmp_path: Path) -> None:
    old = NAIVE.replace("npm run build", "cd lib && npm run build")
    package = manifest({"build": "tsc", "start": "node a.js"}, EXPRESS)
    assert "builds in another folder" in kept(tmp_path, {"package.json": package, "Dockerfile": old})


def test_a_stage_that_only_hands_files_over_counts(tmp_path: Path) -> None:
    old = (
        'FROM acme/base AS base\nFROM node:22\nWORKDIR /app\nCOPY --from=base /app ./\nCMD ["node", "a.js"]\n'
    )
    assert "runs in another already" in kept(tmp_path, {**_plain(), "Dockerfile": old})


def test_several_members_of_a_framework_are_the_servers_business(tmp_path: Path) -> None:
    vite = manifest({"build": "vite build"}, {}, {"vite": "6"})
    files: Files = {
        **_plain(package=manifest({}, EXPRESS, workspaces=["ui", "admin"])),
        "ui/package.json": vite,
        "admin/package.json": {**vite, "name": "admin"},
    }
    assert choices(outcome(tmp_path, files), "stack") == ["a Node app"]
