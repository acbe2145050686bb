"""The slides read back: native charts with the release's numbers, messages as titles, Chinese fonts, rows in notes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from dashboards.report.generate import generate_report
from needloop.document_forms import FileFormat, Language
from tests.integration.report.published_numbers import published
from tests.integration.report.tiny_release import worked_example

Files = dict[tuple[Language, FileFormat], Path]


def charts(slide: Any) -> Iterator[Any]:
    yield from (shape.chart for shape in slide.shapes if shape.has_chart)


def rows_in_notes(slide: Any) -> list[str]:
    return [line for line in slide.notes_slide.notes_text_frame.text.split("\n") if "/" in line and " " not in line]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_slides_are_wide_few_and_have_a_message(files: Files, language: Language) -> None:
    deck = Presentation(str(files[language, "pptx"]))
    width, height = deck.slide_width, deck.slide_height
    assert width is not None
    assert height is not None
    assert round(width / height, 3) == round(16 / 9, 3)
    slides = list(deck.slides)
    assert 10 <= len(slides) <= 14
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert len(set(titles)) == len(titles)
    assert sum(any(c.isdigit() for c in title) for title in titles) >= 8, "titles state numbers, not subjects"
    for slide in slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= width + 10
            assert shape.top + shape.height <= height + 10


def test_the_titles_are_worked_out(files: Files) -> None:
    titles = {s.shapes.title.text_frame.text for s in Presentation(str(files["en", "pptx"])).slides}
    assert "Metric closed_loop_rate 50.0%, +10.0 pp on 2026Q2, a clear change" in titles
    assert "1,250 raised, 1,200 valid, 600 closed loop (50.0%)" in titles
    assert "Metric complaints_per_10k_policies 50.00, −12.50 on 2026Q2" in titles
    assert "“claims_service-en · claims-en · medical-en” alone accounts for 40.0% of all overdue hours" in titles
    assert "4 needs open, 2 of them overdue, 1 due within 72 hours" not in titles, "the board is in the other forms"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_hold_the_numbers_of_the_rows_in_the_notes(files: Files, example: Path, language: Language) -> None:
    numbers = published(example)
    shown = 0
    for slide in list(Presentation(str(files[language, "pptx"])).slides)[1:]:
        rows = rows_in_notes(slide)
        known = {value for row in rows for value in numbers.get(row, {}).values()}
        for chart in charts(slide):
            if chart.has_title:  # sparklines of key figures show quarters that no note names
                values = [v for plot in chart.plots for one in plot.series for v in one.values if v is not None]
                assert values
                assert set(values) <= known
                shown += len(values)
    assert shown >= 30


def test_each_chart_can_be_edited_in_a_workbook_of_the_same_numbers(files: Files) -> None:
    found = 0
    for slide in Presentation(str(files["zh", "pptx"])).slides:
        for chart in charts(slide):
            sheet = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
            for column, one in enumerate(chart.plots[0].series, 2):
                assert sheet.cell(1, column).value == one.name
                held = [sheet.cell(row, column).value for row in range(2, 2 + len(one.values))]
                assert held == list(one.values)
            found += 1
    assert found >= 10


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_names_a_chinese_font(files: Files, language: Language) -> None:
    deck = Presentation(str(files[language, "pptx"]))
    for slide in deck.slides:
        for run in slide.shapes._spTree.iter(qn("a:r")):
            assert run.find(qn("a:rPr")).find(qn("a:ea")).get("typeface") == "Microsoft YaHei"
        for chart in charts(slide):
            if chart.has_title:
                assert chart._chartSpace.findall(f".//{qn('a:ea')}")
        assert not [shape for shape in slide.shapes if shape.shape_type == 13], "a picture cannot be edited"


def test_hostile_and_long_labels_stay_text(tmp_path: Path) -> None:
    attack = "=cmd|' /C calc'!A0"
    tiny = worked_example()
    tiny.metric_labels = {"closed_loop_rate": (attack, attack)}
    tiny.labels = {("grade", "P1"): (attack, attack), ("grade", "P2"): ("<a:r/>&\x1b", "<a:r/>&\x1b" + "long " * 80)}
    tiny.weak_spot("2026Q3", 4, (attack, "w" * 300, "]]>"), 1, 1000, 1000)
    path = generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path, file_format="pptx")
    deck = Presentation(str(path))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert any(title.startswith(attack) for title in titles)
    for slide in deck.slides:
        for chart in charts(slide):
            sheet = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
            assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
