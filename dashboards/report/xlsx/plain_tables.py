"""Blocks that are no tables, as tables: what a spreadsheet makes of key figures, charts and definitions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboards.report.catalogue import Catalogue
from dashboards.report.content.model import (
    Block,
    Cell,
    Chart,
    ChartGroup,
    Column,
    EvidenceList,
    Glossary,
    KeyFigures,
    Number,
    NumberFormat,
    Table,
    Text,
)


def tables_of(block: Block, texts: Catalogue) -> list[Table]:
    """All tables that a block is written as."""
    writers: dict[type, Callable[[Any], list[Table]]] = {
        Table: lambda table: [table],
        KeyFigures: lambda figures: [key_figure_table(figures, texts)],
        Chart: lambda chart: [chart_table(chart, texts)],
        ChartGroup: lambda group: [chart_table(chart, texts) for chart in group.charts],
        Glossary: lambda glossary: [glossary_table(glossary, texts)],
        EvidenceList: lambda evidence: [item.table for item in evidence.items],
    }
    return writers.get(type(block), lambda _: [])(block)


def key_figure_table(block: KeyFigures, texts: Catalogue) -> Table:
    """Key figures as rows: value, what it is made of, how it moved, and its marks."""
    t = texts.text
    changes = block.figures[0].changes
    keys = ("column.change_previous", "column.change_year_before")
    columns = (
        Column(t("column.metric"), numeric=False),
        Column(t("column.value")),
        Column(t("column.numerator")),
        Column(t("column.denominator")),
        *(
            Column(t("column.change_on", period=change.period) if change.period else t(key))
            for change, key in zip(changes, keys, strict=True)
        ),
        Column(t("column.marks"), numeric=False),
    )
    rows: list[tuple[Cell, ...]] = []
    for figure in block.figures:
        parts = dict(figure.parts)
        over, under = (
            parts.get(t(key), Number(None, NumberFormat.QUANTITY)) for key in ("column.numerator", "column.denominator")
        )
        marks = [t("mark.small")] * figure.number.small + [t("mark.in_progress")] * figure.in_progress
        rows.append(
            (Text(figure.label, head=True), figure.number, over, under, *figure.changes, Text(texts.listed(marks)))
        )
    return Table("key-figures", t("glance.title"), columns, tuple(rows))


def chart_table(chart: Chart, texts: Catalogue) -> Table:
    """The numbers of a chart: a row a point, a column a series."""
    running = texts.text("mark.in_progress")
    columns = (Column(chart.category_title, numeric=False), *(Column(series.name) for series in chart.series))
    rows: list[tuple[Cell, ...]] = []
    for place, point in enumerate(chart.series[0].points):
        label = point.label.replace("\n", " · ") + (f" ({running})" if point.in_progress else "")
        rows.append((Text(label, head=True), *(series.points[place].number for series in chart.series)))
    return Table(f"data-{chart.id}", chart.title, columns, tuple(rows), chart.notes)


def glossary_table(block: Glossary, texts: Catalogue) -> Table:
    """A row a definition."""
    t = texts.text
    names = [name for name, _ in block.definitions[0].properties]
    titles = [
        t("column.metric"),
        t("glossary.name"),
        t("glossary.description"),
        t("glossary.numerator"),
        t("glossary.denominator"),
        *names,
    ]
    rows = tuple(
        (
            Text(d.label, head=True),
            *(Text(text) for text in (d.metric, d.description, d.numerator, d.denominator)),
            *(Text(value) for _, value in d.properties),
        )
        for d in block.definitions
    )
    return Table("definitions", t("glossary.title"), tuple(Column(one, numeric=False) for one in titles), rows)
