"""Number formats in the language of spreadsheets, so that cells and native charts keep the exact value."""

from __future__ import annotations

from dashboards.report.content.model import Number, NumberFormat
from needloop.document_forms import Language
from needloop.number_forms import number_form

_PER_CENT = 100
_GROUPED = frozenset(
    {NumberFormat.COUNT, NumberFormat.QUANTITY, NumberFormat.HOURS, NumberFormat.DENSITY, NumberFormat.MONEY}
)
"""Formats of numbers that grow large enough for separators of thousands."""
_AXIS: dict[NumberFormat, str] = {NumberFormat.RATE: "0%", NumberFormat.SCORE: "0.0", NumberFormat.DENSITY: "0.0"}
_AXIS_OF_MONEY: dict[Language, str] = {"zh": r'0\.0,"万"', "en": '0.0,,"M"'}  # ten thousands and millions of yuan
FONTS: dict[Language, str] = {"zh": "Microsoft YaHei", "en": "Calibri"}  # of office programs, with their fallbacks


def axis_format(number: Number, language: Language) -> str:
    """The format code of the axis of a native chart."""
    if number.format is NumberFormat.MONEY:
        return _AXIS_OF_MONEY[language]
    return _AXIS.get(number.format, "#,##0")


def spreadsheet_format(number: Number, language: Language) -> str:
    """The format code of a number: as it is written elsewhere in the report, a change with its arrow and sign."""
    form = number_form(number.format)
    whole = number.format is NumberFormat.QUANTITY and number.value is not None and float(number.value).is_integer()
    code = "0" if whole or not form.decimals else f"0.{'0' * form.decimals}"
    if number.format in _GROUPED:
        code = f"#,##{code}"
    suffix = form.suffix_in(language, change=number.change)
    if form.scale == _PER_CENT:
        code += "%"
        suffix = form.percent_change_suffix[language] if number.change else ""
    if suffix:
        code += f'"{suffix}"'
    if not number.change:
        return code
    return f'"▲ "+{code};"▼ "-{code};"■ "{code}'
