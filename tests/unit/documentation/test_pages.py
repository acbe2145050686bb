"""Pages as a Git server shows them: links lead somewhere, and no page of two languages lacks its other half's link.

`make docs` checks links and anchors of the site; README and folders' links are seen here only.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from needloop.settings import PROJECT_ROOT

DOCS = PROJECT_ROOT / "docs"
PAGES = sorted([*PROJECT_ROOT.glob("*.md"), *DOCS.rglob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def relative_links(page: Path) -> list[str]:
    """Targets of the page's links inside the repository, without code blocks."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [link for link in _LINK.findall(text) if not link.startswith(("http://", "https://", "mailto:"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT_ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    assert [link for link in relative_links(page) if not (page.parent / link).exists()] == []


def test_pages_of_two_languages_link_each_other() -> None:
    for chinese in DOCS.rglob("*.zh-CN.md"):
        english = chinese.with_name(chinese.name.replace(".zh-CN", ""))
        assert english.name in relative_links(chinese), chinese
        assert chinese.name in relative_links(english), english


def test_chinese_pages_link_chinese_pages() -> None:
    for chinese in DOCS.rglob("*.zh-CN.md"):
        english = chinese.name.replace(".zh-CN", "")
        in_english = [
            link
            for link in relative_links(chinese)
            if link != english and (chinese.parent / link.replace(".md", ".zh-CN.md")).exists() and ".zh-CN" not in link
        ]
        assert [link for link in in_english if link.endswith(".md")] == [], chinese
