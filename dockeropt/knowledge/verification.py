"""What switches off the checks that a package comes from where it says, unchanged."""

from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple


class Bypass(NamedTuple):
    """Options, in lower case, with which a manager no longer checks."""

    programs: tuple[str, ...]
    options: frozenset[str]
    """a value may follow: ``--trusted-host=…``"""
    settings: tuple[str, ...] = ()
    """``name=value`` in lower case as the value of ``-o`` or ``--setopt``, or as ``config set name value``"""


BYPASSES = (
    Bypass(
        ("apt-get", "apt", "aptitude"),
        words("--allow-unauthenticated --force-yes --allow-insecure-repositories"),
        (
            "allowunauthenticated=true",
            "allowunauthenticated=1",
            "allowinsecurerepositories=true",
            "allowinsecurerepositories=1",
            "verify-peer=false",
            "verify-peer=0",
        ),
    ),
    Bypass(("apk",), words("--allow-untrusted")),
    Bypass(
        ("yum", "dnf", "microdnf", "dnf5", "tdnf"),
        words("--nogpgcheck --no-gpgchecks"),
        ("gpgcheck=0", "gpgcheck=false", "sslverify=0", "sslverify=false"),
    ),
    Bypass(("zypper",), words("--no-gpg-checks")),
    Bypass(
        ("pip", "uv pip", "uv", "pipx"),
        words("--trusted-host --allow-insecure-host"),
        ("trusted-host",),
    ),
    Bypass(
        ("npm", "yarn", "pnpm"),
        words("--no-strict-ssl --strict-ssl=false"),
        ("strict-ssl=false", "enablestrictssl=false"),
    ),
)

BYPASSING_VARIABLES = {
    "PIP_TRUSTED_HOST": "",
    "UV_INSECURE_HOST": "",
    "NPM_CONFIG_STRICT_SSL": "false",
    "YARN_STRICT_SSL": "false",
    "YARN_ENABLE_STRICT_SSL": "false",
    "NODE_TLS_REJECT_UNAUTHORIZED": "0",
}
"""names in upper case and the value with which they do; empty for any"""
