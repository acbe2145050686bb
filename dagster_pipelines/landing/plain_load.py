"""The rows that one file puts into its raw table by the short cut, while it is not yet sure that they may stay."""

from __future__ import annotations

from dataclasses import dataclass

from dagster_pipelines.landing.contract import Table
from dagster_pipelines.landing.stamp import Stamp


@dataclass(frozen=True)
class PlainLoad:
    """A raw table, and the stamp that tells the new rows from those before."""

    table: Table
    stamp: Stamp

    @property
    def rows(self) -> str:
        """The new rows as a relation, in the order of the file."""
        return f"(select * from raw.{self.table.raw_name} where _load_id = {self.stamp.load_id})"

    @property
    def located_rows(self) -> str:
        """The same with their rowid, which counts up in the order of the file."""
        return f"(select rowid from raw.{self.table.raw_name} where _load_id = {self.stamp.load_id})"

    def insertion(self, values: str) -> tuple[str, list[object]]:
        """The statement that inserts the values selected, with its parameters; lines are numbered afterwards."""
        names = ", ".join(f'"{column.name}"' for column in self.table.columns)
        return (
            f"""
            insert into raw.{self.table.raw_name} ({names}, _file, _line, _loaded_at, _batch_id, _load_id)
            select {names}, ?, 0, ?, ?, ? from ({values})
            """,
            [self.stamp.file, self.stamp.loaded_at, self.stamp.batch_id, self.stamp.load_id],
        )
