"""What each framework's build leaves and what runs or serves it."""

from pathlib import Path

import pytest

from tests.rewrite.node.projects import (
    NAIVE,
    PLAIN,
    SERVER,
    Files,
    choices,
    dockerfile,
    kept,
    last_stage,
    make,
    manifest,
    outcome,
)

BUILD = {"build": "next build", "start": "next start", "dev": "next dev"}


def _next(version: str = "15.1.0", config: str = "export default {}\n", **scripts: str) -> Files:
    return {
        "package.json": manifest({**BUILD, **scripts}, {"next": version, "react": "19.0.0"}),
        "next.config.mjs": config,
        "public/robots.txt": "",
        "Dockerfile": NAIVE,
    }


def test_next_gives_its_standalone_output_without_an_edit_of_the_configuration(tmp_path: Path) -> None:
    text = dockerfile(tmp_path, _next())
    assert "ENV NEXT_PRIVATE_STANDALONE=true\n" in text
    assert "RUN --mount=type=cache,target=.next/cache \\\n    npm run build\n" in text
    last = last_stage(text)
    assert "HOSTNAME=0.0.0.0" in last
    assert "COPY --from=build --chown=1000:1000 /app/.next/standalone ./\n" in last
    assert "/app/.next/static .next/static\n" in last
    assert "/app/public public\n" in last
    assert last.endswith('CMD ["node", "server.js"]\n')


def test_next_that_asks_for_standalone_output_itself(tmp_path: Path) -> None:
    text = dockerfile(tmp_path, _next(config='export default { output: "standalone" }\n'))
    assert "NEXT_PRIVATE_STANDALONE" not in text
    assert ".next/standalone" in text


def test_next_before_13_4_runs_next_start_with_production_packages(tmp_path: Path) -> None:
    text = last_stage(dockerfile(tmp_path, _next("13.1.0")))
    assert 'CMD ["node_modules/.bin/next", "start"]' in text
    assert "standalone" not in text


def test_next_with_a_server_of_its_own_keeps_it(tmp_path: Path) -> None:
    files = {**_next(start="node server.js"), "server.js": SERVER}
    text = last_stage(dockerfile(tmp_path, files))
    assert "standalone" not in text
    assert '"server.js"]' in text


def test_next_that_migrates_first_keeps_what_that_needs(tmp_path: Path) -> None:
    text = last_stage(dockerfile(tmp_path, _next(start="prisma migrate deploy && next start")))
    assert 'CMD ["npm", "run", "start"]' in text
    assert "COPY --from=build --chown=1000:1000 /app ./\n" in text


def test_next_export_is_served_as_files(tmp_path: Path) -> None:
    text = last_stage(dockerfile(tmp_path, _next(config='export default { output: "export" }\n')))
    assert text.startswith("FROM nginx:stable-alpine\n")
    assert "COPY --from=build /app/out /usr/share/nginx/html\n" in text
    assert "location ~ ^/_next/static/ {" in text
    assert "error_page 404 /404.html;" in text


VITE = {"build": "vite build", "dev": "vite", "preview": "vite preview", "start": "vite preview"}


def _vite(config: str = "export default {}\n", command: str = '["npm", "start"]', **changes: object) -> Files:
    return {
        "package.json": manifest(VITE, {"vue": "3"}, {"vite": "6"}, **changes),
        "vite.config.js": config,
        "index.html": "",
        "Dockerfile": NAIVE.replace('["npm", "start"]', command),
    }


def test_a_single_page_app_is_served_by_nginx_on_the_old_port(tmp_path: Path) -> None:
    text = last_stage(dockerfile(tmp_path, _vite()))
    assert "listen 3000;" in text
    assert "try_files $uri $uri/index.html /index.html;" in text
    assert 'add_header Cache-Control "public, max-age=31536000, immutable";' in text
    assert "USER 101\n" in text
    assert "node" not in text.lower().replace("nodelay", "")


def test_the_base_and_the_output_folder_of_vite_are_read(tmp_path: Path) -> None:
    text = dockerfile(tmp_path, _vite('export default { base: "/shop/", build: { outDir: "out" } }\n'))
    assert "COPY --from=build /app/out /usr/share/nginx/html/shop\n" in text
    assert "location ~ ^/shop/assets/ {" in text
    assert "/shop/index.html;" in text


def test_a_development_server_that_forwards_requests_is_not_replaced(tmp_path: Path) -> None:
    config = 'export default { server: { proxy: { "/api": "http://api:8080" } } }\n'
    assert "forwards requests" in kept(tmp_path, _vite(config, '["npm", "run", "dev"]'))


def test_an_app_with_a_server_of_its_own_is_no_static_site(tmp_path: Path) -> None:
    files = {**_vite(command='["node", "server.js"]'), "server.js": SERVER}
    assert '"server.js"]' in last_stage(dockerfile(tmp_path, files))


@pytest.mark.parametrize(
    ("package", "folder", "immutable"),
    [
        pytest.param("react-scripts", "build", "static/", id="Create React App"),
        pytest.param("@vue/cli-service", "dist", "js/", id="Vue CLI"),
    ],
)
def test_other_bundlers_have_other_folders(tmp_path: Path, package: str, folder: str, immutable: str) -> None:
    scripts = {"build": f"{package} build", "start": "serve -s build"}
    files: Files = {"package.json": manifest(scripts, {package: "5"}), "Dockerfile": NAIVE}
    text = dockerfile(tmp_path, files)
    assert f"COPY --from=build /app/{folder} /usr/share/nginx/html\n" in text
    assert f"location ~ ^/{immutable} {{" in text


def test_angular_puts_the_browser_part_apart(tmp_path: Path) -> None:
    workspace = {
        "projects": {
            "shop": {
                "projectType": "application",
                "architect": {"build": {"builder": "@angular/build:application", "options": {}}},
            }
        }
    }
    files: Files = {
        "package.json": manifest({"build": "ng build", "start": "ng serve"}, {}, {"@angular/cli": "19"}),
        "angular.json": workspace,
        "Dockerfile": NAIVE,
    }
    assert "COPY --from=build /app/dist/shop/browser /usr/share" in dockerfile(tmp_path, files)


def test_astro_without_an_adapter_is_files(tmp_path: Path) -> None:
    scripts = {"build": "astro build", "start": "astro preview --host"}
    files: Files = {
        "package.json": manifest(scripts, {"astro": "5"}),
        "astro.config.mjs": "export default defineConfig({})\n",
        "Dockerfile": NAIVE,
    }
    text = last_stage(dockerfile(tmp_path, files))
    assert "location ~ ^/_astro/ {" in text
    assert "try_files $uri $uri/index.html $uri.html =404;" in text


def test_astro_with_the_node_adapter_listens_outside(tmp_path: Path) -> None:
    config = "import node from '@astrojs/node';\nexport default { adapter: node({ mode: 'standalone' }) };\n"
    scripts = {"build": "astro build", "start": "node ./dist/server/entry.mjs"}
    files: Files = {
        "package.json": manifest(scripts, {"astro": "5", "@astrojs/node": "9"}),
        "astro.config.mjs": config,
        "Dockerfile": NAIVE,
    }
    text = last_stage(dockerfile(tmp_path, files))
    assert "HOST=0.0.0.0" in text
    assert '"./dist/server/entry.mjs"]' in text


@pytest.mark.parametrize(
    ("adapter", "says"),
    [
        pytest.param("adapter-node", 'CMD ["node", "build"]', id="a server"),
        pytest.param("adapter-static", "FROM nginx", id="files"),
    ],
)
def test_sveltekit_by_its_adapter(tmp_path: Path, adapter: str, says: str) -> None:
    files: Files = {
        "package.json": manifest(
            {"build": "vite build", "start": "node build"}, {}, {"@sveltejs/kit": "2", "vite": "6"}
        ),
        "svelte.config.js": f'import adapter from "@sveltejs/{adapter}";\nexport default {{}};\n',
        "Dockerfile": NAIVE,
    }
    assert says in last_stage(dockerfile(tmp_path, files))


def test_sveltekit_with_another_adapter_stays(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest(
            {"build": "vite build", "start": "vite preview"}, {}, {"@sveltejs/kit": "2"}
        ),
        "svelte.config.js": 'import adapter from "@sveltejs/adapter-auto";\n',
        "Dockerfile": NAIVE,
    }
    assert "add @sveltejs/adapter-node" in kept(tmp_path, files)


def test_react_router_runs_its_built_server(tmp_path: Path) -> None:
    scripts = {"build": "react-router build", "start": "react-router-serve ./build/server/index.js"}
    files: Files = {
        "package.json": manifest(scripts, {"@react-router/serve": "7"}, {"@react-router/dev": "7"}),
        "app/routes.js": 'import { index } from "@react-router/dev/routes";\n',
        "Dockerfile": NAIVE,
    }
    text = dockerfile(tmp_path, files)
    assert "FROM dependencies AS production\nRUN npm prune --omit=dev\n" in text
    assert '"node_modules/.bin/react-router-serve", "./build/server/index.js"]' in last_stage(text)


def test_react_router_without_a_server_is_files(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest({"build": "react-router build"}, {}, {"@react-router/dev": "7"}),
        "react-router.config.ts": "export default { ssr: false };\n",
        "Dockerfile": NAIVE.replace('["npm", "start"]', '["npx", "serve", "-s", "build/client"]'),
    }
    assert "COPY --from=build /app/build/client /usr/share/nginx/html\n" in dockerfile(tmp_path, files)


def test_nest_runs_what_it_built(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest(
            {"build": "nest build", "start": "nest start"}, {"@nestjs/core": "10"}, {"@nestjs/cli": "10"}
        ),
        "Dockerfile": NAIVE,
    }
    assert '"dist/main.js"]' in last_stage(dockerfile(tmp_path, files))


def test_a_plain_server_gets_its_packages_and_its_sources(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest({}, {"express": "5"}, {"eslint": "9"}),
        "server.js": SERVER,
        "Dockerfile": PLAIN,
    }
    text = dockerfile(tmp_path, files)
    assert "    npm ci --omit=dev\n" in text
    last = last_stage(text)
    assert "COPY --from=build /app/node_modules node_modules\n" in last
    assert "COPY --chown=1000:1000 . ./\n" in last


def test_no_dockerfile_yet(tmp_path: Path) -> None:
    make(
        tmp_path,
        {"package.json": manifest({"start": "node server.js"}, {"express": "5"}), "server.js": SERVER},
    )
    made = outcome(tmp_path, {})
    assert "server.js" in made.rewritten.dockerfile
    assert choices(made, "stack") == ["a Node app"]


def test_a_flag_overrides_what_the_files_say(tmp_path: Path) -> None:
    files = {**_next(), "server.js": SERVER, "Dockerfile": PLAIN}
    made = outcome(tmp_path, files, stack="node")
    assert choices(made, "stack") == ["a Node app"]
    assert "npm ci --omit=dev" in made.rewritten.dockerfile or "node_modules" in made.rewritten.dockerfile
