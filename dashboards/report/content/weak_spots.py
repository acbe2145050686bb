"""Weak spots: where needs are overdue the longest, as a chart and as sentences."""

from __future__ import annotations

from dashboards.report.content.material import Material
from dashboards.report.content.model import Chart, ChartKind, Number, NumberFormat, Point, Sentence, Series
from dashboards.report.release import WeakSpot

_HALF = 0.5  # share of the overdue hours that the first weak spots make up together


def name_of(spot: WeakSpot) -> str:
    """Category, department and product category as one name."""
    return " · ".join((spot.category, spot.owner_department, spot.product_category))


def pareto(material: Material, bars: int) -> Chart:
    """The first weak spots by overdue hours, with the cumulative share."""
    spots: list[WeakSpot] = material.rows("weak_spots")[:bars]
    labels = [f"{spot.category}\n{spot.owner_department} · {spot.product_category}" for spot in spots]
    series = tuple(
        Series(
            material.text(f"column.{title}"),
            tuple(
                Point(str(spot.rank), label, Number(getattr(spot, field), form, spot.id, field))
                for spot, label in zip(spots, labels, strict=True)
            ),
        )
        for title, field, form in (
            ("excess_hours", "excess_need_hours", NumberFormat.HOURS),
            ("cumulative_share", "cumulative_share", NumberFormat.RATE),
        )
    )
    title = material.text("weak-spots.chart")
    values = material.texts.listed(
        [f"{name_of(s)} {material.say(p.number)}" for s, p in zip(spots, series[0].points, strict=True)]
    )
    axis = material.text("column.weak_spot")
    return Chart("pareto", ChartKind.PARETO, title, f"{title}. {values}.", series, axis, wide=True)


def weak_spot_message(material: Material) -> Sentence | None:
    """Where most overdue hours are."""
    return _worst(material, "message.weak_spot", "weak_spot_message")


def worst_weak_spot(material: Material) -> Sentence | None:
    """The weak spot with the most overdue hours, and how few spots make up half of all."""
    worst, spots = _worst(material, "sentence.worst_weak_spot", "worst_weak_spot"), material.weak_spots
    half = next((s for s in spots if s.cumulative_share is not None and s.cumulative_share >= _HALF), None)
    if worst is None or half is None or half.rank == 1:
        return worst
    share = material.say(Number(half.cumulative_share, NumberFormat.RATE))
    text = material.text("sentence.half_of_weak_spots", first=half.rank, spots=len(spots), share=share)
    return Sentence(worst.id, worst.rule, worst.text + text, (*worst.rows, half.id))


def _worst(material: Material, key: str, rule: str) -> Sentence | None:
    first = next(iter(material.weak_spots), None)
    if first is None or not first.excess_need_hours:
        return None
    text = material.text(
        key,
        spot=name_of(first),
        hours=material.say(Number(first.excess_need_hours, NumberFormat.HOURS)),
        share=material.say(Number(first.share, NumberFormat.RATE)),
    )
    return Sentence(rule, rule, text, (first.id,))
