"""Parquet by the fast and by the full path: the same rows, rejects and counts for whatever an exporter writes."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_pipelines.landing import file_load, merging
from dagster_pipelines.landing.fast_path import PLAIN
from needloop.contract.model import load_contract
from needloop.warehouse.schema import bring_up_to_date
from tests.unit.landing.conftest import Bank

NO_END = datetime(9999, 12, 31)
TEXTS = st.sampled_from(
    ["x", "支行", "two words", "", " padded ", "\u3000", "nul\0", "tab\t", "y" * 65, "客" * 64, "a/b", "'", "NULL", "1"]
)
NUMBERS = st.sampled_from(
    ["0", "1", "5", "-1", "3.5", "12.34", "-0.01", "2.675", "0.1", "1e-7", "123456789.12", "9999999999999999", "1e17"]
)
MOMENTS = st.sampled_from(
    [
        datetime(2026, 9, 30),
        datetime(2026, 9, 30, 16),
        datetime(2026, 9, 30, 10, 5, 6, 120_000),
        datetime(1988, 7, 1),
        datetime(1900, 1, 1),
        datetime(1899, 12, 31, 23),
        datetime(2100, 12, 31, 23, 59),
        datetime(2101, 1, 1),
        NO_END,
        datetime(9999, 12, 31, 23, 59, 59),
        datetime(9999, 12, 30),
        datetime(1, 1, 1),
    ]
)
WITHIN_NANOSECONDS = MOMENTS.filter(lambda moment: 1700 < moment.year < 2200)


def decimals(precision: int, scale: int) -> st.SearchStrategy[Decimal]:
    unit = Decimal(1).scaleb(-scale)
    limit = 10 ** min(precision, 28) - 1
    return st.one_of(st.sampled_from([0, 1, -1, 5, 100, 250, 12_345, limit]), st.integers(-limit, limit)).map(
        lambda number: min(max(number, -(10**precision - 1)), 10**precision - 1) * unit
    )


def whole(bits: int, *, signed: bool = True) -> st.SearchStrategy[int]:
    least, greatest = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return st.one_of(st.sampled_from([0, 1, 2, 3, 5, 42, 100, greatest, least]), st.integers(least, greatest))


FLOATS = st.one_of(
    NUMBERS.map(float),
    st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    st.sampled_from([float("nan"), float("inf"), -0.0, 42.0, 2.0**53, 1e15, 1e16, 0.1 + 0.2, 16777217.0, 123456789.0]),
    st.floats(width=32),
    st.floats(),
)
KINDS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "int8": (pa.int8(), whole(8)),
    "int16": (pa.int16(), whole(16)),
    "int32": (pa.int32(), whole(32)),
    "int64": (pa.int64(), whole(64)),
    "uint32": (pa.uint32(), whole(32, signed=False)),
    "uint64": (pa.uint64(), whole(64, signed=False)),
    "float": (pa.float32(), FLOATS.map(lambda number: float(pa.scalar(number, pa.float32()).as_py()))),
    "double": (pa.float64(), FLOATS),
    "decimal(18,2)": (pa.decimal128(18, 2), decimals(18, 2)),
    "decimal(9,0)": (pa.decimal128(9, 0), decimals(9, 0)),
    "decimal(38,10)": (pa.decimal128(38, 10), decimals(38, 10)),
    "decimal(20,4)": (pa.decimal128(20, 4), decimals(20, 4)),
    "string": (pa.string(), TEXTS | NUMBERS | MOMENTS.map(str)),
    "dictionary": (pa.dictionary(pa.int32(), pa.string()), TEXTS),
    "binary": (pa.binary(), st.sampled_from([b"x", b"card", b"", b"\xff", b"42"])),
    "fixed binary": (pa.binary(2), st.sampled_from([b"xy", b"\0\0", b"12"])),
    "date32": (pa.date32(), MOMENTS.map(datetime.date)),
    "date64": (pa.date64(), MOMENTS.map(datetime.date)),
    "seconds": (pa.timestamp("s"), MOMENTS.map(lambda moment: moment.replace(microsecond=0))),
    "milliseconds": (pa.timestamp("ms"), MOMENTS),
    "microseconds": (pa.timestamp("us"), MOMENTS),
    "nanoseconds": (pa.timestamp("ns"), WITHIN_NANOSECONDS),
    "milliseconds UTC": (pa.timestamp("ms", "UTC"), MOMENTS),
    "microseconds Shanghai": (pa.timestamp("us", "Asia/Shanghai"), WITHIN_NANOSECONDS),
    "nanoseconds UTC": (pa.timestamp("ns", "UTC"), WITHIN_NANOSECONDS),
    "time": (pa.time64("us"), st.just(timedelta(hours=3)).map(lambda _: datetime(2026, 1, 1, 3).time())),
    "bool": (pa.bool_(), st.booleans()),
    "list": (pa.list_(pa.int32()), st.lists(st.integers(0, 9), max_size=2)),
    "struct": (pa.struct({"a": pa.string()}), TEXTS.map(lambda text: {"a": text})),
    "null": (pa.null(), st.none()),
}
DAY, MOMENT = st.just(date(2026, 9, 30)), st.just(datetime(2026, 9, 30, 10))
PLAIN_KINDS: dict[str, list[tuple[str, st.SearchStrategy[Any]]]] = {
    "id": [("string", st.sampled_from(["C1", "客户", "a/b"])), ("int64", whole(64)), ("dictionary", st.just("C1"))],
    "text": [("string", st.sampled_from(["x", "two words", "支行", ""])), ("int32", whole(32))],
    "int": [
        ("int32", st.integers(1, 99)),
        ("double", st.integers(1, 99).map(float)),
        ("float", st.integers(1, 99).map(float)),
        ("string", st.integers(1, 99).map(str)),
        ("decimal(9,0)", st.integers(1, 99).map(Decimal)),
        ("decimal(20,4)", st.integers(1, 99).map(Decimal)),
        ("uint64", st.integers(1, 99)),
    ],
    "money": [
        ("decimal(18,2)", st.integers(0, 10**17).map(lambda cents: Decimal(cents) / 100)),
        ("decimal(38,10)", st.integers(0, 10**17).map(lambda cents: Decimal(cents) / 100)),
        ("double", st.integers(0, 10**13).map(lambda cents: cents / 100)),
        ("float", st.integers(0, 10**5).map(lambda cents: cents / 100)),
        ("int64", st.integers(0, 10**15)),
        ("string", st.integers(0, 10**9).map(lambda cents: f"{Decimal(cents) / 100:.2f}")),
    ],
    "date": [
        ("date32", DAY),
        ("date64", DAY),
        ("microseconds", DAY.map(lambda day: datetime(day.year, day.month, day.day))),
        ("nanoseconds", DAY.map(lambda day: datetime(day.year, day.month, day.day))),
        ("milliseconds UTC", st.just(datetime(2026, 9, 30, 16))),
        ("string", DAY.map(str)),
    ],
    "ts": [
        ("microseconds", MOMENT),
        ("milliseconds", MOMENT),
        ("nanoseconds", MOMENT),
        ("milliseconds UTC", MOMENT),
        ("microseconds Shanghai", MOMENT),
        ("date32", DAY),
        ("string", MOMENT.map(str)),
    ],
    "bool": [("bool", st.booleans()), ("int8", st.integers(0, 1)), ("string", st.sampled_from(["Y", "n", "是"]))],
}
PLAIN_KINDS["number"] = PLAIN_KINDS["money"]
TABLES = ("policy.policies", "bank.transactions", "crm.surveys", "external.indicators", "training.courses")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as opened:
        bring_up_to_date(opened, load_contract())
        yield opened


def plain_kinds(column: Any) -> list[tuple[str, st.SearchStrategy[Any]]]:
    if column.type == "enum":
        alias = {"status": "有效", "account_type": "存款"}.get(column.name, column.values[0].upper())
        own = st.sampled_from(column.values)
        return [("string", own), ("dictionary", own), ("string", st.sampled_from([alias, column.values[-1]]))]
    if column.range_by or column.max is not None:
        return [("int32", st.integers(1, 5)), ("string", st.integers(1, 5).map(str))]
    return PLAIN_KINDS[column.type]


@st.composite
def parquet_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file that is plain, or is so but for one or two columns, values or fields of no column."""
    table = load_contract().table(draw(st.sampled_from(TABLES)))
    rows = draw(st.integers(0, 6))
    odd = draw(st.sets(st.sampled_from([column.name for column in table.columns]), max_size=2))
    if draw(st.booleans()):
        odd = set()
    arrays: dict[str, pa.Array] = {}
    for column in table.columns:
        if not column.required and draw(st.integers(0, 3)) == 0:
            continue
        name, values = draw(st.sampled_from(plain_kinds(column)))
        kind = KINDS[name][0]
        if column.name in odd:
            kind, values = KINDS[draw(st.sampled_from(sorted(KINDS)))]
        if column.key and column.name not in odd and table.load == "append":
            kind, cells = pa.string(), [f"K{number}" for number in range(rows)]
        else:
            may_be_null = column.name in odd or not column.required
            cells = draw(st.lists(values | st.none() if may_be_null else values, min_size=rows, max_size=rows))
        arrays[column.name] = pa.array(cells, kind)
    if draw(st.integers(0, 4)) == 0:
        kind, values = KINDS[draw(st.sampled_from(sorted(KINDS)))]
        arrays["of no column"] = pa.array(draw(st.lists(values | st.none(), min_size=rows, max_size=rows)), kind)
    content = io.BytesIO()
    pq.write_table(
        pa.table(arrays),
        content,
        row_group_size=draw(st.sampled_from([2, 1000])),
        use_dictionary=draw(st.booleans()),
        data_page_version=draw(st.sampled_from(["1.0", "2.0"])),
        compression=draw(st.sampled_from(["snappy", "zstd", "none"])),
    )
    return table.full_name, content.getvalue()


def load_by(
    connection: duckdb.DuckDBPyConnection, fast_path_from: int, table: str, content: bytes
) -> tuple[list[Any], bool]:
    """What the file leaves behind as the only file ever, and whether its rows were proven plain."""
    system, name = table.split(".")
    raw = f"raw.{system}__{name}"
    plain: list[str] = []

    def noticed(*given: Any) -> int:
        plain.append(given[-1])
        return merging.insert_rows(*given)

    for relation in (raw, "landing.loads", "landing.rejects", "landing.notices", "landing.files"):
        connection.execute(f"delete from {relation}")
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(file_load, "FAST_PATH_FROM", fast_path_from)
        patch.setattr(file_load, "insert_rows", noticed)
        outcome = Bank(Path(folder), connection).load_one(f"{system}/{name}/t.parquet", content)
    counts = [outcome.status, outcome.reason, outcome.message, outcome.rows, outcome.loaded, outcome.rejected]
    rows = connection.execute(f"select * exclude (_load_id, _batch_id) from {raw} order by _line").fetchall()
    rejects = connection.execute("select * exclude load_id from landing.rejects order by line").fetchall()
    notices = connection.execute("select kind, subject, message from landing.notices order by all").fetchall()
    return [counts, rows, rejects, notices], PLAIN in plain


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parquet_files())
def test_both_paths_give_the_same(connection: duckdb.DuckDBPyConnection, file: tuple[str, bytes]) -> None:
    fast, _ = load_by(connection, 0, *file)
    careful, _ = load_by(connection, 2**40, *file)
    assert repr(fast) == repr(careful)


@pytest.mark.parametrize(
    ("column", "kind", "values"),
    [
        pytest.param(column, kind, values, id=f"{column}-{kind}-{number}")
        for column in ("policy_id", "status", "payment_term_years", "annual_premium", "applied_on", "updated_at",
                       "double_recorded", "staff_id")
        for number, (kind, values) in enumerate(plain_kinds(load_contract().table("policy.policies").column(column)))
    ],
)  # fmt: skip
def test_a_type_that_is_plain_takes_the_fast_path(
    connection: duckdb.DuckDBPyConnection, column: str, kind: str, values: st.SearchStrategy[Any]
) -> None:
    @settings(max_examples=2, deadline=None, database=None)
    @given(st.lists(values, min_size=1, max_size=3))
    def check(cells: list[Any]) -> None:
        content = policies(len(cells), {column: pa.array(cells, KINDS[kind][0])})
        fast, was_plain = load_by(connection, 0, "policy.policies", content)
        assert was_plain
        assert repr(fast) == repr(load_by(connection, 2**40, "policy.policies", content)[0])

    check()


def policies(rows: int, columns: dict[str, pa.Array]) -> bytes:
    """Policies as a bank's exporter types them, with some columns given."""
    usual: dict[str, tuple[pa.DataType, Callable[[int], Any]]] = {
        "policy_id": (pa.string(), "P{:07}".format),
        "customer_id": (pa.string(), lambda number: f"C{number % 7}"),
        "product_id": (pa.string(), lambda _: "PR1"),
        "issued_on": (pa.date32(), lambda _: date(2026, 1, 2)),
        "effective_on": (pa.date32(), lambda _: date(2026, 1, 3)),
        "payment_mode": (pa.string(), lambda _: "annual"),
        "annual_premium": (pa.decimal128(18, 2), Decimal),
        "status": (pa.string(), lambda _: "in_force"),
        "status_on": (pa.date32(), lambda _: date(2026, 1, 3)),
        "updated_at": (pa.timestamp("us"), lambda _: datetime(2026, 1, 3, 10)),
    }
    arrays = {name: pa.array([make(n) for n in range(rows)], kind) for name, (kind, make) in usual.items()}
    content = io.BytesIO()
    pq.write_table(pa.table(arrays | columns), content, row_group_size=50_000)
    return content.getvalue()


def test_every_row_of_a_large_file_keeps_its_line(connection: duckdb.DuckDBPyConnection) -> None:
    """Read by several threads, row group by row group."""
    (_, rows, _, _), was_plain = load_by(connection, 0, "policy.policies", policies(250_000, {}))
    assert was_plain
    assert len(rows) == 250_000
    wrong = "select count(*) from raw.policy__policies where _line <> cast(policy_id[2:] as bigint) + 2"
    assert connection.execute(wrong).fetchall() == [(0,)]


def test_the_day_of_no_end_is_null(connection: duckdb.DuckDBPyConnection) -> None:
    ends = pa.array([date(9999, 12, 31), date(2026, 1, 1), None], pa.date32())
    (counts, *_), was_plain = load_by(connection, 0, "policy.policies", policies(3, {"applied_on": ends}))
    assert was_plain
    assert counts[3:] == [3, 3, 0]
    found = connection.execute("select applied_on from raw.policy__policies order by _line").fetchall()
    assert found == [(None,), (date(2026, 1, 1),), (None,)]


def with_statistics(content: bytes, true: int, false: int) -> bytes:
    """The file with other bounds of a column of 64-bit integers, in its pages' and in its own statistics."""
    before, after = (value.to_bytes(8, "little", signed=True) for value in (true, false))
    footer = int.from_bytes(content[-8:-4], "little") + 8
    assert before in content[-footer:]
    return content[:-footer] + content[-footer:].replace(before, after)


@pytest.mark.parametrize("fast_path_from", [0, 2**40])
def test_statistics_that_lie_hide_nothing(connection: duckdb.DuckDBPyConnection, fast_path_from: int) -> None:
    """A term of -7 years in a file that says that its least is 5."""
    content = policies(2, {"payment_term_years": pa.array([5, -7], pa.int64())})
    lying = with_statistics(content, -7, 5)
    assert pq.ParquetFile(io.BytesIO(lying)).metadata.row_group(0).column(10).statistics.min == 5
    (counts, *_), _ = load_by(connection, fast_path_from, "policy.policies", lying)
    assert counts[3:] == [2, 1, 1]
    assert connection.execute("select line, reason from landing.rejects").fetchall() == [(3, "out_of_range")]
