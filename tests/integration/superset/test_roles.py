"""What each role may: which dashboards it finds, who exports data, and that nobody of them may more than look."""

from __future__ import annotations

import pytest

from tests.dashboard_server import Api, audiences_of, dashboards

SLUG = "data-quality-zh"  # the one that every role but the branch manager's may open
ROLES = {
    "viewer": {"everyone"},
    "analyst": {"everyone"},
    "training_lead": {"everyone", "training_lead"},
    "operations": {"operations"},
    "branch_manager": {"branches"},
}
MAY_EXPORT = {"analyst", "operations", "branch_manager"}


@pytest.fixture(params=sorted(ROLES))
def role(request: pytest.FixtureRequest) -> tuple[str, Api]:
    return request.param, request.getfixturevalue(request.param)


def test_a_role_finds_the_dashboards_for_it_and_no_other(role: tuple[str, Api]) -> None:
    name, api = role
    listed = api.client.get("/api/v1/dashboard/?q=(page_size:100)").json()["result"]
    assert {one["slug"] for one in listed} == {
        f"{one['name']}-{language}"
        for one in dashboards()
        for language in ("zh", "en")
        if ROLES[name] & set(audiences_of(one))
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_data_is_exported_by_those_who_may(role: tuple[str, Api], admin: Api, form: str) -> None:
    name, api = role
    slug = "my-branches-zh" if name == "branch_manager" else SLUG
    chart = next(iter(admin.charts(slug).values()))
    body = admin.stored_query(chart) | {"result_format": form}
    body["form_data"] |= {"dashboardId": admin.dashboard_id(slug), "slice_id": chart}
    assert api.ask(body).status_code == (200 if name in MAY_EXPORT else 403)
    assert api.ask(body | {"result_format": "json"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/sqllab/execute/", {"database_id": 1, "sql": "select 1", "runAsync": False}),
        ("GET", "/api/v1/sqllab/", None),
        ("POST", "/api/v1/chart/", {"slice_name": "m", "viz_type": "table", "datasource_id": 1}),
        ("PUT", "/api/v1/chart/1", {"slice_name": "mine"}),
        ("POST", "/api/v1/dataset/", {"database": 1, "schema": "marts", "table_name": "dim_branch"}),
        ("POST", "/api/v1/dashboard/", {"dashboard_title": "mine"}),
        ("PUT", "/api/v1/dashboard/1", {"dashboard_title": "mine"}),
        ("POST", "/api/v1/database/", {"database_name": "mine", "sqlalchemy_uri": "sqlite://"}),
        ("GET", "/api/v1/database/", None),
        ("GET", "/api/v1/dataset/", None),
        ("GET", "/api/v1/security/users/", None),
        ("GET", "/api/v1/security/roles/", None),
        ("POST", "/api/v1/security/users/", {"username": "mine", "roles": [1], "password": "p", "active": True}),
        ("GET", "/api/v1/log/", None),
        ("GET", "/api/v1/assets/export/", None),
        ("GET", "/api/v1/dashboard/export/?q=!(1)", None),
        ("GET", "/api/v1/chart/export/?q=!(1)", None),
        ("GET", "/api/v1/rowlevelsecurity/", None),
        ("POST", "/api/v1/rowlevelsecurity/", {"name": "m", "tables": [1], "roles": [1], "clause": "1=1"}),
    ],
)  # fmt: skip
def test_nobody_of_them_writes_or_looks_behind(role: tuple[str, Api], method: str, path: str, body: object) -> None:
    answer = role[1].client.request(method, path, json=body)
    assert answer.status_code in {403, 404}, (answer.status_code, answer.text[:300])


@pytest.mark.parametrize(("name", "slug"), [("branch_manager", "my-branches"), ("operations", "data-quality")])
def test_a_dashboard_of_others_is_refused_whole(
    request: pytest.FixtureRequest, admin: Api, name: str, slug: str
) -> None:
    api: Api = request.getfixturevalue(name)
    for one in dashboards():
        if one["name"] == slug:
            continue
        for part in ("", "/charts", "/datasets"):
            answer = api.client.get(f"/api/v1/dashboard/{one['name']}-zh{part}")
            assert answer.status_code in {403, 404}, (one["name"], part, answer.text[:200])
        chart = next(iter(admin.charts(f"{one['name']}-zh").values()))
        body = admin.stored_query(chart)
        body["form_data"] |= {"dashboardId": admin.dashboard_id(f"{one['name']}-zh"), "slice_id": chart}
        assert api.ask(body).status_code == 403, one["name"]
