"""Signing in through a real directory (OpenLDAP): who is let in, with which roles, and who is not."""

from __future__ import annotations

import secrets
import subprocess
from base64 import b64encode
from collections.abc import Iterator

import httpx
import pytest

from needloop.audit.record import AuditRecord
from tests.dashboard_server import (
    ADMIN,
    PEOPLE,
    PYTHON,
    DashboardServer,
    need_environment,
    roles_of,
    sign_in_by_page,
    start_server,
)
from tests.programs import not_here
from tests.throwaway_servers import DirectoryServer, running_directory

SEARCHES, SEARCHES_PASSWORD = "cn=needloop,ou=services,dc=bank,dc=example", secrets.token_hex(8)
PASSWORD = secrets.token_hex(8)
PERSONS = ("sun_mei", "li_na", "he_jun", "gao_yu", "stranger", "zhao.min", "admin", "viewer", "王芳")
MANAGERS = ("sun_mei", "he_jun", "gao_yu", "admin", "viewer", "王芳")
MANAGEMENT, MANAGER, BRANCH = "Needloop management", "Needloop branch manager", "Needloop branch {}"


def entry(dn: str, *fields: tuple[str, str]) -> str:
    """As LDIF writes texts that may be of any alphabet."""
    return "".join(f"{name}:: {b64encode(text.encode()).decode()}\n" for name, text in (("dn", dn), *fields)) + "\n"


def group(directory: DirectoryServer, name: str, *members: str) -> str:
    of = [("member", f"uid={member},{directory.people}") for member in members]
    return entry(f"cn={name},{directory.groups}", ("objectClass", "groupOfNames"), ("cn", name), *of)


def entries(directory: DirectoryServer) -> str:
    """The bank's directory."""
    bank = directory.bank
    made = entry(bank, ("objectClass", "dcObject"), ("objectClass", "organization"), ("o", "Bank"), ("dc", "bank"))
    for name in ("services", "people", "groups"):
        made += entry(f"ou={name},{bank}", ("objectClass", "organizationalUnit"), ("ou", name))
    made += entry(
        SEARCHES, ("objectClass", "organizationalRole"), ("objectClass", "simpleSecurityObject"),
        ("cn", "needloop"), ("userPassword", SEARCHES_PASSWORD),
    )  # fmt: skip
    for number, name in enumerate(PERSONS):
        made += entry(
            f"uid={name},{directory.people}", ("objectClass", "inetOrgPerson"), ("uid", name), ("cn", name),
            ("sn", name), ("mail", f"{number}@bank.example"), ("userPassword", PASSWORD),
        )  # fmt: skip
    made += group(directory, "needloop-management", *MANAGERS)
    return made + group(directory, "needloop-branch-1", "li_na")


@pytest.fixture(scope="module")
def directory() -> Iterator[DirectoryServer]:
    need_environment()
    if subprocess.run([PYTHON, "-c", "import ldap"], capture_output=True, check=False).returncode:
        not_here("no python-ldap: `make test LDAP=1` enables these tests, where docs/access.md says what it needs")
    for server in running_directory():
        server.change(entries(server))
        yield server


@pytest.fixture(scope="module")
def settings(directory: DirectoryServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a bank sets."""
    people = tmp_path_factory.mktemp("people") / "access.yml"
    groups = (
        "groups:\n"
        f'  - {{group: "cn=needloop-management,{directory.groups}", role: management}}\n'
        f'  - {{group: "cn=needloop-branch-1,{directory.groups}", role: branch_manager, branches: [B1]}}\n'
    )
    people.write_text(PEOPLE + groups, "utf-8")
    return {
        "NEEDLOOP_ACCESS": str(people),
        "NEEDLOOP_SUPERSET_SIGN_ON": "ldap",
        "NEEDLOOP_LDAP_SERVER": directory.address,
        "NEEDLOOP_LDAP_SEARCH": directory.people,
        "NEEDLOOP_LDAP_BIND_USER": SEARCHES,
        "NEEDLOOP_LDAP_BIND_PASSWORD": SEARCHES_PASSWORD,
        "NEEDLOOP_LDAP_CA_FILE": str(directory.authority),
    }


@pytest.fixture(scope="module")
def signed_on(server: DashboardServer, settings: dict[str, str]) -> Iterator[DashboardServer]:
    """The session's dashboards, served a second time for people of the directory."""
    served = start_server(server.data, settings)
    yield served
    served.stop()


def sign_in(served: DashboardServer, user: str, password: str = PASSWORD) -> httpx.Client:
    """A browser after somebody has filled in the login page."""
    browser = httpx.Client(base_url=served.address, timeout=60)
    sign_in_by_page(browser, user, password)
    return browser


def is_in(browser: httpx.Client) -> bool:
    return browser.get("/api/v1/me/").status_code == 200


def asked_at_the_api(served: DashboardServer, user: str, password: str, provider: str = "ldap") -> httpx.Response:
    body = {"username": user, "password": password, "provider": provider}
    return httpx.post(f"{served.address}/api/v1/security/login", json=body, timeout=60)


def test_a_group_of_the_directory_gives_its_role(signed_on: DashboardServer) -> None:
    browser = sign_in(signed_on, "sun_mei")
    assert roles_of(browser) == {MANAGEMENT}
    assert browser.get("/api/v1/dashboard/needs-closure-zh").status_code == 200
    assert asked_at_the_api(signed_on, "sun_mei", PASSWORD).status_code == 200


def test_a_name_may_be_chinese(signed_on: DashboardServer) -> None:
    assert roles_of(sign_in(signed_on, "王芳")) == {MANAGEMENT}


def test_a_branch_manager_by_group_is_kept_to_the_branch(signed_on: DashboardServer) -> None:
    assert roles_of(sign_in(signed_on, "li_na")) == {MANAGER, BRANCH.format("B1")}


def test_who_is_in_no_group_sees_nothing(signed_on: DashboardServer) -> None:
    browser = sign_in(signed_on, "stranger")
    assert roles_of(browser) == set()
    assert browser.get("/api/v1/dashboard/needs-closure-zh").status_code in {401, 403, 404}


def test_who_leaves_a_group_loses_its_role_at_the_next_login(
    signed_on: DashboardServer, directory: DirectoryServer
) -> None:
    assert roles_of(sign_in(signed_on, "he_jun")) == {MANAGEMENT}
    directory.change(
        f"dn: cn=needloop-management,{directory.groups}\nchangetype: modify\ndelete: member\n"
        f"member: uid=he_jun,{directory.people}\n"
    )
    assert roles_of(sign_in(signed_on, "he_jun")) == set()


def test_a_user_of_the_file_has_the_file_s_roles_in_whatever_case(signed_on: DashboardServer) -> None:
    for name in ("zhao.min", "Zhao.Min"):
        assert {MANAGER, BRANCH.format("B1")} <= roles_of(sign_in(signed_on, name))


@pytest.mark.parametrize("password", ["guess", "", "\0"])
def test_a_wrong_password_and_none_let_nobody_in(signed_on: DashboardServer, password: str) -> None:
    """This directory, like Active Directory, says yes to a name without a password."""
    assert not is_in(sign_in(signed_on, "sun_mei", password))
    assert asked_at_the_api(signed_on, "sun_mei", password).status_code in {400, 401}


@pytest.mark.parametrize("name", ["admin", "Admin", "admin ", "ａdmin", "viewer", " viewer"])
def test_the_directory_does_not_speak_for_accounts_of_the_installation(signed_on: DashboardServer, name: str) -> None:
    assert not is_in(sign_in(signed_on, name))
    assert asked_at_the_api(signed_on, name, PASSWORD).status_code == 401


@pytest.mark.parametrize("name", ["gao_yu ", "gao_yu  ", "ｇao_yu", "gao*", "gao_yu)(uid=*", "*", "gao_yu\\"])
def test_a_person_has_one_account_however_the_directory_finds_them(signed_on: DashboardServer, name: str) -> None:
    """By a name with blanks behind it, with wide letters or with a filter's signs nobody gets a second account."""
    assert asked_at_the_api(signed_on, name, PASSWORD).status_code == 401
    browser = sign_in(signed_on, name)  # the page takes blanks off
    assert not is_in(browser) or browser.get("/api/v1/me/").json()["result"]["username"] == "gao_yu"


def test_passwords_that_are_kept_here_do_not_count(signed_on: DashboardServer) -> None:
    for provider in ("db", "ldap"):
        assert asked_at_the_api(signed_on, *ADMIN, provider=provider).status_code in {400, 401}
    assert not is_in(sign_in(signed_on, *ADMIN))


def test_nobody_can_make_an_account(signed_on: DashboardServer) -> None:
    assert "&#34;AUTH_USER_REGISTRATION&#34;: false" in httpx.get(f"{signed_on.address}/login/").text
    for page in ("/register/", "/register/form"):
        assert httpx.get(signed_on.address + page).status_code in {302, 401, 404}


def test_logins_and_failed_logins_are_on_record(signed_on: DashboardServer) -> None:
    sign_in(signed_on, "sun_mei")
    sign_in(signed_on, "somebody", "guess")
    kept = AuditRecord(signed_on.data / "audit", 400).entries()
    assert {("sun_mei", "login"), ("somebody", "login_failed")} <= {(one.who, one.action) for one in kept}


def test_no_password_is_in_the_log(signed_on: DashboardServer) -> None:
    sign_in(signed_on, "sun_mei")
    written = (signed_on.data / "server.log").read_text("utf-8")
    assert PASSWORD not in written
    assert SEARCHES_PASSWORD not in written


def test_a_connection_that_becomes_encrypted_will_do(
    server: DashboardServer, settings: dict[str, str], directory: DirectoryServer
) -> None:
    served = start_server(
        server.data, settings | {"NEEDLOOP_LDAP_SERVER": directory.start_tls_address, "NEEDLOOP_LDAP_START_TLS": "1"}
    )
    try:
        assert roles_of(sign_in(served, "sun_mei")) == {MANAGEMENT}
    finally:
        served.stop()


def test_a_directory_whose_certificate_nobody_vouches_for_is_told_no_password(
    server: DashboardServer, settings: dict[str, str]
) -> None:
    """The authorities of the system do not know the tests' directory."""
    served = start_server(
        server.data, {name: value for name, value in settings.items() if name != "NEEDLOOP_LDAP_CA_FILE"}
    )
    try:
        assert asked_at_the_api(served, "sun_mei", PASSWORD).status_code == 401
    finally:
        served.stop()
