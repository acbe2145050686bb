"""The extent of a worksheet's cells and the total size of its shared texts, without holding the sheet in memory.

The workbook reader allocates a sheet as a full rectangle, so two cells in opposite corners cost as much as a full
sheet. The size that the sheet declares is not trusted. Cells without a value do not count, because the reader drops
them. A workbook stores a text shared by several cells once, but the reader copies it to each cell.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from typing import IO, NoReturn
from xml.parsers import expat

SHEET_MARK = b"sheetData"
"""A workbook part that does not contain this name holds no cells."""
_BLOCK = 2**18
_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_DIGITS = 7
"""Excel's row numbers have no more digits."""

_VALUES = {"v", "is"}


class NoSheetError(Exception):
    """The part is not a worksheet that every XML reader would understand the same way."""


class SheetExtent:
    """The last row and the last column with a value, counted from 1; 0 if there is none.

    Given the lengths of the workbook's shared texts, it also adds up the texts that cells refer to.
    """

    def __init__(self, shared_lengths: Sequence[int] | None = None) -> None:
        self.rows = 0
        self.columns = 0
        self.sharing_cells = 0
        """Cells that refer to a shared text."""
        self.shared_characters = 0
        """Total characters of these texts; 0 if the lengths are not known."""
        self._shared_lengths = shared_lengths
        self._named: list[str] | None = None
        self._row = 0
        self._cell_row = 0
        self._column = 0
        self._numbers: dict[str, int] = {}

    @property
    def cells(self) -> int:
        """Cells in the rectangle from A1."""
        return self.rows * self.columns

    def read(self, sheet: IO[bytes]) -> None:
        """Read a sheet's XML to the end. Raises NoSheetError for anything but plain XML with valid cell references."""
        parser = plain_xml_parser()
        parser.StartElementHandler = self._start
        if self._shared_lengths is not None:
            parser.CharacterDataHandler = self._text
            parser.EndElementHandler = self._end
        parse_to_the_end(parser, sheet)

    def _start(self, name: str, attributes: list[str]) -> None:
        tag = local_name(name)
        if tag == "c":
            self._stand_at(_attribute(attributes, "r"))
            if _attribute(attributes, "t") == "s":
                self.sharing_cells += 1
                self._named = []
            else:
                self._named = None
        elif tag in _VALUES:
            self.rows = max(self.rows, self._cell_row)
            self.columns = max(self.columns, self._column)
        elif tag == "row":
            place = _attribute(attributes, "r")
            self._row = self._row + 1 if place is None else _number(place)
            self._column = 0

    def _text(self, text: str) -> None:
        if self._named is not None:
            self._named.append(text)

    def _end(self, name: str) -> None:
        if self._named is not None and self._shared_lengths is not None and local_name(name) == "v":
            named = "".join(self._named).strip()
            if named.isascii() and named.isdigit() and len(named) <= _DIGITS and int(named) < len(self._shared_lengths):
                self.shared_characters += self._shared_lengths[int(named)]
            self._named = None

    def _stand_at(self, reference: str | None) -> None:
        """Move to a cell; one without a reference follows the previous cell in the current row."""
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


def shared_lengths(shared_texts: IO[bytes]) -> Sequence[int]:
    """The number of characters of each of a workbook's shared texts, in order. Raises NoSheetError as read does."""
    lengths: array[int] = array("L")

    def start(name: str, _: list[str]) -> None:
        if local_name(name) == "si":
            lengths.append(0)

    def text(characters: str) -> None:
        if lengths:
            lengths[-1] += len(characters)

    parser = plain_xml_parser()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parse_to_the_end(parser, shared_texts)
    return lengths


def plain_xml_parser() -> expat.XMLParserType:
    """A parser that, like the reader, takes the bytes as UTF-8 whatever they declare, and refuses entities."""
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def parse_to_the_end(parser: expat.XMLParserType, part: IO[bytes]) -> None:
    """Parse a part block by block. Raises NoSheetError for anything but plain XML."""
    try:
        while block := part.read(_BLOCK):
            parser.Parse(block)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NoSheetError from error


def local_name(name: str) -> str:
    """An element's name without its namespace prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def _attribute(attributes: list[str], wanted: str) -> str | None:
    for at in range(0, len(attributes), 2):
        if attributes[at] == wanted:
            return attributes[at + 1]
    return None


def _number(digits: str) -> int:
    if len(digits) > _DIGITS or not (digits.isascii() and digits.isdigit()):
        raise NoSheetError
    return int(digits)


def _refuse_doctype(*_: object) -> NoReturn:
    """Refuse entities: they can multiply what is read, and no program that writes workbooks declares them."""
    raise NoSheetError
