"""Tables and bars of published rows that are no metrics, such as the tracking board, by declared columns.

A column is [field, title, form]. The title is the key of a text, or `group.<grouping>`. The form is one of
`NumberFormat`, `NUMBERS` or `WORDS`; `change` after it writes a difference with its sign, `hidden` hides the number
in rows of few cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboards.report.content.charts import bars
from dashboards.report.content.figures import format_of, format_of_mean
from dashboards.report.content.material import ALL, Material
from dashboards.report.content.model import Block, Cell, Chart, Column, Number, NumberFormat, Point, Table, Text
from dashboards.report.content.tables import remarks_on
from dashboards.report.number_text import NOTHING

_OUTCOMES = {
    "time_to_resolution_hours": NumberFormat.HOURS,
    "csat": NumberFormat.SCORE,
}  # of experiments; others: rates
_MARKS: Mapping[str, Any] = {"better": "good", "worse": "bad", "blocking": "bad", "warning": "none"}


def records(
    material: Material,
    section: str,
    *,
    of: str,
    name: str,
    columns: Sequence[Sequence[str]],
    caption: str = "",
    notes: Sequence[str] = (),
    limit: int | None = None,
    more: str = "",
) -> list[Block]:
    """A table of rows that the release has, the first `limit` of them; `more` says how many there are."""
    rows = material.rows(of)
    if not rows:
        return []
    lines = [tuple(_cell(material, row, field, form) for field, _, form in columns) for row in rows[:limit]]
    heads = tuple(
        Column(heading(material, title, **vars(rows[-1])), numeric=form == "place" or form not in WORDS)
        for _, title, form in columns
    )
    said = [material.text(key) for key in notes]
    if more and limit is not None and len(rows) > limit:
        said.append(material.text(more, count=len(rows), shown=limit))
    title = material.text(caption or f"{section}.caption", shown=limit)
    return [Table(name, title, heads, tuple(lines), (*said, *remarks_on(material, lines)))]


def raci_matrix(material: Material, _: str) -> list[Block]:
    """Who answers for which category of needs: categories downwards, departments across."""
    found = material.rows("responsibilities")
    departments = list(dict.fromkeys(one.department for one in found))
    roles = {(one.category, one.department): one.roles for one in found}
    columns = (Column(material.grouping("category"), numeric=False), *(Column(d, numeric=False) for d in departments))
    lines: list[tuple[Cell, ...]] = [
        (Text(category, head=True), *(Text(roles.get((category, d), NOTHING)) for d in departments))
        for category in dict.fromkeys(one.category for one in found)
    ]
    return [Table("raci-matrix", material.text("raci.title"), columns, tuple(lines))]


def record_bars(
    material: Material,
    *,
    of: str,
    point: Sequence[str],
    value: Sequence[str],
    name: str,
    title: str,
    axis: str,
    series: str = "",
) -> Chart | None:
    """One number of such rows as bars; `point` names key and label, `value` the field and form of the number."""
    key, label = point
    points = [
        Point(getattr(row, key), getattr(row, label), _number(material, row, *value)) for row in material.rows(of)
    ]
    return bars(
        material,
        name,
        material.text(title),
        points,
        axis=heading(material, axis),
        series=material.text(series or title),
    )


def heading(material: Material, title: str, **values: object) -> str:
    """The title of a column or axis: what a grouping is called, or a text."""
    kind, _, name = title.partition(".")
    return material.grouping(name) if kind == "group" else material.text(title, **values)


def _cell(material: Material, row: Any, field: str, form: str) -> Cell:
    words = WORDS.get(form)
    return words(material, row, getattr(row, field)) if words else _number(material, row, field, form)


def _number(material: Material, row: Any, field: str, form: str) -> Number:
    name, *marks = form.split()
    fmt = NUMBERS[name](material, row) if name in NUMBERS else NumberFormat(name)
    if "hidden" in marks and row.is_small:
        return Number(None, fmt, row.id, field, hidden=True)
    return Number(getattr(row, field), fmt, row.id, field, change="change" in marks)


def _metric_format(material: Material, row: Any) -> NumberFormat:
    definition = material.definitions.get(row.metric)
    return format_of(definition) if definition else NumberFormat.QUANTITY


NUMBERS: Mapping[str, Callable[[Material, Any], NumberFormat]] = {
    "unit": lambda material, row: format_of_mean(row.unit),
    "metric_value": _metric_format,
    "experiment": lambda material, row: _OUTCOMES.get(row.metric, NumberFormat.RATE),
}


def _text(value: Any) -> Text:
    return Text(str(value or NOTHING))


def _group(material: Material, row: Any, value: Any) -> Text:
    return Text(material.text("board.all") if value == ALL else row.label, head=True)


def _restated_group(material: Material, row: Any, value: Any) -> Text:
    return Text(material.text("board.all") if value == ALL else f"{material.grouping(value)} · {row.group_label}")


def _signal(material: Material, row: Any, value: Any) -> Text:
    kind = material.text(f"improvement-loop.{value}")
    return Text(kind if row.category == ALL else f"{kind} · {row.category_label}")


def _verdict(material: Material, row: Any, value: Any) -> Text:
    reason = getattr(row, "reason", "") or material.text(f"verdict.{value}")
    return Text(reason, mark=_MARKS.get(value, "muted"))


WORDS: Mapping[str, Callable[[Material, Any, Any], Text]] = {
    "head": lambda material, row, value: Text(value or NOTHING, head=True),
    "text": lambda material, row, value: _text(value),
    "place": lambda material, row, value: Text(str(value), mark="muted"),
    "moment": lambda material, row, value: _text(value and f"{value:%Y-%m-%d %H:%M}"),
    "group": _group,
    "metric": lambda material, row, value: Text(material.label(value), head=True),
    "outcome": lambda material, row, value: _text(
        material.texts.texts.get(f"experiments.{value}") or material.label(value)
    ),
    "restated_group": _restated_group,
    "line": lambda material, row, value: _text(value and f"{value}:{row.line}"),
    "signal": _signal,
    "verdict": _verdict,
    "severity": lambda material, row, value: Text(material.text(f"severity.{value}"), mark=_MARKS.get(value, "none")),
    "what_it_means": lambda material, row, value: _text(" ".join(part for part in (value, row.remedy) if part)),
}
