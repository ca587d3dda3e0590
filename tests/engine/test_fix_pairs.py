"""An image is the same after its Dockerfile was fixed, but for what the rules' pages name.

Each pair is built for real, before and after. dnf and zypper are Debian's, with a repository of our own; yum
is dnf by its old name, as in Red Hat's releases. The safe fix for apk is not built here: there is no image
with it at hand.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from dockeropt.checks.registry import rules
from dockeropt.cli.context import open_context
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.finding import Applicability
from dockeropt.lint.fixer import fix_source
from dockeropt.semantics.context import Context
from dockeropt.syntax.source import Source
from tests.engine.builds import build, own_context
from tests.engine.image_contents import differences, read_image

pytestmark = pytest.mark.engine

NOT_BUILT = {"DL3019"}
"""safe fixes for package managers of which no image is at hand"""

WRITING = """\
# what to build on
ARG BASE=bookworm-slim
# the shop
FROM --platform=$TARGETPLATFORM debian:$BASE as Build
RUN mkdir /out && echo TOKEN > /out/file && chmod 640 /out/file && chown 7:8 /out/file

from debian:bookworm-slim AS last
MAINTAINER Ada "the first" <ada@example.com>
ENV GREETING hello   $HOME world
LABEL title a shop \\
    of things
LABEL twice=lost other=kept
LABEL twice=kept
WORKDIR /srv
WORKDIR shop
ADD --chown=1:2 file folder ./
COPY --from=Build /out /srv/out
RUN echo one > one && \\

    # why
    echo two > two
EXPOSE 53/UDP 80
HEALTHCHECK CMD ["false"]
HEALTHCHECK CMD ["true"]
ENTRYPOINT ["false"]
CMD ["a"]
ENTRYPOINT ["echo"]
CMD ["b"]
"""
WRITING_RULES = {
    "ConsistentInstructionCasing",
    "DL3000",
    "DL3012",
    "DL3020",
    "DL3065",
    "DL4000",
    "DL4003",
    "DL4004",
    "DO3007",
    "ExposeProtoCasing",
    "FromAsCasing",
    "InvalidDefinitionDescription",
    "LegacyKeyValueFormat",
    "NoEmptyContinuation",
    "StageNameCasing",
}

PACKAGES = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install --no-install-recommends tini
RUN apt update \\
 # for the file below
 && apt install -y --no-install-recommends wget python3-pip
RUN pip install --break-system-packages --no-compile six==1.16.0
RUN useradd --uid 100001 shop
RUN (python3 -m http.server --directory /usr/share/common-licenses & ) && sleep 2 && \\
    wget -O /srv/file http://localhost:8000/GPL-2 && echo TOKEN
"""
PACKAGES_RULES = {"DL3009", "DL3014", "DL3027", "DL3042", "DL3046", "DL3047"}
RPM_PACKAGES = """\
FROM debian:bookworm-slim AS tools
RUN apt-get -o Acquire::Retries=5 update && \\
    apt-get -o Acquire::Retries=5 install -y --no-install-recommends createrepo-c dnf file rpm zypper
COPY package.spec /
RUN for name in one two three; do \\
        sed s/NAME/$name/g package.spec > $name.spec && \\
        rpmbuild -bb --quiet --define '_rpmdir /repository' $name.spec || exit; \\
    done && \\
    createrepo_c --quiet /repository && \\
    ln -s dnf /usr/bin/yum
COPY own.repo /etc/yum.repos.d/
COPY own.repo /etc/zypp/repos.d/

FROM tools
RUN yum install -y one && yum install one
RUN dnf install -y two && \\
    # it is there
    dnf install two
RUN zypper -n install three && zypper install three && echo TOKEN
"""
RPM_RULES = {"DL3030", "DL3032", "DL3034", "DL3036", "DL3038", "DL3040"}
SPEC = """\
Name: NAME
Version: 1
Release: 1
Summary: a package
License: MIT
BuildArch: noarch
%description
a package
%install
mkdir -p %{buildroot}/srv
echo NAME > %{buildroot}/srv/NAME
%files
/srv/NAME
"""
REPOSITORY = "[own]\nname=own\nbaseurl=file:///repository\ngpgcheck=0\nenabled=1\n"
RPM_NOISE = ("*rpmdb.sqlite*", "var/lib/dnf/*", "var/log/*", "var/lib/zypp/*", "root/.rpmdb/*")
NAMED = re.compile(
    r"var/lib/apt/lists(/.*)?|root/\.cache(/.*)?|var/log/(lastlog|faillog)|var/cache/apt/archives/.*\.deb"
)
"""what the pages name: package lists, pip's downloads, files of last logins, and what apt-get keeps where the
image has no hook against it, as Debian's own has and the stand-in here has not"""
NOISE = (
    "*.pyc",
    "etc/ld.so.cache",
    "etc/.pwd.lock",
    "etc/shadow*",
    "var/cache/apt/*.bin",
    "var/cache/debconf/*",
    "var/cache/ldconfig/*",
    "var/lib/dpkg/*-old",
    "var/log/*.log",
    "var/log/apt*",
)
"""files that tell when something was done, which differ from build to build"""


def fixed(text: str, codes: set[str], least: Applicability, context: Context | None = None) -> str:
    """Return a text after the fixes of these rules, each of which must have had something to fix."""
    settings = Settings(select=frozenset(code.lower() for code in codes))
    done = fix_source(Source(text), settings, context, least)
    assert done.bugs == ()
    assert {each.code for each in done.fixed} == codes
    return done.source.text


def context_of(tmp_path: Path, token: str) -> Path:
    folder = own_context(tmp_path, token)
    (folder / "folder").mkdir()
    (folder / "folder" / "inner").write_text(token)
    (folder / "file").write_text(f"{token}\n")
    return folder


def test_every_safe_fix_is_built_or_named() -> None:
    safe = {rule.code for rule in rules() if rule.fixes is Applicability.SAFE}
    assert safe - NOT_BUILT == WRITING_RULES | PACKAGES_RULES | RPM_RULES | {"DO1009"}


def test_what_is_only_written_otherwise_makes_the_same_image(tmp_path: Path, token: str) -> None:
    folder = context_of(tmp_path, token)
    before = WRITING.replace("TOKEN", token)
    after = fixed(
        before.replace("# what to build on\n\n", "# what to build on\n"), WRITING_RULES, Applicability.SAFE
    )
    old, new = read_image(folder, before, f"{token}-0"), read_image(folder, after, f"{token}-1")
    assert differences(old, new) == {"Author", "Labels"}
    assert old.configuration["Author"] == 'Ada "the first" <ada@example.com>'
    assert new.configuration["Labels"] == {
        **old.configuration["Labels"],
        "org.opencontainers.image.authors": 'Ada "the first" <ada@example.com>',
    }
    assert "srv/shop/inner" in new.files


def test_packages_are_the_same_without_what_the_pages_name(tmp_path: Path, token: str) -> None:
    folder = context_of(tmp_path, token)
    before = PACKAGES.replace("TOKEN", token)
    after = fixed(before, PACKAGES_RULES, Applicability.SAFE)
    old, new = read_image(folder, before, f"{token}-0"), read_image(folder, after, f"{token}-1")
    found = differences(old, new, NOISE)
    assert {path for path in found if not NAMED.fullmatch(path)} == set()
    assert found
    assert not any(path.startswith(("var/lib/apt/lists/deb", "root/.cache/pip")) for path in new.files)
    assert {"usr/bin/tini", "usr/bin/wget", "srv/file"} <= new.files.keys()


def test_rpm_packages_are_the_same_without_what_was_downloaded(tmp_path: Path, token: str) -> None:
    folder = context_of(tmp_path, token)
    (folder / "package.spec").write_text(SPEC)
    (folder / "own.repo").write_text(REPOSITORY)
    before = RPM_PACKAGES.replace("TOKEN", token)
    after = fixed(before, RPM_RULES, Applicability.SAFE)
    old, new = read_image(folder, before, f"{token}-0"), read_image(folder, after, f"{token}-1")
    found = differences(old, new, NOISE + RPM_NOISE)
    assert found
    assert all(re.fullmatch(r"var/cache/(dnf|zypp)(/.*)?", path) for path in found), found
    kept = [path for path in new.files if re.fullmatch(r"var/cache/(dnf|zypp)/.*\.(xml|solv|rpm).*", path)]
    assert kept == []
    assert {"srv/one", "srv/two", "srv/three"} <= new.files.keys()


def test_without_a_slash_one_file_is_written_over_the_other(tmp_path: Path, token: str) -> None:
    folder = context_of(tmp_path, token)
    before = "FROM scratch\nCOPY file folder/inner /srv\n"
    after = fixed(before, {"DL3021"}, Applicability.UNSAFE)
    old, new = read_image(folder, before, f"{token}-0"), read_image(folder, after, f"{token}-1")
    assert old.files["srv"].content == new.files["srv/inner"].content
    assert {"srv/file", "srv/inner"} <= new.files.keys()


@pytest.mark.parametrize(
    ("before", "least"),
    [
        pytest.param(
            "FROM debian:bookworm-slim AS build\nRUN mkdir -m 750 /out && echo TOKEN > /out/two\n"
            "FROM scratch\nWORKDIR /srv\nCOPY main.js ./a/\nCOPY --from=build /out out\n"
            "COPY --chown=7:8 folder /data/deep/\nCOPY --from=build /out/two three\n",
            Applicability.SAFE,
            id="from scratch",
        ),
        pytest.param(
            "FROM debian:bookworm-slim\nCOPY main.js /TOKEN\nWORKDIR /app\nCOPY folder /app\n"
            "COPY --chown=7:8 folder /own/\nCOPY file folder/inner /usr/local/bin/\n",
            Applicability.UNSAFE,
            id="on an image",
        ),
    ],
)
def test_a_linked_copy_makes_the_same_image_and_stays_cached(
    before: str, least: Applicability, tmp_path: Path, token: str
) -> None:
    folder = context_of(tmp_path, token)
    (folder / "main.js").write_text("1\n")
    (folder / "folder").chmod(0o700)
    path = folder / "Dockerfile"
    before = before.replace("TOKEN", token)
    after = fixed(before, {"DO1009"}, least, open_context(str(folder), str(path)))
    assert after.count("--link") == 3
    old, new = read_image(folder, before, f"{token}-0"), read_image(folder, after, f"{token}-1")
    assert differences(old, new) == set()
    for text, cached in ((before, 0), (after, 3)):
        (folder / "main.js").write_text(f"{cached} {token}\n")
        path.write_text(text)
        outcome = build(folder)
        copies = [step for step in outcome.cached.values() if step.startswith("COPY")]
        assert len(copies) == cached
        assert "COPY main.js" in " ".join(outcome.ran.values())


NPM = "npm install --no-audit --no-update-notifier"
ONE_PACKAGE = '"version": "1.0.0", "dependencies": {"is-number": "7.0.0"}'
TOOLS = """\
FROM python:3.13-slim AS python
RUN --mount=from=ghcr.io/astral-sh/uv,source=/uv,target=/bin/uv \\
    uv pip install --system --no-cache poetry==2.2.1 pipenv==2025.0.4
"""


class Install(NamedTuple):
    """A stage that copies all of a folder before it installs, by name: what is in the folder, what is kept.

    ``step`` is a part of the step that must stay cached once the manifests go first.
    """

    base: str
    body: str
    files: dict[str, str]
    step: str
    kept: str
    """what the image must hold, in the stage's folder where it is no absolute path"""


INSTALLS = {
    "build": Install(
        "node:22-slim",
        f"COPY FOLDER .\nRUN {NPM} && \\\n    npm run build\n",
        {
            "package.json": f'{{"name": "TOKEN", {ONE_PACKAGE}, '
            '"scripts": {"build": "cp main.js built.js"}}'
        },
        "npm install",
        "node_modules/is-number/index.js",
    ),
    "workspace": Install(
        "node:22-slim",
        f"ADD FOLDER .\nRUN {NPM}\nRUN npm exec greet > greeting\n",
        {
            "package.json": '{"name": "TOKEN", "workspaces": ["libs/*"], '
            '"dependencies": {"greet": "file:libs/greet"}}',
            "libs/greet/package.json": f'{{"name": "greet", "bin": "greet.js", {ONE_PACKAGE}}}',
            "libs/greet/greet.js": "#!/usr/bin/env node\nrequire('is-number'); console.log('TOKEN')\n",
        },
        "npm install",
        "node_modules/is-number/index.js",
    ),
    "lifecycle": Install(
        "node:22-slim",
        f"COPY FOLDER .\nRUN {NPM} --no-package-lock && npm run build\n",
        {
            "package.json": f'{{"name": "TOKEN", {ONE_PACKAGE}, "scripts": {{'
            '"postinstall": "cp main.js installed.js", "prepare": "cp installed.js prepared.js", '
            '"build": "cp prepared.js built.js"}}'
        },
        "npm install",
        "built.js",
    ),
    "condition": Install(
        "node:22-slim",
        f"COPY FOLDER .\nRUN if [ -f yarn.lock ]; then yarn install; else {NPM}; fi\n",
        {"package.json": f'{{"name": "TOKEN", {ONE_PACKAGE}}}'},
        "npm install",
        "node_modules/is-number/index.js",
    ),
    "heredoc": Install(
        "node:22-slim",
        f"COPY FOLDER .\nRUN <<EOF\nset -e\n{NPM}\nEOF\n",
        {"package.json": f'{{"name": "TOKEN", {ONE_PACKAGE}}}'},
        "RUN",
        "node_modules/is-number/index.js",
    ),
    "base": Install(
        "node:22-slim AS parent\nCOPY FOLDER /base\nFROM parent AS sibling\n"
        "RUN cp /base/main.js /seen.js\nFROM parent",
        f"RUN {NPM}\nRUN --mount=from=sibling,target=/from cp /from/seen.js .\n",
        {"package.json": f'{{"name": "TOKEN", {ONE_PACKAGE}}}'},
        "npm install",
        "node_modules/is-number/index.js",
    ),
    "pip": Install(
        "python",
        "COPY FOLDER .\nRUN pip install --no-compile -r requirements.txt \\\n"
        "    && for each in *.js; do cat $each > built; done;\n",
        {"requirements.txt": "-r more.txt\n# TOKEN\n", "more.txt": "six==1.16.0\n"},
        "pip install",
        "/usr/local/lib/python3.13/site-packages/six.py",
    ),
    "uv": Install(
        "python",
        "COPY FOLDER .\n"
        "RUN --mount=from=ghcr.io/astral-sh/uv,source=/uv,target=/bin/uv uv sync --no-editable\n",
        {
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n'
            'dependencies = ["six==1.16.0"]\n[build-system]\nrequires = ["setuptools"]\n'
            'build-backend = "setuptools.build_meta"\n# TOKEN\n',
            "shop.py": "",
        },
        "--no-install-project",
        ".venv/lib/python3.13/site-packages/six.py",
    ),
    "poetry": Install(
        "python",
        "ENV POETRY_VIRTUALENVS_IN_PROJECT=1\nCOPY FOLDER .\nRUN poetry install\n",
        {
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = "==3.13.*"\n'
            'dependencies = ["six (==1.16.0)"]\n[build-system]\nrequires = ["poetry-core"]\n'
            'build-backend = "poetry.core.masonry.api"\n[[tool.poetry.source]]\nname = "TOKEN"\n'
            'url = "https://pypi.org/simple/"\n',
            "shop.py": "",
        },
        "--no-root",
        ".venv/lib/python3.13/site-packages/six.py",
    ),
    "pipenv": Install(
        "python",
        "ENV PIPENV_VENV_IN_PROJECT=1\nCOPY FOLDER .\nRUN pipenv install\n",
        {
            "Pipfile": '[[source]]\nname = "pypi"\nurl = "https://pypi.org/simple"\nverify_ssl = true\n'
            '[packages]\nsix = "==1.16.0"\n# TOKEN\n'
        },
        "pipenv install",
        ".venv/lib/python3.13/site-packages/six.py",
    ),
}


def test_installs_stay_cached_after_source_edits_once_manifests_go_first(tmp_path: Path, token: str) -> None:
    folder = own_context(tmp_path, token)
    (folder / ".dockerignore").write_text("Dockerfile*\n")
    before = TOOLS
    end = "FROM scratch\n"
    for name, (base, body, files, _, kept) in INSTALLS.items():
        for each, content in {**files, "main.js": "1\n"}.items():
            place = folder / name / each
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content.replace("TOKEN", f"shop-{token}"))
            place.chmod(0o755 if content.startswith("#!") else 0o644)
        before += f"FROM {base} AS {name}\nWORKDIR /{name}\n{body}".replace("FOLDER", name)
        end += f"COPY --from={name} /{name} /{name}\n"
        end += f"COPY --from={name} {kept} {kept}\n" if kept.startswith("/") else ""
    before += end
    path = folder / "Dockerfile"
    after = fixed(before, {"DO1001"}, Applicability.UNSAFE, open_context(str(folder), str(path)))
    old, new = read_image(folder, before, f"{token}-0"), read_image(folder, after, f"{token}-1")
    assert differences(old, new, (*NOISE, "*/uv_cache.json", "*/RECORD")) == set()
    for name, install in INSTALLS.items():
        assert (install.kept if install.kept[0] == "/" else f"/{name}/{install.kept}")[1:] in new.files

    path.write_text(after)
    for name in INSTALLS:
        (folder / name / "main.js").write_text("2\n\n")
    outcome = build(folder)
    assert outcome.ran
    for name, install in INSTALLS.items():
        steps = [step for place, step in outcome.cached.items() if place.startswith(f"{name} ")]
        assert any(install.step in step for step in steps), (name, outcome)
        copy = f"{'ADD' if name == 'workspace' else 'COPY'} {name} "
        assert any(step.startswith(copy) for step in outcome.ran.values())
