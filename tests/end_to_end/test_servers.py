"""A run whose history Dagster keeps in PostgreSQL: the same release, and nothing of it in the data folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.command_line import needloop, run
from tests.throwaway_servers import PostgresqlServer, running_postgresql

STORAGE = "NEEDLOOP_DAGSTER_STORAGE_URI"
COURSE = "course_id,course_name,module,level,hours,updated_at\nK-NEW,合规复训,compliance,junior,1,2026-09-30\n"
_STARTS_WITHIN_SECONDS = 60


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgresqlServer]:
    yield from running_postgresql()


@pytest.fixture(scope="module")
def data(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published bank, without what Dagster kept of the run."""
    copy = tmp_path_factory.mktemp("servers") / "data"
    shutil.copytree(published, copy, symlinks=True)
    shutil.rmtree(copy / "dagster")
    return copy


@pytest.fixture(scope="module")
def uri(postgresql: PostgresqlServer) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STORAGE, postgresql.database("dagster"))
        patch.setenv("NEEDLOOP_REPORT_LANGUAGES", "zh")
        patch.setenv("NEEDLOOP_REPORT_FORMATS", "html")
        yield os.environ[STORAGE]


@pytest.fixture(scope="module")
def finished(data: Path, bank: Path, uri: str) -> subprocess.CompletedProcess[str]:
    """A run with one new row."""
    landing = Path(shutil.copytree(bank, data.parent / "landing"))
    (landing / "training" / "courses" / "one_more.csv").write_text(COURSE, "utf-8")
    return run(landing, data)


def _rows(uri: str, query: str) -> list[tuple[Any, ...]]:
    import psycopg2  # noqa: PLC0415 - an optional dependency

    connection = psycopg2.connect(uri)
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows = list(cursor.fetchall())
    connection.close()
    return rows


def test_a_run_keeps_its_history_there(
    finished: subprocess.CompletedProcess[str], data: Path, published: Path, uri: str
) -> None:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "Published release" in finished.stdout
    assert _rows(uri, "select status, count(*) from runs group by status") == [("SUCCESS", 1)]
    ((checks,),) = _rows(uri, "select count(*) from event_logs where dagster_event_type = 'ASSET_CHECK_EVALUATION'")
    assert checks > 100
    ((connections,),) = _rows(uri, "select sessions from pg_stat_database where datname = 'dagster'")
    assert connections < 1000, "Dagster by itself connects anew for each of some four thousand accesses"
    assert not list((data / "dagster").rglob("*.db"))
    both = [needloop("metrics", "--data", folder, "--format", "csv").stdout for folder in (data, published)]
    assert both[0] == both[1], "a course that nobody took changes no number"


def test_the_password_is_nowhere(
    finished: subprocess.CompletedProcess[str], data: Path, postgresql: PostgresqlServer
) -> None:
    encoded = postgresql.password.replace("@", "%40").replace("/", "%2F")
    said = [finished.stdout, finished.stderr, needloop("status", "--data", data).stdout]
    doctor = needloop("doctor", "--data", data).stdout
    assert f"run history: PostgreSQL at 127.0.0.1:{postgresql.port}/dagster" in doctor
    files = [path for path in data.rglob("*") if path.is_file() and path.suffix not in {".duckdb", ".pdf", ".xlsx"}]
    said += [doctor, *(file.read_text("utf-8", "replace") for file in files)]
    assert not [text[:200] for text in said if postgresql.password in text or encoded in text]


def test_an_upgrade_knows_it(finished: subprocess.CompletedProcess[str], data: Path) -> None:
    upgraded = needloop("upgrade", "--data", data)
    assert upgraded.returncode == 0, upgraded.stderr
    assert "Dagster's storage: up to date." in upgraded.stdout


def test_dagsters_ui_tells_its_health_without_login(
    finished: subprocess.CompletedProcess[str], data: Path, uri: str
) -> None:
    """On the same storage; without our code, which nobody needs for it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (data.parent / "webserver.log").open("wb") as log:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("dagster-webserver"), "--empty-workspace", "-h", "127.0.0.1",
             "-p", str(port)],
            env={**os.environ, "DAGSTER_HOME": str(data / "dagster")}, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            told = _answer(f"http://127.0.0.1:{port}/server_info", process)
        finally:
            process.terminate()
            process.wait(30)
    assert told.status_code == 200
    assert "dagster_webserver_version" in told.json()


def _answer(address: str, process: subprocess.Popen[bytes]) -> httpx.Response:
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while True:
        try:
            return httpx.get(address)
        except httpx.TransportError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)


def test_a_database_that_is_away_is_told_in_a_sentence(
    published: Path, bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STORAGE, "postgresql://needloop:s3cret@127.0.0.1:1/dagster")
    before = (published / "current").readlink()
    stopped = run(bank, published, "--full-refresh")
    assert stopped.returncode == 1
    assert "the database at 127.0.0.1:1/dagster does not answer" in stopped.stderr
    assert f"unset {STORAGE}" in stopped.stderr
    assert "s3cret" not in stopped.stdout + stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert (published / "current").readlink() == before
