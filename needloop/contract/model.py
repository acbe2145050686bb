"""The source contract as objects: tables, columns, types, keys, as read from tables/*.yml.

Here belongs what the contract says. How a file is read and checked against it is elsewhere in this package.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

CONTRACT_FOLDER = Path(__file__).parent / "tables"
CONTRACT_VERSION = 1

ColumnType = Literal["id", "text", "int", "money", "number", "date", "ts", "bool", "enum"]
Personal = Literal["direct", "quasi", "free_text", "coarse", "none"]
"""What a column tells of a customer or of an employee.

direct     names a person, is the bank's number of a customer, or a way to reach them
quasi      a fact so exact that it singles a person out for who knows them: a birth date, an income, a payment
free_text  what somebody wrote: it may hold anything
coarse     says something about a person that many share: a gender, an occupation, a risk level
none       says nothing about a person by itself

What is direct, quasi or free text never leaves the warehouse; coarse facts leave it in totals or under a keyed hash.
"""
KEPT_BACK: frozenset[Personal] = frozenset({"direct", "quasi", "free_text"})
LoadMode = Literal["upsert", "append"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """One column of a delivered table."""

    name: str
    type: ColumnType
    key: bool = False
    required: bool = False
    values: tuple[str, ...] = ()
    precision: int = 18
    scale: int = 2
    min: int | None = None
    max: int | None = None
    range_by: dict[str, dict[str, tuple[int, int]]] = Field(default_factory=dict)
    """{other column: {its value: (least, greatest)}}: the range depends on another column of the row."""
    references: str | None = None
    personal: Personal
    """Every column says it, so that none is published because nobody thought of it."""
    note: str = ""

    @property
    def is_kept_back(self) -> bool:
        """Whether no value of this column may leave the warehouse."""
        return self.personal in KEPT_BACK

    @property
    def sql_type(self) -> str:
        """DuckDB's type of this column in the raw table."""
        match self.type:
            case "id" | "text" | "enum":
                return "VARCHAR"
            case "int":
                return "BIGINT"
            case "money" | "number":
                return f"DECIMAL({self.precision},{self.scale})"
            case "date":
                return "DATE"
            case "ts":
                return "TIMESTAMP"
            case "bool":
                return "BOOLEAN"


class Title(_Strict):
    """A table's name for people."""

    zh: str
    en: str


class Table(_Strict):
    """One delivered table: its columns in the contract's order and the way it is loaded."""

    system: str
    name: str
    load: LoadMode
    title: Title
    columns: tuple[Column, ...]
    """As written in the contract, followed by the flag column."""

    @property
    def full_name(self) -> str:
        """system.table, as in mapping files and messages."""
        return f"{self.system}.{self.name}"

    @property
    def raw_name(self) -> str:
        """The table's name in schema raw of the warehouse: system__table."""
        return f"{self.system}__{self.name}"

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns."""
        return tuple(c.name for c in self.columns if c.key)

    @property
    def flag(self) -> str:
        """`deleted` of an upsert table, `void` of an append table."""
        return "deleted" if self.load == "upsert" else "void"

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.full_name} has no column {name}")


class Contract(_Strict):
    """All tables that a bank may deliver."""

    version: int
    tables: tuple[Table, ...]

    def table(self, full_name: str) -> Table:
        """The table system.table; KeyError when the contract has none."""
        for table in self.tables:
            if table.full_name == full_name:
                return table
        raise KeyError(f"the source contract has no table {full_name}")

    @property
    def names_kept_back(self) -> frozenset[str]:
        """Column names that no published table may have, since wherever the contract has them they are kept back.

        A name that is harmless in another table, as occurred_at, does not tell which of the two it is.
        """
        columns = [column for table in self.tables for column in table.columns]
        return frozenset(c.name for c in columns if c.is_kept_back) - {c.name for c in columns if not c.is_kept_back}


@cache
def load_contract() -> Contract:
    """Reads tables/*.yml; raises pydantic.ValidationError when a file says something the contract does not know."""
    documents = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(CONTRACT_FOLDER.glob("*.yml"))]
    plain = {
        f"{document['system']}.{name}": (document["system"], name, table)
        for document in documents
        for name, table in document["tables"].items()
    }
    enums = {
        f"{full_name}.{column}": tuple(spec["values"])
        for full_name, (_, _, table) in plain.items()
        for column, spec in table["columns"].items()
        if "values" in spec
    }
    tables = tuple(_table(system, name, table, enums) for system, name, table in plain.values())
    return Contract(version=CONTRACT_VERSION, tables=tables)


def _table(system: str, name: str, table: dict[str, Any], enums: dict[str, tuple[str, ...]]) -> Table:
    columns = [_column(column, dict(spec), enums) for column, spec in table["columns"].items()]
    flag = Column(name="deleted" if table["load"] == "upsert" else "void", type="bool", personal="none")
    return Table(system=system, name=name, load=table["load"], title=Title(**table["title"]), columns=(*columns, flag))


def _column(name: str, spec: dict[str, Any], enums: dict[str, tuple[str, ...]]) -> Column:
    shared = spec.pop("values_of", None)
    if shared is not None:
        spec["values"] = enums[shared]
    if spec.get("key"):
        spec["required"] = True
    return Column(name=name, **spec)
