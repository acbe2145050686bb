"""The promised sizes at scale 1, and proportion above it."""

from datetime import datetime
from pathlib import Path

import pytest

from needloop.contract.model import load_contract
from seeds.sample import SampleError, generate
from seeds.sample.size import Size
from tests.unit.sample.conftest import Query

pytestmark = pytest.mark.slow

PROMISED = {
    ("crm__customers", "customer_id"): 2_000,
    ("policy__policies", "policy_id"): 3_000,
    ("policy__premiums", "premium_id"): 30_000,
    ("crm__needs", "need_id"): 3_000,
    ("complaint__complaints", "complaint_id"): 900,
    ("training__staff", "staff_id"): 120,
    ("org__branches", "branch_id"): 12,
    ("bank__transactions", "transaction_id"): 150_000,
}


@pytest.mark.parametrize(("table", "key"), PROMISED)
def test_scale_1_has_the_promised_size(bank: Query, table: str, key: str) -> None:
    [(found,)] = bank(f"select count(distinct {key}) from {table}")
    assert found == pytest.approx(PROMISED[table, key], rel=0.1)


def test_everything_happens_in_the_three_years(bank: Query) -> None:
    moments = {
        "crm__interactions": "opened_at", "crm__need_events": "occurred_at", "crm__needs": "raised_at",
        "complaint__complaints": "received_at", "policy__policies": "issued_on", "bank__transactions": "occurred_at",
        "crm__surveys": "responded_at", "policy__claims": "reported_at",
    }  # fmt: skip
    for table, column in moments.items():
        [(first, last)] = bank(f"select min({column}::timestamp), max({column}::timestamp) from {table}")
        assert datetime(2023, 10, 1) <= first < datetime(2023, 12, 1), table
        assert (last.year, last.month) == (2026, 9), table
    for table in ("crm__customers", "policy__premiums", "crm__opportunities", "training__appraisals"):
        [(last,)] = bank(f"select max(updated_at::timestamp) from {table}")
        assert (last.year, last.month) == (2026, 9), table


def test_rows_grow_with_the_scale(tmp_path: Path) -> None:
    small = generate(tmp_path / "small", scale=1, file_format="parquet").rows_by_table
    large = generate(tmp_path / "large", scale=3, file_format="parquet").rows_by_table
    for table in ("crm.customers", "bank.transactions", "policy.premiums", "crm.need_events", "crm.interactions"):
        assert large[table] / small[table] == pytest.approx(3, rel=0.1), table
    assert large["org.branches"] == 36


def test_the_summary_counts_what_was_written(tmp_path: Path) -> None:
    summary = generate(tmp_path / "bank", scale=0.05)
    files = [file for file in (tmp_path / "bank").rglob("*") if file.is_file()]
    assert summary.files == len(files)
    assert summary.bytes == sum(file.stat().st_size for file in files)
    assert set(summary.rows_by_table) == {table.full_name for table in load_contract().tables}
    branches = (tmp_path / "bank/org/branches/branches_001.csv").read_text("utf-8").splitlines()
    assert summary.rows_by_table["org.branches"] == len(branches) - 1
    assert summary.rows == sum(summary.rows_by_table.values())


def test_blocks_cover_every_customer_and_branch_once() -> None:
    blocks = Size.at(25).blocks()
    assert [b.first_customer for b in blocks] == [0, 16_666, 33_333]
    assert [b.customer_end for b in blocks] == [16_666, 33_333, 50_000]
    assert [(b.first_branch, b.branch_end) for b in blocks] == [(0, 100), (100, 200), (200, 300)]


def test_keys_go_on_from_block_to_block(tmp_path: Path) -> None:
    import duckdb  # noqa: PLC0415

    generate(tmp_path / "bank", scale=10.5, file_format="parquet")
    for table, key in (("crm/interactions", "interaction_id"), ("bank/transactions", "transaction_id")):
        files = sorted((tmp_path / "bank" / table).glob("*.parquet"))
        assert len(files) == 2
        [(rows, keys, last)] = duckdb.execute(
            f"select count(*), count(distinct {key}), max({key}) from read_parquet('{tmp_path}/bank/{table}/*.parquet')"
        ).fetchall()
        assert rows == keys
        assert last.endswith(f"{rows - 1:09d}")


@pytest.mark.parametrize("scale", [0, -1, 1000.5])
def test_a_scale_out_of_range_is_refused_with_advice(tmp_path: Path, scale: float) -> None:
    with pytest.raises(SampleError, match="choose such a scale"):
        generate(tmp_path / "bank", scale=scale)
    assert not (tmp_path / "bank").exists()
