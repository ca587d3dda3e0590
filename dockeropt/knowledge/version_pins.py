"""How package managers are told which version to install, and how one sees that they were not."""

from dockeropt.knowledge.package_managers import GO, NPM, PIP, UV
from dockeropt.knowledge.system_managers import APK, APT, DNF, ZYPPER
from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple


class VersionPin(NamedTuple):
    """What names a version on a manager's command line."""

    programs: tuple[str, ...]
    subcommands: tuple[tuple[str, ...], ...]
    """the words before the packages"""
    form: str
    """what to write"""
    marks: tuple[str, ...]
    """what stands between a package and its version"""
    valued_options: frozenset[str]
    files: tuple[str, ...] = ()
    """endings of packages that are files"""
    settling_options: tuple[str, ...] = ()
    """options with which no package needs a version of its own"""
    address_mark: str = ""
    """what stands before the version of ``git+https://…``; without it an address is not judged"""
    moving: frozenset[str] = frozenset()
    """versions that are another one next month"""
    has_dashes: bool = False
    """a version follows a dash: ``curl-7.61``"""
    is_by_path: bool = False
    """packages are import paths, those without a host being the project's or the language's own"""
    ignored_starts: tuple[str, ...] = ()
    ignored_ends: tuple[str, ...] = ()
    """of words that name no package to install"""
    ends_at_dashes: bool = False
    """what follows ``--`` is for the compiler"""


_INSTALL = (("install",),)
_BRANCHES = words("master main HEAD develop trunk")
_COMPARISONS = ("=", "<", ">", "~")
_ARCHIVES = (".whl", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar", ".zip")

APT_PIN = VersionPin(
    ("apt-get",),
    _INSTALL,
    "package=version",
    ("=", "/"),
    APT.valued_options,
    (".deb",),
    ignored_ends=("-",),
)
APK_PIN = VersionPin(
    APK.programs,
    (("add",),),
    "package=version",
    _COMPARISONS,
    APK.valued_options,
    (".apk",),
    ignored_starts=("!",),
)
YUM_PIN = VersionPin(
    ("yum",),
    (*_INSTALL, ("module", "install")),
    "package-version",
    (":",),
    DNF.valued_options,
    (".rpm",),
    has_dashes=True,
    ignored_starts=("@",),
)
DNF_PIN = YUM_PIN._replace(programs=("dnf", "microdnf", "dnf5", "tdnf"))
ZYPPER_PIN = VersionPin(
    ZYPPER.programs,
    (*_INSTALL, ("in",)),
    "package=version",
    _COMPARISONS[:3],
    ZYPPER.valued_options,
    (".rpm",),
    settling_options=("-t", "--type"),
    ignored_starts=("-", "!", "pattern:", "patch:", "product:"),
)
PIP_PIN = VersionPin(
    ("pip", "uv pip", "pipx", "uv tool"),
    _INSTALL,
    "package==version",
    ("==", ">=", "<=", "!=", "~=", ">", "<", " @ "),
    PIP.valued_options | UV.valued_options,
    _ARCHIVES,
    settling_options=("-c", "--constraint", "--constraints"),
    address_mark="@",
    moving=_BRANCHES,
)
NPM_PIN = VersionPin(
    ("npm", "yarn", "pnpm", "bun"),
    (*_INSTALL, ("i",), ("add",), ("global", "add")),
    "package@version",
    ("@", "#"),
    NPM.valued_options,
    _ARCHIVES,
    address_mark="#",
    moving=_BRANCHES | words("latest next lts stable canary beta alpha rc nightly dev * x"),
)
GEM_PIN = VersionPin(
    ("gem",),
    (*_INSTALL, ("i",)),
    "gem:version",
    (":",),
    words(
        "-i --install-dir -n --bindir -s --source -P --trust-policy --platform --document --build-root --file"
    ),
    (".gem",),
    settling_options=("-v", "--version"),
    ends_at_dashes=True,
)
GO_PIN = VersionPin(
    GO.programs,
    (*_INSTALL, ("get",), ("run",)),
    "package@version",
    ("@",),
    GO.valued_options,
    (".go",),
    moving=_BRANCHES | words("latest upgrade patch none"),
    is_by_path=True,
)
