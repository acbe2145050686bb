"""Bounds on what a compressed delivery may unpack to, so that a small file cannot fill memory or disk."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from zlib import error as zlib_error

from dagster_pipelines.landing.content import unreadable
from dagster_pipelines.landing.errors import FileRefusedError

_BLOCK = 4 * 2**20
_HARMLESS = 64 * 2**20
"""Unpacked bytes up to which the ratio does not matter: short and uniform files pack very well."""
_BEST_RATIO = 1032
"""No stream of deflate unpacks to more than this times its size."""
_WHATEVER_IT_SAYS = 2**62


@dataclass(frozen=True)
class UnpackingLimits:
    """What a compressed file, and a workbook, may unpack to."""

    text_bytes: int = 64 * 2**30
    workbook_bytes: int = 2 * 2**30
    ratio: int = 200

    def require_text(self, packed: int, unpacked: int) -> None:
        """Raises FileRefusedError when a csv.gz has unpacked to too much, so far."""
        if unpacked > self.text_bytes:
            raise _too_much(f"more than {self.text_bytes} bytes", "NEEDLOOP_MAX_UNPACKED_BYTES")
        self._require_ratio(packed, unpacked)

    def require_workbook(self, path: Path) -> None:
        """Raises FileRefusedError when the parts of an XLSX file are too large, whatever their headers say."""
        packed = path.stat().st_size
        if packed * _BEST_RATIO <= min(self.workbook_bytes, _HARMLESS):
            return
        unpacked = 0
        try:
            with zipfile.ZipFile(path) as archive:
                for part in archive.infolist():
                    part.file_size = _WHATEVER_IT_SAYS
                    with archive.open(part) as opened:
                        while block := opened.read(_BLOCK):
                            unpacked += len(block)
                            self._require_workbook_bytes(unpacked)
                            self._require_ratio(packed, unpacked)
        except (zipfile.BadZipFile, zlib_error, EOFError, NotImplementedError, RuntimeError) as error:
            raise unreadable("it is no whole XLSX workbook, or is protected by a password") from error

    def _require_workbook_bytes(self, unpacked: int) -> None:
        if unpacked > self.workbook_bytes:
            raise _too_much(f"more than {self.workbook_bytes} bytes", "NEEDLOOP_MAX_WORKBOOK_BYTES")

    def _require_ratio(self, packed: int, unpacked: int) -> None:
        if unpacked > max(_HARMLESS, packed * self.ratio):
            raise _too_much(f"more than {self.ratio} times its size", "NEEDLOOP_MAX_UNPACKING_RATIO")


def _too_much(than: str, setting: str) -> FileRefusedError:
    return FileRefusedError(
        "unreadable_file",
        f"The file unpacks to {than}, which no honest delivery does. Look at it before anything else; if it is right, "
        f"deliver it in parts, or raise the setting {setting}.",
    )
