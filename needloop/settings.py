"""The settings object: every path, limit and switch of the pipeline. Nothing else reads the environment.

Each field is set by the environment variable NEEDLOOP_<FIELD> or on the command line, which takes precedence.
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
DAGSTER_STORAGE_URI = "NEEDLOOP_DAGSTER_STORAGE_URI"  # Dagster reads this one itself, so no file holds the password


class Settings(BaseSettings):
    """Settings of one installation; all folders of the data directory derive from `data`."""

    model_config = SettingsConfigDict(env_prefix="NEEDLOOP_", frozen=True)

    data: Path = Field(PROJECT_ROOT / "var", description="folder for warehouse, releases and reports")
    landing: Path | None = Field(None, description="the landing zone; default: <data>/landing")
    as_of: date | None = Field(None, description="the warehouse's current date; default: the latest date in the data")
    time_zone: str = Field("Asia/Shanghai", description="time zone of the bank's timestamps")
    memory_limit: str = Field("4GB", description="DuckDB's memory limit")
    threads: int = Field(os.cpu_count() or 2, ge=1, description="DuckDB's threads")
    keep_releases: int = Field(5, ge=2, description="number of published releases to keep")
    keep_history_days: int = Field(90, ge=1, description="days to keep Dagster's run history and logs")
    dagster_storage_uri: SecretStr | None = Field(
        None, description="PostgreSQL URI of Dagster's run history; default: SQLite in <data>/dagster"
    )
    keep_audit_days: int = Field(400, ge=1, description="days to keep entries of the audit log")
    customer_key_secret: SecretStr | None = Field(
        None,
        min_length=16,
        description="secret for customer keys; default: generated on the first run in <data>/secrets",
    )
    max_record_bytes: int = Field(16 * 2**20, ge=2**16, description="maximum size of a record, in bytes")
    max_unpacked_bytes: int = Field(
        64 * 2**30, ge=2**20, description="maximum unpacked size of a csv.gz or Parquet file, in bytes"
    )
    max_workbook_bytes: int = Field(2 * 2**30, ge=2**20, description="maximum unpacked size of an xlsx file, in bytes")
    max_workbook_cells: int = Field(2**25, ge=2**16, description="maximum number of cells in a sheet of an xlsx file")
    max_unpacking_ratio: int = Field(200, ge=10, description="maximum ratio of unpacked to packed size")
    settle_seconds: float = Field(
        2.0, ge=0, le=3600, description="seconds without a write after which a file counts as complete"
    )
    wait_for_lock_seconds: float = Field(
        1800, ge=0, le=86400, description="seconds a Dagster run waits for another run or a backup to finish"
    )
    schedules: bool = Field(True, description="whether Dagster's daemon runs the daily and quarter-end schedules")
    report_languages: str = Field("zh,en", description="languages of the report that a run renders")
    report_formats: str = Field("html,pdf,xlsx,pptx", description="formats of the report that a run renders")
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
        """The secret for customer keys, unless the settings provide one."""
        return self.data / "secrets" / "customer_key"

    @property
    def erasure_key_file(self) -> Path:
        """The key under which erased customers are recorded."""
        return self.data / "secrets" / "erasure_key"

    @property
    def scratch(self) -> Path:
        """Temporary files of a run: decoded deliveries, spilled intermediate results."""
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
        """The file that readers open."""
        return self.current / MARTS_FILE

    @property
    def reports(self) -> Path:
        """Rendered quarterly reports."""
        return self.data / "reports"

    @property
    def exports(self) -> Path:
        """Action lists."""
        return self.data / "exports"

    @property
    def quality(self) -> Path:
        """Great Expectations' data docs."""
        return self.data / "quality"

    @property
    def alerts_folder(self) -> Path:
        """The log of incidents and messages, outside the warehouse so that a damaged warehouse can be reported too."""
        return self.data / "alerts"

    @property
    def audit(self) -> Path:
        """The log of logins and exports."""
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
        """Configuration of every warehouse connection; DuckDB requires it to be the same throughout a process."""
        return {
            "memory_limit": self.memory_limit,
            "threads": self.threads,
            "temp_directory": str(self.scratch / "spill"),
        }

    @staticmethod
    def secret(name: str) -> str | None:
        """A secret by the name of its environment variable, None if it is unset. Never log it."""
        return os.environ.get(name) or None
