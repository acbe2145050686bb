"""Finds values that must never leave the warehouse in whatever did leave it: files of any kind, whole folders, texts.

A value is looked for as a whole word, as it would be written by anything that let it through. Values that some column
without personal data holds too, as a day that is both a birthday and a policy's first, prove nothing and are left out.
In tables single days and amounts may still coincide, as a calendar has every day: there a column is found when half
of what it holds are days or amounts of people.
"""

from __future__ import annotations

import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pypdfium2

from needloop.contract.model import Column, Table, load_contract

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:\-]*")
_DAY_OR_NUMBER = re.compile(r"-?\d+\.\d\d|\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?")
_PARTS = re.compile(r"[_.:\-]")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LONGEST_HAN = 12
"""Of a longer text its first characters are looked for."""
_SHORTEST = {"text": 2, "id": 4, "date": 10, "ts": 19, "money": 7}
"""Characters below which a value is too common to prove anything."""
_COINCIDE_UP_TO = 0.5
_FEW = 5


@dataclass
class PersonalValues:
    """The values of all kept back columns of a warehouse, each with the column that has it."""

    words: dict[str, str] = field(default_factory=dict)
    han: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def of(warehouse: Path) -> PersonalValues:
        """What the raw tables of the warehouse hold."""
        found = PersonalValues()
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            harmless: set[str] = set()
            for table in load_contract().tables:
                for column in table.columns:
                    if not column.is_kept_back:
                        harmless |= set(_values(connection, table, column))
            for table in load_contract().tables:
                for column in table.columns:
                    if column.is_kept_back:
                        found._add(f"{table.full_name}.{column.name}", column, _values(connection, table, column))
        for value in harmless:
            found.words.pop(value, None)
            for length in range(2, _LONGEST_HAN + 1):
                found.han.pop(value[:length], None)
        return found

    def _add(self, name: str, column: Column, values: Iterator[str]) -> None:
        for value in values:
            if len(value) < _SHORTEST[column.type]:
                continue
            if run := _HAN.match(value):
                self.han[run[0][:_LONGEST_HAN]] = name
            else:
                self.words[value] = name

    def within(self, text: str) -> set[tuple[str, str]]:
        """(column, value) of every value that stands in the text."""
        found = {(self.words[word], word) for word in _words(text) if word in self.words}
        lengths = {len(value) for value in self.han}
        for run in set(_HAN.findall(text)):
            for length in lengths:
                for start in range(len(run) - length + 1):
                    piece = run[start : start + length]
                    if piece in self.han:
                        found.add((self.han[piece], piece))
        return found

    def within_database(self, file: Path) -> set[tuple[str, str]]:
        """(column, value or place) of every value, and of every column of days or amounts, in a DuckDB file."""
        found = set()
        for place, values in _columns_of_duckdb(file):
            found |= {
                (name, value) for name, value in self.within("\n".join([place, *values])) if not _coincides(value)
            }
            people = [self.words[value] for value in values if value in self.words and _coincides(value)]
            if len(people) >= _FEW and len(people) > len(values) * _COINCIDE_UP_TO:
                found.add((people[0], place))
        return found

    def within_folder(self, folder: Path, *, without: tuple[str, ...] = ()) -> dict[str, set[tuple[str, str]]]:
        """{file: what was found in it} of every file below the folder, save those below the entries named `without`."""
        found = {}
        for file in sorted(folder.rglob("*")):
            relative = file.relative_to(folder)
            if file.is_file() and relative.parts[0] not in without:
                is_database = file.suffix == ".duckdb"
                values = self.within_database(file) if is_database else self.within("\n".join(texts_of(file)))
                values |= self.within(relative.as_posix())
                if values:
                    found[relative.as_posix()] = values
        return found


def texts_of(file: Path) -> Iterator[str]:
    """Everything that can be read in a file, whatever its format."""
    match file.suffix:
        case ".db":
            with sqlite3.connect(file) as connection:
                yield from connection.iterdump()
        case ".xlsx" | ".pptx" | ".zip":
            with zipfile.ZipFile(file) as archive:
                yield from (archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
        case ".pdf":
            with pypdfium2.PdfDocument(file) as document:
                yield from (page.get_textpage().get_text_bounded() for page in document)
        case _:
            yield file.read_bytes().decode("utf-8", "ignore")


def _words(text: str) -> Iterator[str]:
    """Words as they stand, and a date with a time as one value."""
    before = ""
    for match in _WORD.finditer(text):
        word = match[0].rstrip(".:-")
        yield word
        yield f"{before} {word}"
        yield from _PARTS.split(word)
        if "T" in word:
            yield word.replace("T", " ")
        before = word


def _values(connection: duckdb.DuckDBPyConnection, table: Table, column: Column) -> Iterator[str]:
    rows = connection.execute(
        f'select distinct cast("{column.name}" as varchar) from raw.{table.raw_name} where "{column.name}" is not null'
    )
    return (value for (value,) in rows.fetchall())


def _coincides(value: str) -> bool:
    return _DAY_OR_NUMBER.fullmatch(value) is not None


def _columns_of_duckdb(file: Path) -> Iterator[tuple[str, list[str]]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
        for schema, table, column in columns:
            rows = connection.execute(
                f'select distinct cast("{column}" as varchar) from "{schema}"."{table}" where "{column}" is not null'
            )
            yield f"{table}.{column}", [value for (value,) in rows.fetchall()]
