"""A viewer opens both dashboards, every tab: nothing fails, nothing is empty, nothing is in the other language.

NEEDLOOP_PICTURES=DIR has the pictures of the documentation written there; NEEDLOOP_PICTURES_OF=DATA takes them of the
release that is published in that data folder, rather than of the tests' own.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as NotInTimeError

from tests import release_of_known_numbers as release
from tests.dashboard_server import FIRST_RELEASE, VIEWER, DashboardServer

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 1440, 2600  # high enough that every chart of a tab is in view, as charts out of view are not drawn
PICTURE_HEIGHT = 1500
TABS = {
    "zh": ["总览", "时效与积压", "薄弱环节", "分组", "渠道", "口径"],
    "en": ["Overview", "SLA and backlog", "Weak spots", "Breakdowns", "Channels", "Definitions"],
}
LOCALE = {"zh": "zh-CN", "en": "en-US"}
# Names and codes that are the same in both languages.
_NOT_TRANSLATED = re.compile(
    r"\b(Needloop|Admin|Viewer|SLA|NPS|CSAT|CES|UTC|n|pp|P\d|Q\d|\d{4}Q\d|B\d+|\d{8}T\d{6}Z[-\w]*|[a-z0-9]+(_[a-z0-9]+)+|nps|App)\b"
)
_DRAWN_WITHIN_MS = 90_000
_NOT_DRAWN = """
() => [...document.querySelectorAll('[data-test="chart-container"]')]
    .filter(c => c.offsetParent && !c.querySelector('canvas, table, .header-line')).map(c => c.outerHTML.slice(0, 400))
"""
_DRAWN = """
() => {
    const charts = [...document.querySelectorAll('[data-test="chart-container"]')].filter(c => c.offsetParent);
    return charts.length > 0
        && !document.querySelector('[data-test="loading-indicator"], .loading')
        && charts.every(c => c.querySelector('canvas, table, .header-line'));
}
"""


@pytest.fixture(autouse=True)
def _picture_of(server: DashboardServer) -> Iterator[None]:
    """Shows another installation's release while the pictures are taken."""
    other = os.environ.get("NEEDLOOP_PICTURES_OF")
    if not other:
        yield
        return
    folder = server.data / "releases" / "99990101T000000Z-pictures"
    shutil.copytree((Path(other) / "current").resolve(), folder, dirs_exist_ok=True)
    release.point_to(server.data, folder.name)
    yield
    release.point_to(server.data, FIRST_RELEASE)


def _opened(browser: Browser, server: DashboardServer, language: str) -> tuple[Page, list[str]]:
    """Opens the server's address as a viewer does: the login page, then the dashboard in their language."""
    page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale=LOCALE[language]).new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("response", lambda a: troubles.append(f"{a.status} {a.url}") if a.status >= 400 else None)
    page.goto(f"{server.address}/lang/{language}")
    page.goto(server.address)
    # The session is a cookie: an answer still under way to the page before would overwrite that of the login.
    page.wait_for_load_state("networkidle")
    page.locator("#username").fill(VIEWER[0])
    page.locator("#password").fill(VIEWER[1])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server.address}/superset/dashboard/needs-closure-{language}/*", timeout=60_000)
    return page, troubles


def _settled(page: Page) -> None:
    try:
        page.wait_for_function(_DRAWN, timeout=_DRAWN_WITHIN_MS)
    except NotInTimeError:
        pytest.fail(f"charts that were not drawn: {page.evaluate(_NOT_DRAWN)}\n{_visible_text(page)[:2000]}")
    page.wait_for_timeout(700)  # charts fade in


def _visible_text(page: Page) -> str:
    return page.locator("#app").inner_text()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_viewer_reads_the_whole_dashboard(browser: Browser, server: DashboardServer, language: str) -> None:
    page, troubles = _opened(browser, server, language)
    _settled(page)
    assert page.title() == {"zh": "需求闭环", "en": "Needs closure"}[language]
    tabs = page.get_by_role("tab")
    assert [text.strip() for text in tabs.all_inner_texts()] == TABS[language]
    _take_picture(page, f"dashboard-{language}.png")
    for number in range(tabs.count()):
        tabs.nth(number).click()
        _settled(page)
        where = f"{language}, {TABS[language][number]}"
        assert page.locator('[role="alert"], .ant-alert-error, [data-test="error-message"]').count() == 0, where
        text = _visible_text(page)
        assert not re.search(r"\b(NaN|undefined|null|Infinity)\b", text), where
        if os.environ.get("NEEDLOOP_PICTURES_OF"):
            pass  # a bank's own names are in its own language
        elif language == "zh":
            english = re.findall(r"[A-Za-z]{2,}", _NOT_TRANSLATED.sub("", text))
            assert english == [], where
        else:
            assert re.findall(r"[\u4e00-\u9fff]+", text.replace("需求闭环 Needloop", "")) == [], where
        _take_picture(page, f"dashboard-{language}-{number + 1}.png")
    assert troubles == []
    page.context.close()


def test_key_figures_and_quarter_on_the_screen(browser: Browser, server: DashboardServer) -> None:
    page, _ = _opened(browser, server, "zh")
    _settled(page)
    if os.environ.get("NEEDLOOP_PICTURES_OF"):
        pytest.skip("the pictures' release has other numbers")
    # The latest quarter is chosen, and is marked as in progress. 54 ÷ 201 = 26.9 %, 44 ÷ 201 = 21.9 % before.
    assert "进行中，数据至 2026-09-15" in _visible_text(page)
    tiles = page.locator(".header-line").all_inner_texts()
    assert tiles[0] == "26.9%"
    assert "+5.0" in tiles
    page.locator('[data-test="filter-bar"], .filter-bar').first.locator(".ant-select").first.click()
    page.get_by_title("2026Q2", exact=True).last.click()
    page.locator('[data-test="filter-bar__apply-button"]').click()
    page.wait_for_function("() => document.querySelector('.header-line')?.innerText === '21.9%'", timeout=60_000)
    _settled(page)
    assert "完整季度" in _visible_text(page)
    page.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_login_page_speaks_the_language(browser: Browser, server: DashboardServer, language: str) -> None:
    page = browser.new_context(locale=LOCALE[language]).new_page()
    page.goto(f"{server.address}/lang/{language}")
    page.goto(f"{server.address}/login/")
    page.locator("#username").wait_for(timeout=60_000)
    text = _visible_text(page)
    assert ("登录" in text) == (language == "zh")
    assert ("Sign in" in text) == (language == "en")
    page.context.close()


def _take_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("NEEDLOOP_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(2000)  # lines draw themselves from left to right
        page.screenshot(
            path=Path(folder) / name,
            clip={"x": 0, "y": 0, "width": WIDTH, "height": PICTURE_HEIGHT},
            animations="disabled",
        )
