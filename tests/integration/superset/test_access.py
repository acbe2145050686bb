"""What a viewer, an administrator and somebody who is not logged in cannot do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.dashboard_server import EVERYONE, Api, DashboardServer, dashboards

SLUG = "needs-closure-zh"
CHART = "需求解决率|table"
# Each would let SQL reach beyond the release.
REACHING_OUT = (
    "select * from read_text('/etc/passwd')",
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from glob('/etc/*')",
    "copy (select 1) to '/tmp/needloop-was-here.csv'",
    "attach '/tmp/needloop-was-here.duckdb' as elsewhere",
    "install httpfs",
    "set enable_external_access = true",
    "create table marts.mine as select 1",
    "delete from marts.mart_metric_trend",
)


def _as_on_the_dashboard(viewer: Api, admin: Api) -> dict[str, Any]:
    """The body that a viewer's browser sends for a chart of a dashboard."""
    body = admin.stored_query(admin.charts(SLUG)[CHART])
    body["form_data"] |= {"dashboardId": viewer.dashboard_id(SLUG), "slice_id": admin.charts(SLUG)[CHART]}
    return body


def test_a_viewer_sees_the_charts_of_a_dashboard(viewer: Api, admin: Api) -> None:
    answer = viewer.ask(_as_on_the_dashboard(viewer, admin))
    assert answer.status_code == 200, answer.text
    assert [row["resolution_rate"] for row in answer.json()["result"][0]["data"]] == [54 / 201]


def test_a_viewer_sees_data_only_through_a_dashboard(viewer: Api, admin: Api) -> None:
    body = _as_on_the_dashboard(viewer, admin)
    del body["form_data"]["dashboardId"]
    assert viewer.ask(body).status_code == 403


@pytest.mark.parametrize(
    "expression",
    [
        "(select count(*) from read_text('/etc/passwd'))",
        "(select max(content) from read_text('/etc/passwd'))",
        "(select count(*) from glob('/etc/*'))",
        "(select max(value) from duckdb_settings())",
        "max(1)) from read_csv('/etc/passwd') --",
    ],
)
def test_a_viewer_cannot_put_file_reading_sql_into_a_chart(viewer: Api, admin: Api, expression: str) -> None:
    body = _as_on_the_dashboard(viewer, admin)
    body["queries"][0]["metrics"] = [{"label": "x", "expressionType": "SQL", "sqlExpression": expression}]
    answer = viewer.ask(body)
    assert answer.status_code != 200, answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "where", ["1 = 1) union all select content from read_text('/etc/passwd') --", "glob('/etc/*') is null"]
)
def test_a_viewer_cannot_put_file_reading_sql_into_a_filter(viewer: Api, admin: Api, where: str) -> None:
    body = _as_on_the_dashboard(viewer, admin)
    body["queries"][0]["extras"] = {"where": where, "having": ""}
    answer = viewer.ask(body)
    assert answer.status_code != 200, answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize("sql", REACHING_OUT)
def test_not_even_an_administrator_reaches_beyond_the_release(admin: Api, sql: str) -> None:
    """SQL Lab as administrator is the widest door there is; the connection itself is closed."""
    database = admin.client.get("/api/v1/database/").json()["result"][0]["id"]
    answer = admin.client.post("/api/v1/sqllab/execute/", json={"database_id": database, "sql": sql, "runAsync": False})
    assert answer.status_code != 200, answer.text
    assert "root:" not in answer.text
    assert not list(Path("/tmp").glob("needloop-was-here*"))


def test_an_administrator_can_query_the_marts(admin: Api) -> None:
    """So that the refusals above are not refusals of everything."""
    database = admin.client.get("/api/v1/database/").json()["result"][0]["id"]
    body = {"database_id": database, "sql": "select count(*) as n from marts.dim_period", "runAsync": False}
    answer = admin.client.post("/api/v1/sqllab/execute/", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"] == [{"n": 5}]


def test_a_viewer_has_no_sql_lab(viewer: Api) -> None:
    body = {"database_id": 1, "sql": "select 1", "runAsync": False}
    assert viewer.client.post("/api/v1/sqllab/execute/", json=body).status_code == 403
    assert viewer.client.get("/api/v1/sqllab/").status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        (
            "POST",
            "/api/v1/chart/",
            {"slice_name": "mine", "viz_type": "table", "datasource_id": 1, "datasource_type": "table"},
        ),
        ("PUT", "/api/v1/chart/1", {"slice_name": "mine"}),
        ("DELETE", "/api/v1/chart/1", None),
        ("POST", "/api/v1/dataset/", {"database": 1, "schema": "marts", "table_name": "dim_branch"}),
        ("PUT", "/api/v1/dataset/1", {"sql": "select 1"}),
        ("POST", "/api/v1/dashboard/", {"dashboard_title": "mine"}),
        ("PUT", "/api/v1/dashboard/1", {"dashboard_title": "mine"}),
        ("DELETE", "/api/v1/dashboard/1", None),
        ("POST", "/api/v1/database/", {"database_name": "mine", "sqlalchemy_uri": "sqlite://"}),
        ("GET", "/api/v1/database/", None),
        ("GET", "/api/v1/database/1", None),
        ("GET", "/api/v1/database/1/tables/?q=(schema_name:marts)", None),
        ("GET", "/api/v1/dataset/", None),
        ("GET", "/api/v1/dataset/1", None),
        ("GET", "/api/v1/security/users/", None),
        ("GET", "/api/v1/security/roles/", None),
        ("GET", "/api/v1/log/", None),
        ("GET", "/api/v1/assets/export/", None),
        ("GET", "/api/v1/query/", None),
        ("GET", "/api/v1/rowlevelsecurity/", None),
    ],
)
def test_a_viewer_can_neither_write_nor_look_behind(viewer: Api, method: str, path: str, body: object) -> None:
    answer = viewer.client.request(method, path, json=body)
    assert answer.status_code in {403, 404}, (answer.status_code, answer.text[:300])


def test_a_viewer_sees_no_dashboard_that_is_not_open_to_viewers(viewer: Api, admin: Api) -> None:
    made = admin.client.post("/api/v1/dashboard/", json={"dashboard_title": "Not for viewers", "published": True})
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    try:
        listed = viewer.client.get("/api/v1/dashboard/").json()["result"]
        assert {dashboard["slug"] for dashboard in listed} == {
            f"{one['name']}-{language}" for one in dashboards(EVERYONE) for language in ("zh", "en")
        }
        assert viewer.client.get(f"/api/v1/dashboard/{number}").status_code in {403, 404}
    finally:
        admin.client.delete(f"/api/v1/dashboard/{number}")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/dashboard/",
        "/api/v1/dashboard/needs-closure-zh",
        "/api/v1/chart/1/data/",
        "/api/v1/database/",
        "/api/v1/security/users/",
        "/api/v1/me/",
    ],
)
def test_nobody_gets_nothing_from_the_api(nobody: Api, path: str) -> None:
    answer = nobody.client.get(path)
    assert answer.status_code in {401, 403, 404}, answer.text[:200]


@pytest.mark.parametrize(
    "path", ["/", "/superset/welcome/", "/superset/dashboard/needs-closure-zh/", "/sqllab/", "/users/"]
)
def test_nobody_is_sent_to_the_login_page(nobody: Api, path: str) -> None:
    answer = nobody.client.get(path, follow_redirects=True)
    assert answer.url.path == "/login/"
    assert "需求解决率" not in answer.text


def test_no_page_lets_the_browser_load_or_send_anything_elsewhere(nobody: Api) -> None:
    policy = nobody.client.get("/login/").headers["Content-Security-Policy"]
    sources = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    assert sources["connect-src"] == ["'self'"]
    assert not [source for listed in sources.values() for source in listed if source.startswith("http")]


def test_secrets_are_readable_by_their_owner_only(server: DashboardServer) -> None:
    home = server.data / "superset"
    assert home.stat().st_mode & 0o077 == 0
    secret = home / "secret_key"
    assert secret.stat().st_mode & 0o177 == 0
    assert len(secret.read_text("utf-8")) >= 32


def test_guessing_passwords_is_slowed_down(server: DashboardServer) -> None:
    """From an address of its own, so that the other tests' logins are not counted."""
    guess = {"username": "viewer", "password": "guess", "provider": "db"}
    with httpx.Client(
        base_url=server.address, transport=httpx.HTTPTransport(local_address="127.0.0.2"), timeout=60
    ) as client:
        answers = [client.post("/api/v1/security/login", json=guess).status_code for _ in range(80)]
    assert answers[0] == 401
    assert answers[-1] == 429


def test_the_login_pages_events_do_not_touch_the_session(nobody: Api) -> None:
    """Their answer would overwrite the cookie of a login made meanwhile."""
    answer = nobody.client.post("/superset/log/?explode=events", data={"events": "[]"})
    assert answer.status_code == 204
    assert "set-cookie" not in answer.headers
