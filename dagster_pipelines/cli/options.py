"""Options that several commands share, the settings built from them, and errors of opening a release or warehouse."""

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
    """--data DIR: the folder for warehouse, releases and reports."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder for warehouse, releases and reports.  [default: NEEDLOOP_DATA or var/]",
    )(command)


class Day(click.ParamType[date]):
    """A date such as 2026-09-30."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date; fail with a message on anything else."""
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2026-09-30.", param, ctx)


def settings_from(**given: Any) -> Settings:
    """The settings from the environment, overridden by the given options. Raises ClickException if invalid."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        field = "NEEDLOOP_" + str(first["loc"][0]).upper()
        raise click.ClickException(
            f"The setting {field} is invalid: {first['msg']}. Correct it and try again."
        ) from None


def published_file(settings: Settings) -> Path:
    """The published release's database. Raises ClickException when nothing is published yet."""
    if not settings.published_file.exists():
        raise click.ClickException(
            f"Nothing is published in {settings.data} yet. "
            "Run `needloop run` first, or pass another folder with --data."
        )
    return settings.published_file


@contextmanager
def published_release(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the published release.

    Raises ClickException when there is none, or when it is damaged or from another version.
    """
    try:
        with open_release(published_file(settings), memory_limit=settings.memory_limit) as connection:
            yield connection
    except UnreadableReleaseError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def warehouse_to_read(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the warehouse.

    Raises ClickException when nothing is loaded yet, a run is using it, or it is damaged.
    """
    if not settings.warehouse_file.exists():
        raise click.ClickException(f"Nothing is loaded in {settings.data} yet. Run `needloop run` first.")
    try:
        with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
            yield connection
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            raise click.ClickException("A run is using the warehouse. Try again when it has finished.") from None
        raise click.ClickException(
            f"The warehouse {settings.warehouse_file} cannot be read: {first_line(error)}. Restore it from a backup "
            "with `needloop restore`; or move it away and run `needloop run`, which loads the landing zone again."
        ) from None


def first_line(error: Exception) -> str:
    """The first line of an error's message, without a full stop. Further lines are for programmers."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
