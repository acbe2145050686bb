"""The workbook read back: every number is the release's, nothing is a formula, charts point at cells."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboards.report.generate import generate_report
from needloop.document_forms import FileFormat, Language
from tests.integration.report.published_numbers import published
from tests.integration.report.tiny_release import TinyRelease, worked_example

Files = dict[tuple[Language, FileFormat], Path]
INDEX: dict[Language, str] = {"zh": "数字索引", "en": "Index of numbers"}
ATTACKS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "http://example.com", "{=1}", "_x0041_")


def opened(path: Path) -> Any:
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_is_the_release_s_to_the_last_digit(files: Files, example: Path, language: Language) -> None:
    book, numbers = opened(files[language, "xlsx"]), published(example)
    index = [[cell.value for cell in row] for row in book[INDEX[language]].iter_rows(min_row=3)]
    assert len(index) > 300
    listed = set()
    for sheet, cell, row, field, value in index:
        assert book[sheet][cell].value == value
        assert book[sheet][cell].number_format != "General"
        if not row.startswith(("source_load/", "quality_check/")):
            assert value == numbers[row][field], (row, field)
        listed.add((sheet, cell))
    found = {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets[1:-1]
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    }
    assert found == listed, "a number stands in the workbook that cannot be traced"


def test_numbers_have_the_formats_of_their_units(files: Files) -> None:
    sheet = opened(files["en", "xlsx"])["All figures"]
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    assert rows["Metric closed_loop_rate"][1].number_format == "0.0%"
    assert rows["Metric time_to_resolution_p50"][1].number_format == '#,##0.0" h"'
    assert rows["Metric needs_raised"][1].number_format == "#,##0"
    assert rows["Metric complaints_per_10k_policies"][1].number_format == "#,##0.00"
    assert rows["Metric closed_loop_rate"][5].number_format == '"▲ "+0.0%" pts";"▼ "-0.0%" pts";"■ "0.0%" pts"'
    assert rows["Metric verification_rate"][1].value == "–"  # 0 of 0 is no number


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheets_can_be_read_and_printed(files: Files, language: Language) -> None:
    book = opened(files[language, "xlsx"])
    for sheet in book.worksheets:
        assert len(sheet.title) <= 31
        assert sheet.freeze_panes is not None
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes; the width, by default, on one
        assert all(5 <= one.width <= 90 for one in sheet.column_dimensions.values())
    links = [cell.hyperlink.location for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink]
    assert [link.split("!")[0].strip("'") for link in links] == [sheet.title for sheet in book.worksheets[1:]]


def test_charts_are_native_and_point_at_the_numbers(files: Files) -> None:
    book = opened(files["en", "xlsx"])
    with zipfile.ZipFile(files["en", "xlsx"]) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) >= 15
    for chart in charts:
        references = re.findall(r"<c:f>(.*?)</c:f>", chart)
        assert len(references) >= 4  # title, name, categories, values
        for reference in references:
            name, cells = reference.replace("&apos;", "'").rsplit("!", 1)
            values = book[name.strip("'")][cells.replace("$", "")]
            flat = [cell for row in values for cell in row] if isinstance(values, tuple) else [values]
            texts = [cell for cell in flat if isinstance(cell.value, str)]
            assert texts in ([], flat), "a text among numbers is drawn as zero"
            assert any(cell.value is not None for cell in flat)


def test_nothing_from_the_data_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    tiny = worked_example()
    tiny.metric_labels = {"closed_loop_rate": (ATTACKS[0], ATTACKS[0]), "nps": (ATTACKS[5], ATTACKS[5])}
    tiny.labels = {("branch", f"B{n}"): (one, one) for n, one in enumerate(ATTACKS[1:4], 1)}
    tiny.labels[("grade", "P1")] = (ATTACKS[0], ATTACKS[0])
    tiny.weak_spot("2026Q3", 4, (ATTACKS[7], ATTACKS[6], "x" * 40_000), 1, 1000, 1000)
    tiny.checks.append(
        ("crm.needs", "crm", ATTACKS[4], "warning", ATTACKS[1], False, 1, 2, *([ATTACKS[0]] * 6), "2026-10-03 09:00:00")
    )
    path = generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path, file_format="xlsx")
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in package.read(name)
                assert b"example.com" not in package.read(name)
            if name.startswith("xl/charts/"):
                assert not re.search(rb"<c:f>(?!'?[A-Z][\w ,()-]*'?!\$)", package.read(name))
    cells = [cell for sheet in opened(path).worksheets for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    attacked = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))]
    assert {cell.value for cell in attacked} >= set(ATTACKS[:4])
    assert all(cell.quotePrefix for cell in attacked)


def test_a_release_without_numbers_says_so(tiny: TinyRelease, tmp_path: Path) -> None:
    path = generate_report(tiny.write(tmp_path), "2026Q3", language="en", out=tmp_path, file_format="xlsx")
    words = [cell.value for sheet in opened(path).worksheets for row in sheet.iter_rows() for cell in row]
    assert "No need was raised in 2026Q3." in words
