"""Random hostile files: nothing crashes, no row is lost, and both ways of reading agree with an independent reading."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_pipelines.landing import file_load, merging
from dagster_pipelines.landing.outcome import FileOutcome
from tests.migrated_warehouse import migrated_connection
from tests.unit.landing.conftest import Bank
from tests.unit.landing.plain_python_csv import decode, read_rows

WHITE = "".join(chr(n) for n in (*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029)) + (
    "\u202f\u205f\u3000\ufeff"
)
HEADERS = ["branch_id", "branch_name", "region", "city", "updated_at"]
PIECES = st.sampled_from(
    [
        "a",
        "B1",
        "支行",
        "𠮷",
        '"',
        '""',
        '" ',
        ' "',
        ",",
        ";",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\u3000",
        "\t",
        "\x00",
        "'",
        "=1+1",
        "\ufeff",
        "2026-01-01",
        "2026-13-01",
        "x" * 300,
    ]
)
FIELDS = st.one_of(
    st.lists(PIECES, max_size=4).map("".join), st.sampled_from(["", "x", "2026-01-01", '"quoted, text"'])
)
FIELD_ROWS = st.lists(FIELDS, min_size=0, max_size=7)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with migrated_connection() as opened:
        yield opened


@st.composite
def well_formed_row(draw: st.DrawFn, delimiter: str) -> str:
    """A row that is right but for some of its values, with quotes where they are needed and sometimes where they are
    not.
    """
    number = draw(st.integers(0, 10**6))
    note = draw(st.lists(PIECES, max_size=3).map("".join)).replace("\0", "")
    values = [f"B{number}", "x" + note, "华东", note, draw(st.sampled_from(["2026-01-01", "bad", "2026/1/1 9:00"]))]
    return delimiter.join('"' + value.replace('"', '""') + '"' for value in values)


@st.composite
def hostile_content(draw: st.DrawFn) -> tuple[bytes, str]:
    """A file with a right header, and rows of every kind of damage."""
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    broken = FIELD_ROWS.map(delimiter.join)
    rows = draw(st.lists(st.one_of(well_formed_row(delimiter), broken), max_size=12))
    text = end.join([delimiter.join(HEADERS), *rows]) + draw(st.sampled_from(["", end]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "gb18030"]))
    content = text.encode(encoding)
    if draw(st.integers(0, 19)) == 0:
        place = draw(st.integers(0, len(content)))
        content = content[:place] + draw(st.sampled_from([b"\xff", b"\xe4", b"\x80\x80"])) + content[place:]
    return content, delimiter


def load_alone(connection: duckdb.DuckDBPyConnection, content: bytes) -> FileOutcome:
    """Loads the content as the only file ever."""
    for name in ("raw.org__branches", "landing.loads", "landing.rejects", "landing.notices"):
        connection.execute(f"delete from {name}")
    connection.execute("delete from landing.files")
    with tempfile.TemporaryDirectory() as folder:
        return Bank(Path(folder), connection).load_one("org/branches/b.csv", content)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hostile_content())
def test_no_row_is_lost(connection: duckdb.DuckDBPyConnection, hostile: tuple[bytes, str]) -> None:
    content, delimiter = hostile
    outcome = load_alone(connection, content)
    text = decode(content)
    if text is None:
        assert outcome.reason == "bad_encoding"
        return
    assert outcome.status in {"taken", "refused"}
    if outcome.status == "refused":
        # A byte put into the header made one of its names unknown.
        assert outcome.reason == "missing_column"
        assert text.splitlines()[0] != delimiter.join(HEADERS)
        return
    assert outcome.rows == outcome.loaded + outcome.ignored + outcome.rejected
    rejects = dict(connection.execute("select line, reason from landing.rejects").fetchall())
    loaded = {
        line: values
        for line, *values in connection.execute(
            "select _line, branch_id, branch_name, region, city from raw.org__branches"
        ).fetchall()
    }
    if text.splitlines()[0] != delimiter.join(HEADERS):
        return
    rows = read_rows(text, delimiter)
    assert sorted([*rejects, *loaded]) == [row.line for row in rows]
    for row in rows:
        structural = rejects.get(row.line)
        if any("\0" in field for field in row.fields):
            assert structural == "nul_byte"
        elif not row.closed:
            assert structural == "unclosed_quote"
        elif len(row.fields) != len(HEADERS):
            assert structural == "ragged_row"
        elif row.line in loaded:
            assert loaded[row.line] == [field.strip(WHITE) or None for field in row.fields[:4]]
        else:
            assert structural not in {"nul_byte", "unclosed_quote", "ragged_row"}


PLAIN_IDS = st.text("ABC012 é'", min_size=0, max_size=4)
PLAIN_VALUES = {
    "transaction_id": st.integers(0, 60).map("T{:03}".format) | PLAIN_IDS,
    "customer_id": st.sampled_from(["C1", "C 1", " C1", "C1 ", "", "C" * 64, "C" * 65, "客户", "C\u3000"]),
    "account_type": st.sampled_from(["card", "deposit", "CARD", "存款", "", "gold"]),
    "initiated_by": st.sampled_from(["customer", "bank", "Bank"]),
    "occurred_at": st.sampled_from(
        [
            "2026-01-01 10:00:00",
            "2026-01-01 10:00:00.5",
            "2026-01-01",
            "2026-1-1 10:00:00",
            "2026-01-01T10:00:00",
            "2026-01-01 10:00:00+08",
            "2026-01-01 10:00:00Z",
            "infinity",
            "epoch",
            "1899-12-31 00:00:00",
            "9999-12-31 00:00:00",
            "2101-01-01 00:00:00",
            " 2026-01-01 10:00:00",
            "2026-01-01  10:00:00",
            "2026-02-30 10:00:00",
            "24:00:00",
        ]
    ),
    "amount": st.sampled_from(
        [
            "1.00",
            "-1.50",
            "1",
            "1.5",
            "1e2",
            "+1.00",
            "1.005",
            " 1.00",
            "1,000.00",
            "nan",
            ".50",
            "0.50",
            "-0.00",
            "1_0",
            "0x1",
            "9999999999999999.99",
            "10000000000000000.00",
            "",
            "01.00",
        ]
    ),
    "channel": st.sampled_from(
        ["", "app", "two words", " app", "app ", "NULL", "\tapp", "a\u00a0", "柜面", "#", "a'b"]
    ),
}


@st.composite
def nearly_plain_content(draw: st.DrawFn) -> bytes:
    """Transactions that are plain but for, mostly, one value, one quote, one blank line or one byte somewhere."""
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    usual = ["C1", "card", "bank", "2026-01-01 10:00:00", "1.00", "app"]
    rows = [[f"T{number:03}", *usual] for number in range(draw(st.integers(0, 6)))]
    for _ in range(draw(st.integers(0, 2))):
        if rows:
            place = draw(st.integers(0, len(HEADER_OF_TRANSACTIONS) - 1))
            rows[draw(st.integers(0, len(rows) - 1))][place] = draw(PLAIN_VALUES[HEADER_OF_TRANSACTIONS[place]])
    quote = '"' if quoting == csv.QUOTE_ALL else ""
    lines = [",".join(f"{quote}{value}{quote}" for value in row) for row in [list(HEADER_OF_TRANSACTIONS), *rows]]
    for _ in range(draw(st.sampled_from([0, 0, 1]))):
        place = draw(st.integers(0, len(lines) - 1))
        damage = draw(
            st.sampled_from(["", " ", ",", '"', ' "', '""', "\0", "\t", "\n", "\r", "x", '"x', 'x"', ',"', " ,"])
        )
        at = draw(st.integers(0, len(lines[place])))
        lines[place] = lines[place][:at] + damage + lines[place][at:]
    return (end.join(lines) + draw(st.sampled_from(["", end, end * 2]))).encode()


HEADER_OF_TRANSACTIONS = tuple(PLAIN_VALUES)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nearly_plain_content())
def test_both_paths_give_the_same(connection: duckdb.DuckDBPyConnection, content: bytes) -> None:
    results = []
    for fast_path_from in (0, 2**40):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(file_load, "FAST_PATH_FROM", fast_path_from)
            for name in ("raw.bank__transactions", "landing.loads", "landing.rejects", "landing.notices"):
                connection.execute(f"delete from {name}")
            connection.execute("delete from landing.files")
            with tempfile.TemporaryDirectory() as folder:
                outcome = Bank(Path(folder), connection).load_one("bank/transactions/t.csv", content)
        raw = connection.execute(
            "select * exclude (_load_id, _batch_id) from raw.bank__transactions order by _line"
        ).fetchall()
        rejects = connection.execute("select * exclude load_id from landing.rejects order by line").fetchall()
        results.append((outcome.status, outcome.reason, outcome.rows, outcome.rejected, raw, rejects))
    assert results[0] == results[1]


def plain_transactions(quote: str, end: str) -> bytes:
    row = [f"{quote}{value}{quote}" for value in ("card", "bank", "2026-01-01 10:00:00", "1.00", "app")]
    lines = [",".join([f"{quote}T{number:03}{quote}", "C1", *row]) for number in range(50)]
    return end.join([",".join(HEADER_OF_TRANSACTIONS), *lines, ""]).encode()


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_plain_files_do_take_the_fast_path(bank: Bank, monkeypatch: pytest.MonkeyPatch, quote: str, end: str) -> None:
    monkeypatch.setattr(file_load, "FAST_PATH_FROM", 0)
    taken: list[int] = []

    def noticed(*given: Any) -> int:
        taken.append(1)
        return merging.insert_rows(*given)

    monkeypatch.setattr(file_load, "insert_rows", noticed)
    content = plain_transactions(quote, end)
    assert bank.load_one("bank/transactions/a.csv", content).loaded == 50
    later = content.replace(b"T0", b"T1")
    assert bank.load_one("bank/transactions/b.csv", later).loaded == 50
    assert len(taken) == 2
    # Keys that are there already have to be looked at one by one.
    assert bank.load_one("bank/transactions/c.csv", later + content[-40:]).loaded == 0
    assert len(taken) == 2
    assert bank.select("select min(_line), max(_line), count(*) from raw.bank__transactions") == [(2, 51, 100)]


def test_every_row_of_a_large_file_keeps_its_line(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Larger than DuckDB's row groups and read by several threads; the second file comes to a table with rows."""
    monkeypatch.setattr(file_load, "FAST_PATH_FROM", 0)
    header = plain_transactions("", "\n").decode().splitlines()[0]
    for file, prefix in (("a", "T"), ("b", "U")):
        rows = (f"{prefix}{line:07},C1,card,customer,2026-01-01 00:00:00,1.00,app" for line in range(2, 300_002))
        content = "\n".join([header, *rows]) + "\n"
        assert bank.load_one(f"bank/transactions/{file}.csv", content).loaded == 300_000
    wrong = "select count(*) from raw.bank__transactions where _line <> cast(substr(transaction_id, 2) as bigint)"
    assert bank.select(wrong) == [(0,)]


def test_many_events_out_of_order_take_the_fast_path_unless_one_comes_twice(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_load, "FAST_PATH_FROM", 0)
    header, *lines = plain_transactions("", "\n").decode().splitlines()
    backwards = "\n".join([header, *reversed(lines)])
    assert bank.load_one("bank/transactions/a.csv", backwards).loaded == 50
    outcome = bank.load_one(
        "bank/transactions/b.csv", "\n".join([header, *(f"N{line}" for line in [*lines, lines[7]])])
    )
    assert (outcome.loaded, outcome.ignored) == (50, 1)
