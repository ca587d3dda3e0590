"""A real headless Chromium that opens a page and tells what a reader would see."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from selenium.webdriver import Chrome, ChromeOptions, ChromeService

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")

_LOOK = (Path(__file__).parent / "browser_look.js").read_text()


class Look(NamedTuple):
    """What is wrong with a page as it is drawn, each as a sentence; empty where nothing is."""

    faint: list[str]
    """texts below WCAG's 4.5 to 1 (3 to 1 for large ones), bars below 3 to 1"""
    overflowing: list[str]
    """what is wider than its place"""
    nameless: list[str]
    """pictures without a title, a page without one"""
    texts: int
    """how many texts were looked at"""


def program() -> str | None:
    """Return the browser, None where there is none or no driver for it."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    return found if shutil.which("chromedriver") else None


class Browser:
    """A browser with a page to open."""

    def __init__(self, driver: Chrome) -> None:
        self._driver = driver

    def open(self, page: Path, *, width: int, is_dark: bool = False, medium: str = "screen") -> None:
        """Open a page on a screen of a width, light or dark, or as it is printed."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self._command("Emulation.setEmulatedMedia", media=medium, features=[scheme])
        self._size(width, 900)
        self._driver.get(page.as_uri())

    def look(self) -> Look:
        """Return what is wrong with the page."""
        return Look(**self._driver.execute_script(_LOOK))

    def photograph(self, file: Path) -> None:
        """Write a picture of the whole page."""
        width, height = self._driver.execute_script(
            "return [innerWidth, document.documentElement.scrollHeight]"
        )
        self._size(width, height)
        assert self._driver.save_screenshot(str(file))

    def background(self) -> str:
        """Return the colour the page is painted on."""
        return str(self._driver.execute_script("return getComputedStyle(document.body).backgroundColor"))

    def loaded(self) -> list[str]:
        """Return the addresses the page fetched."""
        return list(
            self._driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        )

    def _size(self, width: int, height: int) -> None:
        self._command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def _command(self, name: str, **values: object) -> None:
        self._driver.execute_cdp_cmd(name, values)


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser with a profile of its own; it ends with the block."""
    options = ChromeOptions()
    options.binary_location = program() or ""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        environment = {
            name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
        }
        service = ChromeService(shutil.which("chromedriver"), env=environment)
        driver = Chrome(options=options, service=service)
        try:
            yield Browser(driver)
        finally:
            driver.quit()
