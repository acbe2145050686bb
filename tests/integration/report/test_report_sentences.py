"""The sentences of the worked example, worked out by hand, and the rows that each of them names."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.report.generate import generate_report
from needloop.document_forms import Language
from tests.integration.report.page import Page, read_page
from tests.integration.report.tiny_release import TinyRelease, worked_example


def sentences(page: Page) -> dict[str, tuple[str, list[str]]]:
    """Each sentence by its id: the text and the ids of its rows."""
    found: dict[str, tuple[str, list[str]]] = {}
    for item in page.root.all("li"):
        if "data-rows" in item.attributes:
            link = item.one("a", class_="source")
            text = item.text.removesuffix(link.text).strip()
            found[link.attributes["href"].removeprefix("#evidence-")] = (text, item.attributes["data-rows"].split("|"))
    return found


def now_and_before(*metrics: str, before: str = "2026Q2") -> list[str]:
    """The ids of the rows of some metrics in 2026Q3 and the quarter compared with."""
    return [f"{metric}/{period}/all/all" for metric in metrics for period in ("2026Q3", before)]


def test_findings_in_english(pages: dict[Language, Page]) -> None:
    found = sentences(pages["en"])
    assert found["volume"] == (
        "In 2026Q3, 1,250 needs were raised, 1,200 of them valid; by 2026-09-30, 960 were settled and 600 had closed "
        "the loop (50.0%).",
        [f"{m}/2026Q3/all/all" for m in ("needs_raised", "needs_valid_raised", "resolution_rate", "closed_loop_rate")],
    )
    assert found["rates_previous_good"] == (
        "Rates that improved most on 2026Q2: Metric closed_loop_rate from 40.0% to 50.0% (+10.0 pp, a clear change); "
        "Metric resolution_rate from 75.0% to 80.0% (+5.0 pp, a clear change).",
        now_and_before("closed_loop_rate", "resolution_rate"),
    )
    assert found["rates_previous_bad"] == (
        "Rates that worsened most on 2026Q2: Metric sla_compliance from 80.0% to 70.0% (−10.0 pp, a clear change); "
        "Metric recurrence_rate from 10.0% to 15.0% (+5.0 pp, a clear change).",
        now_and_before("sla_compliance", "recurrence_rate"),
    )
    # 80 -> 60 h is a quarter less, 50 -> 40 and 62.5 -> 50 a fifth, 4.00 -> 4.10 2.5 % more: ranked by that
    assert found["measures_previous_good"] == (
        "Counts, times and scores that improved most on 2026Q2: Metric time_to_resolution_p50 from 80.0 h to 60.0 h "
        "(−20.0 h, n 900 after 800); Metric complaints_received from 50 to 40 (−10); "
        "Metric complaints_per_10k_policies from 62.50 to 50.00 (−12.50).",
        now_and_before("time_to_resolution_p50", "complaints_received", "complaints_per_10k_policies"),
    )
    # the backlog grew by a quarter, the 90th percentile by a tenth although by more in hours
    assert found["measures_previous_bad"] == (
        "Counts, times and scores that worsened most on 2026Q2: Metric closing_backlog from 240 to 300 (+60); "
        "Metric time_to_resolution_p90 from 300.0 h to 330.0 h (+30.0 h, n 900 after 800).",
        now_and_before("closing_backlog", "time_to_resolution_p90"),
    )
    assert "rates_year_before_good" not in found
    assert found["rates_year_before_bad"] == (
        "Rates that worsened most on 2025Q3: Metric resolution_rate from 82.0% to 80.0% (−2.0 pp, no clear change).",
        now_and_before("resolution_rate", before="2025Q3"),
    )
    assert found["backlog"][0] == "The backlog grew from 240 to 300 needs, 90 of them older than 60 days."
    assert found["worst_weak_spot"] == (
        "The worst weak spot is “claims_service-en · claims-en · medical-en” with 400.0 h overdue, 40.0% of all. "
        "The first 2 of 3 weak spots make up 75.0%.",
        ["weak_spot/2026Q3/1", "weak_spot/2026Q3/2"],
    )
    # P3 has one of ten, but ten are too few
    assert found["weakest_grade"][0] == "Deadlines were met least often in P1 group: 20 of 40 needs due, 50.0%."
    assert found["small_numbers"] == (
        "These figures have too few cases this quarter (n in brackets): Metric reopen_rate (20).",
        ["reopen_rate/2026Q3/all/all"],
    )


def test_findings_in_chinese(pages: dict[Language, Page]) -> None:
    found = sentences(pages["zh"])
    assert found["volume"][0] == (
        "2026Q3 共提出需求 1,250 项，其中有效 1,200 项；截至 2026-09-30，已解决 960 项，已闭环 600 项，闭环率 50.0%。"
    )
    assert found["rates_previous_bad"][0] == (
        "较 2026Q2 变差最大的比率：指标 sla_compliance由 80.0% 变为 70.0%（−10.0 个百分点，变化明显）；"
        "指标 recurrence_rate由 10.0% 变为 15.0%（+5.0 个百分点，变化明显）。"
    )
    assert found["backlog"][0] == "未结需求由期初 240 项增至期末 300 项，其中 90 项已超过 60 天。"
    assert {key: rows for key, (_, rows) in found.items()} == {
        key: rows for key, (_, rows) in sentences(pages["en"]).items()
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_leads_to_its_rows(pages: dict[Language, Page], language: Language) -> None:
    page = pages[language]
    for key, (text, rows) in sentences(page).items():
        item = page.root.one("li", id=f"evidence-{key}")
        assert item.all("p")[0].text == text
        assert [th.text for th in item.one("tbody").all("th")] == rows


def test_a_finding_appears_only_with_its_numbers(tmp_path: Path, tiny: TinyRelease) -> None:
    tiny.ratio("closed_loop_rate", "2026Q3", 50, 100)
    tiny.ratio("closed_loop_rate", "2026Q2", 5, 10)  # too few to compare with
    tiny.ratio("resolution_rate", "2026Q3", 50, 100)
    tiny.ratio("resolution_rate", "2026Q2", 50, 100)  # unchanged
    page = read_page(generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path))
    assert sentences(page) == {}


def test_where_a_rate_changed_most_passes_over_groups_with_few_cases(tmp_path: Path) -> None:
    tiny = worked_example()
    # the rate that fell most, by 10 points: in `sales` by 20 of 100, in `tiny` by 90 of ten, `claims` rose
    for group, now, then, n in (("sales", 60, 80, 100), ("tiny", 1, 10, 10), ("claims", 90, 80, 100)):
        tiny.ratio("sla_compliance", "2026Q3", now, n, group_by="owner_department", group=group)
        tiny.ratio("sla_compliance", "2026Q2", then, n, group_by="owner_department", group=group)
    found = sentences(read_page(generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path)))
    assert found["where_bad"] == (
        "Metric sla_compliance worsened most in sales group (department): from 80.0% to 60.0% (−20.0 pp on 2026Q2, "
        "a clear change).",
        [f"sla_compliance/{period}/owner_department/sales" for period in ("2026Q3", "2026Q2")],
    )
    assert "where_good" not in found  # no rate that improved is told by group


def test_a_quarter_in_progress_does_not_judge_totals(tmp_path: Path) -> None:
    tiny = worked_example()
    tiny.quarters["2026Q3"] = ("2026-07-01", "2026-09-30", "2026-08-15")
    page = read_page(generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path))
    found = sentences(page)
    assert "closing_backlog" not in found["measures_previous_bad"][0]
    assert "time_to_resolution_p90" in found["measures_previous_bad"][0]
    assert "by 2026-08-15, 960 were settled" in found["volume"][0]
    assert page.root.one("header").one("span", class_="running").text == "Quarter in progress, data up to 2026-08-15"
    assert len([c for c in page.root.all("article", class_="card") if "in progress" in c.text]) == 8
    line = next(
        tr for tr in page.root.one("table", id="all-figures-needs_closure").all("tr") if "closing_backlog" in tr.text
    )
    assert line.all("span", class_="change")[0].attributes["class"] == "change neutral"
    assert "2026Q3 is not over; all numbers reach up to 2026-08-15." in page.root.one("section", id="glance").text


def test_small_numbers_are_marked_and_counts_are_not(pages: dict[Language, Page]) -> None:
    rows = pages["en"].root.one("table", id="all-figures-needs_closure").one("tbody").all("tr")
    marked = [tr.one("th").text for tr in rows if "small n" in tr.text]
    assert marked == ["Metric reopen_rate"]
