"""Superset's own state: its assets, roles and users.

Imported inside an application context only: Superset's models read the configuration when they are imported.
"""

from __future__ import annotations

from typing import Any

from dashboards.superset import access, people, row_rules
from dashboards.superset.access_file import BRANCH_ROLE, FROM_FILE, AccessFile, password_variable
from dashboards.superset.asset_bundle.bundle import Bundle
from dashboards.superset.installation import Installation
from dashboards.superset.private_interfaces.metadata import (
    Dashboard,
    Database,
    ImportAssetsCommand,
    RowLevelSecurityFilter,
    Slice,
    SqlaTable,
    appbuilder,
    db,
    override_user,
    security_manager,
    transaction,
)


def apply(here: Installation, assets: Bundle, persons: AccessFile) -> str:
    """Import the bundle, remove what it no longer has, set roles, rules and users; returns what was done."""
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    admin = people.ensure_admin(security_manager, here)
    db.session.commit()
    with override_user(admin):
        removed, done = _assets_and_access(here, assets, persons)
    return _report(assets, removed, done)


@transaction(on_error=None)
def _assets_and_access(here: Installation, assets: Bundle, persons: AccessFile) -> tuple[list[str], people.People]:
    """All at once, so that at no moment somebody may open what is new before its rules are there."""
    held = _roles(here, assets)
    branches = _roles_of_branches(persons)
    ImportAssetsCommand(assets.files).run()
    removed = _remove_what_files_no_longer_have(assets)
    dashboards, datasets = _kept(Dashboard, "dashboards", assets), _kept(SqlaTable, "datasets", assets)
    access.open_to_audiences(security_manager, dashboards, assets.audiences, assets.roles)
    admin = security_manager.find_role(security_manager.auth_role_admin)
    own_branches_only = [held[role.name] for role in assets.roles if role.sees_own_branches_only]
    rules = [
        *row_rules.audience_rules(datasets, assets.audiences, assets.roles, held, admin),
        *row_rules.branch_rules(datasets, assets.row_scopes, own_branches_only, branches),
    ]
    row_rules.set_rules(db.session, RowLevelSecurityFilter, rules)
    done = people.set_people(security_manager, here, persons, assets.roles)
    kept = {*held, *(role.name for role in branches.values()), FROM_FILE}
    removed += access.remove_roles_but(security_manager, kept, db.session.query(Dashboard).all())
    return removed, done


def _roles(here: Installation, assets: Bundle) -> dict[str, Any]:
    """The roles of the files by name."""
    sql_lab: list[tuple[str, str]] = []
    if here.analysts_query:
        lab = security_manager.find_role("sql_lab")
        sql_lab = [(one.permission.name, one.view_menu.name) for one in lab.permissions]
        sql_lab.append(("all_database_access", "all_database_access"))
    access.set_role(security_manager, security_manager.auth_role_public, access.PUBLIC_PERMISSIONS)
    return {
        role.name: access.set_role(security_manager, role.name, access.role_permissions(role, sql_lab))
        for role in assets.roles
    }


def _roles_of_branches(persons: AccessFile) -> dict[str, Any]:
    """Branch id → a role that may do nothing: rules for rows are tied to it."""
    return {
        branch: access.set_role(security_manager, BRANCH_ROLE.format(branch), [access.OURS])
        for branch in persons.branches
    }


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


def _report(assets: Bundle, removed: list[str], done: people.People) -> str:
    counts = ", ".join(f"{len(uuids)} {kind}" for kind, uuids in assets.uuids.items())
    lines = [f"Imported {counts}."]
    if removed:
        lines.append(f"Removed, as the files no longer have them: {', '.join(removed)}.")
    if done.left:
        lines.append(f"No longer let in, as the file of people has them no longer: {', '.join(done.left)}.")
    lines += [
        f"No longer let in, as {password_variable(user)} is not set: {user}. Set it and provision again to let it in."
        for user in done.without_password
    ]
    return "\n".join([*lines, *done.passwords])
