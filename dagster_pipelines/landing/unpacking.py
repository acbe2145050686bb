"""Bounds on what a compressed delivery may unpack to, so that a small file cannot fill memory or disk."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import error as zlib_error

from dagster_pipelines.landing.content import unreadable
from dagster_pipelines.landing.errors import FileRefusedError
from dagster_pipelines.landing.sheet_extent import SHEET_MARK, NoSheetError, SheetExtent, shared_lengths

_BLOCK = 4 * 2**20
_HARMLESS = 64 * 2**20
"""Unpacked bytes up to which the ratio does not matter: short and uniform files pack very well."""
_WHATEVER_IT_SAYS = 2**62
_SHARED_TEXTS = "xl/sharedstrings.xml"
"""Where the reader looks for them, in whatever case."""


@dataclass(frozen=True)
class UnpackingLimits:
    """What a compressed file, a Parquet file and a workbook may unpack to."""

    text_bytes: int = 64 * 2**30
    workbook_bytes: int = 2 * 2**30
    workbook_cells: int = 2**25
    ratio: int = 200

    def require_text(self, packed: int, unpacked: int) -> None:
        """Raises FileRefusedError when a csv.gz, so far, or a Parquet file unpacks to too much."""
        if unpacked > self.text_bytes:
            raise _too_much(f"more than {self.text_bytes} bytes", "NEEDLOOP_MAX_UNPACKED_BYTES")
        self._require_ratio(packed, unpacked)

    def require_workbook(self, path: Path) -> None:
        """Raises FileRefusedError when parts or sheets of an XLSX file are too large, whatever their headers say."""
        try:
            with zipfile.ZipFile(path) as archive:
                sheets = self._sheets(archive, path.stat().st_size)
                extents = [_extent(archive, sheet) for sheet in sheets]
                for extent in extents:
                    self._require_cells(extent)
                self._require_shared_texts(archive, sheets, sum(extent.sharing_cells for extent in extents))
        except (zipfile.BadZipFile, zlib_error, EOFError, NotImplementedError, RuntimeError, NoSheetError) as error:
            raise unreadable("it is no whole XLSX workbook, or is protected by a password") from error

    def _sheets(self, archive: zipfile.ZipFile, packed: int) -> list[zipfile.ZipInfo]:
        """The parts that hold cells, wherever they lie; all parts are unpacked once to see their true sizes."""
        sheets, unpacked = [], 0
        for part in archive.infolist():
            part.file_size = _WHATEVER_IT_SAYS
            with archive.open(part) as opened:
                end, is_sheet = b"", False
                while block := opened.read(_BLOCK):
                    unpacked += len(block)
                    self._require_workbook_bytes(unpacked)
                    self._require_ratio(packed, unpacked)
                    is_sheet = is_sheet or SHEET_MARK in end + block
                    end = block[-len(SHEET_MARK) :]
            if is_sheet:
                sheets.append(part)
        return sheets

    def _require_cells(self, extent: SheetExtent) -> None:
        if extent.cells > self.workbook_cells:
            raise FileRefusedError(
                "unreadable_file",
                f"A sheet of the workbook reaches over {extent.rows} rows and {extent.columns} columns, which is more "
                f"than {self.workbook_cells} cells, so it cannot be held in memory. Delete what stands far below or "
                "right of the table, or deliver the file as CSV; if it is right, raise the setting "
                "NEEDLOOP_MAX_WORKBOOK_CELLS.",
            )

    def _require_shared_texts(
        self, archive: zipfile.ZipFile, sheets: Sequence[zipfile.ZipInfo], sharing_cells: int
    ) -> None:
        """The sheets are read again only where the longest of the texts in each cell would be too much."""
        lengths = _shared_lengths(archive)
        if sharing_cells * max(lengths, default=0) <= self.workbook_bytes:
            return
        self._require_workbook_bytes(sum(_extent(archive, sheet, lengths).shared_characters for sheet in sheets))

    def _require_workbook_bytes(self, unpacked: int) -> None:
        if unpacked > self.workbook_bytes:
            raise _too_much(f"more than {self.workbook_bytes} bytes", "NEEDLOOP_MAX_WORKBOOK_BYTES")

    def _require_ratio(self, packed: int, unpacked: int) -> None:
        if unpacked > max(_HARMLESS, packed * self.ratio):
            raise _too_much(f"more than {self.ratio} times its size", "NEEDLOOP_MAX_UNPACKING_RATIO")


def _extent(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo, lengths: Sequence[int] | None = None) -> SheetExtent:
    extent = SheetExtent(lengths)
    with archive.open(sheet) as opened:
        extent.read(opened)
    return extent


def _shared_lengths(archive: zipfile.ZipFile) -> Sequence[int]:
    for part in archive.infolist():
        if part.filename.lower() == _SHARED_TEXTS:
            with archive.open(part) as opened:
                return shared_lengths(opened)
    return ()


def _too_much(than: str, setting: str) -> FileRefusedError:
    return FileRefusedError(
        "unreadable_file",
        f"The file unpacks to {than}, which no honest delivery does. Look at it before anything else; if it is right, "
        f"deliver it in parts, or raise the setting {setting}.",
    )
