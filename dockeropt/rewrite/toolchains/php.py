"""PHP with Composer: the packages come from a stage of their own, the image keeps its extensions."""

import re

from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.steps import CopyStep, RunStep, cache_mount
from dockeropt.rewrite.toolchains.old_file import OldFile
from dockeropt.rewrite.toolchains.shape import Shape, Toolchain
from dockeropt.rewrite.toolchains.stack import stack_of

_NEWEST = "8.4"
KEPT = frozenset(
    (
        "docker-php-ext-install",
        "docker-php-ext-configure",
        "docker-php-ext-enable",
        "a2enmod",
        "a2dismod",
        "pecl",
    )
)
"""commands that set up the running image"""


def plan(folder: Folder, old: OldFile) -> Shape:
    """Return the shape of a PHP app."""
    workdir = old.workdir or ("/var/www/html" if "apache" in old.image else "/app")
    image = old.image if "php" in old.image else f"php:{_version(folder)}-cli"
    manifests = tuple(name for name in ("composer.json", "composer.lock") if folder.has(name))
    install = "composer install --no-dev --no-scripts --no-autoloader --prefer-dist --no-interaction"
    # the image of Composer has another PHP than the app's: what the app's has is looked at where it runs
    install += " --ignore-platform-reqs"
    cache = (cache_mount("/tmp/cache"),)  # noqa: S108 - the image's own COMPOSER_CACHE_DIR
    dump = "composer dump-autoload --no-dev --no-scripts --optimize --ignore-platform-reqs"
    default = ("php", "-S", "0.0.0.0:8000", "-t", "public" if folder.has_folder("public") else ".")
    writable = [name for name in ("storage", "bootstrap/cache", "var") if folder.has_folder(name)]
    is_server = "apache" in image or "fpm" in image
    owner = "www-data:www-data" if is_server else "10001:10001"
    return Shape(
        "composer:2",
        image,
        (),
        (CopyStep(manifests, "./"),),
        RunStep((), cache, (install,)),
        RunStep((), cache, (dump,)),
        (
            CopyStep(
                (workdir,), "./", "build", flags=(f"--chown={owner}",) if writable or not is_server else ()
            ),
        ),
        (),
        has_shell=True,
        user="root" if is_server else "",
        command=() if is_server else default,
        replaces_start=False,
        decisions=(
            Decision("packages", "vendor out of a stage of Composer's own", "Composer is not in the image"),
            *(
                (Decision("user", "the image's own", "its server gives its rights away itself"),)
                if is_server
                else ()
            ),
        ),
        packages_stay=True,
        kept=old.kept(KEPT),
    )


def _version(folder: Folder) -> str:
    found = re.search(r'"php"\s*:\s*"[^"\d]*(\d+\.\d+)', folder.read("composer.json"))
    return found[1] if found else _NEWEST


def evidence(folder: Folder) -> str:
    """Return the list of packages."""
    return "composer.json" if folder.has("composer.json") else ""


STACK = stack_of(
    Toolchain(
        "php",
        "a PHP app",
        evidence,
        ("php",),
        frozenset(("composer",)),
        plan,
        KEPT,
        made=("vendor", "**/node_modules"),
    )
)
