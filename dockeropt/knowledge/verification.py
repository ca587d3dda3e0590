"""What switches off the checks that a package or a file comes from where it says, unchanged."""

from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple


class Bypass(NamedTuple):
    """Options, in lower case, with which a program no longer checks."""

    programs: tuple[str, ...]
    options: frozenset[str]
    """a value may follow: ``--trusted-host=…``"""
    settings: tuple[str, ...] = ()
    """``name=value`` in lower case as the value of ``-o``, ``-c`` or ``--setopt``,
    or as ``config name value``"""
    letter: str = ""
    """short option that may stand among others: ``-fsSLk``"""
    valued_letters: str = ""
    """short options that take the rest of their word as a value, which is no option: ``-Hkey``"""


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
    Bypass(
        ("rpm", "rpmkeys"),
        words("--nosignature --nodigest --nofiledigest --noverify"),
    ),
    Bypass(("conda", "mamba"), frozenset(), ("ssl_verify=false", "ssl_verify=no")),
    Bypass(("composer",), frozenset(), ("secure-http=false", "disable-tls=true")),
)
"""of package managers"""

_CURL_VALUED = "AbCcDdEeFHhKmoPQrTtUuwXxYyz"

DOWNLOAD_BYPASSES = (
    Bypass(
        ("curl",),
        words("--insecure --proxy-insecure --doh-insecure"),
        letter="k",
        valued_letters=_CURL_VALUED,
    ),
    Bypass(("wget", "wget2"), words("--no-check-certificate --check-certificate=no --check-certificate=off")),
    Bypass(("aria2c",), words("--check-certificate=false")),
    Bypass(("git",), frozenset(), ("http.sslverify=false", "http.sslverify=0", "http.sslverify=no")),
    Bypass(("helm",), words("--insecure-skip-tls-verify")),
    Bypass(("skopeo",), words("--src-tls-verify=false --tls-verify=false")),
)
"""of programs that fetch files"""


BYPASSING_VARIABLES = {
    "PIP_TRUSTED_HOST": "",
    "UV_INSECURE_HOST": "",
    "NPM_CONFIG_STRICT_SSL": "false",
    "YARN_STRICT_SSL": "false",
    "YARN_ENABLE_STRICT_SSL": "false",
    "GOINSECURE": "",
}
"""names in upper case and the value with which package managers no longer check; empty for any"""

DOWNLOAD_BYPASSING_VARIABLES = {
    "GIT_SSL_NO_VERIFY": "",
    "NODE_TLS_REJECT_UNAUTHORIZED": "0",
    "PYTHONHTTPSVERIFY": "0",
}
"""the same for programs that fetch files, and for all that an interpreter runs"""

CHECKSUM_PROGRAMS = words(
    "b2sum b3sum cksum cosign gpgv jarsigner md5sum minisign rhash rpmkeys sha1sum sha224sum sha256sum "
    "sha384sum sha512sum shasum signify slsa-verifier sq"
)
"""programs that tell whether a file is the one that was meant"""

CHECKING_OPTIONS = {
    "gpg": ("--verify", "--verify-files"),
    "gpg2": ("--verify", "--verify-files"),
    "openssl": ("dgst", "-verify", "sha256", "sha512"),
    "rpm": ("-K", "--checksig"),
}
"""words with which other programs do"""
