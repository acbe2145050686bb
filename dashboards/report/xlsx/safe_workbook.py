"""A workbook into which text from outside can be written: nothing in it becomes a formula, a link or a clock time."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

LONGEST_TEXT = 32_767  # characters that a cell takes


def safe_workbook(file: BytesIO) -> xlsxwriter.Workbook:
    """A workbook whose texts stay texts, whatever they begin with."""
    return xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )


def dated(workbook: xlsxwriter.Workbook, created: datetime, title: str) -> None:
    """Sets what the file says of itself; the time is given, so that the same content has the same bytes."""
    workbook.set_properties({"title": title, "author": "Needloop", "created": created.replace(tzinfo=None)})


def cell_content(text: str) -> str:
    """The text, cut where a cell cannot hold it."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


class Styles:
    """The cell formats of one workbook, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook, font: str) -> None:
        self._workbook = workbook
        self._base = {"valign": "vcenter", "font_name": font, "font_size": 10}
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **properties: Any) -> Any:
        """The format with these properties of xlsxwriter."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({**self._base, **properties})
        return self._made[key]
