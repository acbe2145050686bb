"""The hostile delivery, read back by other means than the loader: Python's csv, openpyxl, pyarrow."""

import csv
import gzip
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest
import yaml

from seeds.sample import generate

SCALE = 0.2
REASONS = {
    "bad_json", "nul_byte", "ragged_row", "unclosed_quote", "missing_key", "id_too_long", "bad_id", "missing_required",
    "bad_enum", "bad_int", "bad_money", "bad_date", "bad_timestamp", "bad_bool", "out_of_range",
    "conflicting_duplicate",
}  # fmt: skip
MADE_UP = ("DEL", "EV", "BAD", "RAGGED", "CUT")


@pytest.fixture(scope="module")
def banks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("messy")
    generate(folder / "clean", scale=SCALE)
    summary = generate(folder / "messy", scale=SCALE, messy=True)
    assert summary.expected == folder / "messy.expected"
    return folder / "clean", folder / "messy"


def clean_rows(bank: Path, table: str) -> list[dict[str, str]]:
    return [row for file in sorted((bank / table).glob("*.csv")) for row in csv.DictReader(file.open(encoding="utf-8"))]


def report(bank: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((bank.with_name("messy.expected") / name).open(encoding="utf-8")))


def messy_csv(file: Path, encoding: str, delimiter: str = ",") -> list[list[str]]:
    raw = file.read_bytes()
    text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode(encoding)
    return list(csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter))


def trimmed(text: str) -> str:
    return text.strip(" \t\u3000\ufeff")


def test_every_row_reason_and_file_reason_occurs(banks: tuple[Path, Path]) -> None:
    assert {row["reason"] for row in report(banks[1], "rejects.csv")} == REASONS
    refused = {row["reason"] for row in report(banks[1], "loads.csv") if row["status"] == "refused"}
    assert refused == {"unreadable_file", "bad_encoding", "ambiguous_header", "missing_column"}


def test_the_reports_add_up(banks: tuple[Path, Path]) -> None:
    rejects = Counter(row["file"] for row in report(banks[1], "rejects.csv"))
    for row in report(banks[1], "loads.csv"):
        assert int(row["rows"]) == int(row["loaded"]) + int(row["ignored"]) + int(row["rejected"])
        assert int(row["rejected"]) == rejects[row["file"]]
        assert (banks[1] / row["file"]).is_file()


def test_customers_are_the_same_under_chinese_headers_in_gb18030(banks: tuple[Path, Path]) -> None:
    clean, messy = banks
    mapping = yaml.safe_load((messy / "mapping.yml").read_text("utf-8"))["crm.customers"]
    found: Counter[Any] = Counter()
    for file in sorted((messy / "crm/customers").glob("customers_001_[123].csv")):
        header, *rows = messy_csv(file, "gb18030")
        names = [mapping["columns"][name] for name in header]
        for row in rows:
            cells = dict(zip(names, map(trimmed, row), strict=False))
            gender = mapping["values"]["gender"].get(cells["gender"], cells["gender"])
            if len(row) == len(names) and not cells["customer_id"].startswith(MADE_UP):
                found[cells["customer_id"], cells["full_name"], gender, cells["mobile"]] += 1
    expected = Counter(
        (row["customer_id"], row["full_name"], row["gender"], row["mobile"])
        for row in clean_rows(clean, "crm/customers")
    )
    extra = found - expected
    assert expected - found == Counter()
    assert sum(extra.values()) == 2, "a row without a key, and one whose key holds white space"


def test_transactions_are_the_same_in_zipped_files(banks: tuple[Path, Path]) -> None:
    clean, messy = banks
    expected = {row["transaction_id"]: row["customer_id"] for row in clean_rows(clean, "bank/transactions")}
    found = {}
    for file in sorted((messy / "bank/transactions").glob("transactions_001_[12].csv.gz")):
        header, *rows = messy_csv(file, "utf-8")
        assert header[:2] == ["transaction_id", "customer_id"]
        for row in rows:
            key, customer = trimmed(row[0]), trimmed(row[1])
            if len(row) == len(header) and key in expected and customer != "SOMEONEELSE":
                found[key] = customer
    assert found == expected


def test_appraisals_are_the_same_in_a_workbook(banks: tuple[Path, Path]) -> None:
    clean, messy = banks
    sheet = openpyxl.load_workbook(messy / "training/appraisals/appraisals_001_1.xlsx").active
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True)]  # noqa: C416
    keys = Counter(trimmed(str(row[0])) for row in rows if row[0] is not None)
    expected = Counter(row["appraisal_id"] for row in clean_rows(clean, "training/appraisals"))
    assert expected - keys == Counter()
    assert all(key.startswith("BAD") or len(key) > 64 or "LLL" in key for key in keys - expected)


def test_attendance_is_the_same_in_json_lines(banks: tuple[Path, Path]) -> None:
    clean, messy = banks
    found: dict[Any, Any] = {}
    lines = (messy / "training/attendance/attendance_001_1.jsonl").read_text("utf-8").splitlines()
    unreadable = []
    for number, line in enumerate(lines, start=2):
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            unreadable.append(str(number))
            continue
        found.setdefault(trimmed(str(row.get("attendance_id"))), trimmed(str(row.get("staff_id"))))
    expected = {row["attendance_id"]: row["staff_id"] for row in clean_rows(clean, "training/attendance")}
    assert {key: found.get(key) for key in expected} == expected
    bad = [r["line"] for r in report(messy, "rejects.csv") if r["reason"] == "bad_json" and "attendance" in r["file"]]
    assert bad == unreadable


def test_claims_are_the_same_in_parquet(banks: tuple[Path, Path]) -> None:
    clean, messy = banks
    table = pyarrow.parquet.read_table(messy / "policy/claims/claims_001_1.parquet").to_pylist()
    found = Counter((row["claim_id"], row["reported_at"], str(row["paid_amount"] or "")) for row in table)
    expected = Counter((r["claim_id"], r["reported_at"], r["paid_amount"]) for r in clean_rows(clean, "policy/claims"))
    assert found - expected == Counter({("BADCLAIM1", table[5]["reported_at"], str(table[5]["paid_amount"] or "")): 1})
    assert expected - found == Counter()


def test_a_reject_stands_on_the_line_that_is_named(banks: tuple[Path, Path]) -> None:
    """Looked up by physical line in the file's text, for all CSV files in UTF-8 whose fault can be seen in the line."""
    messy = banks[1]
    seen = 0
    for row in report(messy, "rejects.csv"):
        file = messy / row["file"]
        if file.suffix != ".csv" or row["reason"] not in {"bad_money", "bad_bool", "id_too_long", "nul_byte"}:
            continue
        content = file.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
        line = text.split("\n")[int(row["line"]) - 1]
        sign = {"bad_bool": "也许", "id_too_long": "L" * 65, "nul_byte": "\x00"}.get(row["reason"])
        assert sign in line if sign else ("12元" in line or "1.2.3" in line), row
        seen += 1
    assert seen > 20


def test_encodings_delimiters_and_forms_vary(banks: tuple[Path, Path]) -> None:
    messy = banks[1]
    endings = {"".join(file.suffixes[-2:]) if file.suffix == ".gz" else file.suffix for file in messy.rglob("*.*")}
    assert endings >= {".csv", ".csv.gz", ".jsonl", ".xlsx", ".parquet", ".yml", ".txt", ".bak"}
    assert (messy / "crm/needs/needs_001_1.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in (messy / "crm/opportunities/opportunities_001_1.csv").read_bytes()
    headers = {
        (messy / name).read_bytes().split(b"\n")[0].decode("utf-8-sig")[10:20]
        for name in (
            "crm/needs/needs_001_1.csv",
            "crm/interactions/interactions_001_1.csv",
            "policy/products/products_001_1.csv",
        )
    }
    assert {next(sign for sign in ";|\t" if sign in header or sign == "\t") for header in headers} == {";", "|", "\t"}


def test_a_file_comes_twice_with_the_same_bytes(banks: tuple[Path, Path]) -> None:
    [repeat] = [row for row in report(banks[1], "loads.csv") if row["status"] == "repeat_of"]
    assert (banks[1] / repeat["file"]).read_bytes() == (banks[1] / repeat["detail"]).read_bytes()
    assert repeat["detail"].encode() < repeat["file"].encode()
