"""CSV files, plain or compressed: detect the delimiter, read the header, stream the records into DuckDB."""

from __future__ import annotations

import duckdb

from dagster_pipelines.landing.aliases import TableAliases
from dagster_pipelines.landing.content import TextContent
from dagster_pipelines.landing.csv_records import Layout, RecordStream, read_batches, too_long
from dagster_pipelines.landing.header import recognised
from dagster_pipelines.landing.record_syntax import Record, parse_record
from dagster_pipelines.landing.source import SourceInfo

DELIMITERS = (b",", b";", b"\t", b"|")
STREAM = "landing_records"
_FIRST_READ = 64 * 2**10
_BLANK_LINE = b" \t\r\n"


class CsvSource:
    """A CSV file, already decoded to plain UTF-8."""

    def __init__(self, text: TextContent, aliases: TableAliases, max_record_bytes: int) -> None:
        self._text = text
        self._limit = max_record_bytes
        self._stream: RecordStream | None = None
        self.delimiter = DELIMITERS[0]
        self._first_row = text.size
        self._first_line = 1
        headers, header_line = self._read_header(aliases)
        self.info = SourceInfo(headers, header_line, text.encoding, text.has_nul, quoted_fields=True)

    @property
    def first_row(self) -> int:
        """Offset of the first byte after the header."""
        return self._first_row

    @property
    def first_row_line(self) -> int:
        """Physical line after the header: 2 if the header is the file's first line and spans no other."""
        return self._first_line

    @property
    def is_empty(self) -> bool:
        """See Source.is_empty."""
        return not self.info.headers

    def fault_of(self, error: duckdb.Error) -> Exception:
        """See Source.fault_of."""
        return self._stream.fault_of(error) if self._stream else error

    def rows(self, connection: duckdb.DuckDBPyConnection) -> str:
        """See Source.rows."""
        layout = Layout(self.delimiter, len(self.info.headers))
        batches = read_batches(self._text.path, self._first_row, self._first_line, layout, self._limit)
        self._stream = RecordStream(batches, layout.width)
        connection.register(STREAM, self._stream.reader)
        return f"select * from {STREAM}"

    def _read_header(self, aliases: TableAliases) -> tuple[tuple[str, ...], str | None]:
        with self._text.path.open("rb") as file:
            file.seek(self._text.start)
            data, blank_lines = b"", 0
            size = _FIRST_READ
            while True:
                block = file.read(size)
                data += block
                start = self._after_blank_lines(data)
                blank_lines = _lines(data[:start])
                record, self.delimiter = self._best(data, start, aliases)
                complete = record.closed and record.terminated and record.next < len(data)
                if complete or not block:
                    break
                if len(data) > self._limit:
                    raise too_long(1 + blank_lines, self._limit)
                size = max(size, len(data))
        content = data[start : record.end]
        if not content.strip(_BLANK_LINE):
            return (), None
        self._first_row = self._text.start + record.next
        self._first_line = 1 + _lines(data[: record.next])
        return tuple(field.decode("utf-8") for field in record.fields), content.decode("utf-8")

    def _after_blank_lines(self, data: bytes) -> int:
        stripped = data.lstrip(_BLANK_LINE)
        before = data[: len(data) - len(stripped)]
        return max(before.rfind(b"\n"), before.rfind(b"\r")) + 1

    @staticmethod
    def _best(data: bytes, start: int, aliases: TableAliases) -> tuple[Record, bytes]:
        """The delimiter that yields the most known headers; ties go to the most headers, then to the list's order."""
        readings = [(parse_record(data, start, delimiter), delimiter) for delimiter in DELIMITERS]

        def score(reading: tuple[Record, bytes]) -> tuple[int, int]:
            headers = [field.decode("utf-8", "replace") for field in reading[0].fields]
            return recognised(aliases, headers), len(headers)

        return max(readings, key=score)


def _lines(data: bytes) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
