"""The rules that write sentences about what changed. Each sentence carries the ids of the rows it is built from.

A rule compares and picks; it computes no number that is not published. What it picks by is said in docs/report.md.
Numbers that rest on too few cases, now or then, never get into a sentence about a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.report.content.certainty import certainty
from dashboards.report.content.figures import ADDITIVE, Comparison, change_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Change, Number, NumberFormat, Sentence, Verdict
from dashboards.report.release import MetricDefinition, MetricRow

_MOST = 3  # changes that one sentence names
_WHERE = ("owner_department", "category", "product_category", "channel", "region")  # groupings that `where` looks at
_CLOSED_LOOP = "closed_loop_rate"
# one only repeats what the quarter before ended with, the other is itself a change and has no bound
_NOT_RANKED = frozenset({"opening_backlog", "renewal_premium_growth"})


@dataclass(frozen=True)
class _Move:
    """A number that changed, with the row it is compared with."""

    row: MetricRow
    then: MetricRow
    definition: MetricDefinition
    change: Change

    @property
    def size(self) -> float:
        """What changes are ranked by: percentage points of rates, of other numbers the change relative to before."""
        amount, base = abs(self.change.amount.value or 0.0), self.change.base.value
        if self.definition.unit == "rate":
            return amount
        return amount / abs(base) if base else 0.0

    def words(self, material: Material) -> dict[str, str]:
        """Before, now and the change, to be put into a sentence."""
        return {
            "before": material.say(self.change.base),
            "now": material.say(value_of(self.row, self.definition)),
            "change": material.say(self.change.amount),
            "certainty": certainty(material, self.row, self.then, self.definition),
        }


def changed_most(material: Material, what: str, comparison: Comparison, verdict: str) -> Sentence | None:
    """The rates, or the counts, hours and scores (`measures`), that improved (worsened) most against another quarter.

    Sums of a quarter in progress are left out: they compare a part with a whole.
    """
    partial = material.quarter.now.in_progress
    moves = [
        move
        for move in _moves(material, comparison)
        if (move.definition.unit == "rate") is (what == "rates")
        and move.change.verdict == verdict
        and move.size > 0
        and not (partial and move.definition.additivity == ADDITIVE)
    ]
    if not moves:
        return None
    ranked = sorted(moves, key=lambda move: -move.size)[:_MOST]
    items = [material.text("sentence.move", label=move.definition.label, **move.words(material)) for move in ranked]
    text = material.text(
        f"sentence.most_{verdict}_{what}",
        period=material.quarter.against(comparison),
        items=material.texts.listed(items),
    )
    rows = tuple(row.id for move in ranked for row in (move.row, move.then))
    return Sentence(f"{what}_{comparison}_{verdict}", f"{what}_{comparison}", text, rows, Verdict(verdict))


def _moves(material: Material, comparison: Comparison) -> list[_Move]:
    against = material.quarter.against(comparison)
    moves = []
    for definition in material.definitions.values():
        row = material.total(definition.metric)
        then = material.total(definition.metric, against) if against else None
        if row is None or then is None or row.is_small or then.is_small or definition.metric in _NOT_RANKED:
            continue
        moves.append(_Move(row, then, definition, change_of(row, definition, material.quarter, comparison)))
    return moves


def where(material: Material, verdict: str) -> Sentence | None:
    """Where a rate improved (worsened) most on the quarter before.

    The rate that did so most, of those that have a group with enough cases in both quarters, and that group.
    """
    rates = [m for m in _moves(material, "previous") if m.definition.unit == "rate" and m.change.verdict == verdict]
    for rate in sorted(rates, key=lambda m: -m.size):
        if (most := _largest_in_groups(material, rate.definition, Verdict(verdict), _WHERE)) is not None:
            return _in_group(material, "where", most)
    return None


def department_moves(material: Material, verdict: str) -> Sentence | None:
    """The department whose closed-loop rate rose (fell) most against the quarter before."""
    definition = material.definitions.get(_CLOSED_LOOP)
    if definition is None:
        return None
    most = _largest_in_groups(material, definition, Verdict(verdict), ["owner_department"])
    return _in_group(material, "department", most) if most is not None else None


def _largest_in_groups(
    material: Material, metric: MetricDefinition, verdict: Verdict, groupings: Sequence[str]
) -> _Move | None:
    """The largest change of a metric in the groups that have enough cases in both quarters."""
    against = material.quarter.against("previous")
    moves = []
    for group_by in groupings if against else ():
        then = {row.group_value: row for row in material.release.rows([against or ""], group_by, [metric.metric])}
        for row in material.group(group_by, [metric.metric]):
            earlier = then.get(row.group_value)
            if earlier is not None and not row.is_small and not earlier.is_small:
                moves.append(_Move(row, earlier, metric, change_of(row, metric, material.quarter, "previous")))
    return max((m for m in moves if m.change.verdict is verdict), key=lambda move: move.size, default=None)


def _in_group(material: Material, rule: str, move: _Move) -> Sentence:
    verdict = move.change.verdict
    text = material.text(
        f"sentence.{rule}_{verdict}",
        metric=move.definition.label,
        group=move.row.group_label,
        grouping=material.grouping_in_text(move.row.group_by),
        period=material.quarter.against("previous"),
        **move.words(material),
    )
    return Sentence(f"{rule}_{verdict}", rule, text, (move.row.id, move.then.id), verdict)


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
    text = material.text(
        f"sentence.backlog_{word}",
        opening=material.say(Number(opening.value, NumberFormat.COUNT)),
        closing=material.say(Number(closing.value, NumberFormat.COUNT)),
        old=material.say(Number(old.value, NumberFormat.COUNT)),
    )
    return Sentence("backlog", "backlog", text, (opening.id, closing.id, old.id), verdict)


def small_numbers(material: Material) -> Sentence | None:
    """Which metrics rest on too few cases this quarter."""
    rows = [
        (definition, row)
        for definition in material.definitions.values()
        if (row := material.total(definition.metric)) is not None
        and row.is_small
        and definition.additivity != ADDITIVE
        and row.value is not None
    ]
    if not rows:
        return None
    items = [material.text("sentence.small_item", label=d.label, n=row.n) for d, row in rows]
    text = material.text("sentence.small", items=material.texts.listed(items))
    return Sentence("small_numbers", "small_numbers", text, tuple(row.id for _, row in rows))
