"""Split a plain UTF-8 file into records with their physical line numbers, block by block, as Arrow batches.

Works on whole blocks with numpy, from the positions of quotes, delimiters and line ends. The parity of the quotes
before a byte tells whether it is inside a quoted field. This holds as long as every quote opens a field, closes one or
is doubled. From the first quote of a block that does none of these, some records are parsed one at a time
(record_syntax).

A batch has the columns line, f0 … fN (text as delivered; a field that starts with a quote is quoted), record (the whole
record as delivered) and fault (0, or the code of ragged_row or unclosed_quote). Texts are views into the block, without
copies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dagster_pipelines.landing.content import BLOCK, unreadable
from dagster_pipelines.landing.errors import FileRefusedError
from dagster_pipelines.landing.reasons import code_of
from dagster_pipelines.landing.record_syntax import Record, parse_record, quoted

_QUOTE, _LF, _CR, _SPACE, _TAB = 34, 10, 13, 32, 9
_FIRST_RUN, _LONGEST_RUN = 64, 4096
_PROBE_BYTES = 64 * 2**10
_PADDING = b"\0" * 16
_INLINE = 12
_RAGGED = code_of("ragged_row")
_UNCLOSED = code_of("unclosed_quote")

Positions = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Layout:
    """The record format of a file."""

    delimiter: bytes | None
    """One byte; None if each line is one field and quotes have no meaning (JSON lines)."""
    width: int
    """Number of fields of a complete record."""


def batch_schema(width: int) -> pa.Schema:
    """The columns of every batch."""
    texts = [(f"f{place}", pa.string_view()) for place in range(width)]
    return pa.schema([("line", pa.int64()), *texts, ("record", pa.string_view()), ("fault", pa.int32())])


def read_batches(path: Path, start: int, line: int, layout: Layout, max_record_bytes: int) -> Iterator[pa.RecordBatch]:
    """All records from byte `start`, which is on physical line `line`. Blank lines are skipped.

    Raises FileRefusedError (unreadable_file) at a record longer than `max_record_bytes`.
    """
    with path.open("rb") as file:
        file.seek(start)
        rest = b""
        while True:
            block = file.read(BLOCK)
            window = _Window(rest + block, line, layout, last=not block)
            yield from window.batches()
            rest, line = window.rest, window.line
            if max(len(rest), window.longest) > max_record_bytes:
                raise too_long(line, max_record_bytes)
            if not block:
                return


class RecordStream:
    """Batches for DuckDB, whose errors hide Python's: a refusal while reading is kept and raised afterwards."""

    def __init__(self, batches: Iterator[pa.RecordBatch], width: int) -> None:
        self._batches = batches
        self._refusal: FileRefusedError | None = None
        self.reader = pa.RecordBatchReader.from_batches(batch_schema(width), iter(self))

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._batches
        except FileRefusedError as refusal:
            self._refusal = refusal
            raise
        except OSError as error:
            self._refusal = unreadable(f"it became unreadable ({error.strerror})")
            raise

    def fault_of(self, error: Exception) -> Exception:
        """The refusal that caused the error, or the error itself."""
        return self._refusal or error


def too_long(line: int, limit: int) -> FileRefusedError:
    """The refusal of a file with a record that is too long to hold in memory."""
    return unreadable(
        f"a record at or after line {line} is longer than {limit} bytes, probably because a closing quote is missing "
        "(the limit is the setting NEEDLOOP_MAX_RECORD_BYTES)"
    )


def require_line_end(path: Path, limit: int) -> None:
    """Raise FileRefusedError when the first line is longer than `limit`, before reading gigabytes of it."""
    read = 0
    try:
        with path.open("rb") as file:
            while read <= limit and (block := file.read(_PROBE_BYTES)):
                if b"\n" in block or b"\r" in block:
                    return
                read += len(block)
    except OSError as error:
        raise unreadable(f"it cannot be read ({error.strerror})") from error
    if read > limit:
        raise too_long(1, limit)


class _Window:
    """A block with the rest of the previous one; yields batches, then leaves its own rest and the line it starts on."""

    def __init__(self, data: bytes, line: int, layout: Layout, *, last: bool) -> None:
        self.line = line
        self.longest = 0
        self._data = data
        self._layout = layout
        self._last = last
        self._done = 0
        self._run = _FIRST_RUN
        self._padded = data + _PADDING
        self._bytes: Bytes = np.frombuffer(data, dtype=np.uint8)
        self._words = np.ndarray((len(data) + 12,), np.uint32, self._padded, strides=(1,))
        self._find_positions()

    @property
    def rest(self) -> bytes:
        """The start of a record that continues in the next block."""
        return self._data[self._done :]

    def batches(self) -> Iterator[pa.RecordBatch]:
        while True:
            violation = self._first_misplaced_quote()
            yield from self._whole_records(violation)
            if violation is None:
                break
            before = self._done
            yield from self._single_records()
            if self._done == before:
                return
            self._drop_positions_before_done()
        if self._last and self._done < len(self._data):
            yield from self._final_record()

    def _find_positions(self) -> None:
        data = self._bytes
        ends = data == _LF
        line_feeds = np.flatnonzero(ends)
        if _CR in self._data:
            returns = np.flatnonzero(data == _CR)
            following = np.append(data, np.uint8(0))[returns + 1]
            known = (returns + 1 < len(data)) | self._last
            lone = returns[(following != _LF) & known]
            self._ends = np.sort(np.concatenate([line_feeds, lone]))
        else:
            self._ends = line_feeds
        delimiter = self._layout.delimiter
        if delimiter is None:
            self._quotes: Positions = np.empty(0, np.int64)
            self._delimiters: Positions = np.empty(0, np.int64)
        else:
            self._quotes = np.flatnonzero(data == _QUOTE) if b'"' in self._data else np.empty(0, np.int64)
            self._delimiters = np.flatnonzero(data == delimiter[0])

    def _drop_positions_before_done(self) -> None:
        for name in ("_quotes", "_delimiters"):
            positions: Positions = getattr(self, name)
            setattr(self, name, positions[np.searchsorted(positions, self._done) :])

    def _first_misplaced_quote(self) -> int | None:
        quotes = self._quotes
        if len(quotes) == 0:
            return None
        delimiter = self._layout.delimiter
        assert delimiter is not None  # noqa: S101  (quotes are only searched for where there is a delimiter)
        around = np.zeros(256, dtype=bool)
        around[[delimiter[0], _LF, _CR]] = True
        opening, closing = quotes[0::2], quotes[1::2]
        before = around[self._bytes[opening - 1]] | (opening == self._done)
        doubled = np.zeros(len(opening), dtype=bool)
        doubled[1:] = opening[1:] == closing[: len(opening) - 1] + 1
        wrong_open = opening[~(before | doubled)]
        after = np.frombuffer(self._padded, dtype=np.uint8)[closing + 1]
        at_end = closing + 1 == len(self._data)
        wrong_close = closing[~(around[after] | (after == _QUOTE) | at_end)]
        found = [int(wrong[0]) for wrong in (wrong_open, wrong_close) if len(wrong)]
        return min(found) if found else None

    def _outside_quotes(self, positions: Positions) -> Positions:
        if len(self._quotes) == 0:
            return positions
        outside: Positions = positions[np.searchsorted(self._quotes, positions) % 2 == 0]
        return outside

    def _whole_records(self, before: int | None) -> Iterator[pa.RecordBatch]:
        """Records that end before the offset `before`, from the first one not yet read."""
        ends = self._outside_quotes(self._ends[np.searchsorted(self._ends, self._done) :])
        if before is not None:
            ends = ends[: np.searchsorted(ends, before)]
        if len(ends) == 0:
            return
        starts = np.concatenate([[self._done], ends[:-1] + 1])
        contents = self._without_carriage_return(starts, ends)
        lines = self._lines_of(starts)
        self.longest = max(self.longest, int((contents - starts).max()))
        delimiters = self._delimiters[
            np.searchsorted(self._delimiters, self._done) : np.searchsorted(self._delimiters, ends[-1])
        ]
        delimiters = self._outside_quotes(delimiters)
        self._advance(int(ends[-1]) + 1)
        keep = ~self._blank(starts, contents)
        if self._layout.delimiter is None:
            yield self._batch(lines[keep], [(starts[keep], contents[keep])], starts[keep], contents[keep])
            return
        first = np.searchsorted(delimiters, starts)
        count = np.searchsorted(delimiters, contents) - first
        whole = keep & (count == self._layout.width - 1)
        if whole.any():
            yield self._regular(lines[whole], starts[whole], contents[whole], first[whole], delimiters)
        ragged = keep & ~whole
        if ragged.any():
            records = [
                parse_record(self._data[start:end], 0, self._layout.delimiter or b",")
                for start, end in zip(starts[ragged].tolist(), contents[ragged].tolist(), strict=True)
            ]
            yield self._parsed(lines[ragged].tolist(), records, starts[ragged].tolist(), contents[ragged].tolist())

    def _regular(
        self, lines: Positions, starts: Positions, ends: Positions, first: Positions, delimiters: Positions
    ) -> pa.RecordBatch:
        left = starts
        fields = []
        for place in range(self._layout.width - 1):
            right = delimiters[first + place]
            fields.append((left, right))
            left = right + 1
        fields.append((left, ends))
        return self._batch(lines, fields, starts, ends)

    def _batch(
        self, lines: Positions, fields: list[tuple[Positions, Positions]], starts: Positions, ends: Positions
    ) -> pa.RecordBatch:
        arrays = [pa.array(lines, pa.int64())]
        buffer = pa.py_buffer(self._padded)
        arrays += [self._views(left, right, buffer) for left, right in fields]
        arrays += [self._views(starts, ends, buffer), pa.array(np.zeros(len(lines), np.int32))]
        return pa.RecordBatch.from_arrays(arrays, schema=batch_schema(self._layout.width))

    def _views(self, starts: Positions, ends: Positions, buffer: pa.Buffer) -> pa.Array:
        """Arrow's string views: the length, then the text itself up to 12 bytes, or its first four and its offset."""
        lengths = (ends - starts).astype(np.uint32)
        views = np.empty((len(starts), 4), np.uint32)
        views[:, 0] = lengths
        short = lengths <= _INLINE
        for word in range(3):
            kept = np.clip(lengths.astype(np.int64) - 4 * word, 0, 4)
            mask = ((np.uint64(1) << (kept * 8).astype(np.uint64)) - np.uint64(1)).astype(np.uint32)
            views[:, word + 1] = self._words[starts + 4 * word * short] & mask
        long = ~short
        views[long, 2] = 0
        views[long, 3] = starts[long]
        return pa.Array.from_buffers(pa.string_view(), len(starts), [None, pa.py_buffer(views), buffer])

    def _without_carriage_return(self, starts: Positions, ends: Positions) -> Positions:
        """Where each record's content ends: before the CR of a CR LF."""
        if _CR not in self._data:
            return ends
        pair = (self._bytes[ends] == _LF) & (ends > starts) & (self._bytes[np.maximum(ends - 1, 0)] == _CR)
        contents: Positions = ends - pair
        return contents

    def _blank(self, starts: Positions, ends: Positions) -> npt.NDArray[np.bool_]:
        """Records that hold only spaces."""
        blank: npt.NDArray[np.bool_] = starts == ends
        suspects = np.flatnonzero(~blank & ((self._bytes[starts] == _SPACE) | (self._bytes[starts] == _TAB)))
        for record in suspects.tolist():
            blank[record] = self._is_blank(int(starts[record]), int(ends[record]))
        return blank

    def _is_blank(self, start: int, end: int) -> bool:
        content = self._data[start:end]
        return not content.strip(b" \t") and (self._layout.delimiter is None or self._layout.delimiter not in content)

    def _lines_of(self, starts: Positions) -> Positions:
        base = np.searchsorted(self._ends, self._done)
        return self.line + np.searchsorted(self._ends, starts) - base

    def _advance(self, to: int) -> None:
        self.line += int(np.searchsorted(self._ends, to) - np.searchsorted(self._ends, self._done))
        self._done = to

    def _single_records(self) -> Iterator[pa.RecordBatch]:
        """Some records one at a time, from where the vectorised parser stopped."""
        delimiter = self._layout.delimiter
        assert delimiter is not None  # noqa: S101  (only quotes lead here)
        lines: list[int] = []
        records: list[Record] = []
        starts: list[int] = []
        ends: list[int] = []
        while len(records) < self._run and self._done < len(self._data):
            record = parse_record(self._data, self._done, delimiter)
            complete = record.closed and record.terminated
            lone_return_at_end = record.next == len(self._data) and self._data.endswith(b"\r")
            if not (complete and not lone_return_at_end) and not self._last:
                break
            if not self._is_blank(self._done, record.end):
                lines.append(self.line)
                records.append(record)
                starts.append(self._done)
                ends.append(record.end)
            self._advance(record.next)
        self._run = min(2 * self._run, _LONGEST_RUN)
        if records:
            self.longest = max(self.longest, *(end - start for start, end in zip(starts, ends, strict=True)))
            yield self._parsed(lines, records, starts, ends)

    def _final_record(self) -> Iterator[pa.RecordBatch]:
        """The text after the file's last line end."""
        start = self._done
        if self._layout.delimiter is None:
            record = Record((self._data[start:],), len(self._data), len(self._data), closed=True, terminated=False)
        else:
            record = parse_record(self._data, start, self._layout.delimiter)
        if not self._is_blank(start, record.end):
            self.longest = max(self.longest, record.end - start)
            yield self._parsed([self.line], [record], [start], [record.end])
        self._advance(len(self._data))

    def _parsed(self, lines: list[int], records: list[Record], starts: list[int], ends: list[int]) -> pa.RecordBatch:
        width = self._layout.width
        columns: list[list[str | None]] = [
            [_text(record.fields, place, self._layout.delimiter is not None) for record in records]
            for place in range(width)
        ]
        faults = [_fault(record, width) for record in records]
        texts = [self._data[start:end].decode("utf-8") for start, end in zip(starts, ends, strict=True)]
        arrays = [pa.array(lines, pa.int64()), *(pa.array(column, pa.string_view()) for column in columns)]
        arrays += [pa.array(texts, pa.string_view()), pa.array(faults, pa.int32())]
        return pa.RecordBatch.from_arrays(arrays, schema=batch_schema(width))


def _text(fields: tuple[bytes, ...], place: int, delimited: bool) -> str | None:
    if place >= len(fields):
        return None
    field = fields[place]
    return (quoted(field) if delimited and b'"' in field else field).decode("utf-8")


def _fault(record: Record, width: int) -> int:
    if not record.closed:
        return _UNCLOSED
    return 0 if len(record.fields) == width else _RAGGED
