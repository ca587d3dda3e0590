"""The table for pull requests, as a Markdown reader sees it."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as some
from markdown_it import MarkdownIt

from dockeropt.report.markdown import LONGEST, render
from tests.report.samples import NAMED, NASTY, QUOTED

_URL = "https://github.com/dockeropt/dockeropt/blob/main/rules/DL0000.md"
_SAMPLES = some.text(
    some.sampled_from("`|\\@<>&*_[]()!~#\n\t $a1") | some.characters(codec=None), min_size=1, max_size=30
)


class _Page(HTMLParser):
    """The elements of a page, and the text of each cell of its table."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str | None] = []
        self.cells: list[str] = []
        self.feed(
            MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
        )
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        if tag == "td":
            self.cells.append("")
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def test_a_row_per_finding_below_the_count() -> None:
    assert (
        "2 findings (1 warning, 1 style)\n"
        "\n"
        "| Place | Level | Rule | Finding |\n"
        "|---|---|---|---|\n"
        f"| `app/Dockerfile:1:6` | warning | [DL0000]({_URL}) named-wrongly"
        " | `node` is wrong<br>fix: write `deno` |\n"
        "| `app/Dockerfile:2:12` | style | [SC2086](https://www.shellcheck.net/wiki/SC2086) shellcheck"
        " | quote it, at 100% |\n"
    ) == render([NAMED, QUOTED])


def test_nasty_text_draws_nothing_and_calls_nobody() -> None:
    markdown = render([NASTY])
    page = _Page(markdown)
    assert len(page.cells) == 4
    assert page.links == [_URL]
    assert "img" not in page.names
    assert "@team" not in markdown
    assert "100%0A, é 💥" in page.cells[3]


@given(message=_SAMPLES, path=_SAMPLES)
def test_whatever_the_user_wrote_a_row_has_four_cells_and_our_elements(message: str, path: str) -> None:
    source = type(NAMED.source)(NAMED.source.text, path)
    finding = NAMED.finding._replace(message=f"`{message}` is {message}", fix=None)
    page = _Page(render([NAMED._replace(source=source, finding=finding)]))
    assert len(page.cells) == 4
    assert page.links == [_URL]
    assert {"p", "table", "thead", "tbody", "tr", "th", "td", "a", "code"} >= page.names


def test_a_table_too_long_for_a_comment_is_cut() -> None:
    markdown = render([NAMED] * 1000)
    assert len(markdown) - 100 < LONGEST
    assert markdown.count("| `app/Dockerfile:1:6`") + int(markdown.split()[-2]) == 1000
