"""Files of a project told apart by what an edit of them means to a build: manifest, quiet or source."""

from functools import lru_cache

from dockeropt.knowledge.file_names import is_named
from dockeropt.knowledge.package_managers import PACKAGE_MANAGERS
from dockeropt.knowledge.words import words

_NAMES = frozenset(
    name for manager in PACKAGE_MANAGERS for name in manager.manifests if "*" not in name and "/" not in name
) | frozenset(
    (
        ".node-version",
        ".nvmrc",
        ".pnp.cjs",
        ".pnp.loader.mjs",
        ".pnpmrc",
        ".python-version",
        ".sdkmanrc",
        ".terraform.lock.hcl",
        ".tool-versions",
        "auth.json",
        "cabal.project",
        "cabal.project.freeze",
        "conda-lock.yml",
        "deno.json",
        "deno.lock",
        "environment.yaml",
        "environment.yml",
        "Manifest.toml",
        "MANIFEST.in",
        "mise.toml",
        "nx.json",
        "Package.resolved",
        "Package.swift",
        "paket.dependencies",
        "paket.lock",
        "pip.conf",
        "pnpmfile.js",
        "poetry.toml",
        "Project.toml",
        "pubspec.lock",
        "pubspec.yaml",
        "recipe.json",
        "rebar.config",
        "rebar.lock",
        "rush.json",
        "schema.prisma",
        "shard.lock",
        "shard.yml",
        "stack.yaml",
        "stack.yaml.lock",
        "turbo.json",
        "uv.toml",
        "version.txt",
        "VERSION",
    )
)
_PATTERNS = (
    *dict.fromkeys(
        name for manager in PACKAGE_MANAGERS for name in manager.manifests if "*" in name and "/" not in name
    ),
    "*requirements*.txt",
    "*requirements*.in",
    "*.props",
    "*.targets",
    "*.esproj",
    "*.dcproj",
    "*.gradle",
    "*.gradle.kts",
    "*.versions.toml",
    "*.cabal",
    "*.whl",
    "*.tgz",
    "*.gem",
    "*.patch",
    "*-lock.*",
    "*.lock",
    "package*.json",
)
_FOLDERS = words(
    ".bundle .cargo .config .mvn .yarn .yarn-cache buildSrc gradle patches prisma requirements vendor wrapper"
)

_QUIET_NAMES = frozenset(
    (
        ".babelrc",
        ".dockerignore",
        ".editorconfig",
        ".env.example",
        ".eslintignore",
        ".gitattributes",
        ".gitignore",
        ".gitlab-ci.yml",
        ".gitmodules",
        ".prettierignore",
        ".prettierrc",
        "authors",
        "changelog",
        "containerfile",
        "contributing",
        "copying",
        "jenkinsfile",
        "license",
        "makefile",
        "notice",
        "procfile",
        "readme",
    )
)
_QUIET_FOLDERS = words(
    ".circleci .devcontainer .docker .github .husky .vscode bin certs certificates ci conf "
    "conf.d config docker deploy etc fonts hack nginx root rootfs scripts supervisor tools"
)
_SOURCE_ENDINGS = tuple(
    words(
        ".astro .c .cc .cjs .clj .cpp .cs .css .cxx .dart .erl .ex .exs .fs .go .graphql .h .hpp "
        ".hs .html .java .jl .js .jsx .kt .less .lua .mjs .mts .php .pl .proto .py .pyx .r .rb .rs "
        ".sass .scala .scss .sql .svelte .swift .ts .tsx .vb .vue"
    )
)


@lru_cache(4096)
def is_manifest(path: str) -> bool:
    """Tell whether a path, or a COPY's pattern, names files that an install reads."""
    *folders, name = path.rstrip("/").split("/")
    if name in _NAMES or name in _FOLDERS or not _FOLDERS.isdisjoint(folders):
        return True
    if "*" in name or "?" in name or "[" in name:
        if not name.strip("*?."):
            return False
        from fnmatch import fnmatchcase

        if any(fnmatchcase(manifest, name) for manifest in (*_NAMES, "requirements.txt")):
            return True
    return any(is_named(name, pattern) for pattern in _PATTERNS)


@lru_cache(4096)
def is_quiet(path: str) -> bool:
    """Tell whether a file seldom changes or is no part of the program: documents, settings, build files."""
    *folders, name = path.lower().rstrip("/").split("/")
    if not _QUIET_FOLDERS.isdisjoint(folders) or name in _QUIET_FOLDERS or name in _QUIET_NAMES:
        return True
    if name.endswith((".md", ".rst", ".dockerignore", ".dockerfile")) or name.startswith(
        ("dockerfile", "license")
    ):
        return True
    if "compose" in name and name.endswith((".yml", ".yaml")):
        return True
    return ".config." in name or (name.startswith(".") and "rc" in name)


@lru_cache(4096)
def is_source(path: str) -> bool:
    """Tell whether a file is a program's source by the ending of its name."""
    return path.lower().endswith(_SOURCE_ENDINGS) and not is_manifest(path) and not is_quiet(path)
