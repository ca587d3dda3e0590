"""DO4008: an account that an image makes and does not run as."""

from collections.abc import Iterator

from dockeropt.checks.packages.invocations import every_invocation, invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.security.missing_user import has_user
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.words import words
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Cmd, Entrypoint

_OF_SERVICES = words(
    "apache git http mysql nginx nobody openldap postfix postgres redis sshd vscode www www-data"
)
"""accounts that a program of this name, or an editor, looks for"""
_MAKERS = ("adduser", "useradd")
_SWITCHERS = words("gosu su-exec setpriv runuser su sudo chpst s6-setuidgid tini-user doas")
"""programs with which an entry point becomes another user"""
_DAEMONS = words(
    "apache2 apache2-foreground apache2ctl caddy cron crond dovecot haproxy httpd httpd-foreground init "
    "inetd mysqld nginx php-fpm postfix rsyslogd s6-svscan sshd supervisord systemd vsftpd xinetd"
)
"""programs that start as root and give their rights away, or start others that do"""


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the account that an image makes and does not run as."""
    stages = shipped_stages(build)
    if not stages or has_user(stages) or not _is_plainly_started(stages):
        return
    if any(_becomes_another(invocation.command) for invocation in every_invocation(build)):
        return
    named = _named(build)
    shipped = {stage.number for stage in stages}
    for invocation in invocations_of(_MAKERS, build):
        operands = invocation.command.operands(_VALUED)
        if invocation.stage.number in shipped and operands and "$" not in operands[-1].value:
            word = operands[0] if invocation.command.base_name == "adduser" else operands[-1]
            if word.value in _OF_SERVICES or word.value[0] == "_" or word.value in named:
                continue
            yield Finding(
                word.span,
                f"`{word.value}` is made and never used, so the program runs as root; "
                f"write USER {word.value} at the end",
            )
            return


def _named(build: Build) -> str:
    """Return what commands write, configure or grant: an account in it is made for another purpose."""
    return "\n".join(
        word.value
        for invocation in invocations_of(("echo", "printf", "usermod", "sed", "tee", "visudo", "cat"), build)
        for word in invocation.command.words
    )


_VALUED = words(
    "-b --base-dir -c --comment -d --home-dir --home -e --expiredate -f --inactive -g --gid -G --groups "
    "-k --skel -K --key -p --password -s --shell -u --uid -R --root -P --prefix -Z --gecos --ingroup -h "
    "--firstuid --lastuid"
)


def _is_plainly_started(stages: tuple[Stage, ...]) -> bool:
    """Tell whether the image starts a program that stays who it is: no script and no daemon."""
    views = [view for stage in reversed(stages) for view in stage.views]
    starts: list[Cmd | Entrypoint] = [view for view in views if isinstance(view, Entrypoint)]
    starts = starts or [view for view in views if isinstance(view, Cmd)]
    if not starts:
        return False
    command = starts[-1].command
    texts = [word.value for word in command.arguments] or command.script.text.split()
    if texts and "/" in texts[0] and not texts[0].startswith(("/", "./")):
        return False  # a path of the project, so most likely a script of it
    names = [text.rpartition("/")[2] for text in texts]
    return not any(
        name in _DAEMONS
        or name in _SWITCHERS
        or name.endswith(".sh")
        or "entrypoint" in name
        or name == "init"
        for name in names
    )


def _becomes_another(command: Command) -> bool:
    """Tell whether a command runs a program as another user, or brings what an entry point does it with."""
    if command.base_name in _SWITCHERS or not _SWITCHERS.isdisjoint(command.wrappers):
        return True
    return any(word.value in ("gosu", "su-exec", "supervisor") for word in command.words)


RULE = Rule(
    "DO4008",
    "unused-account",
    Severity.WARNING,
    Build,
    check,
    aliases=("user-created-but-never-used",),
)
