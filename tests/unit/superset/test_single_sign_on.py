"""The settings of single sign-on: what they become, and a sentence with a remedy where they cannot work."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard_server import PYTHON, need_environment

_ASK = """
import json, sys
from pathlib import Path
from dashboards.superset.installation import InstallationError, installation
from dashboards.superset.single_sign_on import sign_on_settings
try:
    print(json.dumps(sign_on_settings(installation(Path("/nowhere")))))
except InstallationError as error:
    print(json.dumps(str(error)))
"""
OIDC = {
    "NEEDLOOP_SUPERSET_SIGN_ON": "oidc",
    "NEEDLOOP_OIDC_ISSUER": "https://login.bank.example/realms/staff/",
    "NEEDLOOP_OIDC_CLIENT_ID": "needloop",
    "NEEDLOOP_OIDC_CLIENT_SECRET": "s3cret",
}
LDAP = {
    "NEEDLOOP_SUPERSET_SIGN_ON": "ldap",
    "NEEDLOOP_LDAP_SERVER": "ldaps://directory.bank.example",
    "NEEDLOOP_LDAP_SEARCH": "ou=people,dc=bank,dc=example",
    "NEEDLOOP_LDAP_BIND_USER": "cn=needloop,dc=bank,dc=example",
    "NEEDLOOP_LDAP_BIND_PASSWORD": "s3cret",
}


def ask(settings: dict[str, str], library: Path | None = None) -> Any:
    """Superset's settings, or the sentence of the mistake."""
    need_environment()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEEDLOOP_")}
    done = subprocess.run(
        [str(PYTHON), "-c", _ASK],
        env=kept | settings | {"PYTHONPATH": str(library or "")},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def without(settings: dict[str, str], name: str, value: str | None = None) -> dict[str, str]:
    rest = {one: said for one, said in settings.items() if one != name}
    return rest | {name: value} if value else rest


@pytest.fixture
def ldap_library(tmp_path: Path) -> Path:
    """A place where Python finds a module of the library's name; nothing here calls it."""
    (tmp_path / "ldap.py").touch()
    return tmp_path


def test_passwords_are_kept_here_unless_something_else_is_said() -> None:
    assert ask({}) == {}


def test_openid_connect() -> None:
    settings = ask(OIDC)
    (provider,) = settings.pop("OAUTH_PROVIDERS")
    assert settings == {
        "AUTH_TYPE": 4,  # Flask-AppBuilder's number for OAuth
        "AUTH_USER_REGISTRATION_ROLE": "Public",
        "AUTH_ROLES_SYNC_AT_LOGIN": True,
        "NEEDLOOP_USER_CLAIM": "preferred_username",
        "NEEDLOOP_GROUPS_CLAIM": "groups",
    }
    assert provider["remote_app"] == {
        "client_id": "needloop",
        "client_secret": "s3cret",
        "server_metadata_url": "https://login.bank.example/realms/staff/.well-known/openid-configuration",
        "client_kwargs": {"scope": "openid profile email"},
    }


def test_a_directory(ldap_library: Path) -> None:
    assert ask(LDAP | {"NEEDLOOP_LDAP_USER_FIELD": "sAMAccountName"}, ldap_library) == {
        "AUTH_TYPE": 2,  # Flask-AppBuilder's number for LDAP
        "AUTH_USER_REGISTRATION_ROLE": "Public",
        "AUTH_ROLES_SYNC_AT_LOGIN": True,
        "AUTH_LDAP_SERVER": "ldaps://directory.bank.example",
        "AUTH_LDAP_USE_TLS": False,
        "AUTH_LDAP_TLS_DEMAND": True,
        "AUTH_LDAP_ALLOW_SELF_SIGNED": False,
        "AUTH_LDAP_SEARCH": "ou=people,dc=bank,dc=example",
        "AUTH_LDAP_BIND_USER": "cn=needloop,dc=bank,dc=example",
        "AUTH_LDAP_BIND_PASSWORD": "s3cret",
        "AUTH_LDAP_UID_FIELD": "sAMAccountName",
        "AUTH_LDAP_GROUP_FIELD": "memberOf",
    }


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"NEEDLOOP_SUPERSET_SIGN_ON": "saml"}, "'saml': set it to database, oidc or ldap"),
        (without(OIDC, "NEEDLOOP_OIDC_CLIENT_SECRET"), "NEEDLOOP_OIDC_CLIENT_SECRET is not set"),
        (without(OIDC, "NEEDLOOP_OIDC_ISSUER", "http://login.bank.example"), "begins with https://"),
        (without(LDAP, "NEEDLOOP_LDAP_SERVER", "ldap://directory.bank.example"), "write ldaps://HOST"),
        (without(LDAP, "NEEDLOOP_LDAP_BIND_PASSWORD"), "NEEDLOOP_LDAP_BIND_PASSWORD is not set"),
    ],
)
def test_what_cannot_work_is_said_with_the_remedy(settings: dict[str, str], said: str) -> None:
    answer = ask(settings)
    assert said in answer
    assert "s3cret" not in answer


def test_a_directory_with_start_tls_will_do(ldap_library: Path) -> None:
    settings = without(LDAP, "NEEDLOOP_LDAP_SERVER", "ldap://directory.bank.example") | {"NEEDLOOP_LDAP_START_TLS": "1"}
    assert ask(settings, ldap_library)["AUTH_LDAP_USE_TLS"] is True
