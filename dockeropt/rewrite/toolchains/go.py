"""Go: modules fetched first, a static program on an image with nothing else."""

import re
from posixpath import basename

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.steps import CopyStep, RunStep, cache_mount
from dockeropt.rewrite.toolchains.old_file import OldFile
from dockeropt.rewrite.toolchains.shape import Shape, Toolchain, data_of, place
from dockeropt.rewrite.toolchains.stack import stack_of

_CACHES = (cache_mount("/go/pkg/mod"), cache_mount("/root/.cache/go-build"))
_STATIC = "gcr.io/distroless/static-debian12:nonroot"
_NEWEST = "1.25"


def plan(folder: Folder, old: OldFile) -> Shape:
    """Return the shape of a Go program."""
    workdir = old.workdir or "/app"
    needs_c = _needs_c(folder)
    image = old.image or f"golang:{_version(folder)}"
    command, output, runs = _build(folder, old, workdir)
    data = data_of(folder, (".go",))
    has_shell = needs_c or old.needs_shell or bool(old.packages)
    run_image, user = (_STATIC, "65532") if not has_shell else (_with_shell(old), "")
    manifests = tuple(name for name in ("go.mod", "go.sum", "go.work", "go.work.sum") if folder.has(name))
    members = tuple(
        path.rpartition("/")[0] for path in folder.files if path.endswith("/go.mod") and folder.has("go.work")
    )
    copies = [CopyStep(manifests, "./")]
    copies += [CopyStep((f"{member}/go.mod",), f"{member}/") for member in members]
    environment = () if needs_c or "CGO_ENABLED" in command else ("ENV CGO_ENABLED=0",)
    return Shape(
        image,
        run_image,
        (*environment, *(line for line in old.build_arguments if "CGO_ENABLED" not in line or needs_c)),
        tuple(copies),
        RunStep((), _CACHES[:1], ("go mod download",)) if not folder.has_folder("vendor") else None,
        RunStep((), _CACHES, (command,)),
        (CopyStep((output,), runs, "build"),),
        data,
        has_shell,
        user,
        (runs,),
        replaces_start=not (old.entrypoint or old.command) or _is_go_run(old),
        decisions=(
            Decision("program", runs, "statically linked" if not needs_c else "linked with the C library"),
            *_why(needs_c, has_shell),
        ),
    )


def _version(folder: Folder) -> str:
    found = re.search(r"^(?:toolchain go|go )(\d+\.\d+)", folder.read("go.mod"), re.MULTILINE)
    return found[1] if found else _NEWEST


def _needs_c(folder: Folder) -> bool:
    if re.search(
        r"mattn/go-sqlite3|confluent-kafka-go|bimg|govips|gographics/imagick", folder.read("go.mod")
    ):
        return True
    sources = (path for path in folder.files if path.endswith(".go") and not path.startswith("vendor/"))
    return any(re.search(r'^import "C"', folder.read(path), re.MULTILINE) for path in sources)


def _with_shell(old: OldFile) -> str:
    """Return the image to run on where a shell is needed: of the same C library as the old one."""
    if old.is_alpine:
        found = re.search(r"alpine(\d+\.\d+)", old.tag)
        return f"alpine:{found[1] if found else '3.22'}"
    release = re.search(r"bookworm|trixie|bullseye", old.tag)
    return f"debian:{release[0] if release else 'bookworm'}-slim"


def _build(folder: Folder, old: OldFile, workdir: str) -> tuple[str, str, str]:
    """Return the build command, where it leaves the program, and where that runs."""
    for part in old.builds("go"):
        for command in part.commands:
            if command.subcommand != "build":
                continue
            output = command.option_value("-o")
            if output:
                at = old.path_of(part, output)
                if output.endswith("/") or "$" in output:
                    continue
                return _stripped(part.text), at, at
            target = next(
                (w.value for w in command.arguments[1:] if w.value[:1] == "." or "/" in w.value), "."
            )
            name = _program(folder) if target in (".", "./...") else basename(target.rstrip("/"))
            at = place(old.folder_of(part), name)
            return _stripped(part.text), at, at
    target = _main(folder)
    name = _program(folder) if target == "." else basename(target)
    at = (
        f"{workdir}/{name}"
        if not any(path.startswith(f"{name}/") for path in folder.files)
        else f"/usr/local/bin/{name}"
    )
    return f'go build -trimpath -ldflags="-s -w" -o {at} {target}', at, at


def _stripped(text: str) -> str:
    """Return a build command that leaves the tables of symbols out, unless it sets the linker's flags."""
    if "-ldflags" in text:
        return text
    return re.sub(r"\bgo build\b", 'go build -trimpath -ldflags="-s -w"', text, count=1)


def _program(folder: Folder) -> str:
    found = re.search(r"^module\s+(\S+)", folder.read("go.mod"), re.MULTILINE)
    name = re.sub(r"/v\d+$", "", found[1] if found else "app")
    return basename(name)


def _main(folder: Folder) -> str:
    """Return the package with the main function: the root, or the one below cmd/."""
    pattern = re.compile(r"^package main\b", re.MULTILINE)
    mains = {
        path.rpartition("/")[0]
        for path in folder.files
        if path.endswith(".go") and not path.endswith("_test.go") and pattern.search(folder.read(path))
    }
    if "" in mains or not mains:
        return "."
    below = sorted(mains, key=lambda path: (not path.startswith("cmd/"), path.count("/"), path))
    return f"./{below[0]}"


def _is_go_run(old: OldFile) -> bool:
    return old.words[:2] == ("go", "run")


def _why(needs_c: bool, has_shell: bool) -> tuple[Decision, ...]:
    if needs_c:
        return (Decision("base", "an image with a C library", "a package is written in C"),)
    if has_shell:
        return (
            Decision("base", "an image with a shell", "the start, the health check or a package needs it"),
        )
    return (Decision("base", "distroless", "the program needs nothing but certificates and time zones"),)


def evidence(folder: Folder) -> str:
    """Return the module file."""
    return "go.mod" if folder.has("go.mod") else ""


STACK = stack_of(Toolchain("go", "a Go program", evidence, ("golang", "go"), frozenset(("go",)), plan))
