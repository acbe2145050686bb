"""Superset's own state: its metadata's version, its assets, roles and users.

Imported inside an application context only: Superset's models read the configuration when they are imported.
"""

from __future__ import annotations

from typing import Any

import access
import yaml
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from installation import Installation
from superset import db, security_manager
from superset.commands.importers.v1.assets import ImportAssetsCommand
from superset.connectors.sqla.models import SqlaTable
from superset.extensions import appbuilder
from superset.models.core import Database
from superset.models.dashboard import Dashboard
from superset.models.slice import Slice
from superset.utils.core import override_user


def upgrade_metadata() -> None:
    """Superset's own migrations, when its version asks for one."""
    script = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    with db.engine.connect() as connection:
        present = set(MigrationContext.configure(connection).get_current_heads())
    if present != set(script.get_heads()):
        upgrade()


def apply(here: Installation, contents: dict[str, str]) -> str:
    """Import the bundle, remove what it no longer has, set roles and users; returns what was done, in sentences."""
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    role = access.set_role(security_manager, access.VIEWER_ROLE, access.VIEWER_PERMISSIONS)
    access.set_role(security_manager, security_manager.auth_role_public, access.PUBLIC_PERMISSIONS)
    admin = access.ensure_admin(security_manager, here)
    viewer = access.ensure_viewer(security_manager, here)
    db.session.commit()
    with override_user(admin):
        ImportAssetsCommand(contents).run()
        removed = _remove_what_files_no_longer_have(contents)
    dashboards = _dashboards(contents)
    access.open_to_viewers(db.session, dashboards, role)
    access.start_page(db.session, [user for user in (admin, viewer) if user], dashboards, here.language)
    db.session.commit()
    return _report(contents, removed)


def _uuids(contents: dict[str, str], folder: str) -> set[str]:
    return {str(yaml.safe_load(text)["uuid"]) for name, text in contents.items() if name.startswith(f"{folder}/")}


def _remove_what_files_no_longer_have(contents: dict[str, str]) -> list[str]:
    """Delete the assets that an earlier provisioning made and this one does not have; returns their titles."""
    removed = []
    for model, folder in (
        (Dashboard, "dashboards"),
        (Slice, "charts"),
        (SqlaTable, "datasets"),
        (Database, "databases"),
    ):
        kept = _uuids(contents, folder)
        for asset in db.session.query(model).filter_by(is_managed_externally=True):
            if str(asset.uuid) not in kept:
                removed.append(str(asset))
                db.session.delete(asset)
        db.session.flush()
    return removed


def _dashboards(contents: dict[str, str]) -> list[Any]:
    kept = _uuids(contents, "dashboards")
    return [dashboard for dashboard in db.session.query(Dashboard) if str(dashboard.uuid) in kept]


def _report(contents: dict[str, str], removed: list[str]) -> str:
    counts = ", ".join(
        f"{len(_uuids(contents, folder))} {folder}" for folder in ("databases", "datasets", "charts", "dashboards")
    )
    lines = [f"Imported {counts}."]
    if removed:
        lines.append(f"Removed, as the files no longer have them: {', '.join(removed)}.")
    return "\n".join(lines)
