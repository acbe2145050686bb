"""The list of checks in the docs is that of the code."""

from __future__ import annotations

from expectations.catalogue_page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), (
        "Run python -m expectations.catalogue_page and commit docs/quality-checks.md"
    )
