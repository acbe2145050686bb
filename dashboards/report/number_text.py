"""Numbers as words: the one place that decides decimals, signs, separators and units, for each language."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from dashboards.report.content.model import Number, NumberFormat
from needloop.document_forms import Language

NOTHING = "–"
HIDDEN = "·"
PENDING = "○"
MINUS = "\N{MINUS SIGN}"

DECIMALS: dict[NumberFormat, int] = {
    NumberFormat.COUNT: 0,
    NumberFormat.QUANTITY: 1,
    NumberFormat.RATE: 1,
    NumberFormat.HOURS: 1,
    NumberFormat.SCORE: 2,
    NumberFormat.POINTS: 1,
    NumberFormat.DENSITY: 2,
    NumberFormat.MONEY: 0,
    NumberFormat.PROBABILITY: 3,
}

_HOURS: dict[Language, str] = {"zh": " 小时", "en": " h"}
_MONEY: dict[Language, str] = {"zh": " 元", "en": " yuan"}
_PERCENTAGE_POINTS: dict[Language, str] = {"zh": " 个百分点", "en": " pp"}


def rounded(number: Number) -> Decimal | None:
    """The number as it is written (rates in per cent), rounded half away from zero; None where there is no number."""
    if number.value is None:
        return None
    value = Decimal(repr(float(number.value)))
    if number.format is NumberFormat.RATE:
        value *= 100
    places = DECIMALS[number.format]
    if number.format is NumberFormat.QUANTITY and value == value.to_integral_value():
        places = 0
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number_text(number: Number, language: Language) -> str:
    """The number as text with its unit.

    An en dash where there is none, a circle where it is too early for one, a middle dot where a league table hides it.
    """
    return "".join(number_and_unit(number, language))


def number_and_unit(number: Number, language: Language) -> tuple[str, str]:
    """The digits with their sign, and the unit with its leading space, to be set in different sizes."""
    if number.hidden:
        return HIDDEN, ""
    if number.pending:
        return PENDING, ""
    value = rounded(number)
    if value is None:
        return NOTHING, ""
    return _sign(value, number.change) + f"{abs(value):,}", _unit(number, language)


def _sign(value: Decimal, change: bool) -> str:
    if value == 0:
        return "±" if change else ""
    if value < 0:
        return MINUS
    return "+" if change else ""


def _unit(number: Number, language: Language) -> str:
    if number.format is NumberFormat.RATE:
        return _PERCENTAGE_POINTS[language] if number.change else "%"
    if number.format is NumberFormat.HOURS:
        return _HOURS[language]
    if number.format is NumberFormat.MONEY:
        return _MONEY[language]
    return ""
