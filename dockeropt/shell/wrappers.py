"""Programs that run another one: where in their arguments it stands."""

from collections.abc import Sequence

from dockeropt.records import NamedTuple
from dockeropt.syntax.tree import Word


class Wrapped(NamedTuple):
    """Where the wrapped program or script is among a wrapper's arguments."""

    start: int
    """number of the word that is the program, or the script"""
    is_script: bool = False
    assignments: tuple[int, ...] = ()
    """numbers of the words that are assignments"""
    sets_pipefail: bool = False
    """the script runs with ``-o pipefail``"""


class _Form(NamedTuple):
    """How a wrapper's command line is made up: options, assignments, operands, then the command."""

    valued: frozenset[str] = frozenset()
    """options that take the next word, where the value does not follow at once"""
    operands: int = 0
    assigns: bool = False
    refusing: frozenset[str] = frozenset()
    """options with which nothing is run"""
    scripts: frozenset[str] = frozenset()
    """options whose value is a script"""
    subcommand: str = ""
    """what must come first for a command to be run"""


def _form(
    valued: str = "",
    operands: int = 0,
    assigns: bool = False,
    refusing: str = "",
    scripts: str = "",
    subcommand: str = "",
) -> _Form:
    return _Form(
        frozenset(valued.split()),
        operands,
        assigns,
        frozenset(refusing.split()),
        frozenset(scripts.split()),
        subcommand,
    )


_PLAIN = _form()
_CONDA = _form("-n --name -p --prefix --cwd", subcommand="run")

# Options as in the manual pages of GNU coreutils, findutils, util-linux, sudo, and the projects' READMEs.
_FORMS: dict[str, _Form] = {
    "!": _PLAIN,
    "builtin": _PLAIN,
    "busybox": _form(refusing="--install --list --help"),
    "chroot": _form("--groups --userspec", operands=1),
    "chronic": _PLAIN,
    "command": _form(refusing="-v -V"),
    "conda": _CONDA,
    "doas": _form("-u -C", refusing="-L -s"),
    "dumb-init": _form("-r --rewrite"),
    "eatmydata": _PLAIN,
    "env": _form("-u --unset -C --chdir", assigns=True, scripts="-S --split-string"),
    "exec": _form("-a"),
    "fakeroot": _form("-l --lib -f --faked -s -i -b", assigns=False),
    "flock": _form("-w --wait --timeout -E --conflict-exit-code", operands=1, scripts="-c --command"),
    "gosu": _form(operands=1),
    "ionice": _form("-c --class -n --classdata", refusing="-p --pid -P -u"),
    "linux32": _PLAIN,
    "linux64": _PLAIN,
    "mamba": _CONDA,
    "micromamba": _CONDA,
    "nice": _form("-n --adjustment"),
    "nohup": _PLAIN,
    "runuser": _form("-u --user -g --group -G --supp-group"),
    "scl": _form(refusing="-l --list"),
    "setarch": _form(operands=1),
    "setpriv": _form(
        "--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits --pdeathsig "
        "--selinux-label --apparmor-profile"
    ),
    "setsid": _PLAIN,
    "stdbuf": _form("-i --input -o --output -e --error"),
    "su-exec": _form(operands=1),
    "sudo": _form(
        "-u --user -g --group -h --host -p --prompt -C --close-from -D --chdir -R --chroot -T "
        "--command-timeout -r --role -t --type -U --other-user",
        assigns=True,
        refusing="-l --list -v --validate -K",
    ),
    "taskset": _form(operands=1, refusing="-p --pid"),
    "time": _form("-f --format -o --output"),
    "timeout": _form("-k --kill-after -s --signal", operands=1),
    "tini": _form("-p -e"),
    "toybox": _PLAIN,
    "unshare": _form(
        "-R --root -w --wd -S --setuid -G --setgid --propagation --map-user --map-group "
        "--map-users --map-groups"
    ),
    "xargs": _form(
        "-I -n --max-args -P --max-procs -L --max-lines -s --max-chars -d --delimiter -E -a --arg-file "
        "--process-slot-var"
    ),
    "xvfb-run": _form(
        "-n --server-num -s --server-args -e --error-file -f --auth-file -p --xauth-protocol -w --wait"
    ),
}

_SHELLS = frozenset({"ash", "bash", "dash", "ksh", "sh", "zsh"})
_SWITCHES = frozenset({"su", "runuser"})
NAMES = frozenset(_FORMS) | _SHELLS | _SWITCHES | {"eval"}
"""base names of the programs that run another one; ``find`` is apart, since it is a command of its own too"""


def unwrap(name: str, words: Sequence[Word]) -> Wrapped | None:
    """Return what the program of this base name runs, None where it runs nothing that can be told."""
    if name in _SHELLS:
        return _shell_script(words)
    if name == "eval":
        return Wrapped(0, is_script=len(words) == 1) if words else None
    if name in _SWITCHES:
        script = _switched_script(words)
        if script is not None or name == "su":
            return script
    if name == "scl":
        return _collection(words)
    form = _FORMS.get(name)
    return _after_options(form, words) if form else None


def executed(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Return where the commands of ``find … -exec`` start and end among its words."""
    found: list[tuple[int, int]] = []
    start = -1
    for number, word in enumerate(words):
        value = word.value
        if start < 0:
            if value in ("-exec", "-execdir", "-ok", "-okdir"):
                start = number + 1
        elif value == ";" or (value == "+" and words[number - 1].value == "{}"):
            if number > start:
                found.append((start, number))
            start = -1
    return found


def _after_options(form: _Form, words: Sequence[Word]) -> Wrapped | None:
    assignments: list[int] = []
    number = 0
    count = len(words)
    if form.subcommand:
        if not words or words[0].value != form.subcommand:
            return None
        number = 1
    operands = form.operands
    while number < count:
        value = words[number].value
        if value == "--":
            number += 1
            break
        if len(value) > 1 and value[0] == "-" and operands == form.operands:
            if value in form.refusing:
                return None
            if value in form.scripts:
                return Wrapped(number + 1, is_script=True) if number + 1 < count else None
            number += 2 if takes_next(value, form.valued) else 1
        elif form.assigns and "=" in value.lstrip("="):
            assignments.append(number)
            number += 1
        elif operands:
            operands -= 1
            number += 1
        else:
            break
    while operands and number < count:
        operands -= 1
        number += 1
    if form.assigns:
        while number < count and "=" in words[number].value.lstrip("="):
            assignments.append(number)
            number += 1
    if number >= count:
        return None
    if operands == 0 and form.operands and words[number].value in form.scripts:
        return Wrapped(number + 1, is_script=True) if number + 1 < count else None
    return Wrapped(number, assignments=tuple(assignments))


def takes_next(option: str, valued: frozenset[str]) -> bool:
    """Tell whether an option, or the last of ``-xo``, takes the next word as its value."""
    if option in valued:
        return True
    if option[1] == "-" or len(option) == 2:
        return False
    for place, letter in enumerate(option[1:], 2):
        if "-" + letter in valued:
            return place == len(option)
    return False


def _shell_script(words: Sequence[Word]) -> Wrapped | None:
    """Return the script of ``sh -c``: the first word that is no option, if -c is among the options."""
    runs_script = pipefail = False
    number = 0
    while number < len(words):
        value = words[number].value
        if len(value) < 2 or value[0] not in "-+":
            break
        number += 1
        if value in ("--", "-"):
            break
        if value.startswith("--"):
            number += value in ("--rcfile", "--init-file")
            continue
        if value[0] == "-" and "c" in value:
            runs_script = True
        for letter in value[1:]:
            if letter in "oO" and number < len(words):
                pipefail = pipefail or (value[0] == "-" and words[number].value == "pipefail")
                number += 1
    if not runs_script or number >= len(words):
        return None
    return Wrapped(number, is_script=True, sets_pipefail=pipefail)


def _switched_script(words: Sequence[Word]) -> Wrapped | None:
    """Return the script of ``su USER -c``: it may stand anywhere among the arguments."""
    for number, word in enumerate(words[:-1]):
        value = word.value
        if value in ("-c", "--command", "--session-command") or (
            value[:1] == "-" and value[1:2] != "-" and value.endswith("c") and len(value) < 5
        ):
            return Wrapped(number + 1, is_script=True)
    return None


def _collection(words: Sequence[Word]) -> Wrapped | None:
    """Return what ``scl enable NAME… -- COMMAND`` or ``scl enable NAME… 'SCRIPT'`` runs."""
    values = [word.value for word in words]
    if len(values) < 3 or values[0] not in ("enable", "run"):
        return None
    if "--" in values[:-1]:
        return Wrapped(values.index("--") + 1)
    return Wrapped(len(values) - 1, is_script=True)
