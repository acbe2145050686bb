"""A landing zone in a temporary folder, and a warehouse in memory that loads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_pipelines.landing.load import load_landing_zone
from dagster_pipelines.landing.outcome import FileOutcome, LoadSummary
from dagster_pipelines.landing.rejects import list_rejects
from tests.migrated_warehouse import migrated_connection


class Bank:
    """Delivers files and loads them."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.landing = folder / "landing"
        self.landing.mkdir()
        self.scratch = folder / "scratch"
        self.connection = connection
        self.runs = 0

    def deliver(self, name: str, content: str | bytes) -> Path:
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def load(self, *, time_zone: str = "Asia/Shanghai", max_record_bytes: int = 2**20) -> LoadSummary:
        self.runs += 1
        return load_landing_zone(
            self.connection,
            self.landing,
            batch_id=f"batch-{self.runs}",
            time_zone=time_zone,
            loaded_at=datetime(2026, 9, 30, 8),
            scratch=self.scratch,
            max_record_bytes=max_record_bytes,
        )

    def load_one(self, name: str, content: str | bytes, **options: Any) -> FileOutcome:
        self.deliver(name, content)
        outcomes = {outcome.file: outcome for outcome in self.load(**options).outcomes}
        return outcomes[name]

    def rejects(self) -> list[tuple[str, int, str | None, str]]:
        return [(one.file, one.line, one.column, one.reason) for one in list_rejects(self.connection)]

    def messages(self) -> list[str]:
        return [reject.message for reject in list_rejects(self.connection)]

    def select(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    with migrated_connection() as connection:
        yield Bank(tmp_path, connection)
