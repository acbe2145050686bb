"""Signing in through the bank's identity provider: the settings, and what they mean to Superset.

NEEDLOOP_SUPERSET_SIGN_ON
    `database` (default): passwords that Superset keeps. `oidc` or `ldap`: the bank's identity provider.

NEEDLOOP_OIDC_ISSUER
    Address of the OpenID Connect provider, as it stands in its tokens (https://login.bank.example/realms/staff).
NEEDLOOP_OIDC_CLIENT_ID, NEEDLOOP_OIDC_CLIENT_SECRET
    How the provider knows these dashboards.
NEEDLOOP_OIDC_USER_CLAIM, NEEDLOOP_OIDC_GROUPS_CLAIM
    Where a token has the user's name and groups. Default: `preferred_username`, `groups`.
NEEDLOOP_OIDC_SCOPES
    What is asked of the provider. Default: `openid profile email`.

NEEDLOOP_LDAP_SERVER
    Address of the directory, ldaps://HOST or ldap://HOST; the latter only with NEEDLOOP_LDAP_START_TLS=1.
NEEDLOOP_LDAP_SEARCH
    Where people are looked for (ou=people,dc=bank,dc=example).
NEEDLOOP_LDAP_BIND_USER, NEEDLOOP_LDAP_BIND_PASSWORD
    As whom they are looked for.
NEEDLOOP_LDAP_USER_FIELD, NEEDLOOP_LDAP_GROUPS_FIELD
    Where an entry has the user's name and groups. Default: `uid` (Active Directory: `sAMAccountName`), `memberOf`.
NEEDLOOP_LDAP_CA_FILE
    Certificate of the authority that signed the directory's. Default: those of the system.

Roles come from the file of people at each login: from its `groups` by the names that the provider sends, and from its
`users`. Who is in neither may sign in and sees nothing.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from dashboards.superset.installation import Installation, InstallationError

SIGN_ON = "NEEDLOOP_SUPERSET_SIGN_ON"
PROVIDER = "oidc"
"""Its name in addresses: /login/oidc, /oauth-authorized/oidc."""
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def sign_on_settings(here: Installation) -> dict[str, Any]:
    """Superset's settings for the way of signing in that the installation has chosen; none for its own passwords.

    Raises:
        InstallationError: a setting or library is missing, or passwords would cross the network readable.
    """
    chosen = here.given(SIGN_ON) or "database"
    if chosen == "database":
        return {}
    if chosen not in _WAYS:
        raise InstallationError(f"{SIGN_ON} is {chosen!r}: set it to database, {' or '.join(_WAYS)}")
    return {
        # Somebody new gets an account without any right; rights are those of the file of people, found at each login.
        # sign_on_manager.py makes it: AUTH_USER_REGISTRATION would offer everybody a page to register.
        "AUTH_USER_REGISTRATION_ROLE": "Public",
        "AUTH_ROLES_SYNC_AT_LOGIN": True,
        **_WAYS[chosen](here),
    }


def _oidc(here: Installation) -> dict[str, Any]:
    from flask_appbuilder.const import AUTH_OAUTH  # noqa: PLC0415 - the settings are looked at without Superset too

    issuer = _needed(here, "NEEDLOOP_OIDC_ISSUER").rstrip("/")
    address = urlsplit(issuer)
    if address.scheme != "https" and address.hostname not in _LOOPBACK:
        raise InstallationError(f"NEEDLOOP_OIDC_ISSUER is {issuer!r}: write an address that begins with https://")
    return {
        "AUTH_TYPE": AUTH_OAUTH,
        "OAUTH_PROVIDERS": [
            {
                "name": PROVIDER,
                "icon": "fa-key",
                "token_key": "access_token",
                "remote_app": {
                    "client_id": _needed(here, "NEEDLOOP_OIDC_CLIENT_ID"),
                    "client_secret": _needed(here, "NEEDLOOP_OIDC_CLIENT_SECRET"),
                    "server_metadata_url": f"{issuer}/.well-known/openid-configuration",
                    "client_kwargs": {"scope": here.given("NEEDLOOP_OIDC_SCOPES") or "openid profile email"},
                },
            }
        ],
        "NEEDLOOP_USER_CLAIM": here.given("NEEDLOOP_OIDC_USER_CLAIM") or "preferred_username",
        "NEEDLOOP_GROUPS_CLAIM": here.given("NEEDLOOP_OIDC_GROUPS_CLAIM") or "groups",
    }


def _ldap(here: Installation) -> dict[str, Any]:
    from flask_appbuilder.const import AUTH_LDAP  # noqa: PLC0415

    server, start_tls = _needed(here, "NEEDLOOP_LDAP_SERVER"), here.given("NEEDLOOP_LDAP_START_TLS") == "1"
    if not server.startswith("ldaps://") and not (server.startswith("ldap://") and start_tls):
        raise InstallationError(
            f"NEEDLOOP_LDAP_SERVER is {server!r}, to which passwords would go readable: write ldaps://HOST, or"
            " ldap://HOST with NEEDLOOP_LDAP_START_TLS=1"
        )
    settings = {
        "AUTH_TYPE": AUTH_LDAP,
        "AUTH_LDAP_SERVER": server,
        "AUTH_LDAP_USE_TLS": start_tls,
        "AUTH_LDAP_TLS_DEMAND": True,
        "AUTH_LDAP_ALLOW_SELF_SIGNED": False,
        "AUTH_LDAP_SEARCH": _needed(here, "NEEDLOOP_LDAP_SEARCH"),
        "AUTH_LDAP_BIND_USER": _needed(here, "NEEDLOOP_LDAP_BIND_USER"),
        "AUTH_LDAP_BIND_PASSWORD": _needed(here, "NEEDLOOP_LDAP_BIND_PASSWORD"),
        "AUTH_LDAP_UID_FIELD": here.given("NEEDLOOP_LDAP_USER_FIELD") or "uid",
        "AUTH_LDAP_GROUP_FIELD": here.given("NEEDLOOP_LDAP_GROUPS_FIELD") or "memberOf",
    }
    if authority := here.given("NEEDLOOP_LDAP_CA_FILE"):
        settings["AUTH_LDAP_TLS_CACERTFILE"] = authority
    if find_spec("ldap") is None:
        raise InstallationError(
            f"{SIGN_ON} is ldap, for which python-ldap is needed, and it is not installed: it is compiled on this"
            " machine, see Single sign-on in docs/access.md"
        )
    return settings


_WAYS = {"oidc": _oidc, "ldap": _ldap}


def _needed(here: Installation, variable: str) -> str:
    if (value := here.given(variable)) is None:
        raise InstallationError(f"{variable} is not set, which {SIGN_ON}={here.given(SIGN_ON)} needs: set it")
    return value
