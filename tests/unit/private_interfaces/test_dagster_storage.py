"""dagster_storage.py: engines that are kept, commits that do not wait, the file of a run's events."""

from __future__ import annotations

import inspect
from collections import Counter
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import sqlalchemy

from needloop.private_interfaces.dagster_storage import relaxed_sqlite_storage, remove_events_file

_SLOW = (
    "Dagster's SQLite storages no longer make their engines through `create_engine` of sqlite_event_log and "
    "sqlite_run_storage: nothing fails, but a run takes some 12 seconds more. Patch what makes the engines now, or "
    "drop relaxed_sqlite_storage when Dagster keeps them itself."
)


@dg.op
def _one() -> None: ...


@dg.job
def _small() -> None:
    _one()


def test_an_engine_is_made_once_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Counter[str] = Counter()
    make = sqlalchemy.create_engine

    def counted(url: str, **options: Any) -> sqlalchemy.Engine:
        made[str(url)] += 1
        return make(url, **options)

    monkeypatch.setattr(sqlalchemy, "create_engine", counted)
    with relaxed_sqlite_storage(), dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        run_id = _small.execute_in_process(instance=instance).run_id
    assert {Path(url).name for url in made} >= {"runs.db", f"{run_id}.db"}, _SLOW
    assert set(made.values()) == {1}, _SLOW


def test_commits_do_not_wait_for_the_disk(tmp_path: Path) -> None:
    with (
        relaxed_sqlite_storage(),
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        instance.run_storage.connect() as connection,  # type: ignore[attr-defined]
    ):
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 0, _SLOW


def test_the_events_of_a_run_lie_in_a_file_of_their_own(tmp_path: Path) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        run_id = _small.execute_in_process(instance=instance).run_id
        assert list(tmp_path.rglob(f"{run_id}.db")), "Dagster keeps events elsewhere: see remove_events_file"
        remove_events_file(instance, run_id)
        assert not list(tmp_path.rglob(f"{run_id}.db*")), (
            "SqliteEventLogStorage.path_for_shard has moved: the files of deleted runs stay on the disk for ever. Find "
            "their path again in remove_events_file."
        )


def test_a_servers_connections_can_be_kept() -> None:
    parameters = set(inspect.signature(dg.DagsterInstance.optimize_for_webserver).parameters)
    assert parameters >= {"statement_timeout", "pool_recycle", "max_overflow"}, (
        "DagsterInstance.optimize_for_webserver has changed: every run stops at its start, or connects to PostgreSQL "
        "some four thousand times. Ask for kept connections anew in keep_connections."
    )
