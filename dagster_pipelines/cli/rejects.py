"""`needloop rejects`: which files were refused and which rows rejected, and why; and the rows themselves, to fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dagster_pipelines.cli.options import data_option, settings_from, warehouse_to_read

if TYPE_CHECKING:
    from dagster_pipelines.landing.outcome import FileOutcome
    from dagster_pipelines.landing.rejects import Reject


@click.command()
@click.option("--file", "file", help="Only this file, by its path in the landing zone.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the rejected rows to this folder as CSV, to be corrected and delivered again.",
)
@data_option
def rejects(file: str | None, out: Path | None, data: Path | None) -> None:
    """List refused files and rejected rows with line, column, reason and what to do."""
    from dagster_pipelines.landing.rejects import (  # noqa: PLC0415 - see sample
        list_refused_files,
        list_rejects,
        write_refused_rows,
    )

    try:
        with warehouse_to_read(settings_from(data=data)) as connection:
            if out is not None:
                _print_lines(str(written) for written in write_refused_rows(connection, out, file))
                return
            _print_lines([*_files(list_refused_files(connection, file)), *_rows(list_rejects(connection, file))])
    except OSError as error:
        raise click.ClickException(f"{error}. Pass a writable folder with --out.") from None


def _print_lines(lines: Iterable[str]) -> None:
    rest = iter(lines)
    click.echo(next(rest, "No files were refused and no rows rejected."))
    for line in rest:
        click.echo(line)


def _files(refused: Iterable[FileOutcome]) -> Iterator[str]:
    return (f"{one.file}  {one.reason}  {one.message}" for one in refused)


def _rows(refused: Iterable[Reject]) -> Iterator[str]:
    return (f"{one.file}:{one.line}  {one.column or '-'}  {one.reason}  {one.message}" for one in refused)
