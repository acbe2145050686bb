"""Every number in the report is the release's, to the last digit, and its text reads as that number."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from dashboards.report.generate import generate_report
from needloop.document_forms import Language
from tests.integration.report.page import Element, Page, read_page
from tests.integration.report.published_numbers import published
from tests.integration.report.tiny_release import SECTION_1, TinyRelease

FIELDS = {
    "value",
    "numerator",
    "denominator",
    "n",
    "change_previous",
    "change_year_before",
    "previous_value",
    "year_before_value",
}


def written(element: Element) -> Decimal:
    """The number that the text of an element says."""
    digits = re.sub(r"[^0-9.\N{MINUS SIGN}]", "", element.text).replace("\N{MINUS SIGN}", "-")
    return Decimal(digits)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_is_the_release_s(pages: dict[Language, Page], example: Path, language: Language) -> None:
    numbers = published(example)
    elements = [
        e for e in pages[language].root.all("data") if not e.attributes.get("data-row", "x").startswith("source")
    ]
    assert len(elements) > 200
    for element in elements:
        row = element.attributes.get("data-row")
        assert row is not None, element.text
        exact = numbers[row][element.attributes["data-field"]]
        assert exact is not None
        assert float(element.attributes["value"]) == exact
        shown = Decimal(repr(float(exact))) * (
            100 if "%" in element.text or re.search("pp|百分点", element.text) else 1
        )
        text = written(element)
        assert abs(text - shown) <= Decimal(1).scaleb(text.as_tuple().exponent) / 2  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_metrics_of_section_1_are_present_with_their_definitions(
    pages: dict[Language, Page], example: Path, language: Language
) -> None:
    root, numbers = pages[language].root, published(example)
    rows = root.one("table", id="all-figures-needs_closure").one("tbody").all("tr")
    assert len(rows) == len(SECTION_1)
    for metric, line in zip(SECTION_1, rows, strict=True):
        label = f"指标 {metric}" if language == "zh" else f"Metric {metric}"
        assert line.one("th").text == label
        key = f"{metric}/2026Q3/all/all"
        for name in ("value", "numerator", "denominator", "n", "change_previous", "change_year_before"):
            shown = [e for e in line.all("data") if e.attributes["data-field"] == name]
            exact = numbers.get(key, {}).get(name)
            assert [float(e.attributes["value"]) for e in shown] == ([] if exact is None else [exact])
        article = root.one("article", id=f"metric-{metric}")
        assert (f"{metric} 的定义" if language == "zh" else f"What {metric} is") in article.text


def test_a_rate_over_nothing_is_a_dash_and_not_zero(pages: dict[Language, Page]) -> None:
    table = pages["en"].root.one("table", id="all-figures-needs_closure")
    line = next(tr for tr in table.all("tr") if "Metric verification_rate" in tr.text)
    assert line.all("td")[0].text == "–no data"


def test_changes_say_whether_they_are_good(pages: dict[Language, Page]) -> None:
    rows = pages["en"].root.one("table", id="all-figures-needs_closure").all("tr")
    changes = {
        tr.all("th")[0].text.removeprefix("Metric "): [
            (e.text, e.attributes["class"].split()[1]) for e in tr.all("span", class_="change")
        ]
        for tr in rows
        if tr.all("td")
    }
    assert changes["resolution_rate"] == [("▲up +5.0 pp better", "good"), ("▼down −2.0 pp worse", "bad")]
    assert changes["recurrence_rate"][0] == ("▲up +5.0 pp worse", "bad")
    assert changes["time_to_resolution_p50"][0] == ("▼down −20.0 h better", "good")
    assert changes["needs_raised"] == [("▲up +250", "neutral"), ("▲up +450", "neutral")]


def test_branches_are_ranked_and_rates_of_too_few_cases_hidden(pages: dict[Language, Page]) -> None:
    page = pages["en"]
    lines = page.root.one("table", id="branches-table").one("tbody").all("tr")
    assert [line.one("th").text for line in lines] == ["B2 group", "B1 group", "B3 group"]
    assert [line.all("td")[0].text for line in lines] == ["1", "2", ""]
    hidden = lines[2].all("span", class_="hidden")
    assert [e.attributes["data-row"] for e in hidden] == ["closed_loop_rate/2026Q3/branch/B3"]
    table = page.root.one("table", id="branches-table")
    assert "90.0%" in table.text  # B2: 45 / 50
    assert [e for e in table.all("data") if e.attributes["data-row"] == "closed_loop_rate/2026Q3/branch/B3"] == []
    assert lines[2].one("data").attributes["value"] == "10.0"  # the count stays


def test_a_long_league_table_shows_both_ends_of_those_that_are_ranked(tiny: TinyRelease, tmp_path: Path) -> None:
    for number in range(60):  # branch 00 closes 40 of 100, branch 59 closes 99 of 100
        tiny.ratio("closed_loop_rate", "2026Q3", 40 + number, 100, group_by="branch", group=f"B{number:02d}")
    tiny.ratio("closed_loop_rate", "2026Q3", 9, 9, group_by="branch", group="few")
    page = read_page(generate_report(tiny.write(tmp_path / "r"), "2026Q3", language="en", out=tmp_path))
    lines = page.root.one("table", id="branches-table").one("tbody").all("tr")
    places = [(line.all("td")[0].text, line.one("th").text) for line in lines]
    best = [(str(place), f"B{60 - place:02d} group") for place in range(1, 21)]
    last = [(str(place), f"B{60 - place:02d} group") for place in range(41, 61)]
    assert places == best + last
    assert "There are 61 branches; the top and bottom 20 are listed." in page.root.one("section", id="branches").text


def test_the_funnel_is_made_of_published_counts(pages: dict[Language, Page]) -> None:
    lines = pages["en"].root.one("table", id="funnel-steps").one("tbody").all("tr")
    assert [(line.one("th").text, [d.text for d in line.all("data")]) for line in lines] == [
        ("Raised", ["1,250"]),
        ("Valid", ["1,200"]),
        ("Settled", ["960", "80.0%"]),
        ("Closed loop", ["600", "50.0%"]),
    ]
