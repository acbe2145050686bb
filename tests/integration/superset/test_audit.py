"""Each login, failed login, logout and export is an entry: who, when, what, from where."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from needloop.audit.record import AuditRecord, Entry
from tests.dashboard_server import BRANCH_MANAGER, VIEWER, Api, DashboardServer, sign_in_by_page


@pytest.fixture
def since() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _entries(server: DashboardServer, since: datetime, action: str) -> list[Entry]:
    return AuditRecord(server.data / "audit").entries(since=since, action=action)


def _all(server: DashboardServer) -> list[Entry]:
    """Every entry, the latest first."""
    return AuditRecord(server.data / "audit").entries(most=1_000_000)


def _of_my_branches(admin: Api, title: str) -> dict[str, Any]:
    """The body that a browser sends for a table of the branch managers' dashboard."""
    chart = admin.charts("my-branches-zh")[f"{title}|table"]
    body = admin.stored_query(chart)
    body["form_data"] |= {"dashboardId": admin.dashboard_id("my-branches-zh"), "slice_id": chart}
    return body


def test_logins_and_logouts_of_the_page(server: DashboardServer, since: datetime) -> None:
    transport = httpx.HTTPTransport(local_address="127.0.0.4")
    with httpx.Client(base_url=server.address, transport=transport, timeout=60) as client:
        for password in ("guess", VIEWER[1]):
            assert sign_in_by_page(client, VIEWER[0], password).status_code == 302
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
    body = _of_my_branches(admin, title) | {"result_format": form}
    assert branch_manager.ask(body).status_code == 200
    assert viewer.ask(body).status_code == 403
    (made,) = (one for one in _entries(server, since, "export") if one.what.endswith(f", {form}"))
    assert made.who == "wang_li"
    assert made.where_from == "127.0.0.1"
    assert f"chart {body['form_data']['slice_id']} “{title}”" in made.what
    assert f"dashboard {body['form_data']['dashboardId']}" in made.what
    (refused,) = (one for one in _entries(server, since, "export_refused") if one.what.endswith(f", {form}"))
    assert refused.who == "viewer"


def test_a_download_by_the_browsers_form_is_an_entry_too(
    server: DashboardServer, branch_manager: Api, admin: Api, since: datetime
) -> None:
    """The page sends the body as JSON in a field of a form."""
    title = "在办投诉，最早受理的在前"
    body = _of_my_branches(admin, title) | {"result_format": "csv"}
    answer = branch_manager.client.post("/api/v1/chart/data", data={"form_data": json.dumps(body)})
    assert answer.status_code == 200, answer.text
    assert [one.who for one in _entries(server, since, "export") if title in one.what] == ["wang_li"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_format_in_the_address_hides_no_export(
    server: DashboardServer, branch_manager: Api, admin: Api, since: datetime, form: str
) -> None:
    """Superset takes the format of a body from the body, whatever the address says."""
    body = _of_my_branches(admin, "在办投诉，最早受理的在前") | {"result_format": form}
    before = _all(server)
    answer = branch_manager.client.post("/api/v1/chart/data?format=json", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (made, *earlier) = _all(server)
    assert earlier == before
    assert (made.who, made.action) == ("wang_li", "export")
    assert made.what.endswith(f", {form}")


def test_a_chart_s_stored_query_is_exported_by_its_address(
    server: DashboardServer, admin: Api, since: datetime
) -> None:
    chart = next(iter(admin.charts("data-quality-zh").values()))
    assert admin.client.get(f"/api/v1/chart/{chart}/data/?format=csv").status_code == 200
    assert admin.client.get(f"/api/v1/chart/{chart}/data/").status_code == 200
    (made,) = (one for one in _entries(server, since, "export") if one.what.startswith(f"chart {chart} "))
    assert (made.who, made.what.endswith(", csv")) == ("admin", True)


def test_an_export_of_definitions_that_is_refused_is_an_entry(
    server: DashboardServer, viewer: Api, since: datetime
) -> None:
    assert viewer.client.get("/api/v1/chart/export/?q=!(1)").status_code in {403, 404}
    refused = _entries(server, since, "export_refused")
    assert ("viewer", "/api/v1/chart/export q=!(1)") in {(one.who, one.what) for one in refused}


def test_what_is_only_looked_at_is_no_entry(server: DashboardServer, analyst: Api) -> None:
    before = _all(server)
    analyst.client.get("/api/v1/dashboard/")
    assert _all(server) == before


def test_who_is_not_signed_in_writes_no_export(server: DashboardServer) -> None:
    before = len(_all(server))
    with httpx.Client(base_url=server.address, timeout=60) as client:
        for path in ("/api/v1/chart/export/?q=a+text", "/api/x/export?a+text", "/api/v1/chart/1/data/?format=csv"):
            assert client.get(path).status_code >= 300
    assert len(_all(server)) == before


def test_a_flood_of_logins_leaves_as_many_entries_as_there_may_be_attempts(server: DashboardServer) -> None:
    """Thirty attempts a minute are let through; those refused leave one entry, whatever names they bring."""
    transport = httpx.HTTPTransport(local_address="127.0.0.6")
    with httpx.Client(base_url=server.address, transport=transport, timeout=60) as client:
        answers = [
            client.post("/api/v1/security/login", json={"username": f"n{number}", "password": "x", "provider": "db"})
            for number in range(45)
        ]
    refused = sum(answer.status_code == 429 for answer in answers)
    made = [one.what for one in _all(server) if one.where_from == "127.0.0.6"]
    assert refused >= 5
    assert made.count("dashboards") == 45 - refused
    assert 1 <= made.count("too many attempts") <= 2, "a minute may turn while the test asks"
