"""How backup and restore report known errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
import duckdb

from dagster_pipelines.backup.errors import BackupError
from dagster_pipelines.cli.options import first_line
from needloop.settings import Settings
from needloop.warehouse.run_lock import AnotherRunError


@contextmanager
def report_errors(settings: Settings, outcome: str) -> Iterator[None]:
    """Turn known errors into a message with the outcome, and exit code 1."""
    try:
        yield
    except (BackupError, AnotherRunError) as error:
        raise click.ClickException(str(error)) from None
    except duckdb.Error as error:
        raise click.ClickException(
            f"The warehouse {settings.warehouse_file} cannot be used: {first_line(error)}. {outcome}. "
            "Close other programs that have it open; if it is damaged, restore an earlier backup."
        ) from None
    except OSError as error:
        raise click.ClickException(f"{error}. {outcome}. Check disk space and permissions, then try again.") from None
