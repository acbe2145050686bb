"""XLSX: the first sheet, with every cell as text and Excel's date cells as ISO timestamps."""

from __future__ import annotations

from pathlib import Path

import duckdb
import fastexcel
import pyarrow as pa

from dagster_pipelines.landing.content import unreadable
from dagster_pipelines.landing.delimited_text import csv_record, csv_record_sql
from dagster_pipelines.landing.source import SourceInfo

SHEET = "landing_sheet"


class XlsxSource:
    """A workbook. A sheet has at most 1,048,576 rows, so it is read at once."""

    def __init__(self, path: Path) -> None:
        try:
            sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_arrow()
        except Exception as error:
            raise unreadable("it is not an intact XLSX workbook, or is password-protected") from error
        except BaseException as error:
            # The reader is written in Rust. A panic there is not an Exception, but also means a damaged workbook.
            if type(error).__name__ != "PanicException":
                raise
            raise unreadable("it is not an intact XLSX workbook") from error
        self._cells = pa.Table.from_batches([sheet]) if isinstance(sheet, pa.RecordBatch) else sheet
        headers = tuple(
            (self._cells.column(place)[0].as_py() or "") if self._cells.num_rows else ""
            for place in range(self._cells.num_columns)
        )
        header_line = csv_record(headers)
        self.info = SourceInfo(headers, header_line, None, may_hold_nul=True, quoted_fields=False)

    @property
    def is_empty(self) -> bool:
        """See Source.is_empty."""
        return not self.info.headers

    def fault_of(self, error: duckdb.Error) -> Exception:
        """See Source.fault_of."""
        return error

    def rows(self, connection: duckdb.DuckDBPyConnection) -> str:
        """See Source.rows."""
        places = range(len(self.info.headers))
        names = [f"f{place}" for place in places]
        cells = self._cells.slice(1).rename_columns(names)
        cells = cells.append_column("position", pa.array(range(cells.num_rows), pa.int64()))
        connection.register(SHEET, cells)
        texts = ", ".join(names)
        return f"""
            select row_number() over (order by position) + 1 as line, {texts},
                {csv_record_sql(names)} as record, 0 as fault
            from {SHEET} where coalesce({texts}) is not null
        """
