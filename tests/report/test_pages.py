"""The reports for browsers, opened in a real one: on a phone and a desk, light, dark and printed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dockeropt.measure.model import (
    BuildTime,
    Comparison,
    Failing,
    ImageSize,
    Layer,
    Measurement,
    Scenario,
    Startup,
    StepTime,
    Stop,
    Timing,
)
from dockeropt.replay.model import History
from dockeropt.report.measurement_html import render_html
from dockeropt.report.replay_html import render_html as render_replay
from tests.measure.examples import COMPARISON
from tests.replay.examples import HISTORY
from tests.report.browser import Browser, browser

LONG = "RUN --mount=type=cache,target=/root/.npm npm ci && " + "x" * 150 + " <script>alert(1)</script>"


def _build(seconds: float, scenario: Scenario) -> BuildTime:
    is_cold = scenario is Scenario.COLD
    steps = (
        StepTime("[build 2/6] WORKDIR /app", 0.02, not is_cold, 0.4),
        StepTime("[build 3/6] COPY package.json package-lock.json ./", 0.1, not is_cold, 0.5),
        StepTime(f"[build 4/6] {LONG}", seconds / 2, not is_cold, 0.6),
        StepTime("[build 5/6] COPY . .", 0.4, scenario is Scenario.UNCHANGED, 0.6 + seconds / 2),
        StepTime(
            "[build 6/6] RUN npm run build", seconds / 3, scenario is Scenario.UNCHANGED, 1 + seconds / 2
        ),
    )
    export = StepTime("exporting to image", seconds / 10, False, seconds * 0.88)
    context = StepTime("[internal] load build context", 0.4, False, 0.1)
    run = tuple(step for step in steps if not step.is_cached)
    return BuildTime(Timing((seconds, seconds * 1.02)), steps, (context, export), (*run[2:], export))


def _measured(name: str, factor: float, platform: str = "") -> Measurement:
    base = [Layer("ADD rootfs.tar /", 40_000_000, 120_000_000, is_base=True)]
    own = [
        Layer(f"COPY part-{at} {'y' * (at * 9)}", int(4e6 * factor), int(3e7 * factor / at), is_base=False)
        for at in range(1, 16)
    ]
    failing = (Failing("refused", 9, 0.0, 0.45), Failing("status 503", 4, 0.5, 0.7 * factor + 0.4))
    return Measurement(
        name,
        ImageSize((*base, *own), "engine"),
        {each: _build(20 * factor, each) for each in Scenario},
        Startup(Timing((0.7 * factor + 0.5,)), 3000, "/", 200, None, Stop(10.2, was_killed=True), failing),
        platform,
    )


WIDE = Comparison(
    "fixtures/a-folder-with-quite-a-long-name/and-another-one-below-it/nuxt-shop",
    {Scenario.SOURCE: ("app/pages/index.vue",), Scenario.DEPENDENCY: ("package.json", "package-lock.json")},
    "26.1.5",
    "0.13.1",
    (_measured("before", 9), _measured("after", 1)),
    "farm",
)
SEVERAL = WIDE._replace(
    measurements=tuple(
        _measured(name, factor, platform)
        for platform in ("linux/amd64", "linux/arm64")
        for name, factor in (("before", 9.0), ("article", 4.0), ("rewritten", 1.0))
    )
)
PAGES: dict[str, Callable[[], str]] = {
    "two candidates": lambda: render_html(WIDE),
    "three on two platforms": lambda: render_html(SEVERAL),
    "one alone": lambda: render_html(WIDE._replace(measurements=WIDE.measurements[1:])),
    "a small one": lambda: render_html(COMPARISON),
    "a replay": lambda: render_replay(HISTORY),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.mark.browser
@pytest.mark.parametrize("medium", ["screen, light", "screen, dark", "print, light", "print, dark"])
@pytest.mark.parametrize("width", [360, 1280], ids=["phone", "desk"])
@pytest.mark.parametrize("name", PAGES)
def test_everything_can_be_read(reader: Browser, folder: Path, name: str, width: int, medium: str) -> None:
    page = folder / f"{name}.html"
    page.write_text(PAGES[name](), encoding="utf-8")
    kind, scheme = medium.split(", ")
    reader.open(page, width=width, is_dark=scheme == "dark", medium=kind)
    found = reader.look()
    assert (found.faint, found.overflowing, found.nameless) == ([], [], [])
    assert found.texts > 20
    is_dark = medium == "screen, dark"
    assert reader.background() == ("rgb(20, 24, 28)" if is_dark else "rgb(255, 255, 255)")
    assert reader.loaded() == []
    picture = folder / f"{name}, {width}, {medium}.png"
    reader.photograph(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("style", "what"),
    [
        pytest.param("body { color: #999 !important }", "faint", id="faint text"),
        pytest.param("code { font-size: 9px !important }", "faint", id="tiny text"),
        pytest.param("svg rect { fill: var(--panel) !important }", "faint", id="a bar like its ground"),
        pytest.param(
            "code { white-space: pre; overflow-wrap: normal !important }", "overflowing", id="no wrapping"
        ),
        pytest.param("table { width: 900px !important }", "overflowing", id="a wide table"),
    ],
)
def test_the_look_sees_what_is_wrong(reader: Browser, folder: Path, style: str, what: str) -> None:
    page = folder / "wrong.html"
    page.write_text(render_html(WIDE).replace("</style>", f"{style}</style>"), encoding="utf-8")
    reader.open(page, width=360)
    assert getattr(reader.look(), what)


@pytest.mark.parametrize("name", PAGES)
def test_pages_need_nothing_from_elsewhere_and_hold_no_foreign_markup(name: str) -> None:
    text = PAGES[name]()
    assert "<script" not in text
    assert not any(each in text for each in ("http:", "https:", "@import", "url(", "src=", "href="))
    style = text[
        text.index("<style>") : text.index("{% block") if "{% block" in text else text.index("</style>")
    ]
    assert "prefers-color-scheme: dark" in style


def test_both_reports_share_their_style() -> None:
    def shared(text: str) -> str:
        return text[text.index("<style>") : text.index("overflow: hidden }")]

    assert len({shared(make()) for make in PAGES.values()}) == 1


def test_bars_are_as_long_as_what_they_show() -> None:
    text = render_html(COMPARISON)
    # 2,400 of 2,674 MB are the base of the larger image; the other image is 163 MB.
    assert '<rect class="base" x="0.000" width="89.753"' in text
    assert '<rect class="own0" x="0.000" width="6.096"' in text
    # 80 s of the 87 s of the longest cold build, begun after 1.5 s.
    assert '<rect class="path" x="1.724" width="91.954"' in text


def test_an_image_without_layers_and_a_build_without_steps_have_a_page() -> None:
    empty = Measurement("only", ImageSize((), "engine"), {Scenario.COLD: BuildTime(Timing((0.0,)), ())}, None)
    text = render_html(Comparison("app", {}, "1", "2", (empty,)))
    assert "0 kB unpacked" in text
    assert json.dumps(text)


def test_a_replay_without_commits_has_bars_of_no_length() -> None:
    replay = HISTORY.replays[0]
    steps = tuple(step._replace(commits=0, reran_least=0, reran_most=0) for step in replay.steps)
    history: History = HISTORY._replace(replays=(replay._replace(steps=steps),))
    assert 'class="track"' in render_replay(history)
