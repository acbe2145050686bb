"""Superset's own state: its metadata's version, its assets, roles and users.

Imported inside an application context only: Superset's models read the configuration when they are imported.
"""

from __future__ import annotations

from typing import Any

import access
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from asset_bundle.bundle import Bundle
from flask import current_app
from flask_migrate import upgrade
from installation import Installation
from superset import db, security_manager
from superset.commands.importers.v1.assets import ImportAssetsCommand
from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
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


def apply(here: Installation, assets: Bundle) -> str:
    """Import the bundle, remove what it no longer has, set roles and users; returns what was done, in sentences."""
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    for role in assets.roles:
        access.set_role(security_manager, role.name, access.LOOKING_PERMISSIONS)
    access.set_role(security_manager, security_manager.auth_role_public, access.PUBLIC_PERMISSIONS)
    admin = access.ensure_admin(security_manager, here)
    access.ensure_users(security_manager, here, assets.roles)
    db.session.commit()
    with override_user(admin):
        ImportAssetsCommand(assets.files).run()
        removed = _remove_what_files_no_longer_have(assets)
    dashboards, datasets = _kept(Dashboard, "dashboards", assets), _kept(SqlaTable, "datasets", assets)
    access.open_to_audiences(security_manager, dashboards, assets.audiences, assets.roles)
    access.keep_rows_to_audiences(security_manager, RowLevelSecurityFilter, datasets, assets.audiences, assets.roles)
    db.session.commit()
    return _report(assets, removed)


def _remove_what_files_no_longer_have(assets: Bundle) -> list[str]:
    """Delete the assets that an earlier provisioning made and this one does not have; returns their titles."""
    removed = []
    for model, folder in (
        (Dashboard, "dashboards"),
        (Slice, "charts"),
        (SqlaTable, "datasets"),
        (Database, "databases"),
    ):
        kept = assets.uuids[folder]
        for asset in db.session.query(model).filter_by(is_managed_externally=True):
            if str(asset.uuid) not in kept:
                removed.append(str(asset))
                db.session.delete(asset)
        db.session.flush()
    return removed


def _kept(model: Any, folder: str, assets: Bundle) -> list[Any]:
    return [asset for asset in db.session.query(model) if str(asset.uuid) in assets.uuids[folder]]


def _report(assets: Bundle, removed: list[str]) -> str:
    counts = ", ".join(f"{len(uuids)} {kind}" for kind, uuids in assets.uuids.items())
    lines = [f"Imported {counts}."]
    if removed:
        lines.append(f"Removed, as the files no longer have them: {', '.join(removed)}.")
    return "\n".join(lines)
