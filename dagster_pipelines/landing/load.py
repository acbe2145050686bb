"""Load a landing zone: every new file, each in one transaction with its entry in the load log."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_pipelines.landing.aliases import load_aliases
from dagster_pipelines.landing.discovery import MAPPING_FILE, discover
from dagster_pipelines.landing.erased_people import ErasedPeople
from dagster_pipelines.landing.errors import LandingError
from dagster_pipelines.landing.file_load import FileLoader, LoadRun
from dagster_pipelines.landing.load_log import LoadLog, is_settled
from dagster_pipelines.landing.outcome import FileOutcome, LoadSummary
from dagster_pipelines.landing.settling import still_written
from dagster_pipelines.landing.unpacking import UnpackingLimits
from needloop.contract.model import load_contract


def anything_new(connection: duckdb.DuckDBPyConnection, landing: Path) -> bool:
    """Whether there is a file that no earlier run has settled. Takes one stat per file and opens none.

    A refused file is never settled, because the cause may have been fixed. Needs the same tables as load_landing_zone.
    """
    load_log = LoadLog(connection, "", datetime.min)  # noqa: DTZ901 - nothing is recorded
    settled = load_log.settled_files()
    return not all(is_settled(file.path, settled.get(file.name)) for file in discover(landing, load_contract()).files)


def load_landing_zone(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    *,
    batch_id: str,
    time_zone: str,
    loaded_at: datetime,
    scratch: Path,
    max_record_bytes: int,
    progress: Callable[[FileOutcome], None] | None = None,
    erasure_key: bytes | None = None,
    unpacking: UnpackingLimits | None = None,
    settle_seconds: float = 0.0,
    tables: Collection[str] | None = None,
) -> LoadSummary:
    """Load new files of the landing zone into schema raw, for all tables or only those named (system.table).

    The warehouse must be up to date (warehouse.schema.bring_up_to_date). `loaded_at` is local time without zone;
    `scratch` is a folder for decoded files, emptied before and after; `max_record_bytes` bounds one record.
    `erasure_key` is required once customers were erased, whose rows are ignored.
    `unpacking` bounds compressed files. A file that was written to within `settle_seconds` is watched for that long,
    and left for the next run if it changes.
    A file that cannot be loaded is recorded and does not stop the others. `progress` is called after each file.
    Raises LandingError when there is no landing zone, its mapping.yml is wrong, or the erasure key is missing.
    """
    if not landing.is_dir():
        raise LandingError(
            f"There is no landing zone at {landing}. Pass the folder that holds the deliveries with --landing."
        )
    contract = load_contract()
    mapping = landing / MAPPING_FILE
    if mapping.is_symlink():
        raise LandingError(f"{mapping} is a symbolic link, which is never followed. Put the file itself there.")
    aliases = load_aliases(contract, mapping if mapping.is_file() else None)
    load_log = LoadLog(connection, batch_id, loaded_at)
    summary = LoadSummary(batch_id)
    found = discover(landing, contract)
    summary.notices += load_log.notice(list(found.left_alone))
    settled = load_log.settled_files()
    own_scratch = scratch / "landing"
    loader = FileLoader(
        connection,
        load_log,
        aliases,
        LoadRun(batch_id, time_zone, loaded_at, own_scratch, max_record_bytes, unpacking or UnpackingLimits()),
        ErasedPeople.known(connection, erasure_key),
    )
    new = [
        file
        for file in found.files
        if (tables is None or file.table.full_name in tables) and not is_settled(file.path, settled.get(file.name))
    ]
    growing = still_written(new, settle_seconds)
    summary.notices += growing.values()
    for file in new:
        if file.name in growing:
            continue
        shutil.rmtree(own_scratch, ignore_errors=True)
        own_scratch.mkdir(parents=True)
        try:
            outcome = loader.load(file)
        finally:
            shutil.rmtree(own_scratch, ignore_errors=True)
        summary.outcomes.append(outcome)
        if outcome.loaded and file.table.raw_name not in summary.changed_tables:
            summary.changed_tables.append(file.table.raw_name)
        if progress is not None:
            progress(outcome)
    summary.notices += loader.notices
    return summary
