"""Places in the SQL of a dataset that are filled with how numbers of a unit are written.

`<forms of EXPRESSION>` joins the forms of the unit that the expression names; `<written NUMBER>` is then the number
with its unit as text, `<signed NUMBER>` a difference with its sign.
"""

from __future__ import annotations

import re
from typing import Any

from .units import Units, change_text_sql, rounded_sql, text_sql

_PLACE = re.compile(r"<(forms of|written|signed) ([^<>]+)>")


def filled(content: Any, units: Units) -> Any:
    """`content` with the places in its texts filled."""
    if isinstance(content, dict):
        return {key: filled(value, units) for key, value in content.items()}
    if isinstance(content, list):
        return [filled(item, units) for item in content]
    if isinstance(content, str):
        return _PLACE.sub(lambda place: _sql(place[1], place[2], units), content)
    return content


def _sql(kind: str, expression: str, units: Units) -> str:
    if kind == "forms of":
        return units.join_sql(expression)
    rounded = rounded_sql(expression)
    return change_text_sql(rounded) if kind == "signed" else text_sql(rounded, "suffix")
