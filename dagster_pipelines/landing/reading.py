"""How the rows of one file are read: its table, its headers, the bank's aliases and the time zone."""

from __future__ import annotations

from dataclasses import dataclass

from dagster_pipelines.landing.aliases import TableAliases
from dagster_pipelines.landing.header import Header
from needloop.contract.model import Column, Table


@dataclass(frozen=True)
class Reading:
    """How the fields of one file become values."""

    table: Table
    header: Header
    aliases: TableAliases
    time_zone: str

    @property
    def delivered(self) -> list[Column]:
        """The columns that the file has, in the contract's order."""
        return [column for column in self.table.columns if column.name in self.header.places]

    def field_of(self, column: Column) -> str:
        """The name of the field that holds the column."""
        return f"f{self.header.places[column.name]}"
