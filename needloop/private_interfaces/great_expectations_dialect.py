"""The bridge between Great Expectations and DuckDB: a dialect that computes every metric in DuckDB.

Great Expectations returns its connection before it fetches the rows, and DuckDB then drops a pending result. So this
dialect fetches the rows as soon as a statement has run. They are aggregates and a few keys, with one exception: to get
a batch's column names, Great Expectations selects the whole batch and reads none of its rows. Therefore only as many
rows are fetched as a result may show.
"""

from __future__ import annotations

from typing import Any

import duckdb
from duckdb_engine import ConnectionWrapper, Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGExecutionContext_psycopg2
from sqlalchemy.engine import URL
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from needloop.settings import Settings

_SCHEME = "needloop_duckdb"
CONNECTION_STRING = f"{_SCHEME}://"
MOST_ROWS = 10_000
"""Rows fetched per result. Counts come from aggregates, and Great Expectations itself shows at most 200 rows."""


class _BufferingExecutionContext(PGExecutionContext_psycopg2):
    """Fetches the rows of a result before the connection returns to the pool."""

    def post_exec(self) -> None:
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchmany(MOST_ROWS)
            )


class BufferingDuckDBDialect(Dialect):
    """duckdb_engine's dialect with buffered results and exactly the given configuration.

    duckdb_engine adds a user agent to the configuration. DuckDB would then refuse to open a file that the same process
    already has open with a different configuration.
    """

    execution_ctx_cls = _BufferingExecutionContext
    supports_statement_cache = False

    def create_connect_args(self, url: URL) -> tuple[tuple[()], dict[str, Any]]:
        """Take nothing from the URL: file and configuration are connect_args, so no path needs quoting."""
        return (), {}

    def connect(self, *_arguments: Any, **connect_args: Any) -> Any:
        """A connection to the file `database` with the settings `config`."""
        return ConnectionWrapper(duckdb.connect(connect_args["database"], config=connect_args["config"]))


registry.register(_SCHEME, __name__, BufferingDuckDBDialect.__name__)


def engine_arguments(settings: Settings) -> dict[str, Any]:
    """SQLAlchemy's keyword arguments for an engine on the warehouse, used with CONNECTION_STRING."""
    return {"connect_args": {"database": str(settings.warehouse_file), "config": settings.duckdb_config}}
