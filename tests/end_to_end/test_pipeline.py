"""The product as a bank's engineer uses it: the command line on a sample bank, from nothing to reports."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.end_to_end.command_line import NEEDLOOP, ONE_REPORT, needloop, run
from tests.personal_values import PersonalValues

AS_OF = "2026-09-30"


def numbers(data: Path) -> set[tuple[str, ...]]:
    printed = needloop("metrics", "--data", data, "--format", "csv")
    assert printed.returncode == 0, printed.stderr
    return {tuple(row) for row in csv.reader(io.StringIO(printed.stdout))}


ABOUT_DELIVERIES = {
    "mart_incidents",
    "mart_loads_by_day",
    "mart_quality_checks",
    "mart_quality_history",
    "mart_quality_state",
    "mart_rejects_by_reason",
    "mart_source_loads",
    "release_info",
}
"""Published tables that tell what came and when, which two ways of delivering a bank do not share."""
KEY_OF_DATA_FOLDER = "customer_key"
"""Each data folder has its own secret to make it of."""


def differing_marts(one: Path, other: Path) -> dict[str, int]:
    """Published tables that differ between two data folders to the last digit, with the number of such rows."""
    differing = {}
    with duckdb.connect() as connection:
        for name, data in (("one", one), ("other", other)):
            connection.execute(f"attach '{data / 'current' / 'needloop_marts.duckdb'}' as {name} (read_only)")
        columns = connection.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns() "
            "where database_name = 'one' and schema_name = 'marts' group by table_name order by table_name"
        ).fetchall()
        for table, names in columns:
            if table in ABOUT_DELIVERIES:
                continue
            compared = ", ".join(name for name in names if name != KEY_OF_DATA_FOLDER)
            first, second = (f"select {compared} from {name}.marts.{table}" for name in ("one", "other"))
            rows = connection.execute(
                f"select count(*) from (({first} except all {second}) union all ({second} except all {first}))"
            ).fetchall()
            if rows[0][0]:
                differing[table] = rows[0][0]
    assert len(columns) > 50
    return differing


def release_id(data: Path) -> str:
    return (data / "current").readlink().name


def restatements(data: Path) -> list[tuple[Any, ...]]:
    """metric, group_by, value as closed, value now, cause."""
    with duckdb.connect(str(data / "current" / "needloop_marts.duckdb"), read_only=True) as connection:
        return connection.execute(
            "select metric, group_by, old_value, new_value, cause_en from marts.mart_restatements order by all"
        ).fetchall()


def with_one_more_course(bank: Path, folder: Path) -> Path:
    """The bank's landing zone with a course that nobody took, which changes no number."""
    landing = Path(shutil.copytree(bank, folder / "landing"))
    add_a_course(landing)
    return landing


def add_a_course(landing: Path) -> None:
    (landing / "training" / "courses" / "one_more.csv").write_text(
        "course_id,course_name,module,level,hours,updated_at\nK-NEW,合规复训,compliance,junior,1,2026-09-30\n", "utf-8"
    )


def run_and_kill_when_models_are_built(landing: Path, data: Path, as_of: str) -> None:
    with subprocess.Popen(
        [NEEDLOOP, "run", "--landing", landing, "--data", data, "--as-of", as_of],
        env=os.environ | ONE_REPORT,
        stdout=subprocess.PIPE,
        text=True,
    ) as killed:
        assert killed.stdout is not None
        assert any(line.startswith("Models: ") for line in killed.stdout)
        killed.kill()


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "data", symlinks=True))


def test_everything_a_reader_needs_is_there(published: Path) -> None:
    shown = needloop("status", "--data", published)
    assert release_id(published) in shown.stdout
    assert f"as of       {AS_OF}" in shown.stdout
    assert {f.name for f in (published / "reports").iterdir()} == {
        f"needs-closure-2026Q3.{language}.{form}"
        for language in ("zh", "en")
        for form in ("html", "pdf", "xlsx", "pptx")
    }
    assert (published / "quality" / "data_docs" / "raw" / "index.html").exists()
    assert len(numbers(published)) > 1000


def test_a_run_without_news_says_so_and_publishes_nothing(published: Path, bank: Path) -> None:
    before = release_id(published)
    again = run(bank, published)
    assert again.returncode == 0
    assert "Nothing new" in again.stdout
    assert release_id(published) == before


def test_a_small_delivery_rebuilds_only_what_hangs_on_it(copy: Path, bank: Path, tmp_path: Path) -> None:
    """Meanwhile a second run stops, and the report cannot be written, which does not hide the release."""
    landing = with_one_more_course(bank, tmp_path)
    shutil.rmtree(copy / "reports")
    (copy / "reports").write_text("somebody's file")
    before, published_before = numbers(copy), release_id(copy)
    with subprocess.Popen(
        [NEEDLOOP, "run", "--landing", landing, "--data", copy],
        env=os.environ | ONE_REPORT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        said = first.stdout.readline()
        second = run(landing, copy)
        rest, told = first.communicate()
    said += rest
    assert second.returncode == 1
    assert f"process {first.pid}" in second.stderr
    assert "Traceback" not in second.stderr
    assert "affected models (new rows in training.courses)" in said
    assert release_id(copy) != published_before
    assert numbers(copy) == before
    assert first.returncode == 1, said + told
    assert f"The release {release_id(copy)} was published; fix the cause" in told
    assert "The report cannot be written" in told
    assert "Traceback" not in told


def test_late_rows_give_the_numbers_of_a_full_build_restate_a_closed_quarter_and_are_named(
    copy: Path, bank: Path, tmp_path: Path
) -> None:
    """A need raised in the last second of a closed quarter, and one of the open quarter that is opened again.

    Everything is built because a killed run left models of another day in the warehouse, which are not to be published.
    """
    landing = Path(shutil.copytree(bank, tmp_path / "landing"))
    closed = needloop("close", "--quarter", "2026Q2", "--data", copy)
    assert closed.returncode == 0, closed.stderr
    with duckdb.connect(str(copy / "current" / "needloop_marts.duckdb"), read_only=True) as connection:
        ((verified,),) = connection.execute(
            "select need_id from marts.fct_need where state = 'verified' order by need_id limit 1"
        ).fetchall()
    (landing / "crm" / "need_events" / "one_more.csv").write_text(
        f"event_id,need_id,event,occurred_at\nE-NEW,{verified},reopened,2026-09-30 12:00:00\n", "utf-8"
    )
    (landing / "crm" / "needs" / "late.csv").write_text(
        "need_id,customer_id,source,category,owner_department,urgency,impact,business_value,raised_at,updated_at\n"
        "N-LATE,C-X,app,other,it,1,1,1,2026-06-30 23:59:59,2026-06-30 23:59:59\n",
        "utf-8",
    )
    before = numbers(copy)
    partial = run(landing, copy)
    assert partial.returncode == 0, partial.stdout + partial.stderr
    assert "affected models (new rows in crm.need_events, crm.needs)" in partial.stdout
    status = needloop("status", "--data", copy).stdout
    assert "2026Q2 Late rows: crm.needs N-LATE (crm/needs/late.csv:2)" in status
    partly, first = numbers(copy), restatements(copy)
    raised = {row[2:] for row in first if row[:2] == ("needs_raised", "all")}
    assert len(raised) == 1
    ((old, new, cause),) = raised
    assert new - old == 1
    assert cause == "Late rows: crm.needs (1)"
    changed = {row[:5] for row in partly ^ before}
    assert {(row[0], row[1]) for row in first} == {(row[0], row[3]) for row in changed if row[2] == "2026Q2"}
    backlogs = [
        float(row[7])
        for found in (before, partly)
        for row in found
        if row[:5] == ("closing_backlog", "quarter", "2026Q3", "all", "all")
    ]
    assert backlogs[1] - backlogs[0] == 2
    run_and_kill_when_models_are_built(landing, copy, as_of="2026-06-30")
    add_a_course(landing)
    full = run(landing, copy)
    assert full.returncode == 0, full.stdout + full.stderr
    assert "Built everything (a run that did not publish has left other models in the warehouse)" in full.stdout
    assert numbers(copy) == partly
    assert restatements(copy) == first


def test_a_hostile_delivery_gives_the_same_numbers_and_the_reports_it_should(
    published: Path, work: Path, tmp_path: Path
) -> None:
    assert needloop("sample", "--out", tmp_path / "messy", "--scale", 0.05, "--messy").returncode == 0
    messy = run(tmp_path / "messy", tmp_path / "data")
    assert messy.returncode == 0, messy.stdout + messy.stderr
    assert numbers(tmp_path / "data") == numbers(published)
    assert differing_marts(tmp_path / "data", published) == {}
    expected = tmp_path / "messy.expected"
    with duckdb.connect(str(tmp_path / "data" / "warehouse" / "needloop.duckdb"), read_only=True) as connection:
        loads = connection.execute(
            f"with expected as (select file, rows::bigint, loaded::bigint, ignored::bigint, rejected::bigint, status "
            f"from read_csv('{expected}/loads.csv', all_varchar = true)), found as (select file, rows_in_file, loaded, "
            "ignored, rejected, status from landing.loads) (from expected except all from found) union all "
            "(from found except all from expected)"
        ).fetchall()
        rejects = connection.execute(
            f"with expected as (select file, line::bigint, coalesce(\"column\", ''), reason "
            f"from read_csv('{expected}/rejects.csv', all_varchar = true)), found as (select file, line, "
            "coalesce(column_name, ''), reason from landing.rejects) (from expected except all from found) union all "
            "(from found except all from expected)"
        ).fetchall()
        unbalanced = connection.execute(
            "select file from landing.loads where rows_in_file <> loaded + ignored + rejected"
        ).fetchall()
    assert (loads, rejects, unbalanced) == ([], [], [])
    personal = PersonalValues.of(tmp_path / "data" / "warehouse" / "needloop.duckdb")
    assert personal.within_folder(tmp_path / "data", without=("warehouse", "secrets")) == {}
    assert personal.within(messy.stdout + messy.stderr) == set()
    refused_again = run(tmp_path / "messy", tmp_path / "data")
    assert "Nothing new" in refused_again.stdout
    assert refused_again.stderr == ""


def test_a_closed_gate_publishes_nothing_and_says_why(copy: Path, bank: Path) -> None:
    with duckdb.connect(str(copy / "warehouse" / "needloop.duckdb")) as connection:
        connection.execute("delete from raw.crm__needs where rowid in (select min(rowid) from raw.crm__needs)")
    before = release_id(copy)
    closed = run(bank, copy, "--full-refresh")
    assert closed.returncode == 2, closed.stdout + closed.stderr
    assert "raw/crm__needs" in closed.stdout
    assert "The gate is closed" in closed.stdout
    assert release_id(copy) == before


def test_a_damaged_warehouse_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "needloop.duckdb").write_bytes(b"no database" * 1000)
    damaged = run(tmp_path / "landing", tmp_path)
    assert damaged.returncode == 1
    assert "is damaged. Restore it with `needloop restore" in damaged.stderr
    assert "Traceback" not in damaged.stderr
    refused = needloop("rejects", "--data", tmp_path)
    assert refused.returncode == 1
    assert "Restore it from a backup" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("file", ["needloop_marts.duckdb", "release.json"])
@pytest.mark.parametrize("command", [["status"], ["metrics"], ["close", "--quarter", "2026Q2"]])
def test_a_damaged_release_is_said_to_be_so(copy: Path, file: str, command: list[str]) -> None:
    damaged = (copy / "current" / file).resolve()
    damaged.chmod(0o644)
    damaged.write_bytes(b"no database" * 1000)
    said = needloop(*command, "--data", copy)
    assert "Traceback" not in said.stderr
    if (command, file) != (["metrics"], "release.json"):
        assert said.returncode == 1
        assert "needloop" in said.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--landing", "/nowhere"], "does not exist"),
        (["run", "--as-of", "31.12.2026"], "write it as 2026-09-30"),
        (["status"], "Nothing is published"),
        (["metrics"], "Nothing is published"),
        (["metrics", "--describe"], "Nothing is published"),
        (["close", "--quarter", "2026Q2"], "Nothing is published"),
        (["report", "--quarter", "2026Q3"], "Nothing is published"),
        (["rejects"], "Nothing is loaded"),
    ],
)
def test_a_wrong_call_is_told_what_to_do(arguments: list[str], said: str, tmp_path: Path) -> None:
    wrong = needloop(*arguments, "--data", tmp_path)
    assert wrong.returncode != 0
    assert said in wrong.stderr
    assert "Traceback" not in wrong.stderr
