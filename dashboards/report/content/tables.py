"""Tables of published numbers: metrics down the side, or groups down the side and metrics across."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dashboards.report.content.figures import COMPARISONS, change_of, part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Cell, Change, Column, Number, Table, Text
from dashboards.report.release import MetricDefinition, MetricRow


def metric_table(material: Material, table_id: str, caption: str, metrics: Sequence[MetricDefinition]) -> Table:
    """Metrics over all groups: value, numerator, denominator, n, and the changes to the two earlier quarters."""
    t = material.text
    columns = (
        Column(t("column.metric"), numeric=False),
        Column(material.period),
        Column(t("column.numerator")),
        Column(t("column.denominator")),
        Column(t("column.n"), hint=t("column.n_hint")),
        *_change_columns(material),
    )
    rows: list[tuple[Cell, ...]] = []
    for definition in metrics:
        row = material.total(definition.metric)
        rows.append(
            (
                Text(definition.label, head=True),
                value_of(row, definition),
                part_of(row, "numerator"),
                part_of(row, "denominator"),
                part_of(row, "n"),
                *_changes(material, row, definition),
            )
        )
    notes = remarks_on(material, rows)
    if material.quarter.now.in_progress:
        notes.append(t("note.in_progress_sums"))
    return Table(table_id, caption, columns, tuple(rows), tuple(notes))


def group_table(
    material: Material,
    table_id: str,
    caption: str,
    *,
    group_by: str,
    rows: Sequence[MetricRow],
    metrics: Sequence[MetricDefinition],
    places: Mapping[str, int] | None = None,
    hide_small: bool = False,
    notes: Sequence[str] = (),
) -> Table:
    """Groups of one grouping with several metrics each; groups in the order of `rows`.

    With `places` it is a league table: groups that have a place show it, and rates of too few cases are hidden, as
    they are with `hide_small`.
    """
    t = material.text
    league = places is not None
    shown = {definition.metric for definition in metrics}
    by_key = {(row.group_value, row.metric): row for row in rows}
    labels = {row.group_value: row.group_label for row in rows if row.metric in shown}
    lines: list[tuple[Cell, ...]] = []
    for group_value, label in labels.items():
        cells = [value_of(by_key.get((group_value, d.metric)), d, league=league or hide_small) for d in metrics]
        lead: tuple[Cell, ...] = ()
        if places is not None:
            lead = (Text(str(places.get(group_value, "")), mark="muted"),)
        lines.append((*lead, Text(label, head=True), *cells))
    columns = [Column(material.grouping(group_by), numeric=False), *(Column(d.label) for d in metrics)]
    if league:
        columns.insert(0, Column(t("column.place")))
    return Table(table_id, caption, tuple(columns), tuple(lines), (*notes, *remarks_on(material, lines)))


def movement_table(
    material: Material, table_id: str, caption: str, *, group_by: str, rows: Sequence[MetricRow], metric: str
) -> Table:
    """Groups of one grouping with one metric: the value and its changes to the two earlier quarters."""
    definition = material.definitions[metric]
    columns = (
        Column(material.grouping(group_by), numeric=False),
        Column(definition.label),
        *_change_columns(material),
    )
    lines: list[tuple[Cell, ...]] = [
        (
            Text(row.group_label, head=True),
            value_of(row, definition),
            *_changes(material, row, definition),
        )
        for row in rows
        if row.metric == metric
    ]
    return Table(table_id, caption, columns, tuple(lines), tuple(remarks_on(material, lines)))


def _change_columns(material: Material) -> list[Column]:
    against = [(one, material.quarter.against(one)) for one in COMPARISONS]
    return [
        Column(material.text("column.change_on", period=period) if period else material.text(f"column.change_{one}"))
        for one, period in against
    ]


def _changes(material: Material, row: MetricRow | None, definition: MetricDefinition) -> list[Change]:
    return [change_of(row, definition, material.quarter, one) for one in COMPARISONS]


def remarks_on(material: Material, lines: Iterable[Iterable[Cell]]) -> list[str]:
    """What the marks of the numbers in a table mean: hidden, of few cases, not decided yet."""
    numbers = [cell for line in lines for cell in line if isinstance(cell, Number)]
    marks = {
        "note.hidden": any(number.hidden for number in numbers),
        "note.small": any(number.small and not number.hidden for number in numbers),
        "note.pending": any(number.pending for number in numbers),
    }
    return [material.text(key) for key, seen in marks.items() if seen]
