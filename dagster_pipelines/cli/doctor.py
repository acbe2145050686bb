"""`needloop doctor`: checks the installation and its settings, and says what to fix."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb

from dagster_pipelines.alerts.configuration import AlertsConfigurationError, load_configuration
from dagster_pipelines.cli.options import data_option, settings_from
from dagster_pipelines.dagster_instance import DagsterStorageError, check_storage
from dagster_pipelines.erasure.erasure_key import known_erasure_key
from dagster_pipelines.transformation.customer_keys import known_secret
from dagster_pipelines.transformation.project import TransformationError, manifest_file
from needloop.audit.record import AuditRecord
from needloop.audit.system_user import name_of_account
from needloop.contract.model import load_contract
from needloop.release.reader import NoReleaseError, UnreadableReleaseError, open_release
from needloop.secret_file import DamagedSecretError
from needloop.settings import PROJECT_ROOT, Settings
from needloop.warehouse.schema import newest_version, version_of

FREE_BYTES_WANTED = 2 * 2**30


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    ok: bool
    text: str


@click.command()
@data_option
@click.option("--landing", type=click.Path(file_okay=False, path_type=Path), help="The landing zone to check.")
def doctor(data: Path | None, landing: Path | None) -> None:
    """Check Python, folders, disk, limits, secrets, landing zone, dbt project, audit log, warehouse and release."""
    settings = settings_from(data=data, landing=landing)
    findings = [finding for check in CHECKS for finding in check(settings)]
    for finding in findings:
        click.echo(f"{'ok  ' if finding.ok else 'FIX '}  {finding.text}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


def _python(_: Settings) -> Iterator[Finding]:
    ok = (3, 11) <= sys.version_info[:2] < (3, 13)
    yield Finding(ok, f"Python {sys.version.split()[0]}" + ("" if ok else ": use 3.11 or 3.12"))


def _data_folder(settings: Settings) -> Iterator[Finding]:
    folder = next(f for f in (settings.data, *settings.data.parents) if f.exists())
    writable = os.access(folder, os.W_OK)
    yield Finding(writable, f"data folder {settings.data}" + ("" if writable else f": {folder} is not writable"))
    free = shutil.disk_usage(folder).free
    enough = free > FREE_BYTES_WANTED
    yield Finding(enough, f"{free / 2**30:.1f} GiB free on its disk" + ("" if enough else ": free up at least 2 GiB"))


def _limits(settings: Settings) -> Iterator[Finding]:
    try:
        duckdb.connect(config=settings.duckdb_config).close()
    except duckdb.Error as error:
        yield Finding(
            False, f"memory limit {settings.memory_limit}: {error}; set NEEDLOOP_MEMORY_LIMIT to a size such as 4GB"
        )
    else:
        yield Finding(True, f"memory limit {settings.memory_limit}, {settings.threads} threads")


def _secrets(settings: Settings) -> Iterator[Finding]:
    for name, read in (("customer key secret", known_secret), ("erasure key", known_erasure_key)):
        try:
            exists = read(settings) is not None
        except (DamagedSecretError, OSError) as error:
            yield Finding(False, f"{name}: {error}")
        else:
            yield Finding(True, f"{name}" + ("" if exists else ": created when first needed"))


def _landing_zone(settings: Settings) -> Iterator[Finding]:
    zone = settings.landing_zone
    if not zone.is_dir():
        yield Finding(
            False, f"landing zone {zone} does not exist: create it, or name another with --landing or NEEDLOOP_LANDING"
        )
        return
    known = [t for t in load_contract().tables if (zone / t.system / t.name).is_dir()]
    yield Finding(
        bool(known), f"landing zone {zone}: {len(known)} of {len(load_contract().tables)} tables have a folder"
    )


def _transformation(settings: Settings) -> Iterator[Finding]:
    try:
        manifest_file(settings)
    except (TransformationError, OSError) as error:
        yield Finding(False, str(error))
    else:
        yield Finding(True, "the dbt project parses")


def _dashboards(_: Settings) -> Iterator[Finding]:
    environment = PROJECT_ROOT / "dashboards" / "superset" / ".venv"
    installed = environment.is_dir()
    yield Finding(installed, "Superset's environment" + ("" if installed else ": not installed; run `make setup`"))


def _history(settings: Settings) -> Iterator[Finding]:
    try:
        yield Finding(True, f"run history: {check_storage(settings)}")
    except DagsterStorageError as error:
        yield Finding(False, str(error))


def _alerts(settings: Settings) -> Iterator[Finding]:
    try:
        configuration = load_configuration(settings)
    except AlertsConfigurationError as error:
        yield Finding(False, f"alerts: {error}")
        return
    if not configuration.targets:
        yield Finding(True, "alerts: recorded, but nobody is notified; to configure targets see docs/alerts.md")
        return
    unset = sorted({one.address for one in configuration.targets.values() if settings.secret(one.address) is None})
    yield Finding(
        not unset,
        f"alerts: {len(configuration.targets)} targets, {len(configuration.routes)} routes"
        + (f": set {', '.join(unset)} in the environment, then run `needloop alerts test`" if unset else ""),
    )


def _audit(settings: Settings) -> Iterator[Finding]:
    """Checks as the current user, but never creates the log for someone else: whoever writes first owns it."""
    if not settings.data.exists():
        yield Finding(True, "audit log: starts with the first login or export")
        return
    owner = settings.data.stat().st_uid
    try:
        if not settings.audit.exists() and os.geteuid() == 0 != owner:
            yield Finding(True, "audit log: starts with the first login or export")
            return
        AuditRecord(settings.audit, settings.keep_audit_days).prove_writable()
        others = {path.stat().st_uid for path in (settings.audit, *settings.audit.iterdir())} - {owner}
    except (OSError, sqlite3.Error) as error:
        yield Finding(
            False,
            f"audit log {settings.audit}: {name_of_account(os.geteuid())} cannot write it ({error}), so exports are "
            f"refused: run commands as {name_of_account(owner)}, the owner of {settings.data}. If you are that user, "
            "fix the permissions",
        )
        return
    yield Finding(
        not others,
        f"audit log {settings.audit}"
        + (
            f": belongs to {', '.join(map(name_of_account, sorted(others)))}, so {name_of_account(owner)}, owner of "
            f"{settings.data}, cannot write it: run `sudo chown -R {owner} {settings.audit}`"
            if others
            else " is writable"
        ),
    )


def _warehouse(settings: Settings) -> Iterator[Finding]:
    if not settings.warehouse_file.exists():
        yield Finding(True, "nothing is loaded yet: `needloop run` creates the warehouse")
        return
    try:
        with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
            version, known = version_of(connection), newest_version()
    except duckdb.Error as error:
        running = "lock" in str(error).lower()
        yield Finding(
            running,
            "the warehouse is in use by a run"
            if running
            else f"the warehouse cannot be read: {error}; restore it with `needloop restore --from BACKUP --yes`",
        )
        return
    newer = version is not None and version > known
    yield Finding(
        not newer,
        f"warehouse tables are {version or 'unversioned'}, this program needs {known}"
        + (": reinstall the newer version" if newer else "")
        + (": the next run upgrades it" if version != known and not newer else ""),
    )


def _release(settings: Settings) -> Iterator[Finding]:
    try:
        with open_release(settings.published_file) as connection:
            row = connection.execute("select release_id, as_of from release_info").fetchone()
    except NoReleaseError:
        yield Finding(True, "nothing is published yet: run `needloop run`")
    except UnreadableReleaseError as error:
        yield Finding(False, str(error))
    else:
        yield Finding(True, f"published release {row[0] if row else ''}, as of {row[1] if row else ''}")


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _python,
    _data_folder,
    _limits,
    _secrets,
    _landing_zone,
    _transformation,
    _dashboards,
    _history,
    _alerts,
    _audit,
    _warehouse,
    _release,
)
