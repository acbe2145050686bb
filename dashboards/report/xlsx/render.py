"""Renders the content model as a workbook: cover, a sheet a section, and an index of all published numbers in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from dashboards.report.catalogue import Catalogue, catalogue
from dashboards.report.content.model import Report, Section
from dashboards.report.drawing.svg import Drawings
from dashboards.report.formula_text import looks_like_formula
from dashboards.report.spreadsheet_formats import FONTS
from dashboards.report.xlsx.safe_workbook import (
    Styles,
    cell_content,
    dated,
    safe_workbook,
)
from dashboards.report.xlsx.sheet import BRAND, MUTED, RUNNING, SectionSheet, Written
from needloop.private_interfaces.xlsxwriter_numbers import ExactWorksheet

_REFUSED_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_A4 = 9


def render_xlsx(report: Report, _: Drawings) -> bytes:
    """The report as XLSX, whose charts are native and not drawn here. The same report gives the same bytes."""
    file = BytesIO()
    texts = catalogue(report.language)
    workbook = safe_workbook(file)
    dated(workbook, report.release.created_at, f"{report.cover.title} {report.cover.quarter}")
    styles = Styles(workbook, FONTS[report.language])
    names = _sheet_names([texts.text("page.cover"), *(s.title for s in report.sections), texts.text("page.numbers")])
    headings = _headings(report.sections, texts)
    cover = _new_sheet(workbook, names[0], report)
    written: list[Written] = []
    for section, heading, name in zip(report.sections, headings, names[1:-1], strict=True):
        sheet = SectionSheet(workbook, _new_sheet(workbook, name, report), styles, texts)
        sheet.write(section, heading)
        written += sheet.written
    _write_numbers(_new_sheet(workbook, names[-1], report), styles, texts, written)
    _write_cover(cover, styles, report, texts, list(zip([*headings, names[-1]], names[1:], strict=True)))
    workbook.close()
    return file.getvalue()


def _headings(sections: Sequence[Section], texts: Catalogue) -> list[str]:
    """Titles with their numbers, as in the other forms: 1, 2, … and annexes A, B, …"""
    parts = [section for section in sections if not section.annex]
    annexes = [section for section in sections if section.annex]
    numbers = {section.id: str(place) for place, section in enumerate(parts, 1)}
    numbers |= {s.id: f"{texts.text('page.annex')} {chr(ord('A') + place)}" for place, s in enumerate(annexes)}
    return [f"{numbers[section.id]}  {section.title}" for section in sections]


def _sheet_names(titles: Sequence[str]) -> list[str]:
    """Names that a workbook takes: short, without certain characters, no two alike."""
    names: list[str] = []
    for title in titles:
        plain = _REFUSED_IN_NAMES.sub(" ", title).strip() or "-"
        name, number = plain[:_LONGEST_NAME].strip(), 2
        while name.lower() in {taken.lower() for taken in names}:
            name = f"{plain[: _LONGEST_NAME - 4].strip()} {number}"
            number += 1
        names.append(name)
    return names


def _new_sheet(workbook: Any, name: str, report: Report) -> Any:
    sheet = workbook.add_worksheet(name, ExactWorksheet)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    title = f"{report.cover.title} {report.cover.quarter}".replace("&", "&&")
    sheet.set_header(f"&L&8 {title}&R&8 &A")
    sheet.set_footer(f"&L&8 {report.release.release_id.replace('&', '&&')}&R&8 &P / &N")
    return sheet


def _write_cover(
    sheet: Any, styles: Styles, report: Report, texts: Catalogue, contents: Sequence[tuple[str, str]]
) -> None:
    cover = report.cover
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, cover.title, styles.get(bold=True, font_size=22, font_color=BRAND))
    sheet.set_row(0, 34)
    sheet.write_string(1, 0, cover.subtitle, styles.get(font_color=MUTED))
    sheet.write_string(2, 0, f"{cover.quarter}  {cover.quarter_label}", styles.get(bold=True, font_size=14))
    row = 3
    if cover.in_progress_label:
        sheet.write_string(row, 0, cover.in_progress_label, styles.get(bold=True, font_color=RUNNING))
    row += 1
    for name, value in cover.facts:
        sheet.write_string(row, 0, name, styles.get(font_color=MUTED))
        sheet.write_string(row, 1, cell_content(value), styles.get(quote_prefix=looks_like_formula(value)))
        row += 1
    row += 1
    sheet.write_string(row, 0, texts.text("page.contents"), styles.get(bold=True, font_size=12))
    for heading, name in contents:
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles.get(font_color="#1f4e79", underline=1), heading)
    for note in (texts.text("page.footer"), texts.text("note.small"), texts.text("note.rate_changes")):
        row += 2 if note == texts.text("page.footer") else 1
        sheet.write_string(row, 0, note, styles.get(font_color=MUTED, font_size=9))
    sheet.freeze_panes(1, 0)


def _write_numbers(sheet: Any, styles: Styles, texts: Catalogue, written: Sequence[Written]) -> None:
    t = texts.text
    titles = (t("column.sheet"), t("column.cell"), t("column.row"), t("column.field"), t("column.value"))
    sheet.write_string(0, 0, t("numbers.lead"), styles.get(font_color=MUTED))
    for place, (title, wide) in enumerate(zip(titles, (26, 8, 72, 18, 18), strict=True)):
        sheet.set_column(place, place, wide)
        sheet.write_string(1, place, title, styles.get(bold=True, bottom=2, bottom_color=BRAND, font_color=MUTED))
    for row, one in enumerate(written, 2):
        for place, text in enumerate((one.sheet, one.cell, one.row, one.field)):
            sheet.write_string(row, place, cell_content(text), styles.get(quote_prefix=looks_like_formula(text)))
        sheet.write_number(row, 4, one.value, styles.get(num_format="General"))
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, max(len(written) + 1, 2), len(titles) - 1)
