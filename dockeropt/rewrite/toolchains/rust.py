"""Rust: registry and target kept between builds, the program copied out in the same step."""

import re
import tomllib
from typing import cast

from dockeropt.errors import UsageError
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.steps import CopyStep, RunStep, cache_mount
from dockeropt.rewrite.toolchains.old_file import OldFile
from dockeropt.rewrite.toolchains.shape import Shape, Toolchain, data_of
from dockeropt.rewrite.toolchains.stack import stack_of

_RUN = "gcr.io/distroless/cc-debian12:nonroot"
_NEWEST = "1"


def plan(folder: Folder, old: OldFile) -> Shape:
    """Return the shape of a Rust program."""
    workdir = old.workdir or "/app"
    manifest = _manifest(folder)
    name = _program(folder, manifest)
    flags = _flags(old)
    profile = "release"
    target = re.search(r"--target[= ](\S+)", flags)
    built = f"target/{target[1] + '/' if target else ''}{profile}/{name}"
    runs = _place(old, name)
    locked = " --locked" if folder.has("Cargo.lock") and "--locked" not in flags else ""
    caches = (
        cache_mount("/usr/local/cargo/registry"),
        cache_mount("/usr/local/cargo/git/db"),
        cache_mount(f"{workdir}/target"),
    )
    needs_ssl = "openssl-sys" in folder.read("Cargo.lock")
    is_alpine = old.is_alpine
    has_shell = needs_ssl or is_alpine or old.needs_shell or bool(old.packages)
    run_image = _RUN
    if has_shell:
        release = re.search(r"bookworm|trixie|bullseye", old.tag)
        run_image = "alpine:3.22" if is_alpine else f"debian:{release[0] if release else 'bookworm'}-slim"
    build = RunStep(
        ("The cache mount is gone after the step, so the program is taken out of it in the same one",),
        caches,
        (f"cargo build --release{locked}{flags}", f"cp {built} /{name}"),
    )
    replaces = old.words[:1] == ("cargo",) or any("target/" in word for word in old.words)
    return Shape(
        old.image or f"rust:{_version(folder, manifest)}",
        run_image,
        old.build_arguments,
        (),
        None,
        build,
        (CopyStep((f"/{name}",), runs, "build"),),
        data_of(folder, (".rs",)),
        has_shell,
        "" if has_shell else "65532",
        (runs,),
        replaces_start=replaces,
        decisions=(
            Decision("program", runs, f"Cargo.toml calls it {name}"),
            Decision(
                "cache", "registry and target", "an edit compiles what it changes, not the dependencies"
            ),
        ),
    )


def _manifest(folder: Folder) -> dict[str, object]:
    try:
        return cast("dict[str, object]", tomllib.loads(folder.read("Cargo.toml")))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"Cargo.toml is not valid TOML: {error}", "correct it, then run the command again"
        ) from error


def _program(folder: Folder, manifest: dict[str, object]) -> str:
    bins = manifest.get("bin")
    if isinstance(bins, list) and bins and isinstance(bins[0], dict) and "name" in bins[0]:
        return str(bins[0]["name"])
    package = manifest.get("package")
    if isinstance(package, dict) and "name" in package:
        return str(package["name"])
    members = [path for path in folder.files if path.endswith("/src/main.rs")]
    if len(members) == 1:
        path = members[0].removesuffix("src/main.rs")
        found = re.search(r'^name\s*=\s*"([^"]+)"', folder.read(f"{path}Cargo.toml"), re.MULTILINE)
        if found:
            return found[1]
    raise UsageError(
        "the workspace has several programs, or none",
        "name the one to build: a [package] or [[bin]] in Cargo.toml, or an image of its own folder",
    )


def _flags(old: OldFile) -> str:
    """Return the flags of the old build, the profile left out."""
    for part in old.builds("cargo"):
        for command in part.commands:
            if command.subcommand in ("build", "install", "b"):
                words = [word.raw for word in command.words[1:]]
                skipped = {"--release", "-r", "--path", "."}
                kept = [word for word in words if word not in skipped]
                return "".join(f" {word}" for word in kept)
    return ""


def _place(old: OldFile, name: str) -> str:
    """Return where the program runs: where the old start names it, unless that is the build's own folder."""
    first = old.words[0] if old.words else ""
    if first.rpartition("/")[2] == name and first.startswith("/") and "target/" not in first:
        return first
    if first == f"./{name}":
        return f"{old.workdir or '/app'}/{name}"
    return f"/usr/local/bin/{name}"


def _version(folder: Folder, manifest: dict[str, object]) -> str:
    found = re.search(
        r'channel\s*=\s*"?(\d+\.\d+)', folder.read("rust-toolchain.toml") + folder.read("rust-toolchain")
    )
    package = manifest.get("package")
    stated = package.get("rust-version") if isinstance(package, dict) else None
    return found[1] if found else str(stated) if isinstance(stated, str) else _NEWEST


def evidence(folder: Folder) -> str:
    """Return the manifest."""
    return "Cargo.toml" if folder.has("Cargo.toml") else ""


STACK = stack_of(
    Toolchain(
        "rust", "a Rust program", evidence, ("rust",), frozenset(("cargo", "rustup")), plan, made=("target",)
    )
)
