"""The clean delivery: one format, the contract's names, one file per table and part."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal, Protocol

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from needloop.contract.model import Table

FileFormat = Literal["csv", "parquet"]
PART_NAMES = {1: ("",), 2: ("_1_first", "_2_changes"), 3: ("_1_first", "_2_changes", "_3_changes")}


class Delivery(Protocol):
    """Takes the generated tables one after the other."""

    files: list[str]
    rows: Counter[str]

    def add(self, table: Table, parts: tuple[pa.Table, ...]) -> None:
        """Writes the parts of a table; a table may come several times."""

    def close(self) -> None:
        """Writes whatever must come last."""


class CleanDelivery:
    """Writes each part as one file; the bytes depend on the content only."""

    def __init__(self, out: Path, file_format: FileFormat) -> None:
        self.files: list[str] = []
        self.rows: Counter[str] = Counter()
        self._out = out
        self._format = file_format
        self._turn: Counter[str] = Counter()

    def add(self, table: Table, parts: tuple[pa.Table, ...]) -> None:
        """Writes the parts of a table, numbered when a table comes more than once."""
        turn = self._turn[table.full_name]
        self._turn[table.full_name] += 1
        for suffix, part in zip(PART_NAMES[len(parts)], parts, strict=True):
            name = f"{table.system}/{table.name}/{table.name}_{turn + 1:03d}{suffix}.{self._format}"
            path = self._out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if self._format == "csv":
                pyarrow.csv.write_csv(part, path)
            else:
                write_parquet(part, path)
            self.files.append(name)
            self.rows[table.full_name] += part.num_rows

    def close(self) -> None:
        """Nothing is left to write."""


def write_parquet(table: pa.Table, path: Path) -> None:
    """Writes Parquet with settings that do not depend on the machine."""
    pyarrow.parquet.write_table(
        table, path, compression="zstd", compression_level=3, version="2.6", row_group_size=131_072, use_dictionary=True
    )
