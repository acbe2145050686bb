"""Faults of the machine under a run: a sentence that says what to do, exit code 1, and nothing published harmed."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from needloop.release.publishing import current_release_id, publish, read_release
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from tests.end_to_end.command_line import needloop, run

_RELEASE_ROOM = 2 * 2**20
_FIRST_BLOCK, _BLOCK, _WITHIN = 3 * 4096, 256 * 2**10, 500
"""Where DuckDB's blocks begin behind its headers, their size, and a place within each that is damaged."""


class Disk:
    """A file system of its own, of a given size, that can be made read-only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mount(self, options: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.folder], check=True, capture_output=True)

    def remount(self, options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", self.folder], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.geteuid() != 0 or ctypes.CDLL(None).unshare is None or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk; run the tests as root to see what a full one does")
    made = Disk(tmp_path / "disk")
    made.folder.mkdir()
    try:
        made.mount("size=600k")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"this machine lets nobody mount a small disk: {error.stderr.decode().strip()}")
    yield made
    subprocess.run(["umount", "--lazy", made.folder], check=True)


def released(settings: Settings, day: int, *, rows: int = 1) -> str:
    """Publishes a release with so many rows."""
    with warehouse(settings) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(f"create or replace table marts.numbers as select random() as x from range({rows})")
        return publish(
            connection, settings, ["numbers"], run_id=f"run-{day}", as_of=date(2026, 5, day),
            created_at=datetime(2026, 5, day, tzinfo=UTC), checks=(1, 0),
        ).release_id  # fmt: skip


@pytest.mark.parametrize("room", ["600k", "6m"])
def test_a_full_disk_is_said_to_be_full(disk: Disk, bank: Path, room: str) -> None:
    disk.remount(f"size={room}")
    stopped = run(bank, disk.folder)
    assert stopped.returncode == 1
    assert f"The disk of {disk.folder} is full. Make room on it" in stopped.stderr
    assert "Nothing was published; the last release is unchanged" in stopped.stderr
    assert "Traceback" not in stopped.stderr + stopped.stdout


def test_a_disk_that_fills_while_publishing_leaves_the_release_of_before(disk: Disk) -> None:
    disk.remount("size=20m")
    settings = Settings(data=disk.folder, memory_limit="500MB", threads=1)
    before = released(settings, 1)
    filler = disk.folder / "filler"
    with warehouse(settings) as connection:
        connection.execute("create or replace table marts.numbers as select random() as x from range(600_000)")
    free = shutil.disk_usage(disk.folder).free
    filler.write_bytes(b"\1" * max(free - _RELEASE_ROOM, 0))
    with pytest.raises((duckdb.Error, OSError)), warehouse(settings) as connection:
        publish(
            connection, settings, ["numbers"], run_id="run-2", as_of=date(2026, 5, 2),
            created_at=datetime(2026, 5, 2, tzinfo=UTC), checks=(1, 0),
        )  # fmt: skip
    assert current_release_id(settings) == before
    with duckdb.connect(str(settings.published_file), read_only=True) as reader:
        assert reader.execute("select count(*) from marts.numbers").fetchall() == [(1,)]
    filler.unlink()
    after = released(settings, 2)
    assert sorted(folder.name for folder in settings.releases.iterdir()) == [before, after]


def test_a_read_only_data_folder_is_said_to_be_so_and_can_be_read(disk: Disk, bank: Path) -> None:
    disk.remount("size=20m")
    before = released(Settings(data=disk.folder, memory_limit="500MB", threads=1), 1)
    disk.remount("ro")
    stopped = run(bank, disk.folder)
    assert stopped.returncode == 1
    assert f"The data folder {disk.folder} cannot be written. Give its permissions" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    for command in (["forget", "C1", "--yes"], ["close", "--quarter", "2026Q1"], ["backup", "--to", "/tmp/never"]):
        refused = needloop(*command, "--data", disk.folder)
        assert refused.returncode == 1
        assert "ermission" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert current_release_id(Settings(data=disk.folder)) == before


@pytest.mark.parametrize("first", [0, _FIRST_BLOCK])
def test_a_warehouse_damaged_anywhere_harms_nothing_published(
    published: Path, bank: Path, tmp_path: Path, first: int
) -> None:
    data = Path(shutil.copytree(published, tmp_path / "data", symlinks=True))
    file = data / "warehouse" / "needloop.duckdb"
    with file.open("r+b") as opened:
        for place in range(first, file.stat().st_size, _BLOCK):
            opened.seek(place + _WITHIN)
            opened.write(os.urandom(64))
    before = needloop("metrics", "--format", "csv", "--data", data)
    stopped = run(bank, data, "--full-refresh")
    assert stopped.returncode == 1, stopped.stdout
    assert "needloop restore" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    after = needloop("metrics", "--format", "csv", "--data", data)
    assert (after.returncode, after.stdout) == (0, before.stdout)


def test_a_clock_that_goes_back_neither_loses_nor_hides_a_release(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, memory_limit="500MB", threads=1, keep_releases=2)
    released(settings, 20)
    after = released(settings, 3)
    assert current_release_id(settings) == after
    said = read_release(settings)
    assert said is not None
    assert said.as_of == date(2026, 5, 3)
    for day in (2, 1):
        again = released(settings, day)
        assert current_release_id(settings) == again
    assert again in {folder.name for folder in settings.releases.iterdir()}
    assert len(list(settings.releases.iterdir())) == 2
