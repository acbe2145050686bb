"""Brings a Superset of its own to the state that the files here describe. Run it as often as you like.

    uv run --project dashboards/superset python dashboards/superset/provision.py --data DIR

It upgrades Superset's metadata, imports databases, datasets, charts and dashboards in one transaction, removes those
that the files no longer have, and sets roles and users. What people made by hand in Superset stays.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy.engine.url import URL

from dashboards.superset.access_file import AccessFile, AccessFileError, check_branches, kept_users, read_access_file
from dashboards.superset.asset_bundle.audiences import AudienceError
from dashboards.superset.asset_bundle.bundle import AssetError, Bundle, bundle
from dashboards.superset.asset_bundle.cells import CellError
from dashboards.superset.asset_bundle.charts import ChartError
from dashboards.superset.asset_bundle.datasets import SameTitleError, UnknownMartError
from dashboards.superset.asset_bundle.definitions import Definitions, UnknownGroupingError, UnknownMetricError
from dashboards.superset.asset_bundle.filters import UnknownFilterError
from dashboards.superset.asset_bundle.layout import UnknownChartError
from dashboards.superset.asset_bundle.row_scopes import RowScopeError
from dashboards.superset.installation import Installation, InstallationError, installation
from dashboards.superset.servers import check_servers
from dashboards.superset.single_sign_on import sign_on_settings
from needloop.release.reader import NoReleaseError, UnreadableReleaseError, open_release

ASSETS = Path(__file__).with_name("assets")
_EXPLAINED = (
    InstallationError,
    NoReleaseError,
    UnreadableReleaseError,
    AccessFileError,
    AssetError,
    AudienceError,
    CellError,
    ChartError,
    RowScopeError,
    UnknownChartError,
    UnknownFilterError,
    UnknownGroupingError,
    SameTitleError,
    UnknownMartError,
    UnknownMetricError,
)
_METRICS = "select * from dim_metric order by display_order"
_GROUPINGS_AND_UNITS = "select * from dim_group_value where group_by in ('group_by', 'unit')"
_COLUMNS = """
select table_name, column_name, data_type from information_schema.columns
where table_schema = 'marts' order by table_name, ordinal_position
"""
_BRANCHES = "select group_value as branch_id from dim_group_value where group_by = 'branch'"


def main(arguments: list[str] | None = None) -> int:
    """Entry command; returns the exit code: 0 done, 1 not, with a sentence on what to do."""
    options = _options(arguments)
    here = installation(options.data)
    started = time.monotonic()
    try:
        check_servers(here)
        sign_on_settings(here)
        assets = bundle_of(here, options.assets)
        persons = _people(here, assets)
        here.prepare()
        here.enter()
        with _written_to(here.provisioning_log):
            report = _provision(here, assets, persons)
    except _EXPLAINED as error:
        print(f"Not provisioned: {error}", file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 - whatever Superset raises, the user gets a sentence
        _log_traceback(here.provisioning_log)
        print(f"Not provisioned: {_explanation(error)}. Details: {here.provisioning_log}", file=sys.stderr)
        return 1
    print(report)
    print(f"Superset is provisioned ({time.monotonic() - started:.0f} s).")
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="the data folder (default: NEEDLOOP_DATA, else var of the checkout)")
    parser.add_argument("--assets", type=Path, default=ASSETS, help="the folder of definitions (default: %(default)s)")
    return parser.parse_args(arguments)


def bundle_of(here: Installation, assets: Path) -> Bundle:
    """The bundle of this installation's current release; nothing of Superset is needed, so mistakes show at once."""
    with open_release(here.published_file) as release:
        defined = Definitions(_rows(release, _METRICS), _rows(release, _GROUPINGS_AND_UNITS))
        columns: dict[str, list[tuple[str, str]]] = {}
        for row in _rows(release, _COLUMNS):
            columns.setdefault(row["table_name"], []).append((row["column_name"], row["data_type"]))
    uri = URL.create("duckdb", database=str(here.published_file)).render_as_string()
    return bundle(assets, uri, defined, columns)


def _people(here: Installation, assets: Bundle) -> AccessFile:
    """The file of people, its branches compared with those of the release."""
    persons = read_access_file(here.access_file, assets.roles, kept_users(assets.roles))
    with open_release(here.published_file) as release:
        check_branches(persons, {row["branch_id"] for row in _rows(release, _BRANCHES)})
    return persons


def _rows(release: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = release.execute(query)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _provision(here: Installation, assets: Bundle, persons: AccessFile) -> str:
    # Superset reads its configuration when it is imported, which must come after here.enter().
    from superset.app import create_app  # noqa: PLC0415

    app = create_app()
    with app.app_context():
        from dashboards.superset import superset_state  # noqa: PLC0415
        from dashboards.superset.private_interfaces.metadata import upgrade_metadata  # noqa: PLC0415

        upgrade_metadata()
        return superset_state.apply(here, assets, persons)


@contextmanager
def _written_to(log: Path) -> Iterator[None]:
    """What Superset and its 300 migrations say goes to a file: nobody reads it unless something fails."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    with log.open("w", encoding="utf-8") as handle:
        os.dup2(handle.fileno(), 1)
        os.dup2(handle.fileno(), 2)
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, descriptor in zip((1, 2), kept, strict=True):
                os.dup2(descriptor, number)
                os.close(descriptor)


def _log_traceback(log: Path) -> None:
    if log.parent.exists():
        with log.open("a", encoding="utf-8") as handle:
            traceback.print_exc(file=handle)


def _explanation(error: Exception) -> str:
    """An error of Superset in one sentence; its import errors carry the reason apart from the text."""
    normalized = getattr(error, "normalized_messages", None)
    reason = str(normalized()) if normalized else str(error.__cause__ or "")
    return f"{error} {reason}".strip()


if __name__ == "__main__":
    sys.exit(main())
