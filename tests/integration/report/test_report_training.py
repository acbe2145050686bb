"""Training and experiments: what is said of them, what is hidden, and that nobody is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.report.generate import generate_report
from needloop.document_forms import Language
from tests.integration.report.page import Page, read_page
from tests.integration.report.test_report_customers import findings, lines, message
from tests.integration.report.tiny_release import TinyRelease


def test_learning_hides_modules_with_few_assessed(pages: dict[Language, Page]) -> None:
    page = pages["en"]
    assert message(page, "training")[0] == "Metric mastery_rate 80.0%"
    assert lines(page, "training-module") == [
        ["compliance group", "90.0%"],
        ["digital group", "·not shown, too few cases"],
    ]
    assert "55.6%" not in page.root.one("section", id="training").text
    chart = page.root.one("figure", id="chart-module-mastery_rate")
    assert "compliance" in chart.text
    assert "digital" not in chart.text


def test_effects_are_told_with_their_intervals_and_reasons(pages: dict[Language, Page]) -> None:
    page = pages["en"]
    assert message(page, "training-effects") == (
        "3 outcomes: better 1; no difference shown 1; not shown 1",
        ["training_effect/complaints", "training_effect/csat", "training_effect/persistency"],
    )
    assert findings(page, "training-effects") == [
        "Outcome complaints: −0.25 from the training (95% interval −0.40 to −0.10; 60 persons), better."
    ]
    assert lines(page, "effects") == [
        ["Outcome complaints", "60", "30", "−0.25", "−0.40", "−0.10", "0.001", "better"],
        ["Outcome csat", "55", "30", "+0.05", "−0.10", "+0.20", "0.510", "no difference shown"],
        ["Outcome persistency", "12", "30", *["–no data"] * 4, "Too few were trained; nothing is shown."],
    ]
    points = page.root.one("figure", id="chart-effect-complaints").one("tbody").all("tr")
    assert [tr.one("th").text for tr in points] == ["−2", "−1", "0", "1"]


def test_comparisons_before_and_after_of_few_persons_are_hidden(pages: dict[Language, Page]) -> None:
    hidden = "·not shown, too few cases"
    assert lines(pages["en"], "before-after") == [
        ["Outcome complaints", "3", "40", "1.00", "0.80", "−0.20", "−0.30", "−0.10"],
        ["Outcome complaints", "6", "9", *[hidden] * 5],
    ]


def test_experiments_show_no_p_while_they_run(pages: dict[Language, Page]) -> None:
    page = pages["en"]
    assert message(page, "experiments")[0] == "2 experiments: better 1; still running 1"
    first, second = lines(page, "experiment-results")
    assert first == ["新话术", "Customer satisfaction (score)", "50", "52", "3.90", "4.00", "+0.10"] + (
        ["–no data"] * 3 + ["still running"]
    )
    assert second[4:] == ["60.0%", "70.0%", "+10.0 pp", "+3.0 pp", "+17.0 pp", "0.004", "better"]


def test_signals_lead_to_the_modules_to_strengthen(pages: dict[Language, Page]) -> None:
    page = pages["en"]
    assert message(page, "improvement-loop") == (
        "Strengthen first: compliance group, behind 75.0% of the complaints and surrenders above the previous year",
        ["improvement_loop/2026Q3/annuity/complaint/fees"],
    )
    assert findings(page, "improvement-loop") == [
        "Too few staff mastered these modules, so their material goes back to the product department: compliance group."
    ]
    assert [line[:8] for line in lines(page, "loop-signals")] == [
        ["compliance group", "annuity group", "Complaints · fees group", "20", "20.0%", "8.0%", "12", "75.0%"],
        ["digital group", "medical group", "Surrenders", "9", "9.0%", "5.0%", "4", "25.0%"],
        ["–", "annuity group", "Needs · pricing", "30", "30.0%", "27.0%", "3", "0.0%"],
    ]


@pytest.mark.parametrize("section", ["training", "training-effects", "improvement-loop", "experiments"])
def test_a_release_without_training_says_so(tmp_path: Path, tiny: TinyRelease, section: str) -> None:
    page = read_page(generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path))
    assert page.root.one("section", id=section).one("p", class_="empty").text
