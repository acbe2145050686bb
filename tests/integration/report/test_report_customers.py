"""Policies, customers and the follow-up path: sentences and tables of the worked example, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.report.generate import generate_report
from needloop.document_forms import Language
from tests.integration.report.page import Element, Page, read_page
from tests.integration.report.tiny_release import TinyRelease, worked_example


def message(page: Page, section: str) -> tuple[str, list[str]]:
    """What a section says first, and the ids of the rows that it rests on."""
    found = page.root.one("section", id=section).one("p", class_="message")
    text = found.text.removesuffix(found.one("a", class_="source").text).strip()
    return text, found.attributes["data-rows"].split("|")


def findings(page: Page, section: str) -> list[str]:
    """The sentences of a section."""
    found = [li for li in page.root.one("section", id=section).all("li") if "data-rows" in li.attributes]
    return [li.text.removesuffix(li.one("a", class_="source").text).strip() for li in found]


def lines(page: Page, table: str) -> list[list[str]]:
    """The rows of a table as texts."""
    return [
        [cell.text for cell in tr.children if isinstance(cell, Element)]
        for tr in page.root.one("table", id=table).one("tbody").all("tr")
    ]


def english(tiny: TinyRelease, folder: Path) -> Page:
    return read_page(generate_report(tiny.write(folder), "2026Q3", language="en", out=folder))


def test_persistency_is_told_of_the_latest_mature_quarter_of_issue(pages: dict[Language, Page]) -> None:
    assert message(pages["en"], "persistency") == (
        "Issued in 2025Q3, the latest mature quarter: Metric persistency_13: 75.0% (90 of 120)",
        ["persistency_13/2025Q3/all/all"],
    )
    assert message(pages["zh"], "persistency")[0] == (
        "2025Q3 出单（最近的成熟季度）：指标 persistency_13 75.0%（90 / 120）"
    )
    # medical has 30 of 50, annuity 48 of 60; one of ten is lower still, but ten are too few
    assert findings(pages["en"], "persistency") == [
        "Metric persistency_13 by product category, 2025Q3: lowest for medical group, 60.0% (30 of 50)."
    ]


def test_cohorts_that_are_not_mature_have_a_mark_and_no_number(pages: dict[Language, Page]) -> None:
    circle = "○too early to tell"
    assert lines(pages["en"], "persistency-cohorts") == [
        ["2025Q3", "120", "75.0%", "80.0%", circle],
        ["2026Q2", "150", circle, circle, circle],
        ["2026Q3", "180", circle, circle, circle],
    ]
    section = pages["en"].root.one("section", id="persistency")
    assert "A circle marks a cohort that is not mature" in section.text
    shown = [label.text for label in section.one("figure", id="chart-persistency-by-count").all("li")]
    assert shown == [], "one line, no legend: no quarter of issue has a number for month 25"


def test_persistency_is_compared_with_the_quarter_of_issue_before(tmp_path: Path) -> None:
    tiny = worked_example()
    tiny.values = [row for row in tiny.values if row[0] != "persistency_13"]
    tiny.ratio("persistency_13", "2026Q2", 80, 100)
    tiny.ratio("persistency_13", "2026Q3", 90, 100)
    assert message(english(tiny, tmp_path), "persistency") == (
        "Issued in 2026Q3, the latest mature quarter: Metric persistency_13: 90.0% (90 of 100); +10.0 pp on 2026Q2, "
        "a clear change",
        ["persistency_13/2026Q3/all/all", "persistency_13/2026Q2/all/all"],
    )


def test_what_left_and_where_sales_do_not_suit(pages: dict[Language, Page]) -> None:
    page = pages["en"]
    assert findings(page, "policies") == [
        "Policies that left the book in 2026Q3: Metric surrender_rate: 1.0% (20 of 2,000)."
    ]
    assert findings(page, "suitability") == [
        "Of the policies issued in 2026Q3: Metric suitability_mismatch_rate: 15.0% (30 of 200); "
        "Metric double_record_coverage: 95.0% (171 of 180).",
        "Metric suitability_mismatch_rate by product category: highest for unit_linked group, 50.0% (20 of 40).",
    ]
    assert ["Metric ape", "1,234,568 yuan"] in [line[:2] for line in lines(page, "policies-figures")]


def test_stages_and_the_most_frequent_moves(pages: dict[Language, Page]) -> None:
    page = pages["en"]
    assert message(page, "lifecycle")[0] == (
        "1,000 customers; the largest stage is mature group (540); at_risk group 60; lapsed group 100"
    )
    assert findings(page, "lifecycle") == [
        "Most frequent moves between stages in 2026-09: mature>at_risk group 12; new>mature group 7; "
        "at_risk>lapsed group 3."
    ]
    assert lines(page, "stage-moves") == [
        ["lapsed group", "–", "–", "–", "–"],
        ["at_risk group", "3", "–", "–", "2"],
        ["new group", "–", "–", "–", "7"],
        ["mature group", "–", "12", "–", "400"],
    ]


def test_changes_of_stages_gaps_and_warnings_are_told(tmp_path: Path) -> None:
    tiny = worked_example()
    tiny.count("customers_in_stage", "2026Q2", 50, group_by="stage", group="at_risk")
    tiny.count("coverage_gaps", "2026Q2", 480)
    tiny.count("warnings_open", "2026Q2", 50)
    page = english(tiny, tmp_path)
    assert "at_risk group 60 (+10 on 2026Q2); lapsed group 100" in message(page, "lifecycle")[0]
    assert message(page, "gaps")[0] == (
        "500 gaps in cover (+20 on 2026Q2); 40 warnings open (−10), 25 opened in the quarter"
    )


def test_retention_by_quarter_of_first_cover(pages: dict[Language, Page]) -> None:
    page = pages["en"]
    assert message(page, "retention") == (
        "First insured in 2025Q3, seen at the end of 2026Q3: Metric retention: 80.0% (80 of 100)",
        ["retention/2026Q3/cohort/2025Q3"],
    )
    # the release has three quarters, so that 2026Q2 is the first after 2025Q3 and 2026Q3 the second
    assert [[cell for cell in line if cell] for line in lines(page, "retention-cohorts")] == [
        ["2025Q3", "100", "100.0%", "85.0%", "80.0%"],
        ["2026Q2", "100", "99.0%", "95.0%"],
    ]
    shaded = page.root.one("table", id="retention-cohorts").all("td")
    classes = {cell.text: cell.attributes["class"].split()[-1] for cell in shaded if "%" in cell.text}
    assert classes == {"80.0%": "heat-0", "85.0%": "heat-1", "95.0%": "heat-3", "99.0%": "heat-4", "100.0%": "heat-4"}


def test_open_gaps_are_counted_with_those_that_may_be_acted_on(pages: dict[Language, Page]) -> None:
    assert lines(pages["en"], "open-gaps") == [["health group", "2", "1"], ["wealth", "1", "0"], ["All", "3", "1"]]


def test_the_follow_up_path(pages: dict[Language, Page]) -> None:
    page = pages["en"]
    assert message(page, "followup")[0] == (
        "Of 200 opportunities, 180 were contacted, 90 got a proposal, 50 were won (25.0%)"
    )
    # 30 stay behind at the confirmation, 60 at the proposal, 40 at the sale; of the steps, the callback has few cases
    assert findings(page, "followup") == [
        "The largest drop-off is between confirmed group and proposal group: 90 of 150 went on.",
        "Metric step_on_time by step, 2026Q3: lowest for confirmed group, 31.6% (60 of 190).",
        "Of opportunities closed in 2026Q3: Metric conversion_rate: 31.3% (50 of 160).",
    ]
    assert lines(page, "followup-steps")[0] == ["first_contact group", "180", "90.0%", "12.5 h", "90.0%"]
    assert lines(page, "followup-reminders") == [["proposal group", "2", "1", "30.5 h"], ["All", "2", "1", "30.5 h"]]


def test_branches_with_few_opportunities_are_hidden_and_nobody_is_named(pages: dict[Language, Page]) -> None:
    page = pages["en"]
    places = [(line[0], line[1]) for line in lines(page, "followup-branches")]
    assert places == [("1", "B2 group"), ("2", "B1 group"), ("", "B3 group")]
    hidden = page.root.one("table", id="followup-branches").all("span", class_="hidden")
    assert [one.attributes["data-row"] for one in hidden] == ["conversion_rate/2026Q3/branch/B3"]
    assert "/staff/" not in page.source


@pytest.mark.parametrize("section", ["policies", "persistency", "suitability", "lifecycle", "retention", "gaps"])
def test_a_release_without_policies_or_customers_says_so(tmp_path: Path, tiny: TinyRelease, section: str) -> None:
    assert english(tiny, tmp_path).root.one("section", id=section).one("p", class_="empty").text
