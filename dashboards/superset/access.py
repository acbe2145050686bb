"""Who may do what: the roles of those who look, their users, and who sees which dashboard and which rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from asset_bundle.audiences import EVERYONE, Role
from installation import Installation
from werkzeug.security import check_password_hash

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
_RULE = "Needloop: only "  # row-level security rules by this prefix are ours
# The login page is in Chinese only when somebody who is not logged in may fetch its texts.
PUBLIC_PERMISSIONS = (("can_language_pack", "Superset"),)


def set_role(security: Any, name: str, permissions: tuple[tuple[str, str], ...]) -> Any:
    """The role with exactly these permissions."""
    role = security.find_role(name) or security.add_role(name)
    role.permissions = [security.add_permission_view_menu(*permission) for permission in permissions]
    security.session.flush()
    return role


def ensure_admin(security: Any, installation: Installation) -> Any:
    """The user `admin`; a password in the environment is set, a generated one only when the user is made."""
    if (user := security.find_user(username="admin")) is None:
        role = security.find_role(security.auth_role_admin)
        return _added(security, "admin", role, installation.admin_password)
    if not installation.admin_password_is_generated:
        _set_password(security, user, installation.admin_password)
    return user


def ensure_users(security: Any, installation: Installation, roles: Sequence[Role]) -> None:
    """The user of each role that has one and whose password is set, with that role only."""
    for role in roles:
        if role.user and (password := installation.password_of(role.user)):
            held = security.find_role(role.name)
            if (user := security.find_user(username=role.user)) is None:
                _added(security, role.user, held, password)
            else:
                user.roles = [held]
                _set_password(security, user, password)


def open_to_audiences(
    security: Any, dashboards: Sequence[Any], audiences: Mapping[str, str], roles: Sequence[Role]
) -> None:
    """Let the roles of each dashboard's audience see it and no other of these roles; roles that a bank added stay.

    A dashboard without any role would be open to all who have its data, so each has at least one.
    """
    held = {role.name: security.find_role(role.name) for role in roles}
    for dashboard in dashboards:
        others = [role for role in dashboard.roles if role.name not in held]
        audience = audiences[str(dashboard.uuid)]
        dashboard.roles = others + [held[role.name] for role in roles if role.is_in(audience)]
    security.session.flush()


def keep_rows_to_audiences(
    security: Any, rule_model: Any, datasets: Sequence[Any], audiences: Mapping[str, str], roles: Sequence[Role]
) -> None:
    """Nobody outside a closed audience gets a row of its datasets, even where somebody puts one on an open dashboard.

    Superset applies a rule of the type Base to everybody but the roles that it names.
    """
    session = security.session
    closed = sorted({audiences[str(one.uuid)] for one in datasets} - {EVERYONE})
    rules = {f"{_RULE}{audience}": audience for audience in closed}
    for gone in session.query(rule_model).filter(rule_model.name.startswith(_RULE)):
        if gone.name not in rules:
            session.delete(gone)
    admin = security.find_role(security.auth_role_admin)
    for name, audience in rules.items():
        rule = session.query(rule_model).filter_by(name=name).one_or_none()
        if rule is None:
            rule = rule_model(name=name)
            session.add(rule)
        rule.description = f"No rows for whoever is not in the audience {audience}"
        rule.filter_type = "Base"
        rule.clause = "1 = 0"
        rule.tables = [one for one in datasets if audiences[str(one.uuid)] == audience]
        rule.roles = [admin, *(security.find_role(role.name) for role in roles if role.is_in(audience))]
    session.flush()


def _added(security: Any, name: str, role: Any, password: str) -> Any:
    user = security.add_user(name, name.capitalize(), "Needloop", f"{name}@needloop.invalid", role, password=password)
    if not user:
        raise RuntimeError(f"Superset could not make the user {name!r}: see its log above")
    return user


def _set_password(security: Any, user: Any, password: str) -> None:
    if not check_password_hash(user.password, password):
        security.reset_password(user.id, password)
