"""The one browser of a test process (Playwright can be started once only), and which tests share a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

from tests.programs import program

# The shell is the browser without its own windows, menus and start page, which take as much as the pages shown.
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


_SHARED = {
    "dashboards": ("tests/browser/", "tests/integration/superset/"),
    "bank": ("tests/end_to_end/",),
}
"""Files whose tests share what takes a minute or more to make, the served dashboards or a published bank."""


class _FilesAndTheirFixtures(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Shares the tests out among processes: a file stays in one, and so do the files that share what is dear."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((name for name, files in _SHARED.items() if file.startswith(files)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Takes the place of `--dist`, whose groups this version of pytest does not hand on."""
    # In the order of the folders, not of the number of tests: the two that take longest, which are first, would else
    # be begun when the other process is nearly through.
    config.option.loadscopereorder = False
    return _FilesAndTheirFixtures(config, log)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; in CI it has to be there."""
    chromium = program(*_PROGRAMS, package="chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        yield launched
        launched.close()
