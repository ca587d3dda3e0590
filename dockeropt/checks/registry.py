"""All rules there are. A module is listed here once, and its pages lie in ``rules/``."""

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

from dockeropt.checks.rule import Rule
from dockeropt.syntax.tree import Dockerfile

_MODULES = {
    "syntax.refused_by_buildkit": "",
    "stages.untagged_image": "",
    "stages.latest_tag": "latest",
    "packages.unpinned_packages": "apt pip uv npm yarn bun apk gem yum zypper dnf go",
    "packages.unanswered_questions": "apt yum zypper dnf",
    "packages.interactive_apt": "apt",
    "packages.distribution_upgrade": "zypper",
    "packages.kept_downloads": "apt apk yum zypper dnf pip yarn",
    "packages.apt_recommends": "apt",
    "packages.removed_bundler_option": "bundle",
    "runtime.shell_form_command": "cmd entrypoint",
    "shell.consecutive_runs": "run",
    "shell.pipe_without_pipefail": "|",
    "cache.copy_before_install": "copy add",
    "cache.volatile_argument_early": "arg env",
    "cache.missing_cache_mount": "run",
    "cache.index_fetched_apart": "update makecache refresh",
    "cache.clone_kept_in_cache": "clone",
    "cache.foreign_manifests_before_install": "copy add",
    "cache.install_without_lock_file": "npm yarn pnpm bun uv poetry pipenv bundle composer",
    "cache.moving_download": "latest nightly main master develop head",
    "cache.copy_without_link": "copy",
    "stages.single_stage_build": "run",
    "stages.dependencies_beside_output": "copy",
    "stages.build_image_as_final_base": "",
    "security.credentials_in_layer": "copy add",
    "security.bypassed_checks": "allow force-yes peer gpg ssl trusted insecure digest verify certificate tls "
    "secure curl",
    "security.secret_in_text": "@ auth credential key passw pword secret token akia asia ghp_ gho_ ghu_ "
    "ghs_ ghr_ github_pat_ glpat- gldt- glrt- glptt- xox _live_ aiza npm_ pypi-age dckr_ hf_ sg. sk- _v1_",
    "security.world_writable": "chmod -m --mode",
    "security.missing_user": "",
    "security.unused_account": "useradd adduser",
    "security.fixed_password": "passwd useradd usermod adduser",
    "security.unencrypted_download": "http:// ftp:// git://",
    "context.context_without_dockerignore": "copy add",
    "context.needless_files_in_context": "copy add",
    "syntax.inline_ignore": "ignore skip",
    "runtime.working_directory": "workdir copy",
    "shell.misplaced_command": "run",
    "shell.download": "wget curl",
    "shell.answer_as_file": "curl",
    "shell.interactive_gpg": "gpg",
    "shell.gpu_query": "nvidia-smi rocm-smi amd-smi nvidia-debugdump torch.cuda list_physical_devices",
    "windows.linux_only_option": "windows nanoserver servercore ltsc win",
    "windows.powershell": "powershell pwsh",
    "runtime.user": "user",
    "runtime.repeated_instruction": "cmd entrypoint healthcheck",
    "runtime.missing_healthcheck": "",
    "runtime.workdir_in_kernel_files": "/proc /sys /dev",
    "runtime.root_owned_copy": "user",
    "runtime.fixed_gpu": "visible_devices",
    "runtime.debugger_in_image": "xdebug",
    "runtime.unused_allocator": "jemalloc",
    "runtime.stop_signal": "stopsignal systemd init",
    "context.transfer": "copy add",
    "layers.kept_archive": "curl wget",
    "layers.kept_temporary_folder": "mktemp",
    "layers.development_packages": "composer bundle",
    "layers.needless_packages": "nvidia cuda linux-image",
    "layers.files_stored_twice": "chmod chown",
    "context.copied_archive": "tar zip gz xz bz2 zst",
    "metadata.exposed_port": "expose",
    "metadata.invalid_label_key": "label",
    "metadata.label_schema": "",
    "metadata.duplicate_label": "label",
    "metadata.maintainer": "maintainer",
    "stages.copy_sources": "from=",
    "stages.stage_names": "as",
    "stages.base_platform": "platform",
    "stages.base_variables": "$",
    "stages.untrusted_registry": "",
    "stages.empty_stage": "scratch",
    "security.secret_variable": "arg env",
    "syntax.misplaced": "",
    "syntax.own_variable_in_env": "$",
    "syntax.casing": "",
    "syntax.empty_continuation": "",
    "syntax.legacy_key_value": "env label",
    "syntax.undefined_variable": "$",
    "syntax.description_without_name": "#",
    "syntax.misspelt_syntax_image": "syntax",
    "syntax.broken_list": "[",
    "comments.unused_ignore": "ignore skip",
    "comments.ignore_without_reason": "ignore skip",
}
"""modules below ``dockeropt.checks``, each with the words of which one, in lower case, stands in every
Dockerfile it can find a fault in; none for a module that may find one anywhere. A module whose words are
not there is not imported: most Dockerfiles need half of them, and importing costs more than linting."""


@lru_cache(1)
def rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of the modules."""
    return tuple(rule for name in _MODULES for rule in _rules_in(name))


def rules_for(dockerfile: Dockerfile) -> tuple[Rule, ...]:
    """Return the rules that may find a fault in a Dockerfile."""
    pieces = set("\n".join([dockerfile.source.text, *_joined_lines(dockerfile)]).lower().split())
    text = " ".join(pieces)
    return _rules_with(frozenset([word for word in _by_words()[1] if word in text]))


@lru_cache(1024)
def _rules_with(words: frozenset[str]) -> tuple[Rule, ...]:
    modules, _ = _by_words()
    return tuple(
        [
            rule
            for name, wanted in modules
            if not wanted or not wanted.isdisjoint(words)
            for rule in _rules_in(name)
            if not rule.programs or not words.isdisjoint(_words_of(rule, wanted))
        ]
    )


def _words_of(rule: Rule, words: frozenset[str]) -> Iterator[str]:
    """Yield those of its module's words that are part of the name of a program of the rule's."""
    return (word for word in words if any(word in program for program in rule.programs))


def find(name: str) -> Rule | None:
    """Return the rule of this code, slug or alias, in any case; None for an unknown one."""
    return _by_name().get(name.lower())


@lru_cache(1)
def _by_words() -> tuple[list[tuple[str, frozenset[str]]], frozenset[str]]:
    """Return every module with its words, and all words there are."""
    modules = [(name, frozenset(words.split())) for name, words in _MODULES.items()]
    return modules, frozenset().union(*(words for _, words in modules))


@lru_cache(1)
def _by_name() -> dict[str, Rule]:
    return {name.lower(): rule for rule in rules() for name in (rule.code, rule.slug, *rule.aliases)}


def _joined_lines(dockerfile: Dockerfile) -> Iterator[str]:
    """Yield what stands on continued lines in one piece: a word may go on after a line end."""
    for instruction in dockerfile.instructions:
        if len(instruction.body.pieces) > 1:
            yield f"{instruction.keyword} {instruction.body.text}"


@lru_cache
def _rules_in(name: str) -> tuple[Rule, ...]:
    module = import_module(f"dockeropt.checks.{name}")
    found: tuple[Rule, ...] = getattr(module, "RULES", None) or (module.RULE,)
    return found
