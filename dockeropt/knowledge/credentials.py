"""Files that hold credentials, by name, and how to give them to a build instead."""

from dockeropt.knowledge.file_names import is_named
from dockeropt.records import NamedTuple


class CredentialsFile(NamedTuple):
    """A kind of file: patterns of the end of its path, what it holds, where a secret mount puts it."""

    patterns: tuple[str, ...]
    holds: str
    id: str
    """name for ``--mount=type=secret,id=``"""
    target: str
    """where the program that reads it looks, ``~`` the user's home"""
    is_certain: bool
    """False where the file may hold settings alone, such as .npmrc"""


CREDENTIALS_FILES = (
    CredentialsFile((".npmrc",), "a registry token", "npmrc", "~/.npmrc", False),
    CredentialsFile((".pypirc",), "a package index password", "pypirc", "~/.pypirc", True),
    CredentialsFile(("pip.conf", "pip.ini"), "a package index password", "pip", "/etc/pip.conf", False),
    CredentialsFile((".netrc", "_netrc"), "passwords", "netrc", "~/.netrc", True),
    CredentialsFile((".git-credentials",), "Git passwords", "git-credentials", "~/.git-credentials", True),
    CredentialsFile(
        ("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ed25519_sk", "id_ecdsa_sk", ".ssh", "*.ppk"),
        "a private SSH key",
        "ssh",
        "",
        True,
    ),
    CredentialsFile((".aws/credentials", ".aws"), "AWS access keys", "aws", "~/.aws/credentials", True),
    CredentialsFile(
        (".docker/config.json", ".dockercfg", ".dockerconfigjson"),
        "registry passwords",
        "docker",
        "~/.docker/config.json",
        True,
    ),
    CredentialsFile(
        (".kube/config", "kubeconfig", ".kube"), "cluster credentials", "kube", "~/.kube/config", True
    ),
    CredentialsFile((".gem/credentials",), "a RubyGems key", "gem", "~/.gem/credentials", True),
    CredentialsFile(("auth.json",), "Composer tokens", "composer", "/app/auth.json", True),
    CredentialsFile((".pgpass",), "database passwords", "pgpass", "~/.pgpass", True),
    CredentialsFile((".my.cnf",), "a database password", "my.cnf", "~/.my.cnf", True),
    CredentialsFile(
        (".cargo/credentials", ".cargo/credentials.toml"),
        "a registry token",
        "cargo",
        "~/.cargo/credentials.toml",
        True,
    ),
    CredentialsFile((".vault-token",), "a Vault token", "vault", "~/.vault-token", True),
    CredentialsFile((".htpasswd",), "password hashes", "htpasswd", "", False),
    CredentialsFile(
        ("service-account*.json", "gcloud-service-key.json", "application_default_credentials.json"),
        "a cloud service account's key",
        "gcp",
        "",
        True,
    ),
    CredentialsFile(
        (".terraformrc", "credentials.tfrc.json"), "Terraform tokens", "terraform", "~/.terraformrc", True
    ),
)


_PUBLIC_NAMES = ("authorized_keys", "known_hosts", "ssh_config", "config.d")
"""what lies in a folder of credentials and is none"""


def credentials_in(path: str) -> CredentialsFile | None:
    """Return what kind of credentials file a path names, None for none; ``.npmrc.example`` is none."""
    parts = path.rstrip("/").split("/")
    name, last_two = parts[-1], "/".join(parts[-2:])
    if name in _PUBLIC_NAMES or name.endswith(".pub"):
        return None
    for kind in CREDENTIALS_FILES:
        for pattern in kind.patterns:
            if "*" in pattern:
                if is_named(name, pattern):
                    return kind
            elif pattern in (last_two, name) or ("/" not in pattern and pattern in parts[:-1]):
                return kind
    return None
