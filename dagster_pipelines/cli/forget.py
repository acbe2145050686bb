"""`needloop forget`: erases a customer from the warehouse, and shows what was erased before."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from dagster_pipelines.cli.options import data_option, first_line, settings_from, warehouse_to_read
from dagster_pipelines.erasure.errors import ErasureError
from dagster_pipelines.erasure.forget import Erasure, forget_customer, past_erasures
from dagster_pipelines.landing.errors import LandingError
from needloop.audit.user_of_system import user_of_system
from needloop.kept_secret import DamagedSecretError
from needloop.settings import Settings
from needloop.warehouse.rewriting import NotRewrittenError
from needloop.warehouse.run_lock import AnotherRunError
from needloop.warehouse.schema import WarehouseVersionError


@click.command()
@click.argument("customer_id", required=False)
@click.option("--yes", is_flag=True, help="Do not ask before erasing.")
@click.option("--by", help="Who erases, for the record; the user of this system stands beside it.")
@click.option("--list", "show", is_flag=True, help="Show what was erased before, instead of erasing.")
@data_option
def forget(customer_id: str | None, yes: bool, by: str | None, show: bool, data: Path | None) -> None:
    """Erases the customer CUSTOMER_ID from raw data, history, refused rows and everything built from them.

    This cannot be undone. That it was done is recorded with a keyed hash, by which later deliveries of the customer
    are ignored.
    """
    settings = settings_from(data=data)
    if show:
        _show(settings)
        return
    if not customer_id:
        raise click.UsageError("Name the customer by the number that stands in crm.customers.")
    try:
        erasure = forget_customer(
            settings,
            customer_id,
            erased_by=f"{by} (user {user_of_system()})" if by else user_of_system(),
            confirmed=lambda found: yes or _confirmed(found),
        )
    except (ErasureError, AnotherRunError, DamagedSecretError, LandingError, WarehouseVersionError) as error:
        raise click.ClickException(str(error)) from None
    except NotRewrittenError as error:
        raise click.ClickException(f"The customer's rows are erased. But {error}") from None
    except duckdb.Error as error:
        raise click.ClickException(
            f"The warehouse {settings.warehouse_file} cannot be used: {first_line(error)}. Nothing was erased. "
            "Run `needloop doctor` and mend what it names."
        ) from None
    except OSError as error:
        raise click.ClickException(
            f"{error}. Nothing was erased. Check space and permissions of {settings.data}."
        ) from None
    if erasure is None:
        click.echo("Nothing was erased.")
        return
    _say(erasure, settings)


def _confirmed(erasure: Erasure) -> bool:
    _tables(erasure)
    return click.confirm("Erase them? This cannot be undone")


def _tables(erasure: Erasure) -> None:
    for table in erasure.tables:
        cleared = f", mentioned in {table.cleared} rows of others" if table.cleared else ""
        click.echo(f"{table.place:<48}{table.rows:>8} rows{cleared}")


def _say(erasure: Erasure, settings: Settings) -> None:
    if erasure.erased_before is not None:
        click.echo(f"The customer was erased before, at {erasure.erased_before:%Y-%m-%d %H:%M} UTC.")
    click.echo(f"Erased {erasure.rows} rows of {len(erasure.tables)} tables, and rewrote {settings.warehouse_file}.")
    click.echo(
        "Now run `needloop run`: it builds everything without the customer and publishes that.\n"
        "Left to do by hand:\n"
        f"  - the delivered files in {settings.landing_zone}, which Needloop never changes: take the customer out of "
        "them, or remove them once they are loaded\n"
        "  - refused rows that were written with `needloop rejects --out`\n"
        f"  - older releases in {settings.releases}, lists in {settings.exports}: they hold the customer's keyed hash "
        "only, and releases go with time; remove them if that is too late\n"
        "  - backups of the warehouse, and of the landing zone"
    )


def _show(settings: Settings) -> None:
    with warehouse_to_read(settings) as connection:
        past = past_erasures(connection)
    if not past:
        click.echo("Nobody was erased.")
    for one in past:
        click.echo(
            f"{one.erased_at:%Y-%m-%d %H:%M} UTC  by {one.erased_by}  {one.customer_hash}  {one.rows} rows of "
            f"{len(one.places)} tables, mentioned in {one.cleared} rows of others"
        )
