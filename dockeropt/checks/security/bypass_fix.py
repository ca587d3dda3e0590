"""The fixes of DO4002 and DO4005: the command line without the option that switches a check off."""

from dockeropt.checks.packages.invocations import Invocation
from dockeropt.checks.shell.word_edits import remove_word, replace_words
from dockeropt.diagnostics.finding import Applicability, Fix, fix_of
from dockeropt.knowledge.verification import Bypass
from dockeropt.semantics.build import Build
from dockeropt.syntax.tree import Word

_VALUED = ("--trusted-host", "--allow-insecure-host")
"""options whose value is the next word"""


def package_fix(word: Word, bypass: Bypass, invocation: Invocation, build: Build) -> Fix | None:
    """Return the fix that takes an option out, with its value where that is the next word."""
    option, run = word.value.lower(), invocation.run
    if option.partition("=")[0] not in bypass.options and option not in bypass.options:
        return None
    edit = remove_word(word, run, build)
    if option == "--force-yes":
        if invocation.command.has_flag("-y", "--yes", "--assume-yes", "-qq"):
            return fix_of("remove `--force-yes`", edit, applicability=Applicability.UNSAFE)
        edit = replace_words(word, word, "-y", run, build)
        return fix_of("write `-y`", edit, applicability=Applicability.UNSAFE)
    edits = [edit]
    if option in _VALUED:
        words = list(invocation.command.words)
        following = words[words.index(word) + 1 :][:1]
        edits += [remove_word(each, run, build) for each in following]
    return fix_of(f"remove `{word.value}`", *edits, applicability=Applicability.UNSAFE)


def download_fix(word: Word, bypass: Bypass, invocation: Invocation, build: Build) -> Fix | None:
    """Return the fix that takes an option out, or its letter where it stands among others."""
    run = invocation.run
    if word.value in bypass.options or word.value == f"-{bypass.letter}":
        edit = remove_word(word, run, build)
    elif has_letter(word.value, bypass) and word.raw == word.value:
        edit = replace_words(word, word, word.raw.replace(bypass.letter, "", 1), run, build)
    else:
        return None
    return fix_of(f"remove `{word.value}`", edit, applicability=Applicability.UNSAFE)


def has_letter(value: str, bypass: Bypass) -> bool:
    """Tell whether a short option stands in a word of several: ``-fsSLk``, but not ``-ok``."""
    if not bypass.letter or value[:1] != "-" or value[1:2] == "-":
        return False
    for letter in value[1:]:
        if letter == bypass.letter:
            return True
        if letter in bypass.valued_letters:
            return False
    return False
