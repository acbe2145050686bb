"""`needloop upgrade`, and what the other commands say of a warehouse that is newer than they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from dagster_pipelines.cli.main import main
from needloop.contract.model import load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.schema import bring_up_to_date, newest_version, version_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "landing").mkdir()
    return Settings(data=tmp_path, memory_limit="500MB", threads=1)


def needloop(settings: Settings, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, [*arguments, "--data", str(settings.data)])
    return result.exit_code, result.output


def make_warehouse(settings: Settings, statement: str) -> None:
    with warehouse(settings) as connection:
        bring_up_to_date(connection, load_contract())
        connection.execute(statement)


def test_without_a_warehouse_there_is_nothing_to_bring_up_to_date(settings: Settings) -> None:
    code, said = needloop(settings, "upgrade")
    assert code == 0
    assert "Warehouse: none yet" in said
    assert not settings.warehouse_file.exists()


def test_a_warehouse_from_before_versions_is_brought_up_to_date_once(settings: Settings) -> None:
    make_warehouse(
        settings,
        "drop table pipeline.schema_version; drop table pipeline.models_there; drop table pipeline.gates; "
        "drop table raw.crm__surveys",
    )
    code, said = needloop(settings, "upgrade")
    assert code == 0
    assert f"unversioned tables upgraded to {newest_version()}, raw tables created or extended: crm.surveys" in said
    assert "nothing to do" in needloop(settings, "upgrade")[1]
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        assert version_of(connection) == newest_version()


def test_dagsters_records_are_brought_up_to_date_too(settings: Settings) -> None:
    settings.dagster_home.mkdir()
    code, said = needloop(settings, "upgrade")
    assert code == 0, said
    assert "Dagster's storage: up to date" in said


def test_it_stops_while_a_run_works_on_the_data_folder(settings: Settings) -> None:
    holding = (
        "import sys, pathlib; from needloop.settings import Settings; "
        "from needloop.warehouse.run_lock import run_lock\n"
        "with run_lock(Settings(data=pathlib.Path(sys.argv[1]))): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holding, str(settings.data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline().strip() == "held"
        code, said = needloop(settings, "upgrade")
        run.communicate("")
    assert code == 1
    assert f"process {run.pid}" in said


@pytest.mark.parametrize(
    "command",
    [("run",), ("upgrade",), ("forget", "C1", "--yes"), ("doctor",)],
    ids=lambda command: command[0],
)
def test_a_newer_warehouse_is_left_alone_and_the_way_out_is_named(settings: Settings, command: tuple[str, ...]) -> None:
    make_warehouse(settings, "update pipeline.schema_version set version_num = 'v999'")
    before = settings.warehouse_file.read_bytes()
    code, said = needloop(settings, *command)
    assert code == 1
    assert "v999" in said
    assert "newer version" in said
    assert "Traceback" not in said
    assert settings.warehouse_file.read_bytes() == before
