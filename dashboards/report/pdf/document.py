"""The content model as plain data for the Typst template: texts ready to be set, nothing that could be markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dashboards.report.catalogue import catalogue
from dashboards.report.cell_text import ARROWS
from dashboards.report.column_widths import column_widths
from dashboards.report.content.model import (
    Block,
    Cell,
    Change,
    Chart,
    ChartGroup,
    ChartKind,
    EvidenceList,
    Glossary,
    KeyFigure,
    KeyFigures,
    Note,
    Number,
    Report,
    Section,
    Sentences,
    Table,
)
from dashboards.report.drawing.svg import Drawings
from dashboards.report.drawing.vega_lite import series_colours
from dashboards.report.heat import SHADES, heat_of
from dashboards.report.number_text import number_and_unit, number_text
from needloop.document_forms import Language

Data = dict[str, Any]

_LONG_WORD = re.compile(r"[^\s/\u2e80-\u9fff]{30}(?=[^\s/\u2e80-\u9fff])")

# the page is 174 mm wide; a table's cells have 1.1 mm at either side
_PAGE_WIDTH_MM, _CELL_SIDES_MM, _MM_A_POINT = 174.0, 2.2, 25.4 / 72
TABLE_SIZE, EVIDENCE_SIZE = 7.4, 6.8  # points

_TEXTS = ("page.contents", "page.annex", "page.footer", "page.evidence_link", "mark.small", "mark.in_progress")


def document(report: Report, drawings: Drawings) -> Data:
    """Everything that the template sets, as dicts, lists and texts."""
    t = catalogue(report.language).text
    writer = _Writer(report.language, drawings)
    cover = report.cover
    evidence = {
        i.sentence.id for s in report.sections for b in s.blocks if isinstance(b, EvidenceList) for i in b.items
    }
    content = {
        "language": report.language,
        "texts": {key.split(".")[1]: t(key) for key in _TEXTS},
        "release": report.release.release_id,
        "cover": {
            "title": cover.title,
            "subtitle": cover.subtitle,
            "quarter": cover.quarter,
            "quarter_label": cover.quarter_label,
            "in_progress": cover.in_progress_label,
            "facts": [list(fact) for fact in cover.facts],
        },
        "evidence": sorted(evidence),
        "sections": [writer.section(section) for section in report.sections],
    }
    return {key: _breakable(value) for key, value in content.items()}


def _breakable(value: Any) -> Any:
    """The same data, in whose texts overlong words may be broken: a page, unlike a screen, cannot be scrolled."""
    match value:
        case str():
            return value if value.startswith("<svg") else _LONG_WORD.sub("\\g<0>\u200b", value)
        case list():
            return [_breakable(one) for one in value]
        case dict():
            return {key: _breakable(one) for key, one in value.items()}
        case _:
            return value


class _Writer:
    """Writes the parts of one report in one language."""

    def __init__(self, language: Language, drawings: Drawings) -> None:
        self._language: Language = language
        self._drawings = drawings
        self._texts = catalogue(language)

    def section(self, section: Section) -> Data:
        return {
            "id": section.id,
            "title": section.title,
            "lead": section.lead,
            "message": section.message.text if section.message else None,
            "annex": section.annex,
            "blocks": [self._block(block) for block in section.blocks],
        }

    def _block(self, block: Block) -> Data:
        writers: dict[type, Callable[[Any], Data]] = {
            KeyFigures: self._key_figures,
            Sentences: self._sentences,
            Table: self._table,
            Chart: lambda chart: self._charts(ChartGroup((chart,))),
            ChartGroup: self._charts,
            Note: lambda note: {"text": note.text, "note": note.kind},
            Glossary: self._glossary,
            EvidenceList: self._evidence,
        }
        name = "ChartGroup" if isinstance(block, Chart) else type(block).__name__
        return {"kind": name, **writers[type(block)](block)}

    def _key_figures(self, block: KeyFigures) -> Data:
        return {"figures": [self._key_figure(figure) for figure in block.figures]}

    def _key_figure(self, figure: KeyFigure) -> Data:
        digits, unit = number_and_unit(figure.number, self._language)
        t = self._texts.text
        return {
            "label": figure.label,
            "digits": digits,
            "unit": unit,
            "small": figure.number.small,
            "in_progress": figure.in_progress,
            "spark": self._drawings.svg(figure.trend) if figure.trend else None,
            "parts": [[name, number_text(number, self._language)] for name, number in figure.parts],
            "changes": [
                {
                    "versus": t("page.versus", period=c.period) if c.period else t("page.versus_none"),
                    **self._change(c),
                }
                for c in figure.changes
            ],
        }

    def _change(self, change: Change) -> Data:
        return {
            "text": number_text(change.amount, self._language),
            "arrow": ARROWS[change.movement].strip(),
            "verdict": change.verdict.value,
            "word": self._texts.text(f"page.verdict_{change.verdict}"),
        }

    def _sentences(self, block: Sentences) -> Data:
        return {"sentences": [{"id": s.id, "text": s.text, "verdict": s.verdict.value} for s in block.sentences]}

    def _table(self, table: Table, size: float = TABLE_SIZE) -> Data:
        shades = heat_of(table)
        room = (_PAGE_WIDTH_MM - _CELL_SIDES_MM * len(table.columns)) / (size * _MM_A_POINT)
        return {
            "size": size,
            "caption": table.caption,
            "columns": [{"title": column.title, "numeric": column.numeric} for column in table.columns],
            "widths": list(column_widths(table, self._language, room)),
            "rows": [
                [
                    self._cell(cell) | ({"shade": SHADES[shades[row, column]]} if (row, column) in shades else {})
                    for column, cell in enumerate(cells)
                ]
                for row, cells in enumerate(table.rows)
            ],
            "notes": list(table.notes),
        }

    def _cell(self, cell: Cell) -> Data:
        if isinstance(cell, Number):
            muted = cell.hidden or cell.value is None
            text = number_text(cell, self._language)
            return {"text": text, "small": cell.small and not cell.hidden, "mark": "muted" if muted else "none"}
        if isinstance(cell, Change):
            change = self._change(cell)
            return {"text": change["text"], "arrow": change["arrow"], "mark": change["verdict"]}
        return {"text": cell.text, "mark": "head" if cell.head else cell.mark}

    def _charts(self, group: ChartGroup) -> Data:
        return {"charts": [self._chart(chart) for chart in group.charts]}

    def _chart(self, chart: Chart) -> Data:
        named = len(chart.series) > 1 and chart.kind is not ChartKind.PARETO
        legend = (
            [[s.name, colour] for s, colour in zip(chart.series, series_colours(chart), strict=True)] if named else []
        )
        return {
            "title": chart.title,
            "description": chart.description,
            "svg": self._drawings.svg(chart),
            "wide": chart.wide,
            "ticks": chart.kind is ChartKind.BARS,
            "legend": legend,
            "notes": list(chart.notes),
        }

    def _glossary(self, block: Glossary) -> Data:
        t = self._texts.text
        return {
            "definitions": [
                {
                    "metric": d.metric,
                    "label": d.label,
                    "description": d.description,
                    "parts": [
                        [name, text]
                        for name, text in (
                            (t("glossary.numerator"), d.numerator),
                            (t("glossary.denominator"), d.denominator),
                        )
                        if text
                    ],
                    "properties": [list(pair) for pair in d.properties],
                }
                for d in block.definitions
            ]
        }

    def _evidence(self, block: EvidenceList) -> Data:
        return {
            "items": [
                {"id": i.sentence.id, "text": i.sentence.text, "table": self._table(i.table, EVIDENCE_SIZE)}
                for i in block.items
            ]
        }
