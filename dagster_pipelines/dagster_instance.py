"""Writes Dagster's configuration, dagster.yaml in its home, from Needloop's settings.

    python -m dagster_pipelines.dagster_instance

writes it before Dagster's servers start; they read no other settings of ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from needloop.postgresql import PostgresqlError, postgresql
from needloop.settings import DAGSTER_STORAGE_URI, Settings

# Files of earlier installations start with this line: another wording would make them the bank's own.
OURS = "# Written by Needloop from its settings. To keep a file of your own here, remove this line.\n"
# The content before that line existed.
_WRITTEN_EARLIER = "telemetry:\n  enabled: false\nconcurrency:\n  runs:\n    max_concurrent_runs: 1\n"
_POSTGRESQL = {
    "module": "needloop.private_interfaces.dagster_postgresql",
    "class": "Psycopg2Storage",
    # A reference, so that the password stays in the environment.
    "config": {"postgres_url": {"env": DAGSTER_STORAGE_URI}},
}


class DagsterStorageError(Exception):
    """Dagster's storage cannot be used; the message says what to do."""


def prepare_instance(settings: Settings) -> Path:
    """Returns Dagster's home in the data folder, with dagster.yaml up to date; a bank's own dagster.yaml stays.

    Raises DagsterStorageError when the database for Dagster's history cannot be used.
    """
    check_storage(settings)
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    file = settings.dagster_home / "dagster.yaml"
    wanted = OURS + yaml.safe_dump(_instance_settings(settings), sort_keys=False)
    present = file.read_text("utf-8") if file.exists() else _WRITTEN_EARLIER
    if present != wanted and (present.startswith(OURS) or present == _WRITTEN_EARLIER):
        file.write_text(wanted, "utf-8")
    return settings.dagster_home


def check_storage(settings: Settings) -> str:
    """Describes where Dagster's history is stored. Raises DagsterStorageError when it cannot be used."""
    if settings.dagster_storage_uri is None:
        return f"SQLite in {settings.dagster_home}"
    try:
        database = postgresql(DAGSTER_STORAGE_URI, settings.dagster_storage_uri.get_secret_value())
        database.answer("select 1")
    except PostgresqlError as error:
        raise DagsterStorageError(f"Dagster's history cannot be kept: {error}") from None
    return f"PostgreSQL at {database.place}"


def _instance_settings(settings: Settings) -> dict[str, object]:
    purged = {"purge_after_days": settings.keep_history_days}
    return {
        # It would send data about the bank's pipeline to the vendor.
        "telemetry": {"enabled": False},
        # The release has a freshness policy; the daemon evaluates those only when asked to.
        "freshness": {"enabled": True},
        # A second run would only wait for the lock.
        "concurrency": {"runs": {"max_concurrent_runs": 1}},
        # Sensors look every minute; nobody needs their skipped ticks after a week.
        "retention": {
            "schedule": purged,
            "sensor": {
                "purge_after_days": {
                    "skipped": 7,
                    "started": 7,
                    "success": settings.keep_history_days,
                    "failure": settings.keep_history_days,
                }
            },
        },
        **({"storage": {"custom": _POSTGRESQL}} if settings.dagster_storage_uri is not None else {}),
    }


if __name__ == "__main__":
    try:
        print(prepare_instance(Settings()))
    except DagsterStorageError as problem:
        sys.exit(str(problem))
