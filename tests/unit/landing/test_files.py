"""Which files are taken, refused, repeated or left alone: encodings, compression, formats, headers, mapping.yml."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_pipelines.landing.errors import LandingError
from tests.unit.landing.conftest import Bank

HEADER = "branch_id,branch_name,region,updated_at\n"
ROW = "B1,上海支行,华东,2026-01-01\n"


def names(bank: Bank) -> list[str]:
    return [name for (name,) in bank.select("select branch_name from raw.org__branches order by _load_id, _line")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("compressed", [False, True])
def test_encodings(bank: Bank, encoding: str, compressed: bool) -> None:
    # 𠮷 needs four bytes in GB18030.
    content = (HEADER + ROW + "B2,𠮷祥支行,华东,2026-01-01\n").encode(encoding)
    name = "org/branches/b.csv.gz" if compressed else "org/branches/b.csv"
    outcome = bank.load_one(name, gzip.compress(content, mtime=0) if compressed else content)
    assert (outcome.loaded, outcome.rejected) == (2, 0)
    assert names(bank) == ["上海支行", "𠮷祥支行"]


def test_a_utf8_character_may_lie_across_blocks(bank: Bank) -> None:
    # The header and "B1," have 43 bytes: the three-byte characters do not end where the 4 MB block does.
    name = "行" * 1_500_000
    outcome = bank.load_one("org/branches/b.csv", f"{HEADER}B1,{name},x,2026-01-01\n", max_record_bytes=2**23)
    assert outcome.loaded == 1
    assert names(bank) == [name]


@pytest.mark.parametrize(
    ("content", "offset"),
    [
        (HEADER.encode() + b"B1,\xff,x,2026-01-01\n", len(HEADER) + 3),
        (HEADER.encode() + b"B1,\xe4\xb8\xe4", len(HEADER) + 3),
        (b"\xef\xbb\xbf" + HEADER.encode() + "上海".encode("gb18030"), 3 + len(HEADER)),
        (b"\xff\xfe" + HEADER.encode("utf-16-le"), 0),
    ],
)
def test_bad_encoding_tells_the_first_invalid_byte(bank: Bank, content: bytes, offset: int) -> None:
    for name, delivered in (
        ("org/branches/b.csv", content),
        ("org/branches/b.csv.gz", gzip.compress(content, mtime=0)),
    ):
        outcome = bank.load_one(name, delivered)
        assert (outcome.status, outcome.reason) == ("refused", "bad_encoding")
        assert outcome.message is not None
        assert f"offset {offset} " in outcome.message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.csv.gz", gzip.compress((HEADER + ROW).encode(), mtime=0)[:-12]),
        ("b.csv.gz", b"no gzip at all"),
        ("b.csv.gz", gzip.compress((HEADER + ROW * 99).encode(), mtime=0)[:40] + b"\0" * 40),
        ("b.parquet", b"PAR1 and nothing else"),
        ("b.xlsx", b"PK\x03\x04 broken"),
    ],
)
def test_damaged_files_do_not_stop_the_others(bank: Bank, name: str, content: bytes) -> None:
    bank.deliver("org/branches/z.csv", HEADER + ROW)
    outcome = bank.load_one(f"org/branches/{name}", content)
    assert (outcome.status, outcome.reason) == ("refused", "unreadable_file")
    assert names(bank) == ["上海支行"]


def test_empty_and_header_only_files_are_taken(bank: Bank) -> None:
    for name, content in {
        "a.csv": b"",
        "b.csv": HEADER.encode(),
        "c.csv": b"\xef\xbb\xbf",
        "d.csv": b"\n\n",
        "e.csv.gz": gzip.compress(b"", mtime=0),
        "f.jsonl": b"\n",
    }.items():
        outcome = bank.load_one(f"org/branches/{name}", content)
        assert (outcome.status, outcome.rows) == ("taken", 0), name


def test_missing_and_ambiguous_headers(bank: Bank) -> None:
    missing = bank.load_one("org/branches/a.csv", "branch_id,branch_name,updated_at\nB1,x,2026-01-01\n")
    assert (missing.status, missing.reason) == ("refused", "missing_column")
    assert "region" in (missing.message or "")
    twice = bank.load_one("org/branches/b.csv", "机构号,branch_id,branch_name,updated_at\nB1,B1,x,2026-01-01\n")
    assert (twice.status, twice.reason) == ("refused", "ambiguous_header"), "comes before the missing region"


def test_an_unknown_header_is_left_out_and_noticed_once(bank: Bank) -> None:
    bank.deliver("org/branches/a.csv", "branch_id,secret,branch_name,region,updated_at\nB1,?,x,y,2026-01-01\n")
    bank.deliver("org/branches/b.csv", "branch_id,secret,branch_name,region,updated_at\nB2,?,x,y,2026-01-01\n")
    summary = bank.load()
    assert [(notice.kind, notice.file) for notice in summary.notices] == [("unknown_header", "org/branches/a.csv")]
    assert bank.select("select count(*) from raw.org__branches") == [(2,)]


def test_what_is_unknown_is_left_alone_and_noticed_once(bank: Bank, tmp_path: Path) -> None:
    for name in ("elsewhere/x/y.csv", "crm/unknown/x.csv", "org/branches/notes.txt", "readme.md", "org/x.csv"):
        bank.deliver(name, "left alone")
    outside = tmp_path / "outside.csv"
    outside.write_text(HEADER + ROW, "utf-8")
    (bank.landing / "org/branches/link.csv").symlink_to(outside)
    (bank.landing / "org/branches/folder.csv").mkdir()
    summary = bank.load()
    assert summary.outcomes == []
    assert sorted(notice.file for notice in summary.notices) == [
        "crm/unknown",
        "elsewhere",
        "org/branches/folder.csv",
        "org/branches/link.csv",
        "org/branches/notes.txt",
        "org/x.csv",
        "readme.md",
    ]
    assert bank.load().notices == []


def test_files_are_taken_in_the_byte_order_of_their_paths(bank: Bank) -> None:
    for name in ("b.csv", "a b.csv", "B.csv", "a.csv", "上.csv", "a/ignored.csv"):
        bank.deliver(f"org/branches/{name}", HEADER + f"{abs(hash(name))},x,y,2026-01-01\n")
    taken = [outcome.file.rsplit("/", 1)[1] for outcome in bank.load().outcomes]
    assert taken == ["B.csv", "a b.csv", "a.csv", "b.csv", "上.csv"]


def test_a_landing_zone_that_is_not_there(bank: Bank) -> None:
    bank.landing.rmdir()
    with pytest.raises(LandingError, match="--landing"):
        bank.load()


def test_jsonl(bank: Bank) -> None:
    good = {"branch_id": "B1", "branch_name": "上海", "region": "华东", "updated_at": "2026-01-01", "new": [1]}
    records = [
        json.dumps(good, ensure_ascii=False),
        "{not json",
        "",
        json.dumps({**good, "branch_id": 2}),
        json.dumps(["B3"]),
        '{"branch_id": "B4", "branch_name": "x", "region": "y", "updated_at": "2026-01-01",}',
        '{"branch_id": "B\\u00005", "branch_name": "x", "region": "y", "updated_at": "2026-01-01"}',
        '{"branch_id": "B6", "branch_name": "nan, inf,}", "region": "y", "updated_at": "2026-01-01"}',
        '{"branch_id": "B7", "branch_name": null, "updated_at": "2026-01-01"}',
    ]
    outcome = bank.load_one("org/branches/b.jsonl", "\n".join(records).encode("gb18030"))
    assert (outcome.rows, outcome.loaded, outcome.rejected) == (8, 3, 5)
    # The line is the record's ordinal + 1, and a blank line is no record.
    assert [reject[1:] for reject in bank.rejects()] == [
        (3, None, "bad_json"),
        (5, None, "bad_json"),
        (6, None, "bad_json"),
        (7, "branch_id", "nul_byte"),
        (9, "branch_name", "missing_required"),
    ]
    assert bank.select("select branch_id, _line from raw.org__branches order by 2") == [("B1", 2), ("2", 4), ("B6", 8)]


def test_jsonl_without_one_sound_line_is_taken_with_all_rows_rejected(bank: Bank) -> None:
    outcome = bank.load_one("org/branches/b.jsonl", "no\nno\n")
    assert (outcome.status, outcome.rows, outcome.rejected) == ("taken", 2, 2)


def test_jsonl_keys_are_headers(bank: Bank) -> None:
    for content in (
        '{"branch_id": "B1", "branch_name": "a", "region": "y", "updated_at": "2026-01-01", "机构号": "B1"}',
        '{"branch_id": "B1", "branch_id": "B2", "branch_name": "a", "region": "y", "updated_at": "2026-01-01"}',
    ):
        assert bank.load_one("org/branches/b.jsonl", content).reason == "ambiguous_header"
    assert bank.load_one("org/branches/b.jsonl", '{"branch_id": "B1"}').reason == "missing_column"


def test_xlsx(bank: Bank) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["机构号", "branch_name", "region", "opened_on", "updated_at"])
    sheet.append(["007", "上海", "华东", date(2018, 2, 9), datetime(2026, 1, 1, 10, 5, 6)])
    sheet.append([12345, "x", "y", "2018/2/9", "2026-01-01"])
    sheet.append([None] * 5)
    sheet.append([None, "x", "y", None, "2026-01-01"])
    workbook.create_sheet("second").append(["not", "read"])
    content = io.BytesIO()
    workbook.save(content)
    outcome = bank.load_one("org/branches/b.xlsx", content.getvalue())
    assert (outcome.rows, outcome.loaded, outcome.rejected) == (3, 2, 1)
    assert bank.rejects() == [("org/branches/b.xlsx", 4, "branch_id", "missing_key")]
    assert bank.select("select branch_id, opened_on, updated_at from raw.org__branches order by _line") == [
        ("007", date(2018, 2, 9), datetime(2026, 1, 1, 10, 5, 6)),
        ("12345", date(2018, 2, 9), datetime(2026, 1, 1)),
    ]


def test_parquet_types(bank: Bank) -> None:
    table = pa.table(
        {
            "transaction_id": pa.array(["T1", "T2", "T3", "T4"]).dictionary_encode(),
            "customer_id": pa.array([17, 18, 19, 20], pa.int64()),
            "account_type": ["CARD", "card", "gold", "card"],
            "initiated_by": [b"bank", b"bank", b"bank", b"bank"],
            "occurred_at": pa.array([datetime(2026, 1, 1, 10)] * 3 + [None], pa.timestamp("us", "UTC")),
            "amount": pa.array([1e-7, 12.345, 1.0, 1.0], pa.float64()),
            "channel": pa.array([None, "", "x", "x"]),
            "void": pa.array([None, True, None, None], pa.bool_()),
        }
    )
    content = io.BytesIO()
    pq.write_table(table, content)
    outcome = bank.load_one("bank/transactions/t.parquet", content.getvalue())
    assert (outcome.rows, outcome.loaded, outcome.rejected) == (4, 2, 2)
    assert [reject[1:] for reject in bank.rejects()] == [
        (4, "account_type", "bad_enum"),
        (5, "occurred_at", "missing_required"),
    ]
    rows = bank.select(
        "select customer_id, account_type, occurred_at, cast(amount as varchar), channel, void, _line "
        "from raw.bank__transactions order by _line"
    )
    at = datetime(2026, 1, 1, 18)
    assert rows == [("17", "card", at, "0.00", None, None, 2), ("18", "card", at, "12.35", None, True, 3)]


def test_the_banks_mapping_wins(bank: Bank) -> None:
    bank.deliver(
        "mapping.yml",
        """
org.branches:
  columns: {编码: branch_id, 机构号: branch_name, city: region}
  values:
    region: {华东区: 华东}
""",
    )
    outcome = bank.load_one("org/branches/b.csv", "编码,机构号,CITY ,更新时间\nB1,上海,华东区,2026-01-01\n")
    assert outcome.loaded == 1
    assert bank.select("select branch_id, branch_name, region, city from raw.org__branches") == [
        ("B1", "上海", "华东", None)
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("org.branch: {columns: {a: branch_id}}", r"line 1: 'org.branch' is not a table"),
        ("org.branches:\n  columns:\n    编码: id\n", r"line 3: 'id' is not a column of org.branches"),
        ("org.branches:\n  column: {}\n", r"line 2: 'column' is not a known key: write 'columns' or 'values'"),
        (
            "crm.customers:\n  values:\n    gender: {女: W}\n",
            r"line 3: 'W' is not a value of gender: use one of F",
        ),
        ("crm.customers:\n  columns: {a: gender, A: mobile}\n", r"line 2: 'A' appears twice"),
        ("- a list\n", r"line 1: the file must have entries"),
        ("org.branches: {columns: [a\n", r"is not YAML"),
        ("org.branches:\n  columns:\n    a: [b]\n", r"line 3: expected a name or value"),
    ],
)
def test_a_wrong_mapping_says_where_and_what(bank: Bank, text: str, message: str) -> None:
    bank.deliver("mapping.yml", text)
    with pytest.raises(LandingError, match=message):
        bank.load()


def test_an_empty_mapping_is_none(bank: Bank) -> None:
    bank.deliver("mapping.yml", "# nothing yet\n")
    assert bank.load_one("org/branches/b.csv", HEADER + ROW).loaded == 1


def test_content_is_loaded_once_under_any_name(bank: Bank) -> None:
    bank.deliver("org/branches/a.csv", HEADER + ROW)
    bank.deliver("org/branches/b.csv", HEADER + ROW)
    first, again = bank.load().outcomes
    assert (first.status, again.status, again.reason) == ("taken", "repeat_of", "org/branches/a.csv")
    assert bank.load().outcomes == []
    (bank.landing / "org/branches/a.csv").touch()
    [touched] = bank.load().outcomes
    assert (touched.status, touched.reason) == ("repeat_of", "org/branches/a.csv")
    assert names(bank) == ["上海支行"]
    statuses = bank.select("select status, count(*) from landing.loads group by status order by status")
    assert statuses == [("repeat_of", 2), ("taken", 1)]


def test_the_same_content_counts_for_each_table(bank: Bank) -> None:
    bank.deliver("training/staff/empty.csv", "")
    bank.deliver("training/courses/empty.csv", "")
    assert [outcome.status for outcome in bank.load().outcomes] == ["taken", "taken"]


def test_a_refused_file_is_tried_again_and_recorded_once(bank: Bank) -> None:
    bank.deliver("org/branches/a.csv", HEADER.replace("region", "片区") + ROW)
    for _ in range(3):
        [outcome] = bank.load().outcomes
        assert outcome.reason == "missing_column"
    assert bank.select("select count(*) from landing.loads") == [(1,)]
    bank.deliver("mapping.yml", "org.branches: {columns: {片区: region}}")
    [outcome] = bank.load().outcomes
    assert (outcome.status, outcome.loaded) == ("taken", 1)
    assert bank.select("select status, batch_id from landing.loads") == [("taken", "batch-4")]


def test_a_changed_file_is_new_content(bank: Bank) -> None:
    bank.load_one("org/branches/a.csv", HEADER + ROW)
    outcome = bank.load_one("org/branches/a.csv", HEADER + ROW.replace("上海", "杭州"))
    assert (outcome.status, outcome.loaded) == ("taken", 1)
    assert names(bank) == ["上海支行", "杭州支行"]
