"""What a run has to do: everything that arrived or changed since the last published build."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import duckdb

from dagster_pipelines.landing.load import anything_new
from dagster_pipelines.transformation.customer_keys import secret_identity
from dagster_pipelines.transformation.project import fingerprint
from needloop.contract.model import load_contract
from needloop.release.publishing import current_release_id, is_checked
from needloop.settings import Settings
from needloop.warehouse.builds import (
    count_closed_quarters,
    count_erasures,
    last_build,
    models_there,
    tables_loaded_after,
)
from needloop.warehouse.connection import warehouse
from needloop.warehouse.schema import bring_up_to_date


@dataclass(frozen=True)
class Pending:
    """What a run has to process. Falsy when the published release is up to date."""

    everything: bool
    tables: frozenset[str]
    """Full names (system.table) of the tables that got rows."""
    reason: str
    closing: bool = False
    """Whether a quarter was closed that the published release does not know to be closed."""

    def __bool__(self) -> bool:
        return self.everything or bool(self.tables) or self.closing


def build_fingerprint(settings: Settings) -> str:
    """What a build was made with, beside the data: the project's files and the secret of the customers' keys."""
    return sha256(f"{fingerprint()} {secret_identity(settings)}".encode()).hexdigest()


def what_is_pending(connection: duckdb.DuckDBPyConnection, settings: Settings, *, full_refresh: bool) -> Pending:
    """Compares the warehouse with the record of its last published build."""
    build = last_build(connection)
    tables = frozenset(tables_loaded_after(connection, build.load_id if build else 0))
    if build is None:
        return Pending(True, tables, "nothing was published yet")
    there = models_there(connection)
    of_everything = {
        "a full refresh was asked for": full_refresh,
        "the published release has no check results": not is_checked(settings),
        "the published release is not the last one built here": current_release_id(settings) != build.release_id,
        "another as-of date was asked for": build.requested_as_of != settings.as_of,
        "models, reference data, checks or the secret of the customers' keys have changed": build.fingerprint
        != build_fingerprint(settings),
        "a customer was erased": build.erasures != count_erasures(connection),
        "an earlier run built only some of the models": there is not None and not there.whole,
    }
    for reason, holds in of_everything.items():
        if holds:
            return Pending(True, tables, reason)
    closing = count_closed_quarters(connection) != build.closed_quarters
    if (tables or closing) and not (there is not None and there.are_those_of(build)):
        return Pending(True, tables, "a run that did not publish has left other models in the warehouse", closing)
    news = [f"new rows in {', '.join(sorted(tables))}"] if tables else []
    news += ["a quarter was closed"] if closing else []
    return Pending(False, tables, " and ".join(news) or "nothing is new", closing)


def is_up_to_date(settings: Settings) -> bool:
    """Whether a run would find nothing to do: no new file, and the last build published. Stats every file."""
    if not settings.warehouse_file.exists():
        return False
    with warehouse(settings) as connection:
        bring_up_to_date(connection, load_contract())
        return not anything_new(connection, settings.landing_zone) and not what_is_pending(
            connection, settings, full_refresh=False
        )
