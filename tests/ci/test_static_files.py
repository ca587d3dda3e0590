"""Which files of a framework get which headers: the upload's own script, with the filters of the real aws."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dockeropt.ci.facts import read_facts
from dockeropt.ci.pipeline import Options, Service, notices, plan
from tests.ci.pipelines import WITH_ASSETS, Files, make, phases, pipeline

_AWS = """\
import json, os, sys
from pathlib import Path
from awscli.customizations.s3.filters import create_filter
from awscli.customizations.s3.fileinfo import FileInfo

words = sys.argv[1:]
assert words[:2] == ["s3", "cp"] and words[4:6] == ["--recursive", "--only-show-errors"], words
folder, options = words[2], dict(zip(words[6::2], words[7::2]))
pairs = [[a, b] for a, b in zip(words[6::2], words[7::2]) if a in ("--include", "--exclude")]
filters = create_filter({"filters": pairs, "dir_op": True, "src": folder, "dest": words[3]})
files = [FileInfo(str(p), src_type="local", dest_type="s3") for p in Path(folder).rglob("*") if p.is_file()]
for each in filters.call(files):
    told = [os.path.relpath(each.src, folder), options["--cache-control"], options.get("--content-type", "")]
    print(json.dumps(told), file=open(os.environ["UPLOADED"], "a"))
"""

FOREVER, SHORT, ASKED = "public,max-age=31536000,immutable", "public,max-age=300", "no-cache"


def uploaded(folder: Path, packages: dict[str, str], files: list[str], **more: str) -> dict[str, str]:
    """Return how each file is kept in the end, by path, after the upload of a project of some packages."""
    project: Files = {"package.json": {"dependencies": packages}, "Dockerfile": WITH_ASSETS, **more}
    text = pipeline(Service.CODEBUILD, make(folder / "project", project))
    script = next(command for command in phases(text)["post_build"] if "aws s3 cp" in command)
    static, programs = folder / "static", folder / "bin"
    for path in files:
        (static / path).parent.mkdir(parents=True, exist_ok=True)
        (static / path).write_text("")
    programs.mkdir()
    (programs / "aws.py").write_text(_AWS)
    (programs / "aws").write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(programs / "aws.py"))} "$@"\n'
    )
    (programs / "aws").chmod(0o755)
    noted = folder / "noted"
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "STATIC_FOLDER": str(static),
        "ASSETS_BUCKET": "shop-assets",
        "UPLOADED": str(noted),
    }
    ran = subprocess.run(["sh", "-e", "-c", script], env=environment, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = [json.loads(line) for line in noted.read_text().splitlines()]
    last_hashed = max([at for at, line in enumerate(lines) if line[1] == FOREVER], default=-1)
    assert all(line[1] == FOREVER for line in lines[: last_hashed + 1]), (
        "a page may be there before its files"
    )
    assert {path for path, _, type_ in lines if path.endswith(".js") and "javascript" not in type_} == set()
    return {path: cache_control for path, cache_control, _ in lines}


@pytest.mark.parametrize(
    ("packages", "kept"),
    [
        pytest.param(
            {"@angular/cli": "20", "vite": "7"},
            {
                "main-5N4VXYZA.js": FOREVER,
                "main-5N4VXYZA.js.map": FOREVER,
                "media/logo-ABCDEFG2.woff2": FOREVER,
                "runtime.0123456789abcdef.js": FOREVER,
                "main.0123456789abcdef0123.js": FOREVER,
                "READ-ME.txt": SHORT,
                "assets/photo-abcdefgh.png": SHORT,
                "index.html": ASKED,
                "favicon.ico": SHORT,
            },
            id="Angular, whose names alone tell",
        ),
        pytest.param(
            {"@sveltejs/kit": "2", "vite": "7"},
            {
                "_app/immutable/entry/start.Bx.js": FOREVER,
                "_app/immutable/entry/start.Bx.js.br": FOREVER,
                "_app/version.json": ASKED,
                "_app/env.js": SHORT,
                "data.json": SHORT,
                "robots.txt": SHORT,
            },
            id="SvelteKit, which asks for its version",
        ),
        pytest.param(
            {"@vue/cli-service": "5"},
            {
                "js/app.1.js": FOREVER,
                "css/app.1.css": FOREVER,
                "fonts/a.1.woff": FOREVER,
                "index.html": ASKED,
            },
            id="Vue CLI, with several folders",
        ),
        pytest.param(
            {"astro": "5"},
            {"_astro/page.X1.css": FOREVER, "guide/index.html": ASKED, "logo.svg": SHORT},
            id="Astro",
        ),
        pytest.param(
            {"react-scripts": "5"}, {"static/js/main.1.js": FOREVER, "static/LICENSE": FOREVER}, id="React"
        ),
        pytest.param(
            {"@react-router/dev": "7", "vite": "7"},
            {"assets/root-i8.js": FOREVER, "a.js": SHORT},
            id="Router",
        ),
    ],
)
def test_what_never_changes_is_kept_and_the_rest_asked_for(
    tmp_path: Path, packages: dict[str, str], kept: dict[str, str]
) -> None:
    assert kept == uploaded(tmp_path, packages, list(kept))


def test_the_folder_of_the_configuration_is_the_one_that_is_kept(tmp_path: Path) -> None:
    files = ["static/a-1.js", "assets/b.js"]
    config = {"vite.config.ts": "export default defineConfig({ build: { assetsDir: 'static' } })\n"}
    assert uploaded(tmp_path, {"vite": "7"}, files, **config) == {files[0]: FOREVER, files[1]: SHORT}


@pytest.mark.parametrize(
    ("packages", "declared", "config", "argument"),
    [
        pytest.param({"react-scripts": "5"}, "PUBLIC_URL", {}, "PUBLIC_URL", id="the framework's variable"),
        pytest.param(
            {"next": "15"},
            "ASSETS",
            {"next.config.js": "module.exports = { assetPrefix: process.env.ASSETS }\n"},
            "ASSETS",
            id="the configuration's variable",
        ),
        pytest.param(
            {"vite": "7"},
            "CDN_URL",
            {"vite.config.ts": "export default { base: process.env.CDN_URL }\n"},
            "CDN_URL",
            id="ours",
        ),
        pytest.param({"vite": "7"}, "OTHER", {}, None, id="another one"),
        pytest.param({}, "CDN_URL", {}, "CDN_URL", id="no framework"),
    ],
)
def test_the_build_gets_the_address_by_the_argument_it_declares(
    tmp_path: Path, packages: dict[str, str], declared: str, config: dict[str, str], argument: str | None
) -> None:
    dockerfile = WITH_ASSETS.replace("ARG CDN_URL", f"ARG {declared}")
    make(tmp_path, {"package.json": {"dependencies": packages}, "Dockerfile": dockerfile, **config})
    text = pipeline(Service.CODEBUILD, tmp_path)
    assert text.count(f'--build-arg "{argument}=$CDN_URL"') == (0 if argument is None else 2)
    made = plan(Service.CODEBUILD, read_facts(str(tmp_path)), Options())
    assert bool(notices(made)) is (argument is None)


def test_an_argument_that_nothing_reads_is_told_with_the_line_to_write(tmp_path: Path) -> None:
    files: Files = {"package.json": {"dependencies": {"next": "15"}}, "next.config.ts": "export default {}\n"}
    make(tmp_path, {**files, "Dockerfile": WITH_ASSETS})
    (notice,) = notices(plan(Service.GITHUB, read_facts(str(tmp_path)), Options()))
    assert notice == (
        "Next.js writes the CDN's address into its files when it builds, and nothing reads the build "
        "argument CDN_URL yet: write assetPrefix: process.env.CDN_URL in next.config.ts"
    )
    used = WITH_ASSETS.replace("ARG CDN_URL\n", "ARG CDN_URL\nENV NEXT_PUBLIC_CDN=${CDN_URL}\n")
    make(tmp_path, {**files, "Dockerfile": used})
    assert notices(plan(Service.GITHUB, read_facts(str(tmp_path)), Options())) == ()


def test_nuxt_that_is_files_has_the_address_in_its_build(tmp_path: Path) -> None:
    files: Files = {"package.json": {"dependencies": {"nuxt": "4"}}, "Dockerfile": WITH_ASSETS}
    made = plan(Service.CODEBUILD, read_facts(str(make(tmp_path, files))), Options())
    assert made.address_argument == "CDN_URL"
    without = {**files, "Dockerfile": WITH_ASSETS.replace("ARG CDN_URL\n", "")}
    (notice,) = notices(plan(Service.CODEBUILD, read_facts(str(make(tmp_path, without))), Options()))
    assert notice == (
        "Nuxt writes the CDN's address into its files when it builds: declare `ARG NUXT_APP_CDN_URL` before "
        "the build command in Dockerfile"
    )
