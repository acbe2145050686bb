"""Refused rows come back as files that can be mended and delivered again."""

from __future__ import annotations

import json
from pathlib import Path

from dagster_pipelines.landing.rejects import list_rejects, write_refused_rows
from tests.unit.landing.conftest import Bank


def test_rows_come_back_as_delivered_and_load_once_mended(bank: Bank, tmp_path: Path) -> None:
    rows = ['B1;"a;""b""\nc";x;2026-13-01', "B2;b;x;2026-01-01", "B3;=1+1;x;", 'B4;"open;x;2026-01-01']
    content = "机构号;branch_name;region;updated_at\r\n" + "\r\n".join(rows)
    bank.load_one("org/branches/b.csv", content.encode("gb18030"))
    out = tmp_path / "out"
    assert write_refused_rows(bank.connection, out) == [out / "org/branches/b.csv.refused.csv"]
    text = (out / "org/branches/b.csv.refused.csv").read_bytes().decode("utf-8-sig")
    assert text == "\r\n".join(["机构号;branch_name;region;updated_at", rows[0], rows[2], rows[3], ""])

    mended = text.replace("2026-13-01", "2026-12-01").replace("=1+1;x;", "=1+1;x;2026-01-02").replace('"open', "open")
    outcome = bank.load_one("org/branches/b.csv.refused.csv", mended)
    assert (outcome.rows, outcome.loaded, outcome.rejected) == (3, 3, 0)
    assert bank.select("select branch_name from raw.org__branches where branch_id = 'B1'") == [('a;"b"\nc',)]
    assert bank.select("select branch_name from raw.org__branches where branch_id = 'B3'") == [("=1+1",)]


def test_json_lines_come_back_as_csv_and_what_is_no_json_as_it_was(bank: Bank, tmp_path: Path) -> None:
    broken = {"branch_id": "B1", "branch_name": 'a,"b"', "region": "x", "updated_at": "yesterday", "more": 1.5}
    bank.load_one("org/branches/b.jsonl", json.dumps(broken) + "\n{oops\n")
    out = tmp_path / "out" / "org" / "branches"
    written = write_refused_rows(bank.connection, tmp_path / "out", "org/branches/b.jsonl")
    assert written == [out / "b.jsonl.refused.jsonl", out / "b.jsonl.refused.csv"]
    assert (out / "b.jsonl.refused.jsonl").read_bytes() == b"{oops\r\n"
    [header, row] = (out / "b.jsonl.refused.csv").read_text("utf-8-sig").splitlines()
    values = dict(zip(header.split(","), ["B1", '"a', '""b"""', "x"], strict=False))
    assert set(header.split(",")) == set(broken)
    assert '"a,""b"""' in row
    assert values["branch_id"] == "B1"
    mended = (out / "b.jsonl.refused.csv").read_text("utf-8-sig").replace("yesterday", "2026-01-01")
    assert bank.load_one("org/branches/mended.csv", mended).loaded == 1


def test_the_list_may_be_of_one_file(bank: Bank) -> None:
    for name in ("a", "b"):
        bank.load_one(f"org/branches/{name}.csv", f"branch_id,branch_name,region,updated_at\n,{name},x,2026-01-01\n")
    [reject] = list_rejects(bank.connection, "org/branches/b.csv")
    assert (reject.file, reject.line, reject.column, reject.reason) == (
        "org/branches/b.csv",
        2,
        "branch_id",
        "missing_key",
    )
    assert reject.message.endswith("deliver the row again.")
    assert len(list(list_rejects(bank.connection))) == 2


def test_loads_of_one_name_are_told_apart(bank: Bank, tmp_path: Path) -> None:
    for name in ("first", "second"):
        bank.load_one("org/branches/a.csv", f"branch_id,branch_name,region,updated_at\n,{name},x,2026-01-01\n")
    written = write_refused_rows(bank.connection, tmp_path / "out")
    assert len({path.name for path in written}) == 2
    assert ["first" in path.read_text("utf-8-sig") for path in written] == [True, False]
