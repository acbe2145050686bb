"""A bank that is backed up, destroyed, restored, and then has to forget a customer, as its engineer does it."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from dagster_pipelines.transformation.customer_keys import customer_key
from tests.end_to_end.command_line import needloop, run


def numbers(data: Path) -> str:
    printed = needloop("metrics", "--data", data, "--format", "csv")
    assert printed.returncode == 0, printed.stderr
    return printed.stdout


def published_key(data: Path, key: str) -> int:
    """In how many columns of the published release the customer's key stands."""
    with duckdb.connect(str(data / "current" / "needloop_marts.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_columns() where column_name = 'customer_key' and schema_name = 'marts'"
        ).fetchall()
        found = [
            connection.execute(f"select count(*) from marts.{table} where customer_key = ?", [key]).fetchall()[0][0]
            for (table,) in tables
        ]
    return sum(count > 0 for count in found)


def test_a_destroyed_bank_is_restored_and_a_customer_is_forgotten(published: Path, bank: Path, tmp_path: Path) -> None:
    data, kept = Path(shutil.copytree(published, tmp_path / "data", symlinks=True)), tmp_path / "backup"
    before = numbers(data)
    made = needloop("backup", "--to", kept, "--data", data)
    assert made.returncode == 0, made.stderr
    shutil.rmtree(data)
    restored = needloop("restore", "--from", kept, "--data", data)
    assert restored.returncode == 0, restored.stderr
    assert numbers(data) == before
    assert "Nothing new" in run(bank, data).stdout

    with duckdb.connect(str(data / "warehouse" / "needloop.duckdb"), read_only=True) as connection:
        ((customer,),) = connection.execute(
            "select customer_id from raw.crm__needs group by 1 order by count(*) desc, 1 limit 1"
        ).fetchall()
    key = customer_key((data / "secrets" / "customer_key").read_bytes().strip(), customer)
    assert published_key(data, key) > 3
    asked = needloop("forget", customer, "--data", data)
    assert "Nothing was erased" not in asked.stdout
    assert asked.returncode == 1, "without an answer nothing is done"
    forgotten = needloop("forget", customer, "--yes", "--by", "the data protection officer", "--data", data)
    assert forgotten.returncode == 0, forgotten.stderr
    assert customer not in forgotten.stdout
    assert "the data protection officer" in needloop("forget", "--list", "--data", data).stdout

    after = run(bank, data)
    assert after.returncode == 0, after.stdout + after.stderr
    assert "Built everything (a customer was erased)" in after.stdout
    assert published_key(data, key) == 0
    assert numbers(data) != before
    with duckdb.connect(str(data / "warehouse" / "needloop.duckdb"), read_only=True) as connection:
        unbalanced = connection.execute("select sum(unbalanced_rows) from quality.deliveries").fetchall()
    assert unbalanced == [(0,)]
    back = needloop("restore", "--from", kept, "--data", data)
    assert back.returncode == 1
    assert "--yes" in back.stderr
