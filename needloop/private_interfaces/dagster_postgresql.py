"""Dagster's storage on PostgreSQL, with the driver that Dagster installs; dagster.yaml names this class.

Since version 2.1, SQLAlchemy uses psycopg for a URI without a driver, but Dagster's package installs psycopg2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage


class Psycopg2Storage(DagsterPostgresStorage):
    """Runs, events and schedules in one database."""

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Psycopg2Storage:
        """The storage at `postgres_url`, whose scheme is postgresql."""
        uri = str(config_value["postgres_url"])
        return cls(postgres_url=uri.replace("postgresql:", "postgresql+psycopg2:", 1), inst_data=inst_data)
