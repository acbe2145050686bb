"""A backup is whole and consistent or not there; it is put back only when every byte of it is right."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from dagster_pipelines.backup import make
from dagster_pipelines.backup.errors import BackupError
from dagster_pipelines.backup.make import make_backup
from dagster_pipelines.backup.manifest import NOTE
from dagster_pipelines.backup.restore import restore_backup
from dagster_pipelines.transformation.customer_keys import secret_of
from needloop.contract.model import load_contract
from needloop.release.publishing import publish, read_release
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.run_lock import AnotherRunError, run_lock
from needloop.warehouse.schema import bring_up_to_date


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder with a warehouse, a closed quarter, a release and a secret."""
    made = Settings(data=tmp_path / "data", memory_limit="500MB", threads=1)
    with warehouse(made) as connection:
        bring_up_to_date(connection, load_contract())
        connection.execute("create schema marts; create table marts.metric_values as select 7 as value")
        connection.execute("create schema closing_2026q1; create table closing_2026q1.numbers as select 5 as value")
    release(made, 1)
    secret_of(made)
    return made


def release(settings: Settings, day: int) -> None:
    with warehouse(settings) as connection:
        publish(
            connection, settings, ["metric_values"], run_id=f"run-{day}", as_of=date(2026, 5, day),
            created_at=datetime(2026, 5, day, tzinfo=UTC), checks=(1, 0),
        )  # fmt: skip


def values(settings: Settings) -> list[tuple[int, ...]]:
    """What the warehouse has, the closed quarter and the published release."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        inside = connection.execute(
            "select value, (select value from closing_2026q1.numbers) from marts.metric_values"
        ).fetchall()
    with duckdb.connect(str(settings.published_file), read_only=True) as connection:
        return inside + connection.execute("select value from marts.metric_values").fetchall()


def backup(settings: Settings, target: Path, *, with_secrets: bool = True, overwrite: bool = False) -> None:
    make_backup(settings, target, with_secrets=with_secrets, overwrite=overwrite)


def test_what_was_destroyed_comes_back_as_it_was(settings: Settings, tmp_path: Path) -> None:
    before, secret, published = values(settings), secret_of(settings), read_release(settings)
    backup(settings, tmp_path / "backup")
    shutil.rmtree(settings.data)
    restore_backup(settings, tmp_path / "backup", overwrite=False)
    assert (values(settings), secret_of(settings), read_release(settings)) == (before, secret, published)
    assert settings.customer_key_file.stat().st_mode & 0o777 == 0o600
    assert settings.published_file.stat().st_mode & 0o777 == 0o444
    assert not (settings.data / "restore.incoming").exists()


def test_what_a_killed_run_left_in_the_log_is_in_the_backup(settings: Settings, tmp_path: Path) -> None:
    script = f"""
import duckdb, os
c = duckdb.connect({str(settings.warehouse_file)!r})
c.execute("insert into marts.metric_values values (8)")
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", script], check=False)
    assert settings.warehouse_file.with_name("needloop.duckdb.wal").exists()
    backup(settings, tmp_path / "backup")
    with duckdb.connect(str(tmp_path / "backup" / "warehouse" / "needloop.duckdb"), read_only=True) as connection:
        assert connection.execute("select sum(value) from marts.metric_values").fetchall() == [(15,)]


def test_a_log_that_is_there_does_not_get_into_what_is_restored(settings: Settings, tmp_path: Path) -> None:
    backup(settings, tmp_path / "backup")
    before = values(settings)
    settings.warehouse_file.with_name("needloop.duckdb.wal").write_bytes(b"of another file")
    restore_backup(settings, tmp_path / "backup", overwrite=True)
    assert values(settings) == before


def test_secrets_may_be_left_out_and_then_stay_as_they_are(settings: Settings, tmp_path: Path) -> None:
    backup(settings, tmp_path / "backup", with_secrets=False)
    assert not (tmp_path / "backup" / "secrets").exists()
    secret = secret_of(settings)
    restore_backup(settings, tmp_path / "backup", overwrite=True)
    assert secret_of(settings) == secret


def test_nothing_is_overwritten_unasked(settings: Settings, tmp_path: Path) -> None:
    backup(settings, tmp_path / "backup")
    with pytest.raises(BackupError, match="--yes"):
        backup(settings, tmp_path / "backup")
    with pytest.raises(BackupError, match="--yes"):
        restore_backup(settings, tmp_path / "backup", overwrite=False)
    backup(settings, tmp_path / "backup", overwrite=True)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one").write_text("mine")
    for overwrite in (True, False):
        with pytest.raises(BackupError, match="not a backup"):
            backup(settings, tmp_path / "letters", overwrite=overwrite)
    assert [f.name for f in (tmp_path / "letters").iterdir()] == ["one"]


def test_a_backup_within_the_data_folder_would_die_with_it(settings: Settings) -> None:
    for target in (settings.data / "backup", settings.data, settings.data.parent):
        with pytest.raises(BackupError, match="outside the data folder"):
            backup(settings, target)


@pytest.mark.parametrize("file", ["warehouse/needloop.duckdb", "secrets/customer_key", NOTE])
@pytest.mark.parametrize("damage", ["changed", "gone", "cut"])
def test_a_damaged_backup_touches_nothing(settings: Settings, tmp_path: Path, file: str, damage: str) -> None:
    backup(settings, tmp_path / "backup")
    before = values(settings)
    damaged = tmp_path / "backup" / file
    content = damaged.read_bytes()
    match damage:
        case "changed":
            damaged.write_bytes(content[:20] + bytes([content[20] ^ 1]) + content[21:])
        case "gone":
            damaged.unlink()
        case _:
            damaged.write_bytes(content[:-5])
    with pytest.raises(BackupError):
        restore_backup(settings, tmp_path / "backup", overwrite=True)
    assert values(settings) == before
    assert not (settings.data / "restore.incoming").exists()


def test_a_damaged_release_is_replaced_and_a_later_one_left(settings: Settings, tmp_path: Path) -> None:
    backup(settings, tmp_path / "backup")
    before = values(settings)
    damaged = settings.published_file.resolve()
    damaged.chmod(0o644)
    damaged.write_bytes(b"no database")
    release(settings, 2)
    restore_backup(settings, tmp_path / "backup", overwrite=True)
    assert values(settings) == before
    assert len(list(settings.releases.iterdir())) == 2


def test_a_path_that_leads_out_of_the_backup_is_refused(settings: Settings, tmp_path: Path) -> None:
    backup(settings, tmp_path / "backup")
    note = tmp_path / "backup" / NOTE
    said = json.loads(note.read_text())
    said["files"][0]["path"] = "../../evil"
    note.write_text(json.dumps(said))
    with pytest.raises(BackupError, match="damaged"):
        restore_backup(settings, tmp_path / "backup", overwrite=True)


def test_a_format_of_later_says_which_version_reads_it(settings: Settings, tmp_path: Path) -> None:
    backup(settings, tmp_path / "backup")
    note = tmp_path / "backup" / NOTE
    note.write_text(json.dumps({**json.loads(note.read_text()), "format": 2}))
    with pytest.raises(BackupError, match="Restore it with version"):
        restore_backup(settings, tmp_path / "backup", overwrite=True)


def test_a_failure_in_the_middle_leaves_the_backup_of_before(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(settings, tmp_path / "backup")
    before = (tmp_path / "backup" / NOTE).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(make, "copy_file", full)
    with pytest.raises(OSError, match="No space left"):
        backup(settings, tmp_path / "backup", overwrite=True)
    assert (tmp_path / "backup" / NOTE).read_bytes() == before
    assert not (tmp_path / "backup.building").exists()


def test_no_space_is_said_before_anything_is_written(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**6, 10**6, 0))
    with pytest.raises(BackupError, match="Free some space"):
        backup(settings, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_a_run_at_work_is_not_disturbed(settings: Settings, tmp_path: Path) -> None:
    backup(settings, tmp_path / "backup")
    script = f"""
from pathlib import Path
from dagster_pipelines.backup.make import make_backup
from dagster_pipelines.backup.restore import restore_backup
from needloop.settings import Settings
from needloop.warehouse.run_lock import AnotherRunError
settings = Settings(data=Path({str(settings.data)!r}))
for attempt in (
    lambda: make_backup(settings, Path({str(tmp_path / "other")!r}), with_secrets=True, overwrite=True),
    lambda: restore_backup(settings, Path({str(tmp_path / "backup")!r}), overwrite=True),
):
    try:
        attempt()
    except {AnotherRunError.__name__}:
        print("another run")
"""
    with run_lock(settings):
        other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert other.stdout.split("\n")[:2] == ["another run", "another run"], other.stderr
