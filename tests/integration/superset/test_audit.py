"""Each login, failed login, logout and export is an entry: who, when, what, from where."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from dagster_pipelines.audit.record import AuditRecord, Entry
from tests.dashboard_server import BRANCH_MANAGER, VIEWER, Api, DashboardServer


@pytest.fixture
def since() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _entries(server: DashboardServer, since: datetime, action: str) -> list[Entry]:
    return AuditRecord(server.data / "audit").entries(since=since, action=action)


def _csrf(client: httpx.Client) -> str:
    token = re.search(r'id="csrf_token"\s+value="([^"]+)"', client.get("/login/").text)
    assert token
    return token[1]


def test_logins_and_logouts_of_the_page(server: DashboardServer, since: datetime) -> None:
    transport = httpx.HTTPTransport(local_address="127.0.0.4")
    with httpx.Client(base_url=server.address, transport=transport, timeout=60) as client:
        for password in ("guess", VIEWER[1]):
            data = {"username": VIEWER[0], "password": password, "csrf_token": _csrf(client)}
            assert client.post("/login/", data=data).status_code == 302
        client.get("/logout/")
    for action in ("login_failed", "login", "logout"):
        (entry,) = (one for one in _entries(server, since, action) if one.where_from == "127.0.0.4")
        assert entry.who == "viewer"
        assert abs(entry.at - datetime.now(UTC)) < timedelta(minutes=5)


def test_logins_of_the_api(server: DashboardServer, since: datetime) -> None:
    transport = httpx.HTTPTransport(local_address="127.0.0.5")
    with httpx.Client(base_url=server.address, transport=transport, timeout=60) as client:
        for name, password in (("somebody", "guess"), BRANCH_MANAGER):
            client.post("/api/v1/security/login", json={"username": name, "password": password, "provider": "db"})
    (failed,) = (one for one in _entries(server, since, "login_failed") if one.where_from == "127.0.0.5")
    (made,) = (one for one in _entries(server, since, "login") if one.where_from == "127.0.0.5")
    assert (failed.who, made.who) == ("somebody", "wang_li")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exports_and_refused_exports(
    server: DashboardServer, branch_manager: Api, viewer: Api, admin: Api, since: datetime, form: str
) -> None:
    title = "看板：在办需求，超时在前"
    chart = admin.charts("my-branches-zh")[f"{title}|table"]
    body = admin.stored_query(chart) | {"result_format": form}
    body["form_data"] |= {"dashboardId": admin.dashboard_id("my-branches-zh"), "slice_id": chart}
    assert branch_manager.ask(body).status_code == 200
    assert viewer.ask(body).status_code == 403
    (made,) = (one for one in _entries(server, since, "export") if one.what.endswith(f", {form}"))
    assert made.who == "wang_li"
    assert made.where_from == "127.0.0.1"
    assert f"chart {chart} “{title}”" in made.what
    assert f"dashboard {body['form_data']['dashboardId']}" in made.what
    (refused,) = (one for one in _entries(server, since, "export_refused") if one.what.endswith(f", {form}"))
    assert refused.who == "viewer"


def test_a_download_by_the_browsers_form_is_an_entry_too(
    server: DashboardServer, branch_manager: Api, admin: Api, since: datetime
) -> None:
    """The page sends the body as JSON in a field of a form."""
    title = "在办投诉，最早受理的在前"
    chart = admin.charts("my-branches-zh")[f"{title}|table"]
    body = admin.stored_query(chart) | {"result_format": "csv"}
    body["form_data"] |= {"dashboardId": admin.dashboard_id("my-branches-zh"), "slice_id": chart}
    answer = branch_manager.client.post("/api/v1/chart/data", data={"form_data": json.dumps(body)})
    assert answer.status_code == 200, answer.text
    assert [one.who for one in _entries(server, since, "export") if title in one.what] == ["wang_li"]


def test_what_is_only_looked_at_is_no_entry(server: DashboardServer, analyst: Api) -> None:
    before = len(AuditRecord(server.data / "audit").entries(most=1_000_000))
    analyst.client.get("/api/v1/dashboard/")
    assert len(AuditRecord(server.data / "audit").entries(most=1_000_000)) == before
