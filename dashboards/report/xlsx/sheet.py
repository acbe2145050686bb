"""Writes the blocks of a section down a sheet, and keeps note of where each published number went."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from dashboards.report.catalogue import Catalogue
from dashboards.report.content.model import (
    Block,
    Cell,
    Change,
    Chart,
    ChartGroup,
    EvidenceList,
    Glossary,
    KeyFigures,
    Note,
    Number,
    Section,
    Sentences,
    Table,
    Text,
    Verdict,
)
from dashboards.report.formula_text import looks_like_formula
from dashboards.report.heat import SHADES, heat_of
from dashboards.report.number_text import number_text
from dashboards.report.spreadsheet_formats import spreadsheet_format
from dashboards.report.text_width import text_width
from dashboards.report.xlsx.native_charts import CHART_ROWS, ChartPlace, native_chart
from dashboards.report.xlsx.plain_tables import chart_table, glossary_table, key_figure_table, tables_of
from dashboards.report.xlsx.safe_workbook import Styles, cell_content

INK, MUTED, BRAND, SOFT, RUNNING = "#1b2a3d", "#56637a", "#173a5e", "#f4f6f9", "#8a5a00"
VERDICTS = {Verdict.GOOD: "#1a7046", Verdict.BAD: "#b02a1e", Verdict.NEUTRAL: MUTED}
MARKS = {"none": INK, "good": VERDICTS[Verdict.GOOD], "bad": VERDICTS[Verdict.BAD], "muted": MUTED}

UNITS_AN_EM = 1.9  # a column's width is counted in digits
NARROWEST, WIDEST = 10.0, 56.0
LEAST_WIDTH = 120.0  # of all columns that a sentence runs across
ROW_HEIGHT = 15.0
FIRST_BLOCK = 3


@dataclass(frozen=True)
class Written:
    """A published number in the workbook: the sheet and cell, and the row and column that it comes from."""

    sheet: str
    cell: str
    row: str
    field: str
    value: float


class SectionSheet:
    """One section on one sheet."""

    def __init__(self, workbook: Any, worksheet: Any, styles: Styles, texts: Catalogue) -> None:
        self._workbook = workbook
        self._sheet = worksheet
        self._styles = styles
        self._texts = texts
        self._row = 0
        self._across = 1
        self._widths: list[float] = []
        self.written: list[Written] = []

    def write(self, section: Section, heading: str) -> None:
        """Writes the section: heading, lead and message on top, which stay in view, and the blocks below."""
        self._set_widths(section)
        self._text(0, 0, heading, bold=True, font_size=16, font_color=BRAND)
        self._text(1, 0, section.lead, font_color=MUTED)
        if section.message is not None:
            self._text(2, 0, section.message.text, bold=True, font_color=BRAND)
        self._sheet.set_row(0, 24)
        self._sheet.freeze_panes(FIRST_BLOCK, 1)
        self._row = FIRST_BLOCK + 1
        for block in section.blocks:
            self._block(block)

    def _set_widths(self, section: Section) -> None:
        tables = [table for block in section.blocks for table in tables_of(block, self._texts)]
        for table in tables:
            for place, column in enumerate(table.columns):
                texts = [column.title.split(" ")[0] if column.numeric else column.title]
                texts += [self._words(row[place]) for row in table.rows]
                wide = max(text_width(text, UNITS_AN_EM) for text in texts) + 2
                if place == len(self._widths):
                    self._widths.append(NARROWEST)
                self._widths[place] = min(max(self._widths[place], wide), WIDEST)
        while sum(self._widths) < LEAST_WIDTH:
            self._widths.append(NARROWEST + 2)
        for place, wide in enumerate(self._widths):
            self._sheet.set_column(place, place, wide)

    def _words(self, cell: Cell) -> str:
        if isinstance(cell, Text):
            return cell.text
        return number_text(cell.amount if isinstance(cell, Change) else cell, self._texts.language) + "  "

    def _block(self, block: Block) -> None:
        writers: dict[type, Callable[[Any], None]] = {
            KeyFigures: lambda b: self._table(key_figure_table(b, self._texts)),
            Sentences: self._sentences,
            Table: self._table,
            Chart: self._chart,
            ChartGroup: self._charts,
            Note: lambda b: self._across_all(b.text, italic=True, font_color=RUNNING if b.kind == "warning" else MUTED),
            Glossary: lambda b: self._table(glossary_table(b, self._texts)),
            EvidenceList: self._evidence,
        }
        writers[type(block)](block)
        self._row += 1

    def _sentences(self, block: Sentences) -> None:
        for sentence in block.sentences:
            colour = INK if sentence.verdict is Verdict.NEUTRAL else VERDICTS[sentence.verdict]
            self._across_all(sentence.text, font_color=colour, bg_color=SOFT)

    def _evidence(self, block: EvidenceList) -> None:
        for item in block.items:
            self._table(item.table)
            self._row += 1

    def _table(self, table: Table, *, drawn: bool = False) -> None:
        """Writes a table. What a chart is `drawn` from stays empty where there is no number; text would count as 0."""
        self._across_all(table.caption, bold=True)
        self._head([column.title for column in table.columns], [column.numeric for column in table.columns])
        shades = heat_of(table)
        for line, cells in enumerate(table.rows):
            for place, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
                if drawn and isinstance(cell, Number) and cell.value is None:
                    continue
                shade = shades.get((line, place))
                self._cell(place, cell, numeric=column.numeric, shade=SHADES[shade] if shade is not None else None)
            self._fit_row(cells)
            self._row += 1
        for note in table.notes:
            self._across_all(note, font_color=MUTED, font_size=9)

    def _head(self, titles: Sequence[str], numeric: Sequence[bool]) -> None:
        style = {
            "bold": True,
            "font_color": MUTED,
            "bottom": 2,
            "bottom_color": BRAND,
            "text_wrap": True,
            "valign": "bottom",
        }
        for place, (title, right) in enumerate(zip(titles, numeric, strict=True)):
            align: dict[str, Any] = (
                {"align": "right"} if right and place else {"align": "left", "indent": min(place, 1)}
            )
            self._text(self._row, place, title, **align, **style)
        lines = max(math.ceil(text_width(t, UNITS_AN_EM) / (w - 1)) for t, w in zip(titles, self._widths, strict=False))
        self._sheet.set_row(self._row, ROW_HEIGHT * min(max(lines, 1) + (lines > 1), 6))
        self._row += 1

    def _fit_row(self, cells: Sequence[Cell]) -> None:
        lines = max(
            math.ceil(text_width(cell.text, UNITS_AN_EM) / (wide - 1)) if isinstance(cell, Text) else 1
            for cell, wide in zip(cells, self._widths, strict=False)
        )
        if lines > 1:
            self._sheet.set_row(self._row, ROW_HEIGHT * min(lines, 20))

    def _cell(self, place: int, cell: Cell, *, numeric: bool, shade: str | None = None) -> None:
        if isinstance(cell, Text):
            colour = INK if cell.head else MARKS[cell.mark]
            align: dict[str, Any] = (
                {"align": "right"} if numeric and place else {"align": "left", "indent": min(place, 1)}
            )
            self._text(self._row, place, cell.text, text_wrap=True, font_color=colour, bold=cell.head, **align)
        elif isinstance(cell, Change):
            self._number(place, cell.amount, VERDICTS[cell.verdict])
        else:
            ground = {"bg_color": shade} if shade else {}
            self._number(place, cell, RUNNING if cell.small else INK, italic=cell.small, **ground)

    def _number(self, place: int, number: Number, colour: str, **style: Any) -> None:
        """The exact value; a number that there is not, or that is hidden, is the sign that stands for it."""
        if number.value is None:
            self._text(self._row, place, number_text(number, self._texts.language), align="right", font_color=MUTED)
            return
        code = spreadsheet_format(number, self._texts.language)
        form = self._styles.get(num_format=code, font_color=colour, align="right", **style)
        self._sheet.write_number(self._row, place, number.value, form)
        if number.row is not None:
            cell = xl_rowcol_to_cell(self._row, place)
            self.written.append(Written(self._sheet.name, cell, number.row, number.field, float(number.value)))

    def _charts(self, group: ChartGroup) -> None:
        for chart in group.charts:
            self._chart(chart)

    def _chart(self, chart: Chart) -> None:
        """The chart's numbers as a table with the chart beside it, drawn from those cells."""
        table = chart_table(chart, self._texts)
        top = self._row
        self._table(table, drawn=True)
        place = ChartPlace(self._sheet.name, title_row=top, head_row=top + 1, points=len(table.rows))
        drawn = native_chart(self._workbook, chart, place, self._texts.language)
        self._sheet.insert_chart(top, len(table.columns) + 1, drawn, {"object_position": 1})
        self._row = max(self._row, top + CHART_ROWS + 1)

    def _across_all(self, text: str, **style: Any) -> None:
        """A text that runs across all columns, in as many lines as it needs."""
        merged = self._style(text, text_wrap=True, **style)
        last = len(self._widths) - 1
        self._sheet.merge_range(self._row, 0, self._row, last, "", merged)
        self._sheet.write_string(self._row, 0, cell_content(text), merged)
        lines = math.ceil(text_width(text, UNITS_AN_EM) * 1.05 / sum(self._widths))
        if lines > 1:
            self._sheet.set_row(self._row, ROW_HEIGHT * min(lines, 20))
        self._row += 1

    def _text(self, row: int, column: int, text: str, **style: Any) -> None:
        self._sheet.write_string(row, column, cell_content(text), self._style(text, **style))

    def _style(self, text: str, **style: Any) -> Any:
        if looks_like_formula(text):
            style["quote_prefix"] = True
        return self._styles.get(**style)
