"""Signing in through a real OpenID Connect provider: who is let in, with which roles, and who is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import oidc_provider_mock
import pytest

from needloop.audit.record import AuditRecord
from tests.dashboard_server import ADMIN, PEOPLE, Api, DashboardServer, roles_of, start_server

GROUPS = """
groups:
  - {group: needloop-management, role: management}
  - {group: needloop-branch-1, role: branch_manager, branches: [B1]}
"""
MANAGEMENT, MANAGER, BRANCH = "Needloop management", "Needloop branch manager", "Needloop branch {}"
VIEWER_ROLE, FROM_FILE = "Needloop viewer", "Needloop: user of the file of people"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread() as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of people of the server for the provider's."""
    file = tmp_path_factory.mktemp("people") / "access.yml"
    file.write_text(PEOPLE + GROUPS, "utf-8")
    return file


@pytest.fixture
def changed_people(people: Path) -> Iterator[Path]:
    """The file, to be changed while the server runs."""
    yield people
    people.write_text(PEOPLE + GROUPS, "utf-8")


@pytest.fixture(scope="module")
def signed_on(server: DashboardServer, provider: str, people: Path) -> Iterator[DashboardServer]:
    """The session's dashboards, served a second time for people of the provider."""
    settings = {
        "NEEDLOOP_ACCESS": str(people),
        "NEEDLOOP_SUPERSET_SIGN_ON": "oidc",
        "NEEDLOOP_OIDC_ISSUER": provider,
        "NEEDLOOP_OIDC_CLIENT_ID": "needloop",
        "NEEDLOOP_OIDC_CLIENT_SECRET": "a secret of the tests",
    }
    served = start_server(server.data, settings)
    yield served
    served.stop()


def sign_in(served: DashboardServer, provider: str, user: str, *groups: str) -> httpx.Client:
    """A browser of the user, after the provider has sent it back."""
    claims = {"preferred_username": user, "given_name": user, "groups": list(groups)}
    assert httpx.put(f"{provider}/users/{user}", json=claims).status_code == 204
    browser = httpx.Client(base_url=served.address, timeout=60)
    to_provider = browser.get("/login/oidc")
    assert to_provider.status_code == 302, to_provider.text
    and_back = httpx.post(to_provider.headers["location"], data={"sub": user})
    assert and_back.status_code == 302, and_back.text
    assert browser.get(and_back.headers["location"]).status_code == 302
    return browser


def test_a_group_of_the_provider_gives_its_role(signed_on: DashboardServer, provider: str) -> None:
    browser = sign_in(signed_on, provider, "sun_mei", "needloop-management", "everybody-of-the-bank")
    assert roles_of(browser) == {MANAGEMENT}
    assert browser.get("/api/v1/dashboard/needs-closure-zh").status_code == 200


def test_a_branch_manager_by_group_is_kept_to_the_branch(signed_on: DashboardServer, provider: str) -> None:
    assert roles_of(sign_in(signed_on, provider, "li_na", "needloop-branch-1")) == {MANAGER, BRANCH.format("B1")}


def test_who_is_in_no_group_sees_nothing(signed_on: DashboardServer, provider: str) -> None:
    browser = sign_in(signed_on, provider, "stranger")
    assert roles_of(browser) == set()
    assert browser.get("/api/v1/dashboard/needs-closure-zh").status_code in {401, 403, 404}
    listed = browser.get("/api/v1/dashboard/")
    assert listed.status_code == 403 or listed.json()["count"] == 0


def test_who_leaves_a_group_loses_its_role_at_the_next_login(signed_on: DashboardServer, provider: str) -> None:
    assert roles_of(sign_in(signed_on, provider, "he_jun", "needloop-management")) == {MANAGEMENT}
    assert roles_of(sign_in(signed_on, provider, "he_jun")) == set()


def test_a_user_of_the_file_has_the_file_s_roles_whatever_the_groups(signed_on: DashboardServer, provider: str) -> None:
    browser = sign_in(signed_on, provider, "zhao.min")
    assert {MANAGER, BRANCH.format("B1")} <= roles_of(browser)


def test_a_name_is_the_file_s_in_whatever_case(signed_on: DashboardServer, provider: str) -> None:
    browser = sign_in(signed_on, provider, "Zhao.Min")
    assert {MANAGER, BRANCH.format("B1")} <= roles_of(browser)


def test_what_the_file_no_longer_grants_is_gone_with_the_next_login(
    signed_on: DashboardServer, provider: str, changed_people: Path
) -> None:
    """Without a restart: a group that lost its role, and a user who is another one now."""
    assert roles_of(sign_in(signed_on, provider, "wu_tao", "needloop-management")) == {MANAGEMENT}
    lower = (
        PEOPLE.replace("role: analyst", "role: viewer") + "groups:\n  - {group: needloop-management, role: viewer}\n"
    )
    changed_people.write_text(lower, "utf-8")
    assert roles_of(sign_in(signed_on, provider, "wu_tao", "needloop-management")) == {VIEWER_ROLE}
    assert roles_of(sign_in(signed_on, provider, "chen_jie")) - {FROM_FILE} == {VIEWER_ROLE}


def test_whom_the_file_dropped_no_group_lets_in(
    signed_on: DashboardServer, provider: str, changed_people: Path, admin: Api
) -> None:
    """Nor is the mark lost by which provisioning finds and deactivates the account."""
    assert roles_of(sign_in(signed_on, provider, "ops")) - {FROM_FILE} == {"Needloop operations"}
    without_ops = "\n".join(line for line in PEOPLE.splitlines() if "user: ops" not in line)
    changed_people.write_text(without_ops + GROUPS, "utf-8")
    assert sign_in(signed_on, provider, "ops", "needloop-management").get("/api/v1/me/").status_code == 401
    assert sign_in(signed_on, provider, "OPS", "needloop-management").get("/api/v1/me/").status_code == 401
    users = admin.client.get("/api/v1/security/users/?q=(page_size:100)").json()["result"]
    (held,) = ({role["name"] for role in one["roles"]} for one in users if one["username"] == "ops")
    assert FROM_FILE in held


@pytest.mark.parametrize("text", ["users: [", "users: [{user: a, role: chief}]", None])
def test_a_file_that_is_wrong_lets_nobody_in_and_takes_nothing_away(
    signed_on: DashboardServer, provider: str, changed_people: Path, text: str | None
) -> None:
    before = sign_in(signed_on, provider, "zhu_lan", "needloop-management")
    if text is None:
        changed_people.unlink()
    else:
        changed_people.write_text(text, "utf-8")
    assert sign_in(signed_on, provider, "zhu_lan", "needloop-management").get("/api/v1/me/").status_code == 401
    assert roles_of(before) == {MANAGEMENT}
    assert str(changed_people) in (signed_on.data / "server.log").read_text("utf-8")
    changed_people.write_text(PEOPLE + GROUPS, "utf-8")
    assert roles_of(sign_in(signed_on, provider, "zhu_lan", "needloop-management")) == {MANAGEMENT}


@pytest.mark.parametrize("name", ["admin", "Admin", "ADMIN", "Viewer", "Training_Lead"])
def test_the_provider_does_not_speak_for_accounts_of_the_installation(
    signed_on: DashboardServer, provider: str, admin: Api, name: str
) -> None:
    browser = sign_in(signed_on, provider, name, "needloop-management")
    assert browser.get("/api/v1/me/").status_code == 401
    assert "Admin" in json.dumps(admin.client.get("/api/v1/me/roles/").json())


def test_passwords_that_are_kept_here_do_not_count(signed_on: DashboardServer) -> None:
    body = {"username": ADMIN[0], "password": ADMIN[1], "provider": "db"}
    assert httpx.post(f"{signed_on.address}/api/v1/security/login", json=body).status_code == 400


def test_an_answer_that_was_not_asked_for_lets_nobody_in(signed_on: DashboardServer, provider: str) -> None:
    browser = httpx.Client(base_url=signed_on.address, timeout=60)
    answer = browser.get("/oauth-authorized/oidc?code=made-up&state=made-up")
    assert answer.status_code == 302
    assert "/login" in answer.headers["location"]
    assert browser.get("/api/v1/me/").status_code == 401


def test_logins_through_the_provider_are_on_record(signed_on: DashboardServer, provider: str) -> None:
    sign_in(signed_on, provider, "qian_wei", "needloop-management")
    entries = AuditRecord(signed_on.data / "audit", 400).entries()
    assert ("qian_wei", "login") in {(entry.who, entry.action) for entry in entries}


def test_who_knocks_without_having_been_at_the_provider_makes_one_entry_a_minute(signed_on: DashboardServer) -> None:
    """And none at the address of a provider that there is not."""
    transport = httpx.HTTPTransport(local_address="127.0.0.7")
    with httpx.Client(base_url=signed_on.address, transport=transport, timeout=60) as browser:
        for provider in ("oidc", "oidc", "oidc", "made-up", "oidc/more"):
            browser.get(f"/oauth-authorized/{provider}?code=made-up&state=made-up")
    made = [entry for entry in AuditRecord(signed_on.data / "audit", 400).entries() if entry.where_from == "127.0.0.7"]
    # A minute may turn while the test asks, and a server of several processes counts in each.
    assert 1 <= len(made) <= 2
    assert {(entry.who, entry.action) for entry in made} == {("(nobody)", "login_failed")}


def test_the_login_page_leads_to_the_provider(signed_on: DashboardServer) -> None:
    page = httpx.get(f"{signed_on.address}/login/")
    assert page.status_code == 200
    assert "oidc" in page.text


def test_the_secret_of_the_client_is_not_told(signed_on: DashboardServer, tmp_path: Path) -> None:
    page = httpx.get(f"{signed_on.address}/login/").text
    assert "a secret of the tests" not in page
