"""`needloop forget`: erases a customer from the warehouse, and lists past erasures."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from dagster_pipelines.cli.options import data_option, first_line, settings_from, warehouse_to_read
from dagster_pipelines.erasure.errors import ErasureError
from dagster_pipelines.erasure.forget import Erasure, forget_customer, past_erasures
from dagster_pipelines.landing.errors import LandingError
from needloop.audit.system_user import system_user
from needloop.secret_file import DamagedSecretError
from needloop.settings import Settings
from needloop.warehouse.rewriting import NotRewrittenError
from needloop.warehouse.run_lock import AnotherRunError
from needloop.warehouse.schema import WarehouseVersionError


@click.command()
@click.argument("customer_id", required=False)
@click.option("--yes", is_flag=True, help="Do not ask before erasing.")
@click.option("--by", help="Who erases, for the record. The system user is recorded as well.")
@click.option("--list", "show", is_flag=True, help="List past erasures instead of erasing.")
@data_option
def forget(customer_id: str | None, yes: bool, by: str | None, show: bool, data: Path | None) -> None:
    """Erase the customer CUSTOMER_ID from raw data, history, rejected rows and everything built from them.

    This cannot be undone. The erasure is recorded under a keyed hash, so that later deliveries of the customer are
    ignored.
    """
    settings = settings_from(data=data)
    if show:
        _show(settings)
        return
    if not customer_id:
        raise click.UsageError("Name the customer by their customer_id in crm.customers.")
    try:
        erasure = forget_customer(
            settings,
            customer_id,
            erased_by=f"{by} (user {system_user()})" if by else system_user(),
            confirmed=lambda found: yes or _confirmed(found),
        )
    except (ErasureError, AnotherRunError, DamagedSecretError, LandingError, WarehouseVersionError) as error:
        raise click.ClickException(str(error)) from None
    except NotRewrittenError as error:
        raise click.ClickException(f"The customer's rows are erased. But {error}") from None
    except duckdb.Error as error:
        raise click.ClickException(
            f"The warehouse {settings.warehouse_file} cannot be used: {first_line(error)}. Nothing was erased. "
            "Run `needloop doctor` and fix what it reports."
        ) from None
    except OSError as error:
        raise click.ClickException(
            f"{error}. Nothing was erased. Check disk space and the permissions of {settings.data}."
        ) from None
    if erasure is None:
        click.echo("Nothing was erased.")
        return
    _report(erasure, settings)


def _confirmed(erasure: Erasure) -> bool:
    _tables(erasure)
    return click.confirm("Erase them? This cannot be undone")


def _tables(erasure: Erasure) -> None:
    for table in erasure.tables:
        cleared = f", mentioned in {table.cleared} rows of others" if table.cleared else ""
        click.echo(f"{table.place:<48}{table.rows:>8} rows{cleared}")


def _report(erasure: Erasure, settings: Settings) -> None:
    if erasure.erased_before is not None:
        click.echo(f"The customer was already erased at {erasure.erased_before:%Y-%m-%d %H:%M} UTC.")
    click.echo(f"Erased {erasure.rows} rows of {len(erasure.tables)} tables, and rewrote {settings.warehouse_file}.")
    click.echo(
        "Next: `needloop run` rebuilds everything without the customer and publishes it.\n"
        "Clean up by hand:\n"
        f"  - delivered files in {settings.landing_zone}, which Needloop never changes: remove the customer from "
        "them, or delete them once they are loaded\n"
        "  - rejected rows written with `needloop rejects --out`\n"
        f"  - older releases in {settings.releases} and lists in {settings.exports}: they hold only the customer's "
        "keyed hash, and old releases expire; delete them if you cannot wait\n"
        "  - backups of the warehouse, and of the landing zone"
    )


def _show(settings: Settings) -> None:
    with warehouse_to_read(settings) as connection:
        past = past_erasures(connection)
    if not past:
        click.echo("No customer has been erased.")
    for one in past:
        click.echo(
            f"{one.erased_at:%Y-%m-%d %H:%M} UTC  by {one.erased_by}  {one.customer_hash}  {one.rows} rows of "
            f"{len(one.places)} tables, mentioned in {one.cleared} rows of others"
        )
