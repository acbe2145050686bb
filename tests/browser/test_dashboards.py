"""A viewer opens every tab of every dashboard: nothing fails, is empty or in the other language.

The first dashboard's tabs are opened in both languages, those of the others in one and the other by turns: both come
from one definition, and the tests of the charts ask for each of them in both.

NEEDLOOP_PICTURES=DIR has the pictures of the documentation written there; NEEDLOOP_PICTURES_OF=DATA takes them of the
release that is published in that data folder, rather than of the tests' own.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response
from playwright.sync_api import TimeoutError as NotInTimeError

from tests import release_of_known_numbers as release
from tests.dashboard_server import (
    BRANCH_MANAGER,
    EVERYONE,
    FIRST_RELEASE,
    TRAINING_LEAD,
    VIEWER,
    DashboardServer,
    dashboards,
)

pytestmark = pytest.mark.browser
not_with_a_banks_pictures = pytest.mark.skipif(
    "NEEDLOOP_PICTURES_OF" in os.environ, reason="the pictures' release has other numbers"
)

WIDTH, HEIGHT = 1440, 2600  # high enough that every chart of a tab is in view, as charts out of view are not drawn
PICTURE_HEIGHT = 1500
LOCALE = {"zh": "zh-CN", "en": "en-US"}
# Names, codes, tables and commands that are the same in both languages.
_NOT_TRANSLATED = re.compile(
    r"\b(Needloop|Admin|Viewer|SLA|NPS|CSAT|CES|RACI|UTC|n|pp|\d{4}Q\d|[A-Z]{1,2}\d+|\d{8}T\d{6}Z[-\w]*"
    r"|[a-z0-9]+(_[a-z0-9]+)+|[a-z]+\.[a-z]+|needloop [a-z]+|nps|App|APE|ape|retention|new|mature)\b"
)
_PICTURES = os.environ.get("NEEDLOOP_PICTURES")
_DRAWN_WITHIN_MS = 90_000
_TILE = ".needloop-tile"
_NOT_DRAWN = """
() => [...document.querySelectorAll('[data-test="chart-container"]')]
    .filter(c => c.offsetParent && !c.querySelector('canvas, table')).map(c => c.outerHTML.slice(0, 400))
"""
_DRAWN = """
() => {
    const charts = [...document.querySelectorAll('[data-test="chart-container"]')].filter(c => c.offsetParent);
    return charts.length > 0
        && !document.querySelector('[data-test="loading-indicator"], .loading')
        && charts.every(c => c.querySelector('canvas, table'));
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


@pytest.fixture(scope="module")
def viewers(browser: Browser, server: DashboardServer) -> Iterator[dict[str, BrowserContext]]:
    """A viewer of each language who has logged in by the login page and was taken to the first dashboard."""
    yield from _logged_in(browser, server, VIEWER)


@pytest.fixture(scope="module")
def training_leads(browser: Browser, server: DashboardServer) -> Iterator[dict[str, BrowserContext]]:
    """The same of those who lead training."""
    yield from _logged_in(browser, server, TRAINING_LEAD)


@pytest.fixture(scope="module")
def branch_managers(browser: Browser, server: DashboardServer) -> Iterator[dict[str, BrowserContext]]:
    """The same of those who see own branches only, and are taken to these."""
    yield from _logged_in(browser, server, BRANCH_MANAGER, opens="my-branches")


def _logged_in(
    browser: Browser, server: DashboardServer, user: tuple[str, str], opens: str = "needs-closure"
) -> Iterator[dict[str, BrowserContext]]:
    contexts = {}
    for language, locale in LOCALE.items():
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale=locale)
        page = context.new_page()
        page.goto(f"{server.address}/lang/{language}")
        page.goto(server.address)
        # The session is a cookie: an answer still under way to the page before would overwrite that of the login.
        page.wait_for_load_state("networkidle")
        page.locator("#username").fill(user[0])
        page.locator("#password").fill(user[1])
        page.keyboard.press("Enter")
        page.wait_for_url(f"{server.address}/superset/dashboard/{opens}-{language}/*", timeout=60_000)
        page.close()
        contexts[language] = context
    yield contexts
    for context in contexts.values():
        context.close()


def _opened(context: BrowserContext, server: DashboardServer, slug: str) -> tuple[Page, list[str]]:
    page = context.new_page()
    troubles: list[str] = []
    # An answer that a script throws is noted below, if it is trouble; that of the colours may come in time for that.
    page.on("pageerror", lambda e: troubles.append(f"script: {e}") if str(e) != "Response" else None)
    page.on("response", lambda a: troubles.append(f"{a.status} {a.url}") if _is_trouble(a) else None)
    page.goto(f"{server.address}/superset/dashboard/{slug}/")
    return page, troubles


def _is_trouble(answer: Response) -> bool:
    """Superset's page, when left, offers the colours that it gave to labels; a reader's are refused silently."""
    return answer.status >= 400 and not re.search(r"/api/v1/dashboard/\d+/colors\?", answer.url)


def _settled(page: Page) -> None:
    try:
        page.wait_for_function(_DRAWN, timeout=_DRAWN_WITHIN_MS)
    except NotInTimeError:
        pytest.fail(f"charts that were not drawn: {page.evaluate(_NOT_DRAWN)}\n{_visible_text(page)[:2000]}")


def _visible_text(page: Page) -> str:
    return page.locator("#app").inner_text()


@pytest.mark.parametrize("dashboard", dashboards(EVERYONE), ids=lambda dashboard: str(dashboard["name"]))
def test_a_viewer_reads_every_tab(
    viewers: dict[str, BrowserContext], server: DashboardServer, dashboard: dict[str, Any]
) -> None:
    _reads_every_tab(viewers, server, dashboard)


@pytest.mark.parametrize("dashboard", dashboards("training_lead"), ids=lambda dashboard: str(dashboard["name"]))
def test_a_training_lead_reads_every_tab(
    training_leads: dict[str, BrowserContext], server: DashboardServer, dashboard: dict[str, Any]
) -> None:
    _reads_every_tab(training_leads, server, dashboard)


def test_a_viewer_who_follows_an_address_of_persons_finds_nothing(
    viewers: dict[str, BrowserContext], server: DashboardServer
) -> None:
    page = viewers["zh"].new_page()
    answer = page.goto(f"{server.address}/superset/dashboard/people-development-zh/")
    assert answer is not None
    assert answer.status == 404, "as if there were no such page"
    page.wait_for_load_state("networkidle")
    assert "辅导名单" not in page.content()
    page.close()


@pytest.mark.parametrize("dashboard", dashboards("branches"), ids=lambda dashboard: str(dashboard["name"]))
def test_a_branch_manager_reads_every_tab(
    branch_managers: dict[str, BrowserContext], server: DashboardServer, dashboard: dict[str, Any]
) -> None:
    _reads_every_tab(branch_managers, server, dashboard)


@not_with_a_banks_pictures
def test_a_branch_manager_sees_own_branches_only(
    branch_managers: dict[str, BrowserContext], server: DashboardServer
) -> None:
    """Branches 3 and 4 of six: the first of them in the key figures, (3 + 50 + 3) ÷ 203 = 27.6 %, both side by side."""
    page, troubles = _opened(branch_managers["zh"], server, "my-branches-zh")
    _tile_says(page, "27.6")
    _settled(page)
    assert page.locator("td", has_text=re.compile(r"^B\d$")).all_inner_texts() == ["B3", "B4"]
    assert not re.search(r"网点 [1256]\b", _visible_text(page))
    page.locator('[data-test="filter-bar"], .filter-bar').first.locator(".ant-select").nth(1).click()
    page.locator(".ant-select-item-option").filter(has_text="网点 4").wait_for()
    offered = page.locator(".ant-select-item-option").all_inner_texts()
    assert {text.strip() for text in offered if "网点" in text} == {"网点 3", "网点 4"}
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="需求").click()
    page.locator("td", has_text=re.compile(r"^N\d+$")).first.wait_for(timeout=_DRAWN_WITHIN_MS)
    assert set(page.locator("td", has_text=re.compile(r"^N\d+$")).all_inner_texts()) == {"N2", "N6", "N10"}
    assert troubles == []
    page.close()


def test_a_branch_manager_who_follows_an_address_of_the_bank_finds_nothing(
    branch_managers: dict[str, BrowserContext], server: DashboardServer
) -> None:
    page = branch_managers["zh"].new_page()
    answer = page.goto(f"{server.address}/superset/dashboard/needs-closure-zh/")
    assert answer is not None
    assert answer.status == 404, "as if there were no such page"
    page.close()


def _reads_every_tab(readers: dict[str, BrowserContext], server: DashboardServer, dashboard: dict[str, Any]) -> None:
    """Languages side by side, as the server draws charts for several at once."""
    name = dashboard["name"]
    opened = {language: _opened(context, server, f"{name}-{language}") for language, context in readers.items()}
    for number in range(len(dashboard["tabs"])):
        shown = {language: opened[language][0] for language in _languages_of_tab(name, number)}
        for page in shown.values():
            page.get_by_role("tab").nth(number).click(timeout=_DRAWN_WITHIN_MS)
        for language, page in shown.items():
            _settled(page)
            _is_sound(page, dashboard, language, number)
            _take_picture(page, f"{name}-{language}-{number + 1}.png")
    for language, (page, troubles) in opened.items():
        assert page.title() == dashboard["title"][language]
        assert troubles == []
        page.close()


def _languages_of_tab(dashboard: str, number: int) -> list[str]:
    languages = list(LOCALE)
    return languages if dashboard == "needs-closure" or _PICTURES else [languages[number % len(languages)]]


def _is_sound(page: Page, dashboard: dict[str, Any], language: str, number: int) -> None:
    """No error, no broken number, and one language only."""
    titles = [tab["title"][language] for tab in dashboard["tabs"]]
    assert [text.strip() for text in page.get_by_role("tab").all_inner_texts()] == titles
    where = f"{dashboard['name']}, {language}, {titles[number]}"
    assert page.locator('[role="alert"], .ant-alert-error, [data-test="error-message"]').count() == 0, where
    text = _visible_text(page)
    assert not re.search(r"\b(NaN|undefined|null|Infinity)\b", text), where
    if os.environ.get("NEEDLOOP_PICTURES_OF"):
        return  # a bank's own names are in its own language
    if language == "zh":
        assert re.findall(r"[A-Za-z]{2,}", _NOT_TRANSLATED.sub("", text)) == [], where
    else:
        assert re.findall(r"[\u4e00-\u9fff]+", text.replace("需求闭环 Needloop", "")) == [], where


@not_with_a_banks_pictures
def test_key_figures_and_quarter_on_the_screen(viewers: dict[str, BrowserContext], server: DashboardServer) -> None:
    page, _ = _opened(viewers["zh"], server, "needs-closure-zh")
    # The latest quarter is chosen, and is marked as in progress. 54 ÷ 201 = 26.9 %, 44 ÷ 201 = 21.9 % before.
    _tile_says(page, "26.9")
    text = _visible_text(page)
    assert "2026-07-01 至 2026-09-15" in text
    assert "进行中" in page.locator(_TILE).first.inner_text()
    assert "较上季 +5.0 个百分点" in page.locator(_TILE).first.inner_text()
    page.locator('[data-test="filter-bar"], .filter-bar').first.locator(".ant-select").first.click()
    page.get_by_title("2026Q2", exact=True).last.click()
    page.locator('[data-test="filter-bar__apply-button"]').click()
    _tile_says(page, "21.9")
    _settled(page)
    assert "完整季度" in _visible_text(page)
    page.close()


@not_with_a_banks_pictures
def test_a_click_drills_down_and_a_link_opens_the_list(
    viewers: dict[str, BrowserContext], server: DashboardServer
) -> None:
    """The 2nd department: (3 + 50 + 2) ÷ 202 = 27.2 %; the link carries the department to the list."""
    page, troubles = _opened(viewers["zh"], server, "needs-closure-zh")
    _tile_says(page, "26.9")
    page.get_by_role("tab", name="分组").click()
    page.locator("td", has_text="运营部").first.click(timeout=_DRAWN_WITHIN_MS)
    page.get_by_role("tab", name="总览").click()
    _tile_says(page, "27.2")
    # The tile of timeliness opens the overdue needs of the department: of needs 2 and 9 the one that is overdue.
    page.locator(f'{_TILE} a[href*="owner_department"][href*="overdue"]').first.click(timeout=_DRAWN_WITHIN_MS)
    page.locator("td", has_text="N2").wait_for(timeout=_DRAWN_WITHIN_MS)
    _settled(page)
    assert page.locator('[role="tab"][aria-selected="true"]').inner_text().strip() == "看板"
    assert page.locator("td", has_text=re.compile(r"^N\d+$")).all_inner_texts() == ["N2"]
    assert troubles == []
    page.close()


def _tile_says(page: Page, number: str) -> None:
    page.wait_for_function(
        "([tile, number]) => document.querySelector(tile)?.innerText.includes(number)",
        arg=[_TILE, number],
        timeout=_DRAWN_WITHIN_MS,
    )


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
    if _PICTURES:
        Path(_PICTURES).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(2700)  # charts fade in, lines draw themselves from left to right
        page.screenshot(
            path=Path(_PICTURES) / name,
            clip={"x": 0, "y": 0, "width": WIDTH, "height": PICTURE_HEIGHT},
            animations="disabled",
        )
