"""What a report says about a rule: where its page is and what stands in it."""

import re
from functools import lru_cache

from dockeropt.records import NamedTuple
from dockeropt.resources import rule_page

PROJECT = "https://github.com/dockeropt/dockeropt"

_SHELLCHECK = re.compile(r"SC\d{4}")
_FINDS = re.compile(r"^## What it finds\n+(.+?)\n(?:\n|$)", re.MULTILINE | re.DOTALL)
_SENTENCE = re.compile(r".+?\.(?= [A-Z]|$)")


class Page(NamedTuple):
    """A rule's page: its first sentence, its first paragraph, and all of it below the title as Markdown."""

    summary: str
    description: str
    markdown: str


def url_of(code: str) -> str:
    """Return the address of a rule's page; that of ShellCheck's wiki for ShellCheck's codes."""
    if _SHELLCHECK.fullmatch(code):
        return f"https://www.shellcheck.net/wiki/{code}"
    return f"{PROJECT}/blob/main/rules/{code}.md"


@lru_cache(512)
def page_of(code: str) -> Page | None:
    """Return the page of a rule, None where we have none (ShellCheck's codes)."""
    text = rule_page(code)
    if text is None:
        return None
    markdown = text.partition("\n")[2].strip() + "\n"
    found = _FINDS.search(markdown)
    description = " ".join((found[1] if found else markdown).split())
    sentence = _SENTENCE.match(description)
    return Page(sentence[0] if sentence else description, description, markdown)
