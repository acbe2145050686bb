"""Options that several commands share, the settings they make, and the way a command ends on a known error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
import duckdb
from pydantic import ValidationError

from needloop.release.reader import UnreadableReleaseError, open_release
from needloop.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def data_option(command: Command) -> Command:
    """--data DIR: the folder that holds warehouse, releases and reports."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of warehouse, releases and reports.  [default: NEEDLOOP_DATA or var/]",
    )(command)


class Day(click.ParamType[date]):
    """A day as 2026-09-30."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date; fails with a sentence on anything else."""
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2026-09-30.", param, ctx)


def settings_from(**given: Any) -> Settings:
    """The settings of the environment, overruled by the options that were given. Raises ClickException when invalid."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        field = "NEEDLOOP_" + str(first["loc"][0]).upper()
        raise click.ClickException(
            f"The setting {field} is not usable: {first['msg']}. Mend it and try again."
        ) from None


def published_file(settings: Settings) -> Path:
    """The published release's database. Raises ClickException when nothing was published yet."""
    if not settings.published_file.exists():
        raise click.ClickException(
            f"Nothing is published in {settings.data} yet. Run `needloop run` first, or name the folder with --data."
        )
    return settings.published_file


@contextmanager
def published_release(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads the published release.

    Raises ClickException when there is none, or when it is damaged or was made by another version.
    """
    try:
        with open_release(published_file(settings), memory_limit=settings.memory_limit) as connection:
            yield connection
    except UnreadableReleaseError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def warehouse_to_read(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads the warehouse.

    Raises ClickException when nothing was loaded yet, when a run is working on it, or when it is damaged.
    """
    if not settings.warehouse_file.exists():
        raise click.ClickException(f"Nothing was loaded in {settings.data} yet. Run `needloop run` first.")
    try:
        with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
            yield connection
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            raise click.ClickException("A run is working on the warehouse. Ask again when it has ended.") from None
        raise click.ClickException(
            f"The warehouse {settings.warehouse_file} cannot be read: {first_line(error)}. Restore it from a backup "
            "with `needloop restore`; or move it away and run `needloop run`, which loads the landing zone anew."
        ) from None


def first_line(error: Exception) -> str:
    """What an error says, without the lines that explain it to programmers, and without a full stop."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
