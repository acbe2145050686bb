"""Limits on how large a compressed delivery may unpack, so that a small file cannot fill memory or disk."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import error as zlib_error

from dagster_pipelines.landing.content import BLOCK, unreadable
from dagster_pipelines.landing.errors import FileRefusedError
from dagster_pipelines.landing.sheet_extent import SHEET_MARK, NoSheetError, SheetExtent, shared_lengths

_HARMLESS = 64 * 2**20
"""Unpacked size up to which the ratio does not matter: short and uniform files compress very well."""
_NO_DECLARED_LIMIT = 2**62
_SHARED_TEXTS = "xl/sharedstrings.xml"
"""Where the reader looks for them, ignoring case."""


@dataclass(frozen=True)
class UnpackingLimits:
    """How large a compressed file, a Parquet file and a workbook may unpack."""

    text_bytes: int = 64 * 2**30
    workbook_bytes: int = 2 * 2**30
    workbook_cells: int = 2**25
    ratio: int = 200

    def require_text(self, packed: int, unpacked: int) -> None:
        """Raise FileRefusedError when a Parquet file, or a csv.gz so far, unpacks too large."""
        if unpacked > self.text_bytes:
            raise _too_much(f"more than {self.text_bytes} bytes", "NEEDLOOP_MAX_UNPACKED_BYTES")
        self._require_ratio(packed, unpacked)

    def require_workbook(self, path: Path) -> None:
        """Raise FileRefusedError when parts or sheets of an XLSX file are too large, whatever their headers say."""
        try:
            with zipfile.ZipFile(path) as archive:
                sheets = self._sheets(archive, path.stat().st_size)
                extents = [_extent(archive, sheet) for sheet in sheets]
                for extent in extents:
                    self._require_cells(extent)
                self._require_shared_texts(archive, sheets, sum(extent.sharing_cells for extent in extents))
        except (zipfile.BadZipFile, zlib_error, EOFError, NotImplementedError, RuntimeError, NoSheetError) as error:
            raise unreadable("it is not an intact XLSX workbook, or is password-protected") from error

    def _sheets(self, archive: zipfile.ZipFile, packed: int) -> list[zipfile.ZipInfo]:
        """The parts that hold cells, wherever they are. Unpacks all parts once to find their true sizes."""
        sheets, unpacked = [], 0
        for part in archive.infolist():
            part.file_size = _NO_DECLARED_LIMIT
            with archive.open(part) as opened:
                end, is_sheet = b"", False
                while block := opened.read(BLOCK):
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
                f"A sheet of the workbook spans {extent.rows} rows and {extent.columns} columns, which is more "
                f"than {self.workbook_cells} cells and does not fit in memory. Delete the cells far below or to the "
                "right of the table, or deliver the file as CSV; if the size is right, raise the setting "
                "NEEDLOOP_MAX_WORKBOOK_CELLS.",
            )

    def _require_shared_texts(
        self, archive: zipfile.ZipFile, sheets: Sequence[zipfile.ZipInfo], sharing_cells: int
    ) -> None:
        """Reads the sheets again only if they would be too large with the longest shared text in every cell."""
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
        f"The file unpacks to {than}, which is suspicious. Inspect it first; if it is legitimate, "
        f"deliver it in parts, or raise the setting {setting}.",
    )
