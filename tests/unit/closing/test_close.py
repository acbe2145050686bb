"""Closing archives what the published release says, once, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dagster_pipelines.closing.close import close_quarter
from dagster_pipelines.closing.errors import ClosingError
from needloop.contract.model import load_contract
from needloop.release.publishing import publish
from needloop.settings import Settings
from needloop.warehouse.builds import Build, record_build
from needloop.warehouse.connection import warehouse
from needloop.warehouse.run_lock import AnotherRunError, run_lock
from needloop.warehouse.schema import bring_up_to_date

MARTS = """
create schema marts;
create table marts.dim_period as select * from (values
    ('2026Q1', 'quarter', date '2026-01-01', date '2026-03-31', date '2026-03-31', false),
    ('2026Q2', 'quarter', date '2026-04-01', date '2026-06-30', date '2026-05-20', true),
    ('2026-03', 'month', date '2026-03-01', date '2026-03-31', date '2026-03-31', false),
    ('2026-04', 'month', date '2026-04-01', date '2026-04-30', date '2026-04-30', false)
) as t (period, period_type, starts_on, ends_on, covered_until, in_progress);
create table marts.metric_values as select 'needs_raised' as metric, period_type, period, 'all' as group_by,
    'all' as group_value, 7.0::double as numerator, null::double as denominator, 7.0::double as value, 7::bigint as n,
    in_progress from marts.dim_period;
create table marts.dim_metric as select 'needs_raised' as metric, '需求提出量' as label_zh;
create table marts.dim_group_value as select 'all' as group_by, 'all' as group_value;
create table marts.mart_metric_inputs as select * from (values
    ('needs_raised', 'definition', 'needs_raised', 'abc'), ('needs_raised', 'source', 'crm.needs', '')
) as t (metric, kind, input_name, fingerprint);
create table marts.mart_weak_spots as select period, 3 as spots from marts.dim_period where period_type = 'quarter';
"""
PUBLISHED = (
    "dim_period", "metric_values", "dim_metric", "dim_group_value", "mart_metric_inputs", "mart_weak_spots",
)  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder with one release: 2026Q1 is whole, 2026Q2 in progress."""
    made = Settings(data=tmp_path, memory_limit="500MB", threads=1)
    with warehouse(made) as connection:
        bring_up_to_date(connection, load_contract())
        connection.execute(MARTS)
        release = publish(
            connection,
            made,
            PUBLISHED,
            run_id="run-1",
            as_of=date(2026, 5, 20),
            created_at=datetime(2026, 5, 21, 2, tzinfo=UTC),
            checks=(1, 0),
        )
        record_build(connection, Build(release.release_id, "run-1", "print", None, date(2026, 5, 20), 12, 0))
    return made


def rows(settings: Settings, select: str) -> list[tuple[object, ...]]:
    with warehouse(settings) as connection:
        return connection.execute(select).fetchall()


def test_the_numbers_of_the_quarter_and_its_months_are_archived(settings: Settings) -> None:
    closed = close_quarter(settings, "2026Q1")
    assert closed.numbers == 2
    assert rows(settings, "select period, value from closing.metric_values order by period") == [
        ("2026-03", 7.0),
        ("2026Q1", 7.0),
    ]
    assert rows(settings, "select quarter, release_id, as_of, fingerprint, load_id, numbers from closing.quarters") == [
        ("2026Q1", closed.release_id, date(2026, 5, 20), "print", 12, 2)
    ]
    assert rows(settings, "select metric, kind, input_name from closing.metric_inputs order by kind") == [
        ("needs_raised", "definition", "needs_raised"),
        ("needs_raised", "grouping", "all"),
        ("needs_raised", "source", "crm.needs"),
    ]


def test_definitions_and_tables_by_period_are_archived_as_they_are(settings: Settings) -> None:
    closed = close_quarter(settings, "2026Q1")
    assert set(closed.tables) == {"dim_metric", "dim_group_value", "dim_period", "metric_values", "mart_weak_spots"}
    assert rows(settings, "from closing_2026q1.mart_weak_spots") == [("2026Q1", 3)]
    assert rows(settings, "from closing_2026q1.dim_metric") == [("needs_raised", "需求提出量")]


@pytest.mark.parametrize(
    ("quarter", "said"),
    [
        ("2026Q2", "in progress: the published release covers it up to 2026-05-20"),
        ("2025Q4", "has no quarter 2025Q4. Choose a complete one: 2026Q1 to 2026Q1"),
        ("2026-Q1", "write it as 2026Q2"),
        ("2026-03", "write it as 2026Q2"),
    ],
)
def test_what_is_not_a_whole_quarter_is_refused(settings: Settings, quarter: str, said: str) -> None:
    with pytest.raises(ClosingError, match=said):
        close_quarter(settings, quarter)
    assert rows(settings, "from closing.quarters") == []


def test_a_closed_quarter_is_not_closed_again(settings: Settings) -> None:
    close_quarter(settings, "2026Q1")
    with pytest.raises(ClosingError, match="2026Q1 was closed at"):
        close_quarter(settings, "2026Q1")
    assert len(rows(settings, "from closing.metric_values")) == 2


def test_a_release_of_another_warehouse_is_refused(settings: Settings) -> None:
    with warehouse(settings) as connection:
        connection.execute("delete from pipeline.builds")
    with pytest.raises(ClosingError, match="not built from this warehouse"):
        close_quarter(settings, "2026Q1")


def test_nothing_published_is_said(tmp_path: Path) -> None:
    with pytest.raises(ClosingError, match="Nothing is published"):
        close_quarter(Settings(data=tmp_path), "2026Q1")


def test_a_run_is_not_disturbed(settings: Settings) -> None:
    script = f"""
from dagster_pipelines.closing.close import close_quarter
from needloop.settings import Settings
close_quarter(Settings(data={str(settings.data)!r}), "2026Q1")
"""
    with run_lock(settings):
        other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert AnotherRunError.__name__ in other.stderr
    assert rows(settings, "from closing.quarters") == []


def test_a_kill_in_the_middle_closes_nothing(settings: Settings) -> None:
    script = f"""
import os
from dagster_pipelines.closing import close
from needloop.settings import Settings
archive_tables = close._archive_tables
def die(*arguments):
    archive_tables(*arguments)
    os._exit(9)
close._archive_tables = die
close.close_quarter(Settings(data={str(settings.data)!r}, memory_limit="500MB", threads=1), "2026Q1")
"""
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert killed.returncode == 9, killed.stderr
    assert rows(settings, "from closing.metric_values") == []
    assert rows(settings, "select * from duckdb_schemas() where schema_name = 'closing_2026q1'") == []
    assert close_quarter(settings, "2026Q1").numbers == 2


def test_a_quarter_of_an_unchecked_release_is_not_closed(settings: Settings) -> None:
    note = (settings.current / "release.json").resolve()
    note.chmod(0o644)
    note.write_text(note.read_text("utf-8").replace('"checks_passed": 1', '"checks_passed": 0'), "utf-8")
    with pytest.raises(ClosingError, match="has no check results"):
        close_quarter(settings, "2026Q1")
