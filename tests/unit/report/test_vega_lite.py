"""Specifications of charts: what is drawn, how labels are cut and quoted, and that ids do not clash on a page."""

from __future__ import annotations

import re

from dashboards.report.content.model import Chart, ChartKind, Number, NumberFormat, Point, Series
from dashboards.report.drawing.svg import Drawings
from dashboards.report.drawing.vega_lite import chart_spec, shortened
from dashboards.report.html.inline_svg import inline
from dashboards.report.text_width import text_width


def line(*values: float | None, running: bool = False, small: int | None = None) -> Chart:
    """A line over quarters from 2025Q1 on; the last one in progress, one of too few cases."""
    points = tuple(
        Point(
            f"{2025 + i // 4}Q{i % 4 + 1}",
            f"{2025 + i // 4}Q{i % 4 + 1}",
            Number(value, NumberFormat.RATE, small=i == small),
            in_progress=running and i == len(values) - 1,
        )
        for i, value in enumerate(values)
    )
    return Chart("c", ChartKind.LINES, "Title", "Words", (Series("rate", points),), "Quarter")


def test_chinese_characters_are_as_wide_as_high() -> None:
    assert text_width("需求闭环", 10) == 40
    assert text_width("abc\n需求", 10) == 20


def test_long_labels_are_cut_line_by_line() -> None:
    assert shortened("短", 100) == "短"
    cut = shortened("一二三四五六七八九十\nok", 100)  # 13 pixels a character: 7 x 13 and 7.54 for the ellipsis
    first, second = cut.split("\n")
    assert first == "一二三四五六七…"
    assert second == "ok"


def test_a_quarter_in_progress_is_joined_by_a_dashed_line_and_drawn_open() -> None:
    whole, dashed, points, _ = chart_spec(line(0.1, 0.2, 0.3, running=True), "en")["layer"]
    assert [r["value"] for r in whole["data"]["values"]] == [0.1, 0.2]
    assert [r["value"] for r in dashed["data"]["values"]] == [0.2, 0.3]
    assert [r["open"] for r in points["data"]["values"]] == [False, False, True]


def test_few_cases_are_drawn_open_and_missing_values_not_at_all() -> None:
    _, dashed, points, ends = chart_spec(line(0.1, None, 0.3, None, small=0), "en")["layer"]
    assert [(r["value"], r["open"]) for r in points["data"]["values"]] == [(0.1, True), (0.3, False)]
    assert dashed["data"]["values"] == []
    assert [r["text"] for r in ends["data"]["values"]] == ["30.0%"]


def test_end_labels_keep_apart() -> None:
    one = line(0.5).series[0].points
    near = (Point("2025Q1", "2025Q1", Number(0.501, NumberFormat.RATE)),)
    chart = Chart("c", ChartKind.LINES, "T", "D", (Series("a", one), Series("b", near)), "Q")
    svg = Drawings("en").svg(chart)  # the drawing itself: a shift that is asked for in a wrong way is ignored
    heights = {text: float(y) for y, text in re.findall(r"translate\([\d.]+,([\d.]+)\)\"[^>]*>(50\.\d%)", svg)}
    assert heights["50.0%"] - heights["50.1%"] > 14  # the lower line's label goes down, the upper one's up


def test_labels_are_text_in_the_drawing_whatever_they_hold() -> None:
    label = "x'+alert(1)+'\\ <b>&\n\U0001f600 需求"
    points = (Point("k'1", label, Number(2.0, NumberFormat.COUNT)),)
    svg = Drawings("en").svg(Chart("c", ChartKind.BARS, "T", "D", (Series("now", points),), "Group"))
    assert "<b>" not in svg
    assert "x'+alert(1)+'\\ &lt;b&gt;&amp;" in re.sub(r"\s+", " ", svg).replace("&apos;", "'").replace("&#39;", "'")


def test_within_a_page_a_drawing_needs_no_namespace_and_its_ids_are_its_own() -> None:
    svg = inline(Drawings("zh").svg(line(0.1, 0.2)))
    assert svg.startswith('<svg viewBox="')
    assert "xmlns" not in svg
    assert "http" not in svg
    assert all(name.startswith("c-") for name in re.findall(r'\bid="([^"]+)"', svg))
    assert "Noto Sans CJK SC" in svg
