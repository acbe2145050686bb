"""From published rows to numbers of the report: formats by unit, changes and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboards.report.content.model import Change, Movement, Number, NumberFormat, Verdict
from dashboards.report.number_text import rounded
from dashboards.report.release import MetricDefinition, MetricRow, Period
from needloop.number_forms import form_of_unit

Comparison = Literal["previous", "year_before"]
COMPARISONS: tuple[Comparison, ...] = ("previous", "year_before")

ADDITIVE = "additive"


@dataclass(frozen=True)
class Quarter:
    """The quarter that the report is about, with the earlier ones that it may show."""

    now: Period
    history: tuple[Period, ...]

    def against(self, comparison: Comparison) -> str | None:
        """The quarter to compare with."""
        return self.now.previous if comparison == "previous" else self.now.year_before


def format_of(definition: MetricDefinition) -> NumberFormat:
    """How a metric's values are written; a unit that is not known is written as a plain quantity."""
    return NumberFormat(form_of_unit(definition.unit) or NumberFormat.QUANTITY)


def format_of_mean(unit: str) -> NumberFormat:
    """How means of a unit are written: those of counts with decimals."""
    return NumberFormat.SCORE if unit == "count" else NumberFormat(form_of_unit(unit) or NumberFormat.SCORE)


def value_of(row: MetricRow | None, definition: MetricDefinition, *, league: bool = False) -> Number:
    """A row's value, marked where it rests on too few cases; in a league table it is hidden then.

    Counts and sums are what they are, however few: neither marked nor hidden.
    """
    fmt = format_of(definition)
    if row is None:
        return Number(None, fmt)
    small = row.is_small and definition.additivity != ADDITIVE
    if league and small:
        return Number(None, fmt, row.id, small=True, hidden=True)
    if is_pending(row):
        return Number(None, fmt, row.id, pending=True)
    return Number(row.value, fmt, row.id, small=small and row.value is not None)


def is_pending(row: MetricRow) -> bool:
    """Whether a row has cases but no value yet: a cohort whose last test lies ahead."""
    return row.value is None and row.numerator is None and bool(row.denominator)


def part_of(row: MetricRow | None, field: Literal["numerator", "denominator", "n"]) -> Number:
    """What a row's value is made of."""
    if row is None:
        return Number(None, NumberFormat.QUANTITY, field=field)
    return Number(getattr(row, field), NumberFormat.QUANTITY, row.id, field)


def change_of(row: MetricRow | None, definition: MetricDefinition, quarter: Quarter, comparison: Comparison) -> Change:
    """A row's published change against another quarter, and whether it is good by the metric's direction.

    Sums of a quarter in progress are not judged: they compare a part with a whole.
    """
    return change_against(row, definition, quarter.against(comparison), comparison)


def change_against(
    row: MetricRow | None, definition: MetricDefinition, against: str | None, comparison: Comparison
) -> Change:
    """`change_of` for a row of any quarter, which is compared with the quarter `against`."""
    fmt = format_of(definition)
    if row is None:
        return Change(against, Number(None, fmt, change=True), Number(None, fmt), Movement.UNKNOWN, Verdict.NEUTRAL)
    previous = comparison == "previous"
    amount = Number(
        row.change_previous if previous else row.change_year_before,
        fmt,
        row.id,
        "change_previous" if previous else "change_year_before",
        change=True,
    )
    base = Number(
        row.previous_value if previous else row.year_before_value,
        fmt,
        row.id,
        "previous_value" if previous else "year_before_value",
    )
    movement = _movement(amount)
    judged = not (row.in_progress and definition.additivity == ADDITIVE)
    verdict = _verdict(movement, definition.direction) if judged else Verdict.NEUTRAL
    return Change(against, amount, base, movement, verdict)


def _movement(amount: Number) -> Movement:
    written = rounded(amount)
    if written is None:
        return Movement.UNKNOWN
    if written == 0:
        return Movement.FLAT
    return Movement.UP if written > 0 else Movement.DOWN


def _verdict(movement: Movement, direction: str) -> Verdict:
    better = {"higher": Movement.UP, "lower": Movement.DOWN}.get(direction)
    if better is None or movement not in (Movement.UP, Movement.DOWN):
        return Verdict.NEUTRAL
    return Verdict.GOOD if movement is better else Verdict.BAD
