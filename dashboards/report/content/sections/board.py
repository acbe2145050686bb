"""The tracking board in short: what is open, what is overdue, who answers for it."""

from __future__ import annotations

from dashboards.report.content.material import Material
from dashboards.report.content.model import (
    Block,
    Cell,
    Chart,
    ChartGroup,
    ChartKind,
    Column,
    Number,
    NumberFormat,
    Point,
    Section,
    Sentence,
    Series,
    Table,
    Text,
    Verdict,
)
from dashboards.report.number_text import NOTHING
from dashboards.report.release import BoardSummary

LISTED = 15  # needs; the dashboard has the whole board
ALL = "all"


def board(material: Material) -> Section:
    """Open needs by accountable department, and the ones that are overdue the longest."""
    t = material.texts.text
    as_of = material.as_of.isoformat()
    title, lead = t("board.title"), t("board.lead", as_of=as_of)
    summary = material.release.board_summary()
    if not summary:
        return Section("board", title, lead, (material.empty("empty.board"),))
    total = summary[-1]
    departments = [one for one in summary if one.department != ALL]
    blocks: list[Block] = [
        ChartGroup((_chart(material, departments, "open"), _chart(material, departments, "overdue"))),
        _by_department(material, summary),
        _list(material),
    ]
    text = t(
        "message.board",
        open=material.say(_count(total, "open_needs")),
        overdue=material.say(_count(total, "overdue")),
        soon=material.say(_count(total, "due_soon")),
        hours=total.due_soon_hours,
    )
    message = Sentence("board", "board", text, (total.id,), Verdict.BAD if total.overdue else Verdict.GOOD)
    return Section("board", title, lead, tuple(blocks), message=message)


def _count(one: BoardSummary, field: str) -> Number:
    return Number(float(getattr(one, field)), NumberFormat.COUNT, one.id, field)


def _chart(material: Material, departments: list[BoardSummary], what: str) -> Chart:
    t = material.texts.text
    title, field = t(f"board.{what}"), "open_needs" if what == "open" else "overdue"
    points = tuple(Point(one.department, one.label, _count(one, field)) for one in departments)
    values = material.texts.listed([f"{p.label} {material.say(p.number)}" for p in points])
    series = (Series(title, points),)
    return Chart(f"board-{what}", ChartKind.BARS, title, f"{title}. {values}.", series, t("column.accountable"))


def _by_department(material: Material, summary: list[BoardSummary]) -> Table:
    t = material.texts.text
    columns = (
        Column(t("column.accountable"), numeric=False),
        Column(t("board.open")),
        Column(t("board.overdue")),
        Column(t("board.soon", hours=summary[-1].due_soon_hours)),
        Column(t("board.overdue_hours")),
        Column(t("board.most_overdue")),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            Text(one.label if one.department != ALL else t("board.all"), head=True),
            _count(one, "open_needs"),
            _count(one, "overdue"),
            _count(one, "due_soon"),
            Number(one.overdue_hours, NumberFormat.HOURS, one.id, "overdue_hours"),
            Number(one.most_overdue_hours, NumberFormat.HOURS, one.id, "most_overdue_hours"),
        )
        for one in summary
    ]
    return Table("board-departments", t("board.by_department", as_of=material.as_of.isoformat()), columns, tuple(rows))


def _list(material: Material) -> Table:
    t = material.texts.text
    columns = (
        Column(t("column.place")),
        Column(t("column.need"), numeric=False),
        Column(material.grouping("category"), numeric=False),
        Column(material.grouping("grade"), numeric=False),
        Column(t("column.accountable"), numeric=False),
        Column(t("column.responsible"), numeric=False),
        Column(t("column.due_at"), numeric=False),
        Column(t("column.hours_to_due")),
        Column(t("column.last_event"), numeric=False),
        Column(t("column.days_since")),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            Text(str(need.rank), mark="muted"),
            Text(need.need_id, head=True),
            Text(need.category),
            Text(need.grade),
            Text(need.accountable),
            Text(need.responsible),
            Text(f"{need.due_at:%Y-%m-%d %H:%M}"),
            Number(need.hours_to_due, NumberFormat.HOURS, need.id, "hours_to_due"),
            Text(need.last_event or NOTHING),
            Number(need.days_since_last_event, NumberFormat.QUANTITY, need.id, "days_since_last_event"),
        )
        for need in material.release.board(LISTED)
    ]
    return Table("board-list", t("board.list", needs=LISTED), columns, tuple(rows), (t("board.note"),))


def responsibilities(material: Material) -> Section:
    """The RACI matrix: who answers for which category of needs."""
    t = material.texts.text
    title, lead = t("raci.title"), t("raci.lead")
    cells = material.release.responsibilities()
    if not cells:
        return Section("raci", title, lead, (material.empty("empty.raci"),), annex=True)
    departments = list(dict.fromkeys(one.department for one in cells))
    roles = {(one.category, one.department): one.roles for one in cells}
    columns = (Column(material.grouping("category"), numeric=False), *(Column(d, numeric=False) for d in departments))
    rows: list[tuple[Cell, ...]] = [
        (Text(category, head=True), *(Text(roles.get((category, d), NOTHING)) for d in departments))
        for category in dict.fromkeys(one.category for one in cells)
    ]
    return Section("raci", title, lead, (Table("raci-matrix", title, columns, tuple(rows)),), annex=True)
