"""Weak spots: where needs are overdue the longest, the worst first, with the cumulative share."""

from __future__ import annotations

from dashboards.report.content.material import Material
from dashboards.report.content.messages import weak_spot_message
from dashboards.report.content.model import (
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Number,
    NumberFormat,
    Point,
    Section,
    Sentences,
    Series,
    Table,
    Text,
)
from dashboards.report.content.sentences import weak_spot_name, worst_weak_spot
from dashboards.report.release import WeakSpot

IN_CHART = 10  # bars that can be read on a page
IN_TABLE = 20


def weak_spots(material: Material) -> Section:
    """The Pareto chart and table of the quarter's weak spots."""
    t = material.texts.text
    title, lead = t("weak.title"), t("weak.lead")
    spots = [spot for spot in material.weak_spots if spot.excess_need_hours > 0]
    if not spots:
        return Section("weak-spots", title, lead, (material.empty("empty.weak_spots"),))
    blocks: list[Block] = []
    sentence = worst_weak_spot(material)
    if sentence is not None:
        blocks.append(Sentences((sentence,)))
    blocks += [_pareto(material, spots[:IN_CHART]), _table(material, spots)]
    return Section("weak-spots", title, lead, tuple(blocks), message=weak_spot_message(material))


def _hours(spot: WeakSpot) -> Number:
    return Number(spot.excess_need_hours, NumberFormat.HOURS, spot.id, "excess_need_hours")


def _cumulative(spot: WeakSpot) -> Number:
    return Number(spot.cumulative_share, NumberFormat.RATE, spot.id, "cumulative_share")


def _pareto(material: Material, spots: list[WeakSpot]) -> Chart:
    t = material.texts.text
    labels = [
        "\n".join((spot.category, weak_spot_name(spot.owner_department, spot.product_category))) for spot in spots
    ]
    hours = tuple(Point(str(s.rank), label, _hours(s)) for s, label in zip(spots, labels, strict=True))
    shares = tuple(Point(str(s.rank), label, _cumulative(s)) for s, label in zip(spots, labels, strict=True))
    title = t("weak.chart", quarter=material.period)
    values = material.texts.listed(
        [
            f"{weak_spot_name(s.category, s.owner_department, s.product_category)} {material.say(_hours(s))}"
            for s in spots
        ]
    )
    series = (Series(t("column.excess_hours"), hours), Series(t("column.cumulative_share"), shares))
    return Chart("pareto", ChartKind.PARETO, title, f"{title}. {values}.", series, t("column.weak_spot"), wide=True)


def _table(material: Material, spots: list[WeakSpot]) -> Table:
    t = material.texts.text
    columns = (
        Column(t("column.place")),
        Column(material.grouping("category"), numeric=False),
        Column(material.grouping("owner_department"), numeric=False),
        Column(material.grouping("product_category"), numeric=False),
        Column(t("column.excess_hours")),
        Column(t("column.needs")),
        Column(t("column.share")),
        Column(t("column.cumulative_share")),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            Text(str(spot.rank), mark="muted"),
            Text(spot.category, head=True),
            Text(spot.owner_department),
            Text(spot.product_category),
            _hours(spot),
            Number(spot.needs, NumberFormat.COUNT, spot.id, "needs"),
            Number(spot.share, NumberFormat.RATE, spot.id, "share"),
            _cumulative(spot),
        )
        for spot in spots[:IN_TABLE]
    ]
    notes = (t("weak.more", shown=IN_TABLE, spots=len(spots)),) if len(spots) > IN_TABLE else ()
    return Table("weak-spot-list", t("weak.caption", quarter=material.period), columns, tuple(rows), notes)
