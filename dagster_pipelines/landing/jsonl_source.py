"""JSON lines: one object per line, with its keys as headers."""

from __future__ import annotations

import duckdb

from dagster_pipelines.landing.content import TextContent
from dagster_pipelines.landing.csv_records import Layout, RecordStream, read_batches
from dagster_pipelines.landing.delimited_text import csv_record
from dagster_pipelines.landing.errors import FileRefusedError
from dagster_pipelines.landing.reasons import code_of
from dagster_pipelines.landing.source import SourceInfo

STREAM = "landing_lines"
LINES = "landing_json"
_BAD_JSON = code_of("bad_json")
_STRINGS = r'"(?:[^"\\]|\\.)*"'
# DuckDB's parser is more lenient than JSON: outside strings it accepts trailing commas, NaN and infinities.
_LENIENCES = r"(?i),\s*[}\]]|nan|inf"


class JsonlSource:
    """A JSON lines file, already decoded to plain UTF-8. Its lines go to a temporary table: the keys are read first."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, text: TextContent, max_record_bytes: int) -> None:
        batches = read_batches(text.path, text.start, 1, Layout(None, 1), max_record_bytes)
        stream = RecordStream(batches, 1)
        connection.register(STREAM, stream.reader)
        try:
            connection.execute(
                f"create or replace temp table {LINES}_read as select line as position, record from {STREAM}"
            )
        except duckdb.Error as error:
            raise stream.fault_of(error) from error
        connection.unregister(STREAM)
        connection.execute(
            f"""
            create or replace temp table {LINES} as
            select
                row_number() over (order by position) + 1 as line, record,
                coalesce(
                    try(json_type(record)) = 'OBJECT'
                    and not regexp_matches(regexp_replace(record, ?, '""', 'g'), ?), false
                ) as sound
            from {LINES}_read
            """,
            [_STRINGS, _LENIENCES],
        )
        connection.execute(f"drop table {LINES}_read")
        self._headers = self._keys(connection)
        counted = connection.execute(f"select count(*), count(*) filter (sound) from {LINES}").fetchone()
        assert counted is not None  # noqa: S101  (an aggregate gives a row)
        self._records, sound = int(counted[0]), int(counted[1])
        only_broken = self._records > 0 and sound == 0
        header_line = csv_record(self._headers)
        self.info = SourceInfo(
            self._headers,
            header_line,
            text.encoding,
            may_hold_nul=True,
            quoted_fields=False,
            headers_lost=only_broken,
        )

    @property
    def is_empty(self) -> bool:
        """See Source.is_empty."""
        return self._records == 0

    def fault_of(self, error: duckdb.Error) -> Exception:
        """See Source.fault_of."""
        return error

    def rows(self, connection: duckdb.DuckDBPyConnection) -> str:
        """See Source.rows."""
        paths = ", ".join(f"'{_pointer(key)}'" for key in self._headers)
        texts = [f"texts[{place + 1}] as f{place}" for place in range(len(self._headers))]
        values = f"case when sound then json_extract_string(record, [{paths}]) end" if paths else "null::varchar[]"
        columns = ", ".join(["line", *texts, "record", f"case when sound then 0 else {_BAD_JSON} end as fault"])
        return f"select {columns} from (select line, record, sound, {values} as texts from {LINES})"

    @staticmethod
    def _keys(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
        rows = connection.execute(
            f"""
            with keys as (
                select line, key, count(*) as times
                from (select line, unnest(json_keys(record)) as key from {LINES} where sound)
                group by line, key
            )
            select key, max(times), min(line) from keys group by key order by min(line), key
            """
        ).fetchall()
        for key, times, _ in rows:
            if times > 1:
                raise FileRefusedError(
                    "ambiguous_header", f"The key '{key}' appears twice in one object. Keep one of the two."
                )
        return tuple(key for key, _, _ in rows)


def _pointer(key: str) -> str:
    """The key as a JSON pointer within an SQL literal."""
    return "/" + key.replace("~", "~0").replace("/", "~1").replace("'", "''")
