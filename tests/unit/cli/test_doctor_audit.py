"""`needloop doctor` tries to write the audit record, and sees when it belongs to the wrong user."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dagster_pipelines.cli.doctor import CHECKS, Finding
from needloop.audit.record import LOGIN, AuditRecord
from needloop.settings import Settings

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")
_SERVICE = 12_345


def _looked(data: Path) -> list[Finding]:
    (look,) = (one for one in CHECKS if one.__name__ == "_audit")
    return list(look(Settings(data=data)))


def test_a_record_that_can_be_written(tmp_path: Path) -> None:
    assert [one.ok for one in _looked(tmp_path)] == [True]
    assert AuditRecord(tmp_path / "audit").entries() == []


def test_nothing_is_made_where_there_is_no_data_folder(tmp_path: Path) -> None:
    assert [one.ok for one in _looked(tmp_path / "none")] == [True]
    assert not (tmp_path / "none").exists()


def test_a_record_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("", "utf-8")
    (found,) = _looked(tmp_path)
    assert not found.ok
    assert "run commands as" in found.text


@as_root
def test_a_record_that_root_was_first_to_write(tmp_path: Path) -> None:
    AuditRecord(tmp_path / "audit").add("root", LOGIN, "x", "y")
    os.chown(tmp_path, _SERVICE, _SERVICE)
    (found,) = _looked(tmp_path)
    assert not found.ok
    assert found.text.endswith(f"`sudo chown -R {_SERVICE} {tmp_path}/audit`")


@as_root
def test_root_does_not_make_a_record_for_somebody_else(tmp_path: Path) -> None:
    os.chown(tmp_path, _SERVICE, _SERVICE)
    assert [one.ok for one in _looked(tmp_path)] == [True]
    assert not (tmp_path / "audit").exists()
