"""What has changed in quarters that were closed: old and new numbers, and the rows that came afterwards."""

from __future__ import annotations

from dashboards.report.content.figures import format_of
from dashboards.report.content.material import ALL, Material
from dashboards.report.content.model import (
    Block,
    Cell,
    Column,
    Note,
    Number,
    NumberFormat,
    Sentence,
    Sentences,
    Table,
    Text,
    Verdict,
)
from dashboards.report.number_text import NOTHING
from dashboards.report.release import ClosedQuarter, Restatement

LISTED = 30


def restatement_blocks(material: Material) -> list[Block]:
    """Whether the report's quarter and those it is compared with were closed, and what was restated since."""
    t = material.texts.text
    now = material.quarter.now
    shown = [period for period in (now.period, now.previous, now.year_before) if period]
    closed = [one for one in material.release.closed_quarters() if one.quarter in shown]
    if not closed:
        return [Note(t("restated.not_closed", quarter=material.period))]
    blocks: list[Block] = [Sentences(tuple(_sentence(material, one) for one in closed))]
    restated = material.release.restatements([one.quarter for one in closed])
    if restated:
        blocks += [_numbers(material, restated), _causes(material, [one.quarter for one in closed])]
    return blocks


def _sentence(material: Material, one: ClosedQuarter) -> Sentence:
    text = material.texts.text(
        "restated.changed" if one.restated_numbers else "restated.unchanged",
        quarter=one.quarter,
        on=f"{material.local(one.closed_at):%Y-%m-%d}",
        release=one.release_id,
        numbers=f"{one.numbers:,}",
        restated=f"{one.restated_numbers:,}",
        metrics=one.restated_metrics,
    )
    verdict = Verdict.BAD if one.restated_numbers else Verdict.GOOD
    return Sentence(f"closed_{one.quarter}", "closed", text, (f"closed_quarter/{one.quarter}",), verdict)


def _numbers(material: Material, restated: list[Restatement]) -> Table:
    """Numbers over all groups first; the rest is in mart_restatements."""
    t = material.texts.text
    columns = (
        Column(t("column.quarter"), numeric=False),
        Column(t("column.metric"), numeric=False),
        Column(t("restated.group"), numeric=False),
        Column(t("restated.old")),
        Column(t("restated.new")),
        Column(t("restated.cause"), numeric=False),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in restated[:LISTED]:
        definition = material.definitions.get(one.metric)
        form = format_of(definition) if definition else NumberFormat.QUANTITY
        group = t("board.all") if one.group_by == ALL else f"{material.grouping(one.group_by)} · {one.group_label}"
        rows.append(
            (
                Text(one.period),
                Text(material.label(one.metric), head=True),
                Text(group),
                Number(one.old_value, form, one.id, "old_value"),
                Number(one.new_value, form, one.id, "new_value"),
                Text(one.cause),
            )
        )
    notes = (t("restated.more", shown=LISTED, restated=len(restated)),) if len(restated) > LISTED else ()
    return Table("restatements", t("restated.caption"), columns, tuple(rows), notes)


def _causes(material: Material, quarters: list[str]) -> Table:
    t = material.texts.text
    columns = (
        Column(t("column.quarter"), numeric=False),
        Column(t("restated.kind"), numeric=False),
        Column(t("restated.name"), numeric=False),
        Column(t("restated.key"), numeric=False),
        Column(t("restated.file"), numeric=False),
        Column(t("restated.changed_columns"), numeric=False),
        Column(t("column.last_loaded", zone=material.zone), numeric=False),
    )
    causes = material.release.restatement_causes(quarters)
    rows: list[tuple[Cell, ...]] = [
        (
            Text(one.quarter),
            Text(one.kind, head=True),
            Text(one.name),
            Text(one.row_key or NOTHING),
            Text(f"{one.file}:{one.line}" if one.file else NOTHING),
            Text(one.changed_columns or NOTHING),
            Text(f"{one.loaded_at:%Y-%m-%d %H:%M}" if one.loaded_at else NOTHING),
        )
        for one in causes[:LISTED]
    ]
    notes = (t("restated.more_causes", shown=LISTED, causes=len(causes)),) if len(causes) > LISTED else ()
    return Table("restatement-causes", t("restated.causes"), columns, tuple(rows), notes)
