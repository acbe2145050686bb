"""The one browser of a test process (Playwright can be started once only), and which tests share a process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


_WITH_THE_DASHBOARDS = ("browser", "integration/superset")
"""Tests that ask the served dashboards, which take a minute and a half to start: one process has them all."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Groups for `--dist loadgroup`: a file stays in one process, those that share a server are one group."""
    here = Path(__file__).parent
    for item in items:
        file = item.path.relative_to(here).as_posix()
        group = "dashboards" if file.startswith(_WITH_THE_DASHBOARDS) else file
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; in CI it has to be there."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        reason = "no Chromium: `sudo apt-get install chromium fonts-noto-cjk` enables the browser tests"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield launched
        launched.close()
