"""How far the cells of a worksheet reach, found without holding the sheet.

The reader of workbooks lays a sheet out as a full rectangle, so two cells in opposite corners cost as much as a full
sheet. The size that the sheet declares is not believed; cells without a value do not count, as the reader drops them.
"""

from __future__ import annotations

import re
from typing import IO, NoReturn
from xml.parsers import expat

SHEET_MARK = b"sheetData"
"""A part of a workbook that does not name this holds no cells."""
_BLOCK = 2**18
_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_DIGITS = 7
"""No row of Excel has a number of more."""

_VALUES = {"v", "is"}


class NoSheetError(Exception):
    """The part is no worksheet that every reader of XML would understand alike."""


class SheetExtent:
    """The lowest row and the rightmost column with a value, counted from 1; 0 where there is none."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self._row = 0
        self._cell_row = 0
        self._column = 0
        self._numbers: dict[str, int] = {}

    @property
    def cells(self) -> int:
        """Cells of the rectangle from A1."""
        return self.rows * self.columns

    def read(self, sheet: IO[bytes]) -> None:
        """Reads a sheet's XML to its end. Raises NoSheetError at what is no plain XML, or at an unusable place."""
        parser = expat.ParserCreate("utf-8")  # whatever it declares: the reader takes the bytes as they are
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            while block := sheet.read(_BLOCK):
                parser.Parse(block)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise NoSheetError from error

    def _start(self, name: str, attributes: list[str]) -> None:
        tag = name.rpartition(":")[2] if ":" in name else name
        if tag == "c":
            self._stand_at(_named_place(attributes))
        elif tag in _VALUES:
            self.rows = max(self.rows, self._cell_row)
            self.columns = max(self.columns, self._column)
        elif tag == "row":
            place = _named_place(attributes)
            self._row = self._row + 1 if place is None else _number(place)
            self._column = 0

    def _stand_at(self, reference: str | None) -> None:
        """A cell without a reference stands right of the last one, in the row that is open."""
        if reference is None:
            self._cell_row = self._row
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            self._column = self._numbers.get(letters) or self._number_of(letters)
            self._cell_row = _number(reference[len(letters) :])

    def _number_of(self, letters: str) -> int:
        if _LETTERS.fullmatch(letters) is None:
            raise NoSheetError
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - ord("A") + 1
        self._numbers[letters] = number
        return number


def _named_place(attributes: list[str]) -> str | None:
    for at in range(0, len(attributes), 2):
        if attributes[at] == "r":
            return attributes[at + 1]
    return None


def _number(digits: str) -> int:
    if len(digits) > _DIGITS or not (digits.isascii() and digits.isdigit()):
        raise NoSheetError
    return int(digits)


def _refuse_doctype(*_: object) -> NoReturn:
    """No program that writes workbooks declares entities, which could multiply what is read."""
    raise NoSheetError
