"""How each package manager is told to leave out what only developers need."""

from dockeropt.records import NamedTuple


class DevelopmentPackages(NamedTuple):
    """A manager that installs a project's packages for development too, unless told otherwise."""

    programs: tuple[str, ...]
    subcommands: tuple[str, ...]
    """an empty one is the program without any"""
    options: tuple[str, ...]
    """that leave them out"""
    variables: tuple[tuple[str, str], ...]
    """name and part of the value that do; any value where the part is empty"""
    setting: str
    """part of a command or a file that does: ``bundle config set without``"""
    advice: str


DEVELOPMENT_PACKAGES = (
    DevelopmentPackages(
        ("composer", "composer.phar"),
        ("install", "i"),
        ("--no-dev",),
        (("COMPOSER_NO_DEV", ""),),
        "no-dev",
        "add `--no-dev`",
    ),
    DevelopmentPackages(
        ("bundle", "bundler"),
        ("install", ""),
        ("--without",),
        (("BUNDLE_WITHOUT", ""), ("BUNDLE_ONLY", "")),
        "without",
        "write ENV BUNDLE_WITHOUT=development:test before it",
    ),
)
