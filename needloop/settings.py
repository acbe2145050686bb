"""The one settings object: every path, limit and switch of the pipeline. Nothing else reads the environment.

Each field is set by an environment variable NEEDLOOP_<FIELD>, or by the command line, which wins.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from needloop.document_forms import listed_formats, listed_languages

PROJECT_ROOT = Path(__file__).resolve().parent.parent
MARTS_FILE = "needloop_marts.duckdb"
DAGSTER_STORAGE_URI = "NEEDLOOP_DAGSTER_STORAGE_URI"  # Dagster reads this one itself, so that no file holds a password


class Settings(BaseSettings):
    """Settings of one installation; all folders of a data directory follow from `data`."""

    model_config = SettingsConfigDict(env_prefix="NEEDLOOP_", frozen=True)

    data: Path = Field(PROJECT_ROOT / "var", description="folder that holds warehouse, releases and reports")
    landing: Path | None = Field(None, description="the landing zone; default: <data>/landing")
    as_of: date | None = Field(None, description="the warehouse's today; default: the latest day in the data")
    time_zone: str = Field("Asia/Shanghai", description="the local time of the bank's timestamps")
    memory_limit: str = Field("4GB", description="DuckDB's memory limit")
    threads: int = Field(os.cpu_count() or 2, ge=1, description="DuckDB's threads")
    keep_releases: int = Field(5, ge=2, description="published releases that are kept")
    keep_history_days: int = Field(90, ge=1, description="days for which Dagster's history and logs of runs are kept")
    dagster_storage_uri: SecretStr | None = Field(
        None, description="PostgreSQL of Dagster's history; default: SQLite in <data>/dagster"
    )
    keep_audit_days: int = Field(400, ge=1, description="days that entries of the audit record are kept")
    customer_key_secret: SecretStr | None = Field(
        None,
        min_length=16,
        description="secret of customers' keys; default: made on the first run in <data>/secrets",
    )
    max_record_bytes: int = Field(16 * 2**20, ge=2**16, description="longest record that a file may hold")
    max_unpacked_bytes: int = Field(
        64 * 2**30, ge=2**20, description="most that a csv.gz or Parquet file may unpack to"
    )
    max_workbook_bytes: int = Field(2 * 2**30, ge=2**20, description="most that an xlsx may unpack to")
    max_workbook_cells: int = Field(2**25, ge=2**16, description="most cells that a sheet of an xlsx may reach over")
    max_unpacking_ratio: int = Field(200, ge=10, description="most that a file of some size may grow by unpacking")
    settle_seconds: float = Field(
        2.0, ge=0, le=3600, description="how long nobody may have written to a file for it to be complete"
    )
    wait_for_lock_seconds: float = Field(
        1800, ge=0, le=86400, description="how long a run of Dagster waits for another run, or a backup, to end"
    )
    schedules: bool = Field(True, description="whether Dagster's daemon runs the daily and the quarter-end schedule")
    report_languages: str = Field("zh,en", description="languages of the report that a run makes")
    report_formats: str = Field("html,pdf,xlsx,pptx", description="forms of the report that a run makes")
    alerts: Path | None = Field(None, description="the bank's alerts.yml; default: the shipped one, without targets")

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        ZoneInfo(value)
        return value

    @field_validator("report_languages")
    @classmethod
    def _known_languages(cls, value: str) -> str:
        listed_languages(value)
        return value

    @field_validator("report_formats")
    @classmethod
    def _known_formats(cls, value: str) -> str:
        listed_formats(value)
        return value

    @field_validator("data", "landing", "alerts")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().absolute()

    @property
    def landing_zone(self) -> Path:
        """Where the bank's files are delivered."""
        return self.landing or self.data / "landing"

    @property
    def warehouse_file(self) -> Path:
        """The DuckDB file that the pipeline writes; no reader opens it."""
        return self.data / "warehouse" / "needloop.duckdb"

    @property
    def customer_key_file(self) -> Path:
        """Where the secret of the customers' keys is kept when the settings do not name one."""
        return self.data / "secrets" / "customer_key"

    @property
    def erasure_key_file(self) -> Path:
        """Where the key is kept under which erased customers are remembered."""
        return self.data / "secrets" / "erasure_key"

    @property
    def scratch(self) -> Path:
        """Files that live no longer than a run: decoded deliveries, spilled intermediate results."""
        return self.data / "scratch"

    @property
    def releases(self) -> Path:
        """releases/<id>/needloop_marts.duckdb, immutable."""
        return self.data / "releases"

    @property
    def current(self) -> Path:
        """The symlink to the published release's folder."""
        return self.data / "current"

    @property
    def published_file(self) -> Path:
        """What readers open."""
        return self.current / MARTS_FILE

    @property
    def reports(self) -> Path:
        """Rendered quarterly reports."""
        return self.data / "reports"

    @property
    def exports(self) -> Path:
        """Lists for action."""
        return self.data / "exports"

    @property
    def quality(self) -> Path:
        """Great Expectations' data docs."""
        return self.data / "quality"

    @property
    def alerts_folder(self) -> Path:
        """The record of incidents and messages, apart from the warehouse so that its damage can be told too."""
        return self.data / "alerts"

    @property
    def audit(self) -> Path:
        """The record of logins and exports."""
        return self.data / "audit"

    @property
    def dagster_home(self) -> Path:
        """Dagster's storage."""
        return self.data / "dagster"

    @property
    def superset_home(self) -> Path:
        """Superset's metadata and secrets."""
        return self.data / "superset"

    @property
    def duckdb_config(self) -> dict[str, str | bool | int | float | list[str]]:
        """Configuration of every connection to the warehouse; DuckDB wants the same for all of one process."""
        return {
            "memory_limit": self.memory_limit,
            "threads": self.threads,
            "temp_directory": str(self.scratch / "spill"),
        }

    @staticmethod
    def secret(name: str) -> str | None:
        """A secret by the name of its environment variable, None when there is none. Never log it."""
        return os.environ.get(name) or None
