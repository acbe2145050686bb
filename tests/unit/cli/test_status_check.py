"""`needloop status --check`, as a monitor calls it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dagster_pipelines.cli.status import status
from needloop.settings import Settings
from needloop.warehouse.run_lock import run_lock

LIMITS = "limits: {release_age_hours: 72, free_disk_gib: %s}\n"


@pytest.fixture(autouse=True)
def _own_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alerts = tmp_path / "alerts.yml"
    alerts.write_text(LIMITS % 0, "utf-8")
    monkeypatch.setenv("NEEDLOOP_ALERTS", str(alerts))


def published(data: Path, age: timedelta, checks_passed: int = 3) -> None:
    note = {
        "release_id": "20260930T011500Z-1a2b3c4d",
        "run_id": "1a2b3c4d",
        "as_of": "2026-09-30",
        "created_at": (datetime.now(UTC) - age).isoformat(),
        "product_version": "0.1.0",
        "contract_version": 1,
        "tables": {},
        "checks_passed": checks_passed,
        "checks_failed": 0,
    }
    current = data / "current"
    current.mkdir(parents=True)
    (current / "needloop_marts.duckdb").touch()
    (current / "release.json").write_text(json.dumps(note), "utf-8")


def checked(data: Path) -> Result:
    return CliRunner().invoke(status, ["--check", "--data", str(data)])


def test_a_release_just_within_its_limit_is_well(tmp_path: Path) -> None:
    published(tmp_path / "data", timedelta(hours=71, minutes=59))
    said = checked(tmp_path / "data")
    assert (said.exit_code, said.output) == (0, "ok: 20260930T011500Z-1a2b3c4d, data as of 2026-09-30\n")


def test_a_release_just_beyond_its_limit_is_not(tmp_path: Path) -> None:
    published(tmp_path / "data", timedelta(hours=72, minutes=1))
    said = checked(tmp_path / "data")
    assert said.exit_code == 1
    assert "no new release for more than 72 hours" in said.output


def test_a_disk_that_fills_is_not_well(tmp_path: Path) -> None:
    (tmp_path / "alerts.yml").write_text(LIMITS % 10**9, "utf-8")
    published(tmp_path / "data", timedelta(hours=1))
    said = checked(tmp_path / "data")
    assert said.exit_code == 1
    assert "less than 1e+09 GiB" in said.output


def test_nothing_published_is_not_well(tmp_path: Path) -> None:
    said = checked(tmp_path / "data")
    assert said.exit_code == 1
    assert "Run `needloop run` first" in said.output


def test_a_damaged_note_is_not_well(tmp_path: Path) -> None:
    published(tmp_path / "data", timedelta(hours=1))
    (tmp_path / "data" / "current" / "release.json").write_text("{", "utf-8")
    said = checked(tmp_path / "data")
    assert said.exit_code == 1
    assert "is damaged" in said.output


def test_a_wrong_alerts_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "alerts.yml").write_text("limits: {release_age_hours: never}", "utf-8")
    published(tmp_path / "data", timedelta(hours=1))
    said = checked(tmp_path / "data")
    assert said.exit_code == 1
    assert "docs/alerts.md shows the format" in said.output


def test_a_killed_run_is_not_well(tmp_path: Path) -> None:
    published(tmp_path / "data", timedelta(hours=1))
    beyond_all_processes = 2**22 + 1
    (tmp_path / "data" / "run.holder").write_text(f"process {beyond_all_processes}, since 09:00", "utf-8")
    said = checked(tmp_path / "data")
    assert said.exit_code == 1
    assert "A run was interrupted" in said.output


AT_WORK = "A run, or another writing command, is active (process "


def test_a_run_at_work_is_told_and_is_no_fault(tmp_path: Path) -> None:
    published(tmp_path / "data", timedelta(hours=1))
    with run_lock(Settings(data=tmp_path / "data")):
        said = checked(tmp_path / "data")
    first, second = said.output.splitlines()
    assert (said.exit_code, first[:3], second.startswith(f"{AT_WORK}{os.getpid()}, since ")) == (0, "ok:", True)
    assert AT_WORK not in checked(tmp_path / "data").output


def test_a_run_at_work_is_told_where_something_is_wrong_too(tmp_path: Path) -> None:
    with run_lock(Settings(data=tmp_path / "data")):
        said = checked(tmp_path / "data")
    assert said.exit_code == 1
    assert AT_WORK in said.output
    assert "Run `needloop run` first" in said.output


def test_a_release_without_check_results_is_not_well(tmp_path: Path) -> None:
    published(tmp_path / "data", timedelta(hours=1), checks_passed=0)
    said = checked(tmp_path / "data")
    assert said.exit_code == 1
    assert "has no check results: its numbers are unchecked. Run needloop run" in said.output
