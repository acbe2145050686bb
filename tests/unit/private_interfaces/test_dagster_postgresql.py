"""dagster_postgresql.py: Dagster's storage with the driver that is installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

pytest.importorskip("dagster_postgres", reason="`make setup POSTGRES=1` installs it")

from dagster_postgres import DagsterPostgresStorage

from needloop.private_interfaces.dagster_postgresql import Psycopg2Storage


def test_the_driver_is_named_in_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(DagsterPostgresStorage, "__init__", lambda _, **options: given.update(options))
    Psycopg2Storage.from_config_value(None, {"postgres_url": "postgresql://needloop@db/dagster"})
    assert given == {"postgres_url": "postgresql+psycopg2://needloop@db/dagster", "inst_data": None}


def test_the_storage_takes_what_it_is_given() -> None:
    consequence = (
        "DagsterPostgresStorage has another constructor or configuration: Dagster cannot open its history on "
        "PostgreSQL, and no run starts. Follow it in private_interfaces/dagster_postgresql.py."
    )
    assert "postgres_url" in dict(cast("Mapping[str, Any]", DagsterPostgresStorage.config_type())), consequence
    assert {"postgres_url", "inst_data"} <= set(DagsterPostgresStorage.__init__.__code__.co_varnames), consequence
