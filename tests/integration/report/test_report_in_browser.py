"""The report in a real browser: nothing is requested or refused, it fits a phone, and it prints on A4."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboards.report.generate import generate_report
from needloop.document_forms import Language

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_opens_cleanly_on_a_phone_and_on_paper(
    browser: Browser, example: Path, tmp_path: Path, language: Language
) -> None:
    report = generate_report(example, "2026Q3", language=language, out=tmp_path)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(report.as_uri())
    assert requests == [report.as_uri()]
    assert complaints == [], "the browser refused something, by the content security policy or otherwise"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "a phone would have to scroll sideways"
    widths = page.evaluate("[...document.querySelectorAll('figure:not(.wide) svg')].map(svg => svg.clientWidth)")
    assert len(widths) >= 10
    assert max(widths) <= 390
    colour = page.evaluate("getComputedStyle(document.querySelector('.cover')).backgroundColor")
    assert colour == "rgb(23, 58, 94)", "the style sheet was not applied"
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert paper.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in paper or b"/MediaBox [0 0 595" in paper
    page.close()
