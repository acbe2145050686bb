"""A table's cell as one line of text, for forms that cannot set its parts apart."""

from __future__ import annotations

from dashboards.report.content.model import Cell, Change, Movement, Number
from dashboards.report.number_text import number_text
from needloop.document_forms import Language

ARROWS: dict[Movement, str] = {
    Movement.UP: "▲ ",
    Movement.DOWN: "▼ ",
    Movement.FLAT: "■ ",
    Movement.UNKNOWN: "",
}


def cell_text(cell: Cell, language: Language) -> str:
    """The cell as it is written: a number with its unit, a change with its arrow, or the words."""
    if isinstance(cell, Number):
        return number_text(cell, language)
    if isinstance(cell, Change):
        return ARROWS[cell.movement] + number_text(cell.amount, language)
    return cell.text
