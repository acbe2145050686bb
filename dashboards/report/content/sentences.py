"""The rules that write sentences over published numbers. Each sentence carries the ids of the rows it is built from.

A rule compares and picks; it computes no number that is not published. What it picks by is said in docs/report.md.
Numbers that rest on too few cases, now or then, are never put into a sentence about a change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dashboards.report.content.certainty import certainty
from dashboards.report.content.figures import ADDITIVE, Comparison, change_of, part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Change, Number, NumberFormat, Sentence, Verdict
from dashboards.report.release import MetricDefinition, MetricRow

MOST = 3  # changes that one sentence names
WHERE = ("owner_department", "category", "product_category", "channel", "region")  # groupings that `where` looks at
HALF = 0.5  # share of the excess hours that the first weak spots make up together
CLOSED_LOOP = "closed_loop_rate"
SLA = "sla_compliance"
# one only says again what the quarter before ended with, the other is itself a change and has no bound
NOT_RANKED = frozenset({"opening_backlog", "renewal_premium_growth"})


@dataclass(frozen=True)
class _Move:
    """A number that changed, with the row it is compared with and its size for ranking."""

    row: MetricRow
    definition: MetricDefinition
    change: Change
    size: float


def volume(material: Material) -> Sentence | None:
    """How many needs were raised, were valid, were settled, closed the loop."""
    rows = [material.total(m) for m in ("needs_raised", "needs_valid_raised", "resolution_rate", CLOSED_LOOP)]
    raised, valid, settled, closed = rows
    if raised is None or valid is None or settled is None or closed is None or not raised.value:
        return None
    text = material.texts.text(
        "sentence.volume",
        quarter=material.period,
        until=material.quarter.now.covered_until.isoformat(),
        raised=material.say(value_of(raised, material.definitions["needs_raised"])),
        valid=material.say(value_of(valid, material.definitions["needs_valid_raised"])),
        settled=material.say(part_of(settled, "numerator")),
        closed=material.say(part_of(closed, "numerator")),
        rate=material.say(value_of(closed, material.definitions[CLOSED_LOOP])),
    )
    return Sentence("volume", "volume", text, tuple(row.id for row in rows if row is not None))


def rates_that_changed_most(material: Material, comparison: Comparison, verdict: Verdict) -> Sentence | None:
    """The rates that improved (worsened) most against another quarter, by percentage points."""
    moves = _moves(material, comparison, lambda d: d.unit == "rate", lambda row, change: _size(change.amount))
    return _most(material, f"rates_{comparison}", comparison, verdict, moves)


def measures_that_changed_most(material: Material, comparison: Comparison, verdict: Verdict) -> Sentence | None:
    """The counts, hours and scores that improved (worsened) most against another quarter, relative to it.

    Sums of a quarter in progress are left out: they compare a part with a whole.
    """
    moves = _moves(
        material,
        comparison,
        lambda d: d.unit != "rate" and not (material.quarter.now.in_progress and d.additivity == ADDITIVE),
        lambda row, change: _size(change.amount) / abs(change.base.value) if change.base.value else 0.0,
    )
    return _most(material, f"measures_{comparison}", comparison, verdict, moves)


def _size(number: Number) -> float:
    return abs(number.value or 0.0)


def _moves(
    material: Material,
    comparison: Comparison,
    wanted: Callable[[MetricDefinition], bool],
    size: Callable[[MetricRow, Change], float],
) -> list[_Move]:
    against = material.quarter.against(comparison)
    moves = []
    for definition in material.definitions.values():
        row = material.total(definition.metric)
        then = material.total(definition.metric, against) if against else None
        if (
            definition.metric in NOT_RANKED
            or not wanted(definition)
            or row is None
            or then is None
            or row.is_small
            or then.is_small
        ):
            continue
        change = change_of(row, definition, material.quarter, comparison)
        moves.append(_Move(row, definition, change, size(row, change)))
    return moves


def _most(
    material: Material, rule: str, comparison: Comparison, verdict: Verdict, moves: Iterable[_Move]
) -> Sentence | None:
    against = material.quarter.against(comparison)
    found = sorted((m for m in moves if m.change.verdict is verdict and m.size > 0), key=lambda m: -m.size)[:MOST]
    if not found or against is None:
        return None
    items = [
        material.texts.text(
            "sentence.move",
            label=move.definition.label,
            before=material.say(move.change.base),
            now=material.say(value_of(move.row, move.definition)),
            change=material.say(move.change.amount),
            certainty=_certainty(material, move, against),
        )
        for move in found
    ]
    text = material.texts.text(
        f"sentence.most_{verdict}_{rule.split('_', 1)[0]}", period=against, items=material.texts.listed(items)
    )
    rows = [key for move in found for key in (move.row.id, _id_of(material, move, against))]
    return Sentence(f"{rule}_{verdict}", rule, text, tuple(rows), verdict)


def _certainty(material: Material, move: _Move, against: str) -> str:
    then = material.total(move.definition.metric, against)
    return certainty(material, move.row, then, move.definition) if then is not None else ""


def where(material: Material, verdict: Verdict) -> Sentence | None:
    """Where a rate improved (worsened) most on the quarter before.

    The rate that did so most, of those that have a group with enough cases in both quarters, and that group.
    """
    against = material.quarter.against("previous")
    moves = _moves(material, "previous", lambda d: d.unit == "rate", lambda row, change: _size(change.amount))
    for rate in sorted((m for m in moves if m.change.verdict is verdict), key=lambda m: -m.size):
        groups = _group_moves(material, rate.definition, against or "", verdict)
        if groups:
            move, earlier = max(groups, key=lambda pair: pair[0].size)
            text = material.texts.text(
                f"sentence.where_{verdict}",
                metric=move.definition.label,
                group=move.row.group_label,
                grouping=material.grouping(move.row.group_by),
                before=material.say(move.change.base),
                now=material.say(value_of(move.row, move.definition)),
                change=material.say(move.change.amount),
                period=against,
                certainty=certainty(material, move.row, earlier, move.definition),
            )
            return Sentence(f"where_{verdict}", "where", text, (move.row.id, earlier.id), verdict)
    return None


def _group_moves(
    material: Material, metric: MetricDefinition, against: str, verdict: Verdict
) -> list[tuple[_Move, MetricRow]]:
    """The changes of one metric in the main groupings, each with the row it is compared with."""
    found = []
    for group_by in WHERE:
        then = {row.group_value: row for row in material.release.rows([against], group_by, [metric.metric])}
        for row in material.group(group_by, [metric.metric]):
            earlier = then.get(row.group_value)
            if earlier is None or row.is_small or earlier.is_small:
                continue
            change = change_of(row, metric, material.quarter, "previous")
            if change.verdict is verdict:
                found.append((_Move(row, metric, change, _size(change.amount)), earlier))
    return found


def _id_of(material: Material, move: _Move, period: str) -> str:
    row = material.total(move.definition.metric, period)
    return row.id if row is not None else move.row.id


def backlog(material: Material) -> Sentence | None:
    """How the backlog moved within the quarter and how many of its needs are older than 60 days."""
    opening, closing, old = (material.total(m) for m in ("opening_backlog", "closing_backlog", "backlog_age_61_plus"))
    if opening is None or closing is None or old is None or opening.value is None or closing.value is None:
        return None
    if old.value is None:
        return None
    verdict = Verdict.NEUTRAL
    if opening.value != closing.value:
        verdict = Verdict.BAD if closing.value > opening.value else Verdict.GOOD
    word = {Verdict.BAD: "grew", Verdict.GOOD: "shrank", Verdict.NEUTRAL: "stayed"}[verdict]
    text = material.texts.text(
        f"sentence.backlog_{word}",
        opening=material.say(Number(opening.value, NumberFormat.COUNT)),
        closing=material.say(Number(closing.value, NumberFormat.COUNT)),
        old=material.say(Number(old.value, NumberFormat.COUNT)),
    )
    return Sentence("backlog", "backlog", text, (opening.id, closing.id, old.id), verdict)


def weakest_grade(material: Material) -> Sentence | None:
    """The grade that keeps its deadlines least often."""
    rows = [r for r in material.grades if r.metric == SLA and not r.is_small and r.value is not None]
    if len(rows) < 2:
        return None
    weakest = min(rows, key=lambda row: (row.value or 0.0, row.group_value))
    text = material.texts.text(
        "sentence.weakest_grade",
        grade=weakest.group_label,
        value=material.say(value_of(weakest, material.definitions[SLA])),
        met=material.say(part_of(weakest, "numerator")),
        due=material.say(part_of(weakest, "denominator")),
    )
    return Sentence("weakest_grade", "weakest_grade", text, tuple(row.id for row in rows))


def department_moves(material: Material, verdict: Verdict) -> Sentence | None:
    """The department whose closed-loop rate rose (fell) most against the quarter before."""
    against = material.quarter.against("previous")
    definition = material.definitions.get(CLOSED_LOOP)
    if against is None or definition is None:
        return None
    then = {r.group_value: r for r in material.release.rows([against], "owner_department", [CLOSED_LOOP])}
    moves = []
    for row in material.departments:
        if row.metric != CLOSED_LOOP or row.group_value not in then or row.is_small or then[row.group_value].is_small:
            continue
        change = change_of(row, definition, material.quarter, "previous")
        if change.verdict is verdict:
            moves.append(_Move(row, definition, change, _size(change.amount)))
    if not moves:
        return None
    most = max(moves, key=lambda move: move.size)
    text = material.texts.text(
        f"sentence.department_{verdict}",
        department=most.row.group_label,
        metric=definition.label,
        period=against,
        before=material.say(most.change.base),
        now=material.say(value_of(most.row, definition)),
        change=material.say(most.change.amount),
    )
    rows = (most.row.id, then[most.row.group_value].id)
    return Sentence(f"department_{verdict}", "department", text, rows, verdict)


def worst_weak_spot(material: Material) -> Sentence | None:
    """The weak spot with the most excess hours, and how few spots make up half of all."""
    spots = material.weak_spots
    if not spots or not spots[0].excess_need_hours:
        return None
    first = spots[0]
    text = material.texts.text(
        "sentence.worst_weak_spot",
        spot=weak_spot_name(first.category, first.owner_department, first.product_category),
        hours=material.say(Number(first.excess_need_hours, NumberFormat.HOURS)),
        share=material.say(Number(first.share, NumberFormat.RATE)),
    )
    rows = [first.id]
    half = next((s for s in spots if s.cumulative_share is not None and s.cumulative_share >= HALF), None)
    if half is not None and half.rank > 1:
        text += material.texts.text(
            "sentence.half_of_weak_spots",
            first=half.rank,
            spots=len(spots),
            share=material.say(Number(half.cumulative_share, NumberFormat.RATE)),
        )
        rows.append(half.id)
    return Sentence("worst_weak_spot", "worst_weak_spot", text, tuple(rows))


def weak_spot_name(*parts: str) -> str:
    """Category, department and product category as one name."""
    return " · ".join(parts)


def small_numbers(material: Material, metrics: Sequence[MetricDefinition]) -> Sentence | None:
    """Which of some metrics rest on too few cases this quarter."""
    rows = [
        (definition, row)
        for definition in metrics
        if (row := material.total(definition.metric)) is not None
        and row.is_small
        and definition.additivity != ADDITIVE
        and row.value is not None
    ]
    if not rows:
        return None
    items = [material.texts.text("sentence.small_item", label=d.label, n=row.n) for d, row in rows]
    text = material.texts.text("sentence.small", items=material.texts.listed(items))
    return Sentence("small_numbers", "small_numbers", text, tuple(row.id for _, row in rows))


def findings(material: Material) -> tuple[Sentence, ...]:
    """The sentences for the first page, the most important first."""
    good, bad = Verdict.GOOD, Verdict.BAD
    rules: tuple[Sentence | None, ...] = (
        volume(material),
        rates_that_changed_most(material, "previous", good),
        rates_that_changed_most(material, "previous", bad),
        where(material, bad),
        where(material, good),
        measures_that_changed_most(material, "previous", good),
        measures_that_changed_most(material, "previous", bad),
        rates_that_changed_most(material, "year_before", good),
        rates_that_changed_most(material, "year_before", bad),
        backlog(material),
        worst_weak_spot(material),
        small_numbers(material, list(material.definitions.values())),
    )
    return tuple(sentence for sentence in rules if sentence is not None)
