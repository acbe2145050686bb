"""One run at a time, and a dead run's lock is free."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Timer

import dagster as dg
import pytest

from dagster_pipelines.assets.run_context import installation_resource
from dagster_pipelines.progress import Progress
from needloop.settings import Settings
from needloop.warehouse.run_lock import AnotherRunError, run_lock

HOLD = """
import sys, time
from pathlib import Path
from needloop.settings import Settings
from needloop.warehouse.run_lock import run_lock
with run_lock(Settings(data=Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


def start_holder(data: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(data)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "held"
    return holder


def test_a_second_run_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    holder = start_holder(tmp_path)
    try:
        said = pytest.raises(AnotherRunError, match=rf"process {holder.pid}, since .* Nothing was done")
        with said, run_lock(Settings(data=tmp_path)):
            pytest.fail("two runs held the lock")
    finally:
        holder.kill()
        holder.communicate()


def test_the_lock_of_a_killed_run_is_free(tmp_path: Path) -> None:
    holder = start_holder(tmp_path)
    holder.kill()
    holder.communicate()
    with run_lock(Settings(data=tmp_path)):
        pass


def test_a_run_that_may_wait_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    holder = start_holder(tmp_path)
    freed = Timer(0.5, holder.kill)
    freed.start()
    try:
        with run_lock(Settings(data=tmp_path), wait_seconds=30):
            assert holder.wait(timeout=5) != 0
    finally:
        freed.join()
        holder.communicate()


def test_a_run_of_dagster_waits_as_long_as_the_settings_say(tmp_path: Path) -> None:
    holder = start_holder(tmp_path)
    freed = Timer(0.5, holder.kill)
    freed.start()
    settings = Settings(data=tmp_path, wait_for_lock_seconds=30)
    waiting = installation_resource(settings, Progress(enabled=False))
    try:
        with dg.build_resources({"installation": waiting}):
            assert holder.wait(timeout=5) != 0
    finally:
        freed.join()
        holder.communicate()


def test_the_process_that_holds_it_may_enter_again(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with run_lock(settings):
        with run_lock(settings):
            pass
        assert (tmp_path / "run.holder").exists()
    assert not (tmp_path / "run.holder").exists()
