"""What the bridge takes of a result."""

from __future__ import annotations

from pathlib import Path

import duckdb
import sqlalchemy

from needloop.private_interfaces.great_expectations_dialect import CONNECTION_STRING, MOST_ROWS, engine_arguments
from needloop.settings import Settings


def test_a_whole_table_is_never_taken_into_python(tmp_path: Path) -> None:
    """Great Expectations selects whole tables only to learn the names of their columns."""
    settings = Settings(data=tmp_path)
    settings.warehouse_file.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse_file)) as connection:
        connection.execute(f"create table many as select i as number, 'x' as word from range({MOST_ROWS * 3}) as t (i)")
    engine = sqlalchemy.create_engine(CONNECTION_STRING, **engine_arguments(settings))
    with engine.connect() as connection:
        result = connection.execute(sqlalchemy.text("select * from many"))
        assert list(result.keys()) == ["number", "word"]
        assert len(result.fetchall()) == MOST_ROWS
        assert connection.execute(sqlalchemy.text("select count(*) from many")).scalar() == MOST_ROWS * 3
    engine.dispose()


def test_rows_outlive_their_connection(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    settings.warehouse_file.parent.mkdir(parents=True)
    engine = sqlalchemy.create_engine(CONNECTION_STRING, **engine_arguments(settings))
    with engine.connect() as connection:
        result = connection.execute(sqlalchemy.text("select 7 as number"))
    engine.dispose()
    assert result.fetchall() == [(7,)], (
        "SQLAlchemy calls no post_exec of the dialect's execution context, or buffers otherwise: Great Expectations "
        "gets no rows, and every check fails with an error. Buffer the rows anew in "
        "private_interfaces/great_expectations_dialect.py."
    )
