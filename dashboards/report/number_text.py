"""Numbers as words: signs and separators; decimals and units are those of needloop.number_forms."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from dashboards.report.content.model import Number, NumberFormat
from needloop.document_forms import Language
from needloop.number_forms import number_form

NOTHING = "–"
HIDDEN = "·"
PENDING = "○"
MINUS = "\N{MINUS SIGN}"


def rounded(number: Number) -> Decimal | None:
    """The number as it is written (rates in per cent), rounded half away from zero; None where there is no number."""
    if number.value is None:
        return None
    form = number_form(number.format)
    value = Decimal(repr(float(number.value))) * form.scale
    places = form.decimals
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
    suffix = number_form(number.format).suffix_in(language, change=number.change)
    return _sign(value, number.change) + f"{abs(value):,}", suffix


def _sign(value: Decimal, change: bool) -> str:
    if value == 0:
        return "±" if change else ""
    if value < 0:
        return MINUS
    return "+" if change else ""
