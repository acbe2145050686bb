"""Lists for action as files: one a manager, in a folder of the day, with nothing that a spreadsheet would carry out."""

from __future__ import annotations

import csv
import platform
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from dagster_pipelines.cli.main import main
from dashboards.action_lists.errors import ActionListError
from dashboards.action_lists.export import export_list, file_name, listed_formats
from needloop.audit.record import EXPORT, AuditRecord
from needloop.audit.system_user import system_user
from needloop.settings import MARTS_FILE

PERSONAL = {"customer_id", "full_name", "mobile", "id_number", "birth_date", "marketing_consent"}
ROWS = """
    ('warnings', 'R1', 'B1', 'k1', 'churn', null, date '2026-09-01', null, null, 'at_risk', 'personal_win_back'),
    ('warnings', 'R1', 'B1', 'k2', 'hot_enquiry', 'medical', date '2026-08-01', null, null, 'mature', 'care'),
    ('warnings', '../../R2', 'B2', 'k3', 'churn', null, date '2026-09-01', null, null, 'at_risk', '=cmd|x'),
    ('reminders', 'R1', 'B1', 'k1', 'callback', 'annuity', date '2026-09-01', timestamp '2026-09-08 10:00:00', '-O1',
     'mature', 'next_step')
"""


@pytest.fixture
def published(tmp_path: Path) -> Path:
    file = tmp_path / "data" / "current" / MARTS_FILE
    file.parent.mkdir(parents=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.release_info as select date '2026-09-30' as as_of")
        connection.execute("create table marts.dim_branch as select unnest(['B1', 'B2', 'unknown']) as branch_id")
        connection.execute(
            "create table marts.dim_group_value as select * from (values ('kind', 'churn', '流失预警', 'Churn'), "
            "('product_category', 'medical', '医疗险', 'Medical')) as v (group_by, group_value, label_zh, label_en)"
        )
        connection.execute(
            f"create table marts.mart_action_list as select *, '关怀' as touchpoint_label_zh, '@care' as "
            "touchpoint_label_en, 'app' as preferred_channel, 'hnw' as value_tier, 'custom' as service_level "
            f"from (values {ROWS}) as v (list, rm_id, branch_id, customer_key, reason, product_category, since_day, "
            "limit_at, opportunity_id, stage, touchpoint)"
        )
    return file


def rows(file: Path) -> list[dict[str, str]]:
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_a_file_for_each_manager_the_longest_waiting_first(published: Path, tmp_path: Path) -> None:
    done = export_list(published, "warnings", branch=None, file_formats=["csv"], out=tmp_path / "out")
    assert (done.managers, done.rows) == (2, 3)
    assert sorted(f.name for f in done.folder.iterdir()) == ["%2E%2E%2F%2E%2E%2FR2.csv", "R1.csv"]
    assert done.folder.name == "warnings-2026-09-30"
    first, second = rows(done.folder / "R1.csv")
    assert (first["customer_key"], first["product_category_zh"], first["since_day"]) == ("k2", "医疗险", "2026-08-01")
    assert (second["customer_key"], second["reason_zh"], second["reason_en"]) == ("k1", "流失预警", "Churn")
    assert not PERSONAL & first.keys()


def test_no_cell_is_a_formula_in_either_form(published: Path, tmp_path: Path) -> None:
    for name in ("warnings", "reminders"):
        done = export_list(published, name, branch=None, file_formats=["csv", "xlsx"], out=tmp_path)
        for file in done.folder.glob("*.csv"):
            cells = [cell for row in rows(file) for cell in row.values()]
            assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
            assert "'@care" in cells
        for file in done.folder.glob("*.xlsx"):
            sheet = load_workbook(file)["list"]
            assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
            assert all(
                c.quotePrefix for row in sheet.iter_rows() for c in row if str(c.value).startswith(("=", "@", "-"))
            )


def test_one_branch_and_an_earlier_export_of_the_day_is_replaced(published: Path, tmp_path: Path) -> None:
    done = export_list(published, "warnings", branch="B2", file_formats=["csv"], out=tmp_path)
    assert (done.folder.name, done.rows) == ("warnings-2026-09-30-B2", 1)
    (done.folder / "R9.csv").write_text("of this morning")
    export_list(published, "warnings", branch="B2", file_formats=["csv"], out=tmp_path)
    assert [f.name for f in done.folder.iterdir()] == [file_name("../../R2") + ".csv"]
    assert [f.name for f in tmp_path.iterdir() if f.name.endswith(".building")] == []


def test_nobody_on_the_list_is_a_list_of_nobody(published: Path, tmp_path: Path) -> None:
    assert export_list(published, "winback", branch=None, file_formats=["csv"], out=tmp_path).rows == 0


def test_what_cannot_be_had_is_said(published: Path, tmp_path: Path) -> None:
    with pytest.raises(ActionListError, match="No branch has the id B9"):
        export_list(published, "warnings", branch="B9", file_formats=["csv"], out=tmp_path)
    with pytest.raises(ActionListError, match="pdf is no format"):
        listed_formats("csv,pdf")
    assert listed_formats("CSV, xlsx,csv") == ["csv", "xlsx"]


def test_the_command_says_where_the_list_is(published: Path, tmp_path: Path) -> None:
    data = published.parent.parent
    said = CliRunner().invoke(main, ["export", "--list", "reminders", "--data", str(data), "--format", "xlsx"])
    assert said.exit_code == 0, said.output
    assert f"1 rows for 1 relationship managers in {data}/exports/reminders-2026-09-30" in said.output
    refused = CliRunner().invoke(main, ["export", "--list", "gaps", "--data", str(data), "--branch", "nowhere"])
    assert refused.exit_code == 1
    assert "nowhere" in refused.output
    assert "Traceback" not in refused.output


def test_an_export_by_the_command_is_on_record(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whom the system knows to be at work, whatever they call themselves."""
    monkeypatch.setenv("LOGNAME", "the_director")
    data, out = published.parent.parent, tmp_path / "taken"
    arguments = ["export", "--list", "warnings", "--branch", "B1", "--format", "csv,xlsx", "--out", str(out)]
    assert CliRunner().invoke(main, [*arguments, "--data", str(data)]).exit_code == 0
    (entry,) = AuditRecord(data / "audit").entries()
    assert (entry.who, entry.action, entry.where_from) == (system_user(), EXPORT, platform.node())
    assert entry.what == f"list warnings, branch B1, csv,xlsx: 2 rows in {out}/warnings-2026-09-30-B1"


def test_what_cannot_be_put_on_record_is_not_exported(published: Path, tmp_path: Path) -> None:
    """A file where the record's folder has to be: even root cannot write an entry."""
    data, out = published.parent.parent, tmp_path / "taken"
    (data / "audit").write_text("", "utf-8")
    refused = CliRunner().invoke(main, ["export", "--list", "warnings", "--out", str(out), "--data", str(data)])
    assert refused.exit_code == 1
    assert "Nothing was exported" in refused.output
    assert not out.exists()


def test_a_refused_export_leaves_no_entry(published: Path) -> None:
    data = published.parent.parent
    CliRunner().invoke(main, ["export", "--list", "gaps", "--data", str(data), "--branch", "nowhere"])
    assert AuditRecord(data / "audit").entries() == []
