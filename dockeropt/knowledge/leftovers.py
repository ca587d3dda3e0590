"""What lies in images that no running program needs, told by its path."""

import re
from enum import Enum

from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple


class LeftoverKind(Enum):
    """Why something is left over, in the words of the report."""

    CACHE = "package manager's cache"
    VERSION_CONTROL = "version control"
    BUILD_TOOL = "build tool"
    DEVELOPMENT = "development dependency"


class Leftover(NamedTuple):
    """A kind of folder or file, and how an image comes to have none of it."""

    kind: LeftoverKind
    pattern: re.Pattern[str]
    """of the whole path, without a slash in front"""
    remedy: str


def _folders(kind: LeftoverKind, names: str, remedy: str, *, anywhere: bool = True) -> Leftover:
    """Return the leftover of folders that have one of these paths, or end with one of them."""
    listed = "|".join(re.escape(name).replace(r"\*", "[^/]*") for name in names.split())
    return Leftover(kind, re.compile(f"(?:.*/)?(?:{listed})" if anywhere else f"(?:{listed})"), remedy)


_ON_A_MOUNT = "keep it on a cache mount, which is no part of the image"

FOLDERS = (
    _folders(LeftoverKind.VERSION_CONTROL, ".git .svn .hg .bzr", "name it in .dockerignore"),
    _folders(
        LeftoverKind.CACHE,
        "var/lib/apt/lists var/cache/apt/archives var/cache/apk var/cache/yum var/cache/dnf "
        "var/cache/libdnf5 var/cache/zypp",
        "remove it in the RUN that filled it, or keep it on a cache mount",
        anywhere=False,
    ),
    _folders(
        LeftoverKind.CACHE,
        ".npm/_cacache .cache/yarn usr/local/share/.cache .yarn/berry/cache .local/share/pnpm/store "
        ".pnpm-store .cache/pnpm .bun/install/cache .cache/pip .cache/uv .cache/pypoetry .cache/pipenv "
        ".m2/repository .gradle/caches .nuget/packages .cargo/registry usr/local/cargo/registry go/pkg/mod "
        ".cache/go-build .composer/cache .cache/composer .bundle/cache .cache/node "
        ".cache/node-gyp .cache/electron",
        _ON_A_MOUNT,
    ),
    _folders(
        LeftoverKind.BUILD_TOOL,
        "usr/lib/gcc usr/libexec/gcc usr/lib/llvm* usr/include usr/local/include usr/local/go usr/lib/go* "
        "usr/local/rustup root/.rustup usr/share/maven opt/maven opt/gradle usr/share/gradle "
        "usr/share/dotnet/sdk usr/lib/dotnet/sdk usr/lib/rustlib",
        "build in a stage of its own and copy the result",
        anywhere=False,
    ),
)
"""the first that fits counts, and what lies inside is not looked at again"""

PROGRAMS = words(
    "as c++ cargo cc clang clang++ cmake g++ gcc gfortran go gradle javac ld make mvn ninja rustc swiftc"
)
"""build tools in a folder of programs"""

PROGRAM_FOLDERS = ("usr/bin", "usr/local/bin", "usr/local/sbin", "usr/sbin", "bin", "sbin", "opt/bin")

DEVELOPMENT_PACKAGES = words(
    "@babel/core @nestjs/cli @playwright/test @storybook/react @storybook/vue3 @vitejs/plugin-react "
    "@vitejs/plugin-vue autoprefixer ava chai concurrently cypress esbuild eslint gulp husky jasmine jest "
    "karma less lint-staged mocha nodemon nyc parcel playwright prettier puppeteer rollup sass sass-embedded "
    "stylelint tailwindcss ts-jest ts-loader ts-node tslint tsx typedoc typescript vite vitest webpack "
    "webpack-cli webpack-dev-server"
)
"""npm packages that build or test a program and that none needs to run; all of ``@types/`` beside them"""

DEVELOPMENT_MODULES = words(
    "_pytest black coverage flake8 hypothesis isort mypy pylint pyright pytest ruff tox virtualenv"
)
"""the same of Python, by the folder in site-packages"""
