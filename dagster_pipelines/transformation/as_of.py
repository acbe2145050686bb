"""The warehouse's date: dbt derives it from the data and the run's parameters; later steps read it back."""

from __future__ import annotations

from datetime import date, datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

import duckdb

from dagster_pipelines.transformation.pending import build_fingerprint
from dagster_pipelines.transformation.project import TransformationError
from dagster_pipelines.transformation.rebuild import AS_OF_MODEL
from dagster_pipelines.transformation.runner import DbtRunner
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.gates import reset_from


def establish_as_of(settings: Settings, dbt: DbtRunner, run_id: str, started_at: datetime) -> date:
    """Writes the run's parameters, builds the model that decides on the date, returns what it says.

    `started_at` is an aware time; its day in the bank's time zone is the load date. Raises TransformationError when
    there is no data to take a date from.
    """
    load_date = started_at.astimezone(ZoneInfo(settings.time_zone)).date()
    with warehouse(settings) as connection:
        connection.execute("begin")
        reset_from(connection, "raw")
        connection.execute("delete from pipeline.run_parameters")
        connection.execute("insert into pipeline.run_parameters values (?, ?, ?)", [run_id, load_date, settings.as_of])
        connection.execute("delete from pipeline.product")
        connection.execute(
            "insert into pipeline.product values (?, ?)", [version("needloop"), build_fingerprint(settings)]
        )
        connection.execute("commit")
    dbt.run([f"+{AS_OF_MODEL}"])
    return read_as_of(settings)


def read_as_of(settings: Settings) -> date:
    """The date that the last build of the model gave. Raises TransformationError when there is none."""
    with warehouse(settings) as connection:
        try:
            row = connection.execute(f"select as_of from intermediate.{AS_OF_MODEL}").fetchone()
        except duckdb.CatalogException:
            raise TransformationError(
                "The warehouse has no date yet, since nothing was built in it. Launch the job `pipeline` without a "
                "selection, or run `needloop run`."
            ) from None
    if row is None or not isinstance(row[0], date):
        raise TransformationError(
            "The landing zone holds no dated row, so there is no day to report on. "
            "Deliver files to it, see `needloop rejects` for refused ones, or name a day with --as-of."
        )
    return row[0]
