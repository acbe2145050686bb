"""A release is whole or not there: publishing, swapping, keeping and removing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from needloop.release.publishing import (
    Release,
    current_release_id,
    publish,
    read_release,
    remove_unfinished,
)
from needloop.settings import MARTS_FILE, Settings

FIRST_MOMENT = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, keep_releases=3)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.metric_values as select 'needs_raised' as metric, 7.0 as value")
        connection.execute("create table marts.secret as select 'a name' as full_name")
        yield connection


def publish_nth(warehouse: duckdb.DuckDBPyConnection, settings: Settings, nth: int) -> Release:
    return publish(
        warehouse,
        settings,
        ["metric_values"],
        run_id=f"{nth:08d}-run",
        as_of=date(2026, 9, 30),
        created_at=FIRST_MOMENT + timedelta(hours=nth),
        checks=(5, 1),
    )


def published_value(settings: Settings) -> float:
    with duckdb.connect(str(settings.published_file), read_only=True) as reader:
        row = reader.execute("select value from marts.metric_values").fetchone()
    assert row is not None
    return float(row[0])


def test_readers_see_the_named_tables_and_nothing_else(
    warehouse: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    publish_nth(warehouse, settings, 1)
    with duckdb.connect(str(settings.published_file), read_only=True) as reader:
        names = reader.execute("select table_schema, table_name from information_schema.tables order by all").fetchall()
        info = reader.execute("select release_id, as_of, created_at, run_id from marts.release_info").fetchone()
    assert names == [("marts", "metric_values"), ("marts", "release_info")]
    assert info == (
        "20261001T030000Z-00000001",
        date(2026, 9, 30),
        datetime(2026, 10, 1, 3, 0),
        "00000001-run",
    )


def test_the_note_beside_the_database_says_what_it_holds(
    warehouse: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    published = publish_nth(warehouse, settings, 1)
    assert read_release(settings) == published
    assert published.tables == {"metric_values": 1, "release_info": 1}
    assert (published.checks_passed, published.checks_failed) == (5, 1)


def test_a_reader_keeps_its_release_while_the_next_is_published(
    warehouse: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    publish_nth(warehouse, settings, 1)
    with duckdb.connect(str(settings.published_file.resolve()), read_only=True) as reader:
        warehouse.execute("update marts.metric_values set value = 8.0")
        publish_nth(warehouse, settings, 2)
        old = reader.execute("select value from marts.metric_values").fetchone()
    assert old == (7.0,)
    assert published_value(settings) == 8.0


def test_a_release_cannot_be_written_to(warehouse: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    publish_nth(warehouse, settings, 1)
    assert settings.published_file.stat().st_mode & 0o222 == 0


def test_the_newest_releases_are_kept(warehouse: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    for nth in range(1, 6):
        publish_nth(warehouse, settings, nth)
    kept = sorted(folder.name[:13] for folder in settings.releases.iterdir())
    assert kept == ["20261001T0500", "20261001T0600", "20261001T0700"]


def test_the_current_release_is_kept_when_the_clock_goes_back(
    warehouse: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    for nth in (5, 6, 7, 1):
        publish_nth(warehouse, settings, nth)
    assert current_release_id(settings) == "20261001T030000Z-00000001"
    assert published_value(settings) == 7.0
    assert len(list(settings.releases.iterdir())) == 3


def test_a_run_that_died_while_publishing_leaves_the_old_release_up(
    warehouse: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    publish_nth(warehouse, settings, 1)
    half = settings.releases / "20261001T040000Z-00000002.building"
    half.mkdir()
    (half / MARTS_FILE).write_bytes(b"half a file")
    settings.current.with_name("current.building").symlink_to(half)
    assert published_value(settings) == 7.0
    remove_unfinished(settings)
    assert [folder.name for folder in settings.releases.iterdir()] == ["20261001T030000Z-00000001"]
    assert not settings.current.with_name("current.building").is_symlink()


def test_a_failed_copy_leaves_the_old_release_up(warehouse: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    publish_nth(warehouse, settings, 1)
    warehouse.execute("alter table marts.metric_values rename to moved_away")
    with pytest.raises(duckdb.CatalogException):
        publish_nth(warehouse, settings, 2)
    assert published_value(settings) == 7.0
    warehouse.execute("alter table marts.moved_away rename to metric_values")
    assert publish_nth(warehouse, settings, 3).release_id == current_release_id(settings)
