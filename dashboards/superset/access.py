"""Who may do what: Superset's roles as the files have them, and which dashboard is open to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.superset.asset_bundle.audiences import EXPORT, SQL_LAB, Role

# What it takes to open a dashboard, choose a quarter, change the language and one's own password. Superset's own Gamma
# role may also write charts. Data is not granted here: one reads a dataset only through a dashboard that is
# open to the role (DASHBOARD_RBAC).
LOOKING_PERMISSIONS = (
    ("can_read", "Dashboard"),
    ("can_read", "Chart"),
    ("can_dashboard", "Superset"),
    ("can_read", "DashboardFilterStateRestApi"),
    ("can_write", "DashboardFilterStateRestApi"),
    ("can_read", "DashboardPermalinkRestApi"),
    ("can_write", "DashboardPermalinkRestApi"),
    ("can_dashboard_permalink", "Superset"),
    ("can_read", "CurrentUserRestApi"),
    ("can_recent_activity", "Log"),
    ("can_log", "Superset"),
    ("can_language_pack", "Superset"),
    ("can_time_range", "Api"),
    ("can_get", "MenuApi"),
    ("can_read", "SecurityRestApi"),  # the token against cross-site requests, no more
    ("menu_access", "Home"),
    ("menu_access", "Dashboards"),
    ("can_this_form_get", "ResetMyPasswordView"),
    ("can_this_form_post", "ResetMyPasswordView"),
    ("resetmypassword", "UserDBModelView"),
    ("can_userinfo", "UserDBModelView"),
)
EXPORT_PERMISSIONS = (("can_csv", "Superset"),)
# It means nothing to Superset: a role of our name that has it was made here, and goes when the files no longer have it.
# Superset gives every permission to roles of its own, so neither the name nor the permission is enough.
OURS = ("is_provisioned", "Needloop")
_OUR_NAMES = "Needloop"
# The login page is in Chinese only when somebody who is not logged in may fetch its texts.
PUBLIC_PERMISSIONS = (("can_language_pack", "Superset"),)


def role_permissions(role: Role, sql_lab: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a role may.

    Args:
        role: the role.
        sql_lab: what it takes to write queries of one's own, or nothing where the installation does not allow it.
    """
    permissions = [*LOOKING_PERMISSIONS, OURS]
    if EXPORT in role.rights:
        permissions += EXPORT_PERMISSIONS
    if SQL_LAB in role.rights:
        permissions += sql_lab
    return permissions


def set_role(security: Any, name: str, permissions: Sequence[tuple[str, str]]) -> Any:
    """The role with exactly these permissions."""
    role = security.find_role(name) or security.add_role(name)
    role.permissions = [security.add_permission_view_menu(*permission) for permission in dict.fromkeys(permissions)]
    security.session.flush()
    return role


def remove_roles_but(security: Any, names: set[str], dashboards: Sequence[Any]) -> list[str]:
    """Remove the roles that an earlier provisioning made and the files no longer have; returns their names.

    Args:
        security: Superset's security manager.
        names: the roles that stay.
        dashboards: all of them, as a role on one could not be removed from a database that minds references.
    """
    ours = security.find_permission_view_menu(*OURS)
    named_so = [role for role in security.get_all_roles() if role.name.startswith(_OUR_NAMES)]
    gone = [role for role in named_so if ours in role.permissions and role.name not in names]
    for dashboard in dashboards:
        if not set(gone).isdisjoint(dashboard.roles):
            dashboard.roles = [role for role in dashboard.roles if role not in gone]
    security.session.flush()
    for role in gone:
        role.permissions = []
        role.user = []
        role.row_level_security_filters = []
        security.session.delete(role)
    security.session.flush()
    return [role.name for role in gone]


def open_to_audiences(
    security: Any, dashboards: Sequence[Any], audiences: Mapping[str, tuple[str, ...]], roles: Sequence[Role]
) -> None:
    """Let the roles of each dashboard's audiences see it and no other of these roles; roles that a bank added stay.

    A dashboard without any role would be open to all who have its data, so each has at least one.
    """
    held = {role.name: security.find_role(role.name) for role in roles}
    for dashboard in dashboards:
        others = [role for role in dashboard.roles if role.name not in held]
        shown_to = audiences[str(dashboard.uuid)]
        dashboard.roles = others + [held[role.name] for role in roles if role.is_in(shown_to)]
    security.session.flush()
