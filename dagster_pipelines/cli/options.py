"""Options that several commands share, the settings they make, and the way a command ends on a known error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from dagster_pipelines.settings import Settings

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
