"""Number formats in the language of spreadsheets, so that cells and native charts keep the exact value."""

from __future__ import annotations

from dashboards.report.content.model import Number, NumberFormat
from needloop.document_forms import Language

_PLAIN: dict[NumberFormat, str] = {
    NumberFormat.COUNT: "#,##0",
    NumberFormat.QUANTITY: "#,##0.0",
    NumberFormat.RATE: "0.0%",
    NumberFormat.HOURS: "#,##0.0",
    NumberFormat.SCORE: "0.00",
    NumberFormat.POINTS: "0.0",
    NumberFormat.DENSITY: "#,##0.00",
    NumberFormat.MONEY: "#,##0",
    NumberFormat.PROBABILITY: "0.000",
}
_HOURS: dict[Language, str] = {"zh": '" 小时"', "en": '" h"'}
_MONEY: dict[Language, str] = {"zh": '" 元"', "en": '" yuan"'}
_POINTS_OF_A_RATE: dict[Language, str] = {"zh": '"点"', "en": '" pts"'}  # a change of a rate, in percentage points


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
    code = _PLAIN[number.format]
    if number.format is NumberFormat.QUANTITY and number.value is not None and float(number.value).is_integer():
        code = "#,##0"
    if number.format is NumberFormat.HOURS:
        code += _HOURS[language]
    if number.format is NumberFormat.MONEY:
        code += _MONEY[language]
    if not number.change:
        return code
    if number.format is NumberFormat.RATE:
        code += _POINTS_OF_A_RATE[language]
    return f'"▲ "+{code};"▼ "-{code};"■ "{code}'
