"""Programs that run another one are seen through."""

import pytest

from tests.shell.read import only_command, run_of, script_of, summary

SEEN_THROUGH = {
    "sudo": ("sudo apt-get update", ["sudo > apt-get update"]),
    "sudo with a user": ("sudo -H -u app -- npm ci", ["sudo > npm ci"]),
    "sudo with options in one": ("sudo -nu app npm ci", ["sudo > npm ci"]),
    "sudo with a long option": ("sudo --user=app --preserve-env npm ci", ["sudo > npm ci"]),
    "sudo with an assignment": ("sudo A=1 npm ci", ["sudo > A=1 npm ci"]),
    "sudo by its path": ("/usr/bin/sudo npm ci", ["sudo > npm ci"]),
    "env": ("env A=1 B='2 3' npm ci", ["env > A=1 B=2 3 npm ci"]),
    "env with options": ("env -i -u HOME --chdir=/x A=1 npm ci", ["env > A=1 npm ci"]),
    "env with a split string": ("env -S 'npm ci'", ["  env > npm ci"]),
    "assignments before and in env": ("A=1 env B=2 make", ["env > A=1 B=2 make"]),
    "sudo and env": ("sudo -E env A=1 apt-get -y install x", ["sudo > env > A=1 apt-get -y install x"]),
    "a shell": ('sh -c "a x && b"', ["  sh > a x", "  sh > b"]),
    "a shell by its path": ("/bin/bash -c 'a | b'", ["  bash > a", "  bash > b"]),
    "a login shell": ("bash -lc 'source x && nvm install'", ["  bash > source x", "  bash > nvm install"]),
    "a shell with options": ("bash -euxo pipefail -c 'a'", ["  bash > a"]),
    "a shell with its options apart": ("bash --login --norc -e -o pipefail -c a", ["  bash > a"]),
    "a shell with arguments": ("sh -c 'a \"$1\"' name value", ["  sh > a $1"]),
    "a shell in sudo": ('sudo -u x bash -c "a"', ["  sudo > bash > a"]),
    "sudo in a shell": ("bash -c 'sudo a'", ["  bash > sudo > a"]),
    "a shell in a shell": ("sh -c \"bash -c 'a; b'\"", ["    sh > bash > a", "    sh > bash > b"]),
    "xargs": ("xargs rm -rf", ["xargs > rm -rf"]),
    "xargs with options": ("xargs -0 -r -n 1 -P4 -I{} cp {} /x", ["xargs > cp {} /x"]),
    "xargs with a shell": ("xargs -I % sh -c 'a %; b'", ["  xargs > sh > a %", "  xargs > sh > b"]),
    "exec": ("exec -a name node x.js", ["exec > node x.js"]),
    "time": ("time -p make all", ["time > make all"]),
    "nice": ("nice -n 10 make", ["nice > make"]),
    "nice with a number": ("nice -10 make", ["nice > make"]),
    "nohup": ("nohup make", ["nohup > make"]),
    "command": ("command -p apt-get update", ["command > apt-get update"]),
    "builtin": ("builtin cd x", ["builtin > cd x"]),
    "eval of a script": ("eval 'a && b'", ["  eval > a", "  eval > b"]),
    "eval of words": ("eval a b", ["eval > a b"]),
    "timeout": ("timeout -k 5 -s KILL 10m npm ci", ["timeout > npm ci"]),
    "chroot": ("chroot --userspec=a:b /mnt apt-get update", ["chroot > apt-get update"]),
    "gosu": ("gosu app npm ci", ["gosu > npm ci"]),
    "su-exec": ("su-exec app:app npm ci", ["su-exec > npm ci"]),
    "su": ("su -c 'npm ci' app", ["  su > npm ci"]),
    "su with a user first": ("su - app -s /bin/bash -c 'cd x && npm ci'", ["  su > cd x", "  su > npm ci"]),
    "su with options in one": ("su -lc 'npm ci' app", ["  su > npm ci"]),
    "runuser": ("runuser -u app -- npm ci", ["runuser > npm ci"]),
    "setpriv": ("setpriv --reuid 1000 --clear-groups npm ci", ["setpriv > npm ci"]),
    "tini": ("tini -g -- node x.js", ["tini > node x.js"]),
    "dumb-init": ("dumb-init node x.js", ["dumb-init > node x.js"]),
    "stdbuf": ("stdbuf -oL -e 0 make", ["stdbuf > make"]),
    "ionice": ("ionice -c 3 make", ["ionice > make"]),
    "unshare": ("unshare -r --mount make", ["unshare > make"]),
    "conda run": ("conda run -n x pip install y", ["conda > pip install y"]),
    "scl with a command": ("scl enable rh-x -- make", ["scl > make"]),
    "scl with a script": ("scl enable rh-x rh-y 'a && b'", ["  scl > a", "  scl > b"]),
    "flock": ("flock -w 5 /tmp/lock make", ["flock > make"]),
    "flock with a script": ("flock /tmp/lock -c 'a; b'", ["  flock > a", "  flock > b"]),
    "find": (
        "find . -name x -exec rm -f {} \\; -exec sh -c 'a; b' _ {} +",
        [
            "find . -name x -exec rm -f {} ; -exec sh -c a; b _ {} +",
            "  find > rm -f {}",
            "    find > sh > a",
            "    find > sh > b",
        ],
    ),
    "find in sudo": ("sudo find . -delete", ["sudo > find . -delete"]),
    "a substitution in a shell's script": (
        'sh -c "a $(b) \\$(c) `d` ${E:-$(f)}"',
        ["  sh > a $() $(c) `` ${}", "  b", "    sh > c", "  d", "  f"],
    ),
    "a redirection of the wrapper": ("sudo apt-get update > /dev/null", ["sudo > apt-get update >/dev/null"]),
}

NOTHING_WRAPPED = {
    "only env": "env",
    "env with an assignment": "env A=1",
    "a shell without a script": "bash install.sh -c x",
    "a shell that reads its input": "bash -s -- -y",
    "a script that is substituted": 'sh -c "$(curl -fsSL https://example.com)"',
    "command -v": "command -v node",
    "conda install": "conda install -n x y",
    "sudo -l": "sudo -l make",
    "exec with a redirection": "exec > log",
    "su without a command": "su - app",
    "a script of other characters": "sh -c $'a\\x20b'",
}


@pytest.mark.parametrize(("text", "expected"), SEEN_THROUGH.values(), ids=SEEN_THROUGH.keys())
def test_what_is_wrapped_is_the_command(text: str, expected: list[str]) -> None:
    assert expected == summary(text)
    assert script_of(text).is_complete


@pytest.mark.parametrize("text", NOTHING_WRAPPED.values(), ids=NOTHING_WRAPPED.keys())
def test_a_wrapper_of_nothing_is_a_command_itself(text: str) -> None:
    command = script_of(text).commands[0]
    assert (text.split(maxsplit=1)[0], ()) == (command.name, command.wrappers)


def test_ever_more_wrappers_are_no_matter() -> None:
    assert len(only_command("sudo " * 5000 + "make").wrappers) < 20


def test_words_of_an_inner_script_stand_where_they_are_in_the_source() -> None:
    dockerfile, script = run_of(
        "FROM a\nRUN set -e; \\\n  # a comment\n"
        '  sh -c "cd /x && \\\n    apt-get install -y \\"a b\\" c\\\\ d" && e\n'
    )
    install = script.commands[2]
    expected = ["install", "-y", "a b", "c d"]
    assert expected == [word.value for word in install.words]
    expected = ["install", "-y", '"a b\\"', "c\\\\ d"]
    assert expected == [dockerfile.text_of(w.span) for w in install.words]
    gapless = [True, True, False, False]
    assert gapless == [word.is_contiguous for word in install.words]
    assert dockerfile.text_of(install.span) == 'apt-get install -y \\"a b\\" c\\\\ d'


def test_an_inner_script_is_told_with_its_place() -> None:
    text = "a && bash -o pipefail -c 'b | c' && sh -c \"d\""
    script = script_of(text)
    actual = [(text[inner.span.start : inner.span.end], inner.has_pipefail) for inner in script.inner]
    expected = [("'b | c'", True), ('"d"', False)]
    assert expected == actual


def test_operators_of_an_inner_script_are_deeper() -> None:
    operators = script_of("a; sh -c 'b && c' | d").operators
    expected = [(";", 0), ("&&", 1), ("|", 0)]
    assert expected == [(each.text, each.depth) for each in operators]
