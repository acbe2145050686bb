"""Read a delivered text file once: its content hash, whether it is intact, and its text as UTF-8.

The encoding is detected per file: a byte order mark or valid UTF-8 means UTF-8; otherwise valid GB18030 means GB18030;
otherwise the file is refused. A file that is compressed or not UTF-8 is written block by block to a scratch file as
plain UTF-8.
"""

from __future__ import annotations

import codecs
import errno
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import BinaryIO

from dagster_pipelines.landing.errors import FileRefusedError

BLOCK = 4 * 2**20
"""Bytes read at a time, throughout landing."""
BOM = codecs.BOM_UTF8
_OUR_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
UnpackingWatch = Callable[[int, int], None]


def _unwatched(_: int, __: int) -> None:
    """Refuse nothing."""


@dataclass(frozen=True)
class TextContent:
    """A text file, ready to be scanned for records."""

    path: Path
    """Plain UTF-8: the delivered file itself if it already was."""
    encoding: str
    """utf-8 or gb18030, as delivered."""
    start: int
    """Offset of the first byte after a byte order mark."""
    size: int
    has_nul: bool


def content_hash(path: Path) -> str:
    """SHA-256 of the file as delivered, in hexadecimal. Raises FileRefusedError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(f"it cannot be opened ({error.strerror})") from error


def read_text(path: Path, *, compressed: bool, scratch: Path, watch: UnpackingWatch = _unwatched) -> TextContent:
    """Detect the encoding and return the text as a UTF-8 file.

    `watch` is called with the packed size and the bytes unpacked so far, and may refuse the file.
    Raises FileRefusedError: unreadable_file, bad_encoding; OSError when `scratch` cannot be written.
    """
    plain = scratch / "plain"
    try:
        if compressed:
            with path.open("rb") as file:
                _decompress(file, plain, partial(watch, path.stat().st_size))
        else:
            plain = path
        with plain.open("rb") as file:
            check = Utf8Check()
            for block in _blocks(file):
                check.feed(block)
            check.finish()
        if check.first_invalid is None:
            start = len(BOM) if check.has_bom else 0
            return TextContent(plain, "utf-8", start, check.size, check.has_nul)
        if check.has_bom:
            raise _bad_encoding(check.first_invalid, "UTF-8, which its byte order mark declares")
        decoded = scratch / "decoded"
        if not _decode_gb18030(plain, decoded):
            raise _bad_encoding(check.first_invalid, "UTF-8, nor is the file GB18030")
        return TextContent(decoded, "gb18030", 0, decoded.stat().st_size, check.has_nul)
    except OSError as error:
        if error.errno in _OUR_DISK:
            raise  # our disk is at fault, not the file
        raise unreadable(f"it cannot be read ({error.strerror})") from error


def unreadable(what: str) -> FileRefusedError:
    """The refusal of a damaged file; `what` completes 'The file cannot be read: …'."""
    return FileRefusedError("unreadable_file", f"The file cannot be read: {what}. Export and deliver it again.")


def _blocks(file: BinaryIO | GzipFile) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _decompress(file: BinaryIO, target: Path, watch: Callable[[int], None]) -> None:
    unpacked = 0
    try:
        with GzipFile(fileobj=file) as packed, target.open("wb") as plain:
            for block in _blocks(packed):
                unpacked += len(block)
                watch(unpacked)
                plain.write(block)
    except EOFError as error:
        raise unreadable("its compressed content is truncated") from error
    except (BadGzipFile, zlib.error) as error:
        raise unreadable("its compressed content is damaged") from error


def _bad_encoding(offset: int, than: str) -> FileRefusedError:
    return FileRefusedError(
        "bad_encoding",
        f"The byte at offset {offset} (counted from 0, in the decompressed file) is not {than}. "
        "Export the file as UTF-8 or GB18030 and deliver it again.",
    )


class Utf8Check:
    """Validates UTF-8 block by block; a sequence may span two blocks."""

    def __init__(self) -> None:
        self.first_invalid: int | None = None
        self.has_bom = False
        self.has_nul = False
        self.size = 0
        self._open = b""

    def feed(self, block: bytes) -> None:
        """Check the next block."""
        if self.size == 0:
            self.has_bom = block.startswith(BOM)
        self.has_nul = self.has_nul or b"\0" in block
        if self.first_invalid is None and (self._open or not block.isascii()):
            self._validate(self._open + block, self.size - len(self._open), final=False)
        self.size += len(block)

    def finish(self) -> None:
        """Finish after the last block."""
        if self.first_invalid is None and self._open:
            self._validate(self._open, self.size - len(self._open), final=True)

    def _validate(self, text: bytes, offset: int, *, final: bool) -> None:
        try:
            _, used = codecs.utf_8_decode(text, "strict", final)
        except UnicodeDecodeError as error:
            self.first_invalid = offset + error.start
        else:
            self._open = text[used:]


def _decode_gb18030(source: Path, target: Path) -> bool:
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    try:
        with source.open("rb") as file, target.open("wb") as decoded:
            for block in _blocks(file):
                decoded.write(decoder.decode(block).encode("utf-8"))
            decoded.write(decoder.decode(b"", final=True).encode("utf-8"))
    except UnicodeError:
        return False
    return True
