"""Who may do what: the viewer's role, the users that provisioning makes, and who sees which dashboard."""

from __future__ import annotations

from typing import Any

from installation import Installation
from werkzeug.security import check_password_hash

VIEWER_ROLE = "Needloop viewer"

# What it takes to open a dashboard, choose a quarter, change the language and one's own password. Superset's own Gamma
# role may also write charts. Data is not granted here: a viewer reads a dataset only through a dashboard that is
# open to the role (DASHBOARD_RBAC).
VIEWER_PERMISSIONS = (
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


def ensure_viewer(security: Any, installation: Installation) -> Any | None:
    """The user `viewer` with the viewer's role only; None when no password is set for it."""
    if installation.viewer_password is None:
        return None
    role = security.find_role(VIEWER_ROLE)
    if (user := security.find_user(username="viewer")) is None:
        return _added(security, "viewer", role, installation.viewer_password)
    user.roles = [role]
    _set_password(security, user, installation.viewer_password)
    return user


def open_to_viewers(session: Any, dashboards: list[Any], role: Any) -> None:
    """Let the role see these dashboards; roles that a bank added itself stay."""
    for dashboard in dashboards:
        if role not in dashboard.roles:
            dashboard.roles.append(role)
    session.flush()


def _added(security: Any, name: str, role: Any, password: str) -> Any:
    user = security.add_user(name, name.capitalize(), "Needloop", f"{name}@needloop.invalid", role, password=password)
    if not user:
        raise RuntimeError(f"Superset could not make the user {name!r}: see its log above")
    return user


def _set_password(security: Any, user: Any, password: str) -> None:
    if not check_password_hash(user.password, password):
        security.reset_password(user.id, password)
