"""Superset's configuration, read by Superset itself through SUPERSET_CONFIG_PATH.

The variables that a bank may set are listed in installation.py.
"""

from __future__ import annotations

from flask import Flask

from dashboards.superset.access_at_login import AccessAtLogin
from dashboards.superset.access_file import kept_users, shipped_roles
from dashboards.superset.appearance import (
    BETTER_WHEN_HIGH,
    BETTER_WHEN_LOW,
    CATEGORICAL_COLOURS,
    FAVICON,
    NEITHER_IS_BETTER,
    THEME,
)
from dashboards.superset.audit_trail import keep_audit_trail
from dashboards.superset.branch_security import BranchSecurityManager
from dashboards.superset.installation import installation
from dashboards.superset.interface_texts import complete_language_pack
from dashboards.superset.login_page import drop_events_of_nobody
from dashboards.superset.metadata_connections import SERVER_ENGINE_OPTIONS
from dashboards.superset.own_expressions import refuse_queries_in_expressions
from dashboards.superset.private_interfaces.login_limit import limit_api_login
from dashboards.superset.public_pages import close_to_strangers
from dashboards.superset.published_release import pin_to_current_release
from dashboards.superset.result_cache import caches
from dashboards.superset.single_sign_on import sign_on_settings
from dashboards.superset.start_page import open_with_dashboard
from needloop.audit.record import AuditRecord

_here = installation()
_here.prepare()
_roles = shipped_roles()

# --- metadata and secrets
SECRET_KEY = _here.secret_key
SQLALCHEMY_DATABASE_URI = _here.metadata_uri
SQLALCHEMY_ENGINE_OPTIONS = SERVER_ENGINE_OPTIONS if _here.given_metadata_uri else {}

# --- the published release
DB_CONNECTION_MUTATOR = pin_to_current_release
PREVENT_UNSAFE_DB_CONNECTIONS = False  # it would forbid DuckDB files; ours are opened read-only without external access
# Second line behind enable_external_access=false: functions that read files are refused before they reach the engine.
DISALLOWED_SQL_FUNCTIONS = {
    "duckdb": {
        "glob",
        "read_blob",
        "read_csv",
        "read_csv_auto",
        "read_json",
        "read_json_auto",
        "read_json_objects",
        "read_ndjson",
        "read_parquet",
        "read_text",
        "parquet_scan",
        "parquet_metadata",
        "sniff_csv",
        "duckdb_settings",
        "duckdb_secrets",
    }
}
# CACHE_CONFIG and its like: with Redis, or without.
globals().update(caches(_here.redis_url))
ROW_LIMIT = SQL_MAX_ROW = 50_000  # asset_bundle.queries.ROW_LIMIT asks for as many

# --- who may do what
FEATURE_FLAGS = {
    "DASHBOARD_RBAC": True,
    "DRILL_BY": False,
    "DRILL_TO_DETAIL": False,
    "ENABLE_TEMPLATE_PROCESSING": False,
    "ALERT_REPORTS": False,
    "EMBEDDED_SUPERSET": False,
}
AUTH_ROLE_PUBLIC = "Public"
AUTH_USER_REGISTRATION = False
AUTH_USERNAME_CI = True  # `Admin` and `admin` are one account
CUSTOM_SECURITY_MANAGER: type[BranchSecurityManager] = BranchSecurityManager
NEEDLOOP_OWN_BRANCHES_ROLES = {role.name for role in _roles if role.sees_own_branches_only}
if _sign_on := sign_on_settings(_here):
    from dashboards.superset.sign_on_manager import SignOnSecurityManager

    globals().update(_sign_on)
    CUSTOM_SECURITY_MANAGER = SignOnSecurityManager
    NEEDLOOP_PEOPLE = AccessAtLogin(_here.access_file, _roles, "Admin")
    NEEDLOOP_KEPT_USERS = kept_users(_roles)
    AUTH_ROLES_MAPPING = NEEDLOOP_PEOPLE.roles_of_groups
RATELIMIT_ENABLED = True  # slows down the guessing of passwords, and nothing else
RATELIMIT_APPLICATION = ""
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = "30 per minute"


def FLASK_APP_MUTATOR(app: Flask) -> None:  # noqa: N802 - the name is Superset's
    """What no setting of Superset covers."""
    close_to_strangers(app)
    refuse_queries_in_expressions(app)
    limit_api_login(app)
    keep_audit_trail(app, AuditRecord(_here.audit_folder, _here.keep_audit_days))
    drop_events_of_nobody(app)
    complete_language_pack(app)
    open_with_dashboard(app, _roles)


FAB_API_SWAGGER_UI = False
# The login page would tell everybody which version to look up the weaknesses of.
VERSION_STRING = ""
VERSION_SHA = ""

# --- web security
ENABLE_CORS = False
WTF_CSRF_ENABLED = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = _here.behind_proxy
SESSION_COOKIE_SAMESITE = "None" if _here.behind_proxy and _here.frame_ancestors else "Lax"
PERMANENT_SESSION_LIFETIME = 12 * 60 * 60
ENABLE_PROXY_FIX = _here.behind_proxy
TALISMAN_ENABLED = True
# Only this server: the front end's analytics pixel, map tiles and web fonts are blocked.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "script-src": ["'self'", "'strict-dynamic'"],
        "frame-ancestors": ["'self'", *_here.frame_ancestors],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": _here.behind_proxy,
    "session_cookie_samesite": SESSION_COOKIE_SAMESITE,
    "frame_options": None if _here.frame_ancestors else "SAMEORIGIN",
}

# --- looks
APP_NAME = "需求闭环 Needloop"
LANGUAGES = {
    "zh": {"flag": "cn", "name": "简体中文"},
    "en": {"flag": "us", "name": "English"},
}
BABEL_DEFAULT_LOCALE = _here.language
THEME_DEFAULT = THEME
THEME_DARK = None
ENABLE_UI_THEME_ADMINISTRATION = False
FAVICONS = [{"href": FAVICON}]
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "needloop",
        "description": "",
        "label": "Needloop",
        "isDefault": True,
        "colors": CATEGORICAL_COLOURS,
    }
]
EXTRA_SEQUENTIAL_COLOR_SCHEMES = [
    {"id": name, "description": "", "label": name, "isDiverging": diverging, "colors": colours}
    for name, diverging, colours in (
        ("needloop_higher", True, BETTER_WHEN_HIGH),
        ("needloop_lower", True, BETTER_WHEN_LOW),
        ("needloop_neutral", False, NEITHER_IS_BETTER),
    )
]
