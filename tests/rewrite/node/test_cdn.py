"""``rewrite --cdn``: the stage with the static files alone, and how each framework learns the address."""

from pathlib import Path

import pytest

from dockeropt.errors import UsageError
from dockeropt.rewrite.options import Options
from tests.rewrite.node.projects import NAIVE, PLAIN, SERVER, Files, choices, make, manifest, outcome

CDN = Options(cdn=True)


def _app(packages: dict[str, str], dockerfile: str = NAIVE, **files: str) -> Files:
    scripts = {"build": "npx build", "start": "next start" if "next" in packages else "vite preview"}
    return {
        "package.json": manifest(scripts, packages),
        "Dockerfile": dockerfile,
        **{name.replace("_config", ".config.mjs"): text for name, text in files.items()},
    }


NODE_ADAPTER = 'import a from "@sveltejs/adapter-node"\nexport default { kit: { adapter: a() } }\n'
STATIC_ADAPTER = 'import a from "@sveltejs/adapter-static"\nexport default { kit: { adapter: a() } }\n'
ASTRO_NODE = 'import node from "@astrojs/node"\nexport default { adapter: node({ mode: "standalone" }) }\n'


@pytest.mark.parametrize(
    ("packages", "configs", "copied"),
    [
        pytest.param({"next": "15.1.0"}, {}, "/app/.next/static /_next/static", id="Next, standalone server"),
        pytest.param(
            {"next": "13.1.0"}, {}, "/app/.next/static /_next/static", id="Next before 13.4, whole app"
        ),
        pytest.param(
            {"next": "15.1.0"},
            {"next_config": "export default { distDir: 'made' }\n"},
            "/app/made/static /_next/static",
            id="Next with a folder of its own",
        ),
        pytest.param(
            {"next": "15.1.0"},
            {"next_config": 'export default { output: "export" }\n'},
            "/app/out /",
            id="Next, exported",
        ),
        pytest.param({"astro": "5"}, {}, "/app/dist /", id="Astro, files"),
        pytest.param(
            {"astro": "5", "@astrojs/node": "9"},
            {"astro_config": ASTRO_NODE},
            "/app/dist/client /",
            id="Astro, server",
        ),
        pytest.param(
            {"@sveltejs/kit": "2"}, {"svelte_config": NODE_ADAPTER}, "/app/build/client /", id="SvelteKit"
        ),
        pytest.param(
            {"@sveltejs/kit": "2"},
            {"svelte_config": NODE_ADAPTER.replace("kit: {", "kit: { paths: { base: '/notes' },")},
            "/app/build/client/notes /",
            id="SvelteKit below a path, which the CDN's address does not have",
        ),
        pytest.param(
            {"@sveltejs/kit": "2"}, {"svelte_config": STATIC_ADAPTER}, "/app/build /", id="SvelteKit, files"
        ),
        pytest.param(
            {"@react-router/dev": "7", "@react-router/serve": "7"},
            {},
            "/app/build/client /",
            id="React Router",
        ),
        pytest.param({"react-scripts": "5"}, {}, "/app/build /", id="Create React App"),
        pytest.param({"@vue/cli-service": "5"}, {}, "/app/dist /", id="Vue CLI"),
        pytest.param({"vite": "7"}, {}, "/app/dist /", id="Vite"),
    ],
)
def test_the_stage_has_what_the_framework_s_browser_asks_for(
    tmp_path: Path, packages: dict[str, str], configs: dict[str, str], copied: str
) -> None:
    made = outcome(tmp_path, _app(packages, **configs), CDN)
    assert f"FROM scratch AS assets\nCOPY --from=build {copied}\n" in made.rewritten.dockerfile
    assert not made.is_in_place


ANGULAR = """\
{"projects": {"shop": {"projectType": "application", "architect": {"build": {
  "builder": "@angular/build:application", "options": {"outputPath": "dist/shop"}}}}}}
"""


@pytest.mark.parametrize(
    ("script", "old", "written"),
    [
        pytest.param(
            "ng build --configuration production",
            "npm run build",
            'npm run build -- ${CDN_URL:+--deploy-url "$CDN_URL/"}\n',
            id="through the script",
        ),
        pytest.param(
            "", "npx ng build", 'npx ng build ${CDN_URL:+--deploy-url "$CDN_URL/"}\n', id="by itself"
        ),
        pytest.param("ng build && node sitemap.js", "npm run build", "", id="the script does more"),
        pytest.param("nx build shop", "npm run build", "", id="another program"),
    ],
)
def test_angular_gets_the_address_by_an_option_of_its_build(
    tmp_path: Path, script: str, old: str, written: str
) -> None:
    packages = {"@angular/core": "20", "@angular/cli": "20"}
    files: Files = {
        "package.json": manifest({"build": script} if script else {}, packages),
        "Dockerfile": NAIVE.replace("npm run build", old),
        "angular.json": ANGULAR,
    }
    made = outcome(tmp_path, files, CDN)
    text = made.rewritten.dockerfile
    assert "COPY --from=build /app/dist/shop/browser /\n" in text
    assert "ARG CDN_URL\n" in text
    assert text.count("--deploy-url") == bool(written)
    assert written in text
    is_told = 'write --deploy-url "$CDN_URL/" behind `ng build`' in choices(made, "cdn")
    assert is_told is not bool(written)


@pytest.mark.parametrize(
    ("packages", "configs", "argument", "says"),
    [
        pytest.param(
            {"next": "15.1.0"},
            {"next_config": "export default { assetPrefix: process.env.ASSETS || undefined }\n"},
            "ASSETS",
            "docker build --build-arg ASSETS=https://cdn.example.com",
            id="a variable of the configuration's own",
        ),
        pytest.param(
            {"next": "15.1.0"},
            {
                "next_config": "const assetPrefix = process.env.NODE_ENV === 'a' ? '' : process.env['CDN']\n"
                "export default { assetPrefix }\n"
            },
            "CDN",
            "docker build --build-arg CDN=https://cdn.example.com",
            id="behind a condition, in a constant",
        ),
        pytest.param(
            {"vite": "7"},
            {
                "vite_config": "export default defineConfig(({ mode }) => { const env = loadEnv(mode, '.')\n"
                'return { base: `${env.VITE_CDN ?? ""}/` } })\n'
            },
            "VITE_CDN",
            "docker build --build-arg VITE_CDN=https://cdn.example.com",
            id="through loadEnv, in a template",
        ),
        pytest.param(
            {"react-scripts": "5"},
            {},
            "PUBLIC_URL",
            "docker build --build-arg PUBLIC_URL=https://cdn.example.com",
            id="the framework's own variable",
        ),
        pytest.param(
            {"next": "15.1.0"},
            {"next_config": "export default { poweredByHeader: false }\n"},
            "CDN_URL",
            "write assetPrefix: process.env.CDN_URL in next.config.mjs",
            id="nothing reads one: the line to write",
        ),
        pytest.param(
            {"astro": "5"},
            {},
            "CDN_URL",
            "write build: { assetsPrefix: process.env.CDN_URL } in astro.config",
            id="Astro's line to write",
        ),
        pytest.param(
            {"@sveltejs/kit": "2"},
            {"svelte_config": STATIC_ADAPTER.replace("a()", "a({ assets: 'build' })")},
            "CDN_URL",
            "write kit: { paths: { assets: process.env.CDN_URL ?? '' } } in svelte.config.mjs",
            id="an option of the adapter is not the address",
        ),
    ],
)
def test_the_build_gets_the_address_by_the_variable_that_it_reads(
    tmp_path: Path, packages: dict[str, str], configs: dict[str, str], argument: str, says: str
) -> None:
    made = outcome(tmp_path, _app(packages, **configs), CDN)
    text = made.rewritten.dockerfile
    assert text.index(f"\nARG {argument}\n") < text.index("npm run build")
    assert says in choices(made, "cdn")


def test_an_argument_that_is_there_already_is_not_declared_twice(tmp_path: Path) -> None:
    old = NAIVE.replace("RUN npm run build", "ARG PUBLIC_URL=/\n    RUN npm run build")
    text = outcome(tmp_path, _app({"react-scripts": "5"}, old), CDN).rewritten.dockerfile
    assert text.count("ARG PUBLIC_URL") == 1


def test_a_router_that_takes_the_base_for_its_own_is_told(tmp_path: Path) -> None:
    files = {**_app({"vite": "7"}), "src/main.ts": "createWebHistory(import.meta.env.BASE_URL)\n"}
    assert "the sources read import.meta.env.BASE_URL" in choices(outcome(tmp_path, files, CDN), "cdn")


def test_nuxt_that_is_generated_gets_the_address_in_its_build(tmp_path: Path) -> None:
    old = NAIVE.replace("npm run build", "npx nuxt generate").replace(
        'CMD ["npm", "start"]', 'CMD ["npx", "serve", ".output/public"]'
    )
    files: Files = {"package.json": manifest({}, {"nuxt": "4"}), "Dockerfile": old}
    made = outcome(tmp_path, files, CDN)
    assert "ARG NUXT_APP_CDN_URL\nRUN npx nuxt generate\n" in made.rewritten.dockerfile
    assert "docker build --build-arg NUXT_APP_CDN_URL=https://cdn.example.com" in choices(made, "cdn")


def test_generated_nuxt_keeps_the_argument_its_old_build_had(tmp_path: Path) -> None:
    old = NAIVE.replace("RUN npm run build", "ARG NUXT_APP_CDN_URL\n    RUN npx nuxt generate")
    files: Files = {"package.json": manifest({}, {"nuxt": "4"}), "Dockerfile": old}
    assert "ARG NUXT_APP_CDN_URL\nRUN npx nuxt generate\n" in outcome(tmp_path, files).rewritten.dockerfile


STAGES = """\
# syntax=docker/dockerfile:1
FROM node:22 AS dependencies
WORKDIR /app
COPY package*.json ./
RUN npm ci

FROM dependencies AS build
COPY . .
# What the browser gets
RUN npm run build

# Small
FROM nginx:stable-alpine
COPY --from=build /app/dist /usr/share/nginx/html
"""


def test_a_dockerfile_that_stays_gets_the_stage_before_its_last_and_the_argument_before_its_build(
    tmp_path: Path,
) -> None:
    made = outcome(tmp_path, _app({"vite": "7"}, STAGES), CDN)
    assert made.is_in_place
    text = made.rewritten.dockerfile
    assert "# What the browser gets\nARG CDN_URL\nRUN npm run build\n\n" in text
    assert text.endswith(
        "# The static files alone, for a CDN:\n"
        "# docker build --target assets --output type=local,dest=static .\n"
        "FROM scratch AS assets\nCOPY --from=build /app/dist /\n\n" + STAGES[STAGES.index("# Small") :]
    )


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    files = {**_app({"vite": "7"}), "Dockerfile": ""}
    make(tmp_path, files)
    (tmp_path / "Dockerfile").write_bytes(STAGES.replace("\n", "\r\n").encode())
    from dockeropt.rewrite.rewriter import rewrite

    text = rewrite(str(tmp_path), None, CDN).rewritten.dockerfile
    assert "FROM scratch AS assets\r\n" in text
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        pytest.param(
            ("/app/dist /usr", "/srv/site /usr"), "COPY --from=build /app/dist /", id="files elsewhere"
        ),
        pytest.param(("npm run build", "make site"), "COPY --from=build /app/dist /", id="another builder"),
    ],
)
def test_a_dockerfile_that_is_not_surely_read_stays_and_the_lines_are_told(
    tmp_path: Path, change: tuple[str, str], lines: str
) -> None:
    files = _app({"vite": "7"}, STAGES.replace(*change))
    with pytest.raises(UsageError) as raised:
        outcome(tmp_path, files, CDN)
    assert raised.value.message.endswith("does not say surely where the static files are built")
    assert raised.value.hint == (
        f"add before the last FROM: FROM scratch AS assets; {lines}, "
        "and before the command that builds: ARG CDN_URL"
    )


def test_an_app_without_static_files_is_refused(tmp_path: Path) -> None:
    files: Files = {
        "package.json": manifest({"start": "node server.js"}, {"express": "5"}),
        "server.js": SERVER,
        "Dockerfile": PLAIN,
    }
    with pytest.raises(UsageError, match="--cdn is for apps with static files of their own"):
        outcome(tmp_path, files, CDN)
