"""Deliveries that are attacks or accidents: refused or waited for with a sentence, in bounded memory, others taken."""

from __future__ import annotations

import errno
import gzip
import io
import os
import threading
import time
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.styles import Font

from dagster_pipelines.landing import csv_source, file_load
from dagster_pipelines.landing.errors import LandingError
from dagster_pipelines.landing.file_load import FileLoader
from dagster_pipelines.landing.load import load_landing_zone
from dagster_pipelines.landing.outcome import FileOutcome
from dagster_pipelines.landing.unpacking import UnpackingLimits
from tests.unit.landing.conftest import Bank

HEADER = "branch_id,branch_name,region,updated_at\n"
ROW = "B1,上海支行,华东,2026-01-01\n"
FILE = "org/branches/a.csv"
SECRET = "root:x:0:0:nobody-should-read-this"


@pytest.fixture
def swapped(bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A delivered file in whose place an attacker puts a link to a secret, after the landing zone was searched."""
    (tmp_path / "shadow").write_text(f"{HEADER}{SECRET}\n")
    delivered = bank.deliver(FILE, HEADER + ROW)
    load = FileLoader.load

    def swap_and_load(loader: FileLoader, file: Any) -> FileOutcome:
        delivered.unlink()
        delivered.symlink_to(tmp_path / "shadow")
        return load(loader, file)

    monkeypatch.setattr(FileLoader, "load", swap_and_load)
    return delivered


def test_a_link_put_in_a_files_place_is_not_followed(bank: Bank, swapped: Path) -> None:
    [outcome] = bank.load().outcomes
    assert (outcome.status, outcome.reason) == ("refused", "unreadable_file")
    assert "no longer a regular file" in (outcome.message or "")
    assert SECRET not in str(bank.select("select * from landing.rejects")) + str(bank.select("from landing.loads"))


@pytest.mark.parametrize("place", ["org", "org/branches"])
def test_a_folder_that_is_a_link_is_left_alone(bank: Bank, tmp_path: Path, place: str) -> None:
    outside = tmp_path / "outside" / "branches"
    outside.mkdir(parents=True)
    (outside / "a.csv").write_text(HEADER + ROW, "utf-8")
    (bank.landing / place).parent.mkdir(exist_ok=True)
    (bank.landing / place).symlink_to(outside if place.endswith("branches") else outside.parent)
    summary = bank.load()
    assert summary.outcomes == []
    assert "symbolic link" in summary.notices[0].message


def test_a_mapping_that_is_a_link_is_not_read(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "shadow").write_text(SECRET)
    (bank.landing / "mapping.yml").symlink_to(tmp_path / "shadow")
    with pytest.raises(LandingError, match="symbolic link") as refused:
        bank.load()
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_fifty_gigabytes_without_a_line_end_are_refused_at_once(bank: Bank, ending: str) -> None:
    file = bank.deliver(f"org/branches/a.{ending}", "")
    with file.open("wb") as opened:
        opened.truncate(50 * 2**30)  # takes no room on the disk
    bank.deliver("org/branches/b.csv", HEADER + ROW)
    started = time.monotonic()
    refused, taken = bank.load().outcomes
    assert time.monotonic() - started < 10, "it was read through"
    assert refused.reason == "unreadable_file"
    assert "NEEDLOOP_MAX_RECORD_BYTES" in (refused.message or "")
    assert taken.status == "taken"


def test_a_long_line_after_good_rows_is_refused_with_its_place(bank: Bank) -> None:
    outcome = bank.load_one(FILE, (HEADER + ROW).encode() + b"x" * 3_000_000)
    assert outcome.reason == "unreadable_file"
    assert "a record at or after line 3 is longer than 1048576 bytes" in (outcome.message or "")
    assert bank.select("select count(*) from raw.org__branches") == [(0,)]


def load_with(bank: Bank, limits: UnpackingLimits) -> list[FileOutcome]:
    return load_landing_zone(
        bank.connection, bank.landing, batch_id="b", time_zone="Asia/Shanghai", loaded_at=datetime(2026, 9, 30),
        scratch=bank.scratch, max_record_bytes=2**20, unpacking=limits,
    ).outcomes  # fmt: skip


def bomb(megabytes: int) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(HEADER.encode())
        for _ in range(megabytes):
            file.write(ROW.encode() * (2**20 // len(ROW.encode())))
    return packed.getvalue()


def test_a_bomb_of_gzip_is_refused_before_the_disk_is_full(bank: Bank) -> None:
    content = bomb(80)
    assert len(content) < 500_000
    outcome = bank.load_one("org/branches/a.csv.gz", content)
    assert outcome.reason == "unreadable_file"
    assert "more than 200 times its size" in (outcome.message or "")
    assert "NEEDLOOP_MAX_UNPACKING_RATIO" in (outcome.message or "")
    assert not bank.scratch.exists() or list(bank.scratch.iterdir()) == []


def test_the_unpacked_size_is_bounded_too(bank: Bank) -> None:
    bank.deliver("org/branches/a.csv.gz", gzip.compress((HEADER + ROW * 100).encode(), mtime=0))
    [outcome] = load_with(bank, UnpackingLimits(text_bytes=1000))
    assert "NEEDLOOP_MAX_UNPACKED_BYTES" in (outcome.message or "")
    [outcome] = load_with(bank, UnpackingLimits(text_bytes=10_000))
    assert (outcome.status, outcome.rows) == ("taken", 100)


def workbook(*, declared: int | None = None, megabytes: int = 80) -> bytes:
    """A workbook whose sheet is followed by zeros; `declared` is the size that its headers claim."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["branch_id", "branch_name", "region", "updated_at"])
    book.worksheets[0].append(["B1", "上海支行", "华东", "2026-01-01"])
    content = io.BytesIO()
    book.save(content)
    if megabytes:
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.xml", "w") as part:
            for _ in range(megabytes):
                part.write(b"\0" * 2**20)
    packed = content.getvalue()
    if declared is not None:
        packed = packed.replace((megabytes * 2**20).to_bytes(4, "little"), declared.to_bytes(4, "little"))
    return packed


@pytest.mark.parametrize("declared", [None, 100])
def test_a_bomb_in_a_workbook_is_refused_whatever_its_headers_say(bank: Bank, declared: int | None) -> None:
    outcome = bank.load_one("org/branches/a.xlsx", workbook(declared=declared))
    assert outcome.reason == "unreadable_file"
    assert "times its size" in (outcome.message or "")


def test_a_workbook_within_the_bounds_is_taken(bank: Bank) -> None:
    bank.deliver("org/branches/a.xlsx", workbook(megabytes=0))
    [outcome] = load_with(bank, UnpackingLimits(workbook_bytes=2**20))
    assert (outcome.status, outcome.loaded) == ("taken", 1)
    bank.deliver("org/branches/b.xlsx", workbook(megabytes=3))
    [outcome] = load_with(bank, UnpackingLimits(workbook_bytes=2**20))
    assert "NEEDLOOP_MAX_WORKBOOK_BYTES" in (outcome.message or "")


SHEET = "xl/worksheets/sheet1.xml"


def workbook_of(sheet: str, *, part: str = SHEET) -> bytes:
    """A workbook whose first sheet is this XML, kept as `part`; the sheet's declared size is that of one cell."""
    book, content = io.BytesIO(workbook(megabytes=0)), io.BytesIO()
    with zipfile.ZipFile(book) as archive, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in archive.infolist():
            text = archive.read(entry).decode()
            if entry.filename == SHEET:
                text = sheet
            written.writestr(
                entry.filename.replace(SHEET, part),
                text.replace("worksheets/sheet1.xml", part.removeprefix("xl/")),
            )
    return content.getvalue()


NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
FIRST_CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>branch_id</t></is></c></row>'
LAST_CELL = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def sheet_of(rows: str, *, before: str = "") -> str:
    return f'{before}<worksheet {NAMESPACE}><dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>'


FAR_CELLS = {
    "far corners": sheet_of(FIRST_CELL + LAST_CELL),
    "rows out of order": sheet_of(LAST_CELL + FIRST_CELL),
    "a name with a prefix": f'<x:worksheet {NAMESPACE.replace("xmlns", "xmlns:x")}><x:sheetData><x:row r="1048576">'
    '<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    "places that are not written": sheet_of(f'{FIRST_CELL}<row r="1048575"/><row>{"<c><v>1</v></c>" * 40}</row>'),
}


@pytest.mark.parametrize("sheet", FAR_CELLS.values(), ids=FAR_CELLS)
@pytest.mark.parametrize("part", [SHEET, "xl/table.bin"])
def test_a_small_workbook_with_cells_far_apart_is_refused_instead_of_filling_memory(
    bank: Bank, sheet: str, part: str
) -> None:
    outcome = bank.load_one("org/branches/a.xlsx", workbook_of(sheet, part=part))
    assert (outcome.status, outcome.reason) == ("refused", "unreadable_file")
    assert "spans 1048576 rows" in (outcome.message or "")
    assert "NEEDLOOP_MAX_WORKBOOK_CELLS" in (outcome.message or "")


@pytest.mark.parametrize(
    "sheet",
    [
        sheet_of(FIRST_CELL + LAST_CELL, before="<!DOCTYPE worksheet>"),
        sheet_of(FIRST_CELL + LAST_CELL).replace("</worksheet>", ""),
        sheet_of(FIRST_CELL + LAST_CELL.replace("XFD1048576", "XFDXFD1048576")),
    ],
    ids=["entities may be declared", "cut off", "no place in a sheet"],
)
def test_a_sheet_that_readers_of_xml_may_read_differently_is_refused(bank: Bank, sheet: str) -> None:
    outcome = bank.load_one("org/branches/a.xlsx", workbook_of(sheet))
    assert (outcome.status, outcome.reason) == ("refused", "unreadable_file")
    assert "not an intact XLSX workbook" in (outcome.message or "")


def test_a_sheet_may_reach_over_as_many_cells_as_the_setting_says_and_not_one_row_more(bank: Bank) -> None:
    """The table of workbook() is 2 rows of 4 columns; a cell that is only formatted is none."""
    limits = UnpackingLimits(workbook_cells=8)
    book = openpyxl.load_workbook(io.BytesIO(workbook(megabytes=0)))
    book.worksheets[0]["XFD1048576"].font = Font(bold=True)
    content = io.BytesIO()
    book.save(content)
    bank.deliver("org/branches/a.xlsx", content.getvalue())
    [outcome] = load_with(bank, limits)
    assert (outcome.status, outcome.loaded) == ("taken", 1)
    book.worksheets[0].append([])
    book.worksheets[0]["A3"] = "B2"
    content = io.BytesIO()
    book.save(content)
    bank.deliver("org/branches/b.xlsx", content.getvalue())
    [outcome] = load_with(bank, limits)
    assert "3 rows and 4 columns, which is more than 8 cells" in (outcome.message or "")


def parquet(column: pa.Array | pa.DictionaryArray, *, times: int = 1) -> bytes:
    content = io.BytesIO()
    table = pa.table({"branch_id": column})
    with pq.ParquetWriter(content, table.schema, compression="zstd") as writer:
        for _ in range(times):
            writer.write_table(table)
    return content.getvalue()


@pytest.mark.parametrize("form", ["many rows", "a long value", "a long value, often"])
def test_a_small_parquet_file_of_very_much_is_refused_before_it_is_held(bank: Bank, form: str) -> None:
    """70 million rows; 100 MB in one value; 20,000 times one value of 1 MB, written once in a dictionary."""
    content = {
        "many rows": lambda: parquet(pa.array(["B1"]).take(pa.array([0] * 10**6)), times=70),
        "a long value": lambda: parquet(pa.array(["x" * 10**8])),
        "a long value, often": lambda: parquet(
            pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["x" * 10**6]))
        ),
    }[form]()
    assert len(content) < 300_000
    outcome = bank.load_one("org/branches/a.parquet", content)
    assert (outcome.status, outcome.reason) == ("refused", "unreadable_file")
    assert "NEEDLOOP_MAX_UNPACKING_RATIO" in (outcome.message or "")


def test_the_text_of_a_parquet_file_is_bounded_by_the_setting(bank: Bank) -> None:
    """Two rows of 2 + 6 + 6 + 10 bytes."""
    row = {"branch_id": "B1", "branch_name": "上海", "region": "华东", "updated_at": "2026-01-01"}
    content = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([row, row | {"branch_id": "B2"}]), content)
    bank.deliver("org/branches/a.parquet", content.getvalue())
    [outcome] = load_with(bank, UnpackingLimits(text_bytes=2 * (2 + 6 + 6 + 10) - 1))
    assert "NEEDLOOP_MAX_UNPACKED_BYTES" in (outcome.message or "")
    [outcome] = load_with(bank, UnpackingLimits(text_bytes=2 * (2 + 6 + 6 + 10)))
    assert (outcome.status, outcome.loaded) == ("taken", 2)


def test_a_file_that_still_grows_is_left_for_the_next_run(bank: Bank) -> None:
    growing = bank.deliver("org/branches/growing.csv", HEADER + "B1,上海支行,华东,2026-")
    bank.deliver("org/branches/still.csv", HEADER + ROW)
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.02):
            with growing.open("a", encoding="utf-8") as file:
                file.write("0")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        summary = load_settling(bank, 0.3)
    finally:
        stop.set()
        writer.join()
    assert [outcome.file for outcome in summary.outcomes] == ["org/branches/still.csv"]
    assert [(notice.kind, notice.file) for notice in summary.notices] == [("still_written", "org/branches/growing.csv")]
    growing.write_text(HEADER + "B2,北京支行,华北,2026-01-01\n", "utf-8")
    assert [outcome.loaded for outcome in load_settling(bank, 0.3).outcomes] == [1]


def load_settling(bank: Bank, seconds: float) -> Any:
    return load_landing_zone(
        bank.connection, bank.landing, batch_id="b", time_zone="Asia/Shanghai", loaded_at=datetime(2026, 9, 30),
        scratch=bank.scratch, max_record_bytes=2**20, settle_seconds=seconds,
    )  # fmt: skip


def test_old_files_are_not_waited_for_and_files_of_the_future_no_longer_than_others(bank: Bank) -> None:
    file = bank.deliver(FILE, HEADER + ROW)
    time.sleep(0.3)
    started = time.monotonic()
    assert len(load_settling(bank, 0.2).outcomes) == 1
    ahead = time.time() + 86_400
    bank.deliver("org/branches/b.csv", HEADER + ROW.replace("B1", "B2"))
    os.utime(bank.landing / "org/branches/b.csv", (ahead, ahead))
    assert len(load_settling(bank, 0.2).outcomes) == 1
    assert time.monotonic() - started < 3
    assert file.exists()


@pytest.mark.parametrize("fast_path_from", [0, 2**40])
def test_a_file_that_is_deleted_while_it_is_read_is_refused(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, fast_path_from: int
) -> None:
    monkeypatch.setattr(file_load, "FAST_PATH_FROM", fast_path_from)
    delivered = bank.deliver(FILE, HEADER + ROW)
    bank.deliver("org/branches/b.csv", HEADER + ROW.replace("B1", "B2"))
    read = csv_source.CsvSource.__init__

    def read_and_delete(*given: Any) -> None:
        read(*given)
        delivered.unlink(missing_ok=True)

    monkeypatch.setattr(csv_source.CsvSource, "__init__", read_and_delete)
    outcomes = {outcome.file: outcome for outcome in bank.load().outcomes}
    assert outcomes[FILE].reason == "unreadable_file"
    assert outcomes["org/branches/b.csv"].loaded == 1
    assert bank.select("select branch_id from raw.org__branches") == [("B2",)]


def test_a_full_disk_is_not_blamed_on_the_delivery(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("dagster_pipelines.landing.content._decompress", full)
    bank.deliver("org/branches/a.csv.gz", gzip.compress((HEADER + ROW).encode()))
    with pytest.raises(OSError, match="No space left"):
        bank.load()
    monkeypatch.undo()
    assert [outcome.status for outcome in bank.load().outcomes] == ["taken"]


def with_shared_text(length: int, cells: int) -> bytes:
    """A workbook of branches whose notes name one shared text; two further shared texts are named by no cell."""
    book, content = io.BytesIO(workbook(megabytes=0)), io.BytesIO()
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>1</v></c></row>' for row in range(2, cells + 2))
    with zipfile.ZipFile(book) as before, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            if part not in {SHEET, "xl/sharedStrings.xml"}:
                after.writestr(part, before.read(part))
        texts = f"<si><t>branch_id</t></si><si><r><t>{'x' * length}</t></r></si><si><t>{'y' * 2 * length}</t></si>"
        after.writestr("xl/sharedStrings.xml", f"<sst {NAMESPACE}>{texts}</sst>")
        header = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        after.writestr(SHEET, f"<worksheet {NAMESPACE}><sheetData>{header}{rows}</sheetData></worksheet>")
    return content.getvalue()


@pytest.mark.parametrize(("cells", "is_taken"), [(10, True), (11, False)])
def test_a_text_that_many_cells_share_counts_in_each(bank: Bank, cells: int, is_taken: bool) -> None:
    """9 of the header and 100 000 in each cell, of at most 1 000 009; the longest text of all is in no cell."""
    bank.deliver("org/branches/a.xlsx", with_shared_text(100_000, cells))
    [outcome] = load_with(bank, UnpackingLimits(workbook_bytes=1_000_009))
    assert ("unpacks to more than 1000009 bytes" not in (outcome.message or "")) == is_taken
