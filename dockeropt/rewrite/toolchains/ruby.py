"""Ruby and Rails: gems first, compilers left behind, assets made in the build stage."""

import re

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.steps import CopyStep, RunStep, cache_mount
from dockeropt.rewrite.toolchains.old_file import OldFile
from dockeropt.rewrite.toolchains.shape import Shape, Toolchain
from dockeropt.rewrite.toolchains.stack import stack_of

_NEWEST = "3.4"
_GEMS = "/usr/local/bundle"
_RELEASES = "bookworm|trixie|bullseye"


def plan(folder: Folder, old: OldFile) -> Shape:
    """Return the shape of a Ruby app."""
    workdir = old.workdir or "/app"
    image = old.image if "ruby" in old.image else f"ruby:{_version(folder)}"
    is_rails = bool(re.search(r"^\s*gem ['\"]rails['\"]", folder.read("Gemfile"), re.MULTILINE))
    manifests = [n for n in ("Gemfile", "Gemfile.lock", ".ruby-version", ".tool-versions") if folder.has(n)]
    manifests += [path for path in folder.files if "/" not in path and path.endswith(".gemspec")]
    copies = [CopyStep(tuple(manifests), "./")]
    copies += [CopyStep(("vendor/cache",), "vendor/cache")] if folder.has_folder("vendor/cache") else []
    install = [
        "bundle install --jobs 4",
        f'rm -rf "{_GEMS}"/ruby/*/cache "{_GEMS}"/ruby/*/bundler/gems/*/.git',
    ]
    makes_assets = is_rails and (folder.has_folder("app/assets") or folder.has_folder("app/javascript"))
    made = ("SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile",) if makes_assets else ()
    build = RunStep((), (), made or ("bundle check",))
    settings = f"ENV BUNDLE_PATH={_GEMS} \\\n    BUNDLE_WITHOUT=development:test"
    settings += " \\\n    BUNDLE_DEPLOYMENT=1" if folder.has("Gemfile.lock") else ""
    default = ("bundle", "exec", "rails", "server", "-b", "0.0.0.0")  # noqa: S104 - inside a container if is_rails else ("bundle", "exec", "rackup")
    return Shape(
        image,
        _slim(image, old),
        (settings, *(line for line in old.build_arguments if "BUNDLE_" not in line)),
        tuple(copies),
        RunStep((), (cache_mount("/root/.bundle/cache"),), tuple(install)),
        build,
        (
            CopyStep((_GEMS,), _GEMS, "build"),
            CopyStep((workdir,), "./", "build", flags=("--chown=10001:10001",)),
        ),
        (),
        has_shell=True,
        user="",
        command=default,
        replaces_start=False,
        decisions=(
            Decision("gems", _GEMS, "compiled in the build stage, where the compilers stay"),
            *((Decision("assets", "made in the build stage", "they are part of the app"),) if made else ()),
        ),
        run_environment=(settings,),
    )


def _slim(image: str, old: OldFile) -> str:
    if old.is_alpine or "slim" in image or "alpine" in image:
        return image
    found = re.search(rf"-?({_RELEASES})$", image)
    if found is not None:
        return f"{image[: found.start()]}-slim-{found[1]}"
    return f"{image.partition('@')[0]}{'-slim' if ':' in image else ':slim'}"


def _version(folder: Folder) -> str:
    stated = folder.read(".ruby-version") + "\n" + folder.read("Gemfile")
    found = re.search(r"(?:^ruby-|^|ruby ['\"][~>= ]*)(\d+\.\d+(?:\.\d+)?)", stated, re.MULTILINE)
    return found[1] if found else _NEWEST


def evidence(folder: Folder) -> str:
    """Return the list of gems."""
    return "Gemfile" if folder.has("Gemfile") else ""


STACK = stack_of(
    Toolchain(
        "ruby",
        "a Ruby app",
        evidence,
        ("ruby",),
        frozenset(("bundle", "bundler", "gem", "rake", "rails")),
        plan,
        made=("log", "tmp", "vendor/bundle", "**/node_modules"),
    )
)
