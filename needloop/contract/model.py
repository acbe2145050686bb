"""The source contract as objects: tables, columns, types, keys, as read from tables/*.yml.

Only what the contract says belongs here. Reading files and checking them against it is the job of landing.
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
"""What a column reveals about a customer or an employee.

direct     identifies a person: a name, the bank's customer number, contact details
quasi      a fact so exact that it identifies a person to those who know them: a birth date, an income, a payment
free_text  text written by someone: it may contain anything
coarse     an attribute that many people share: a gender, an occupation, a risk level
none       reveals nothing about a person by itself

Direct, quasi and free-text columns never leave the warehouse; coarse ones leave it in totals or under a keyed hash.
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
    """Required for every column, so that none is published by oversight."""
    description: str
    """The column's meaning, in English, ending with a full stop. Written once for all columns of the same name."""
    note: str = ""
    """What is specific to this table: a few words without a full stop."""
    called: str
    """The name of its description (dbt's doc block); differs from `name` where that has two meanings."""
    staged_as: str
    """Its name in staging, which `called` defaults to."""

    @property
    def stays_in_raw(self) -> bool:
        """Whether staging leaves it out: it names a person and is not the id by which rows are joined."""
        return self.personal == "direct" and self.type != "id"

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
    """A table's display name."""

    zh: str
    en: str


class Table(_Strict):
    """One delivered table: its columns in the contract's order and the way it is loaded."""

    system: str
    name: str
    load: LoadMode
    title: Title
    activity: str | None = None
    """The column whose latest day shows how far the deliveries reach (int_as_of); None if the table does not count."""
    happened_on: tuple[str, ...] = ()
    """The columns that date a row when a closed quarter is restated; empty means every date and time but updated_at."""
    version_at: Literal["end_of_period"] | None = None
    """Whether a period reads the version valid at its end rather than the one known at as_of."""
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

    @property
    def written_column(self) -> str:
        """When a version was written, or when an event happened: the first required date or time.

        An event without one, such as a turn of a conversation, is dated by its load.
        """
        if self.load == "upsert":
            return "updated_at"
        return next((c.name for c in self.columns if c.required and c.type in {"date", "ts"}), "_loaded_at")

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.full_name} has no column {name}")


class Contract(_Strict):
    """All tables that a bank may deliver."""

    version: int
    tables: tuple[Table, ...]

    def table(self, full_name: str) -> Table:
        """The table system.table; raises KeyError if there is none."""
        for table in self.tables:
            if table.full_name == full_name:
                return table
        raise KeyError(f"the source contract has no table {full_name}")

    @property
    def names_kept_back(self) -> frozenset[str]:
        """Column names that no published table may have, because every contract column of that name is kept back.

        Names that are harmless in some table, such as occurred_at, are excluded.
        """
        columns = [column for table in self.tables for column in table.columns]
        return frozenset(c.name for c in columns if c.is_kept_back) - {c.name for c in columns if not c.is_kept_back}


@cache
def load_contract() -> Contract:
    """Read tables/*.yml; raises pydantic.ValidationError when a file is invalid."""
    documents = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(CONTRACT_FOLDER.glob("*.yml"))]
    return contract_of(documents)


def contract_of(documents: list[dict[str, Any]]) -> Contract:
    """The contract that the documents describe, one per system.

    Raises pydantic.ValidationError as load_contract does, and ValueError when a name has two descriptions or none.
    """
    tables = [
        {"system": document["system"], "name": name, **table, "columns": _with_flag(table)}
        for document in documents
        for name, table in document["tables"].items()
    ]
    _resolve_shared_values(tables)
    _resolve_descriptions(tables)
    return Contract(version=CONTRACT_VERSION, tables=tuple(Table.model_validate(table) for table in tables))


_DESCRIBED_EVERYWHERE = {
    "updated_at": "When the source system wrote this version of the row.",
    "raw_deleted": "true: the row does not exist from this version on. Empty when the file has no such column.",
    "raw_void": "true: voids the event with this key. Empty when the file has no such column.",
}


def _with_flag(table: dict[str, Any]) -> list[dict[str, Any]]:
    """The table's columns with their names, followed by the flag column."""
    flag = "deleted" if table["load"] == "upsert" else "void"
    columns = table["columns"] | {flag: {"type": "bool", "personal": "none", "called": f"raw_{flag}"}}
    return [
        {"name": name, "staged_as": name, "called": spec.get("staged_as", name), **spec}
        | ({"required": True} if spec.get("key") else {})
        for name, spec in columns.items()
    ]


def _resolve_shared_values(tables: list[dict[str, Any]]) -> None:
    values = {
        f"{table['system']}.{table['name']}.{column['name']}": column["values"]
        for table in tables
        for column in table["columns"]
        if "values" in column
    }
    for table in tables:
        for column in table["columns"]:
            if "values_of" in column:
                column["values"] = values[column.pop("values_of")]


def _resolve_descriptions(tables: list[dict[str, Any]]) -> None:
    """Give every column the description of its name, wherever it is written."""
    columns = [column for table in tables for column in table["columns"]]
    described = dict(_DESCRIBED_EVERYWHERE)
    for column in columns:
        text = column.get("description")
        if text is not None and described.setdefault(column["called"], text) != text:
            raise ValueError(
                f"{column['called']} is described twice in the source contract. Write the description once, or give "
                "the column whose meaning differs another name with `called`."
            )
    for column in columns:
        if column["called"] not in described:
            raise ValueError(f"{column['called']} has no description in the source contract. Write one.")
        column["description"] = described[column["called"]]
