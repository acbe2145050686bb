"""The audit record keeps what was done, as long as it should, for its owner's eyes; `needloop audit` lists it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagster_pipelines.cli.main import main
from needloop.audit.record import EXPORT, LOGIN, LOGIN_FAILED, AuditRecord


def test_entries_come_back_the_latest_first(tmp_path: Path) -> None:
    record = AuditRecord(tmp_path / "audit")
    now = datetime.now(UTC).replace(microsecond=0)
    record.add("wang_li", LOGIN, "dashboards", "10.0.0.1", now - timedelta(hours=2))
    record.add("chen_jie", EXPORT, "chart 1, csv", "10.0.0.2", now)
    assert [(one.who, one.at) for one in record.entries()] == [("chen_jie", now), ("wang_li", now - timedelta(hours=2))]
    assert [one.who for one in record.entries(action=LOGIN)] == ["wang_li"]
    assert [one.who for one in record.entries(since=now - timedelta(hours=1))] == ["chen_jie"]
    assert [one.who for one in record.entries(most=1)] == ["chen_jie"]


def test_what_is_older_than_the_keep_time_goes_with_the_next_entry(tmp_path: Path) -> None:
    """399 days stay, 401 go."""
    record = AuditRecord(tmp_path)
    now = datetime.now(UTC)
    for days in (401, 399):
        record.add(f"of {days} days", LOGIN, "dashboards", "10.0.0.1", now - timedelta(days=days))
    assert [one.who for one in record.entries()] == ["of 399 days"]


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    AuditRecord(tmp_path / "audit").add("x", LOGIN, "dashboards", "10.0.0.1")
    assert (tmp_path / "audit").stat().st_mode & 0o077 == 0
    assert (tmp_path / "audit" / "audit.db").stat().st_mode & 0o177 == 0


def test_a_text_that_is_put_into_a_name_stays_on_its_line(tmp_path: Path) -> None:
    record = AuditRecord(tmp_path)
    record.add("x\n2026-01-01 admin login", LOGIN_FAILED, "w" * 10_000, "10.0.0.1")
    (entry,) = record.entries()
    assert entry.who == "x 2026-01-01 admin login"
    assert len(entry.what) == 500


def test_a_stranger_cannot_command_a_terminal(tmp_path: Path) -> None:
    """Escape sequences, a turned direction of writing, half a pair of UTF-16; Chinese names stay as they are."""
    record = AuditRecord(tmp_path)
    record.add("\x1b]0;gone\x07\x1b[2Jx\u202egpj.exe\ud800 王莉", LOGIN_FAILED, "\x9b2J", "10.0.0.1")
    (entry,) = record.entries()
    assert entry.who == "\ufffd]0;gone\ufffd\ufffd[2Jx\ufffdgpj.exe\ufffd 王莉"
    assert entry.what == "\ufffd2J"


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "＝1"])
def test_a_stranger_cannot_put_a_formula_into_the_csv(tmp_path: Path, name: str) -> None:
    AuditRecord(tmp_path / "audit").add(name, LOGIN_FAILED, "dashboards", "10.0.0.1")
    listed = CliRunner().invoke(main, ["audit", "--data", str(tmp_path), "--format", "csv"]).output
    assert list(csv.reader(io.StringIO(listed)))[1][1:] == [f"'{name}", "login_failed", "dashboards", "10.0.0.1"]


def test_the_command_lists_them_as_text_and_csv(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["audit", "--data", str(tmp_path)]).output == "No entries.\n"
    AuditRecord(tmp_path / "audit").add("wang_li", LOGIN, "dashboards", "10.0.0.1")
    text = CliRunner().invoke(main, ["audit", "--data", str(tmp_path)]).output
    assert text.endswith("  wang_li  login  dashboards  10.0.0.1\n")
    listed = CliRunner().invoke(main, ["audit", "--data", str(tmp_path), "--format", "csv", "--days", "1"]).output
    assert [row[1:] for row in csv.reader(io.StringIO(listed))] == [
        ["who", "action", "what", "from"],
        ["wang_li", "login", "dashboards", "10.0.0.1"],
    ]
