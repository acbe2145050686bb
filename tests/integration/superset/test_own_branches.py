"""A branch manager gets the rows of own branches and no other: by every chart, export, filter and query made by hand.

The manager has branches B3 and B4 of six. What should come out is asked of the administrator with a condition on the
branch put in by hand.
"""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openpyxl
import pytest
import yaml

from tests.dashboard_server import FOLDER, OWN_BRANCHES, Api, DashboardServer

SLUG = "my-branches-zh"
BOARD = "看板：在办需求，超时在前|table"
SIDE_BY_SIDE = "我的各网点（样本不足的比率不显示）|table"
# Ids and labels of branches that are not the manager's, as they stand in cells.
_ANOTHERS = re.compile(r"\bB[1256]\b|网点 [1256]\b|Branch [1256]\b")
_AT_ONCE = 4
DATASETS = [yaml.safe_load(file.read_text("utf-8")) for file in sorted((FOLDER / "assets" / "datasets").glob("*.yml"))]
BRANCH_COLUMN = {one["name"]: one["rows"]["by_branch"] for one in DATASETS if isinstance(one["rows"], dict)}
BANK_WIDE = [one["name"] for one in DATASETS if one["rows"] == "bank_wide"]


def _as_on_the_dashboard(admin: Api, chart: int, slug: str = SLUG) -> dict[str, Any]:
    """The body that a browser sends for a chart of a dashboard."""
    body = admin.stored_query(chart)
    body["form_data"] |= {"dashboardId": admin.dashboard_id(slug), "slice_id": chart}
    return body


def _dataset(admin: Api, number: int) -> str:
    """Name of a dataset, without its language."""
    name = admin.client.get(f"/api/v1/dataset/{number}").json()["result"]["table_name"]
    return str(name).rsplit("_", 1)[0]


def _with_own_branches_only(body: dict[str, Any], dataset: str) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    if dataset in BRANCH_COLUMN:
        own = ", ".join(f"'{branch}'" for branch in OWN_BRANCHES)
        for query in changed["queries"]:
            query["extras"] = {"having": "", "where": f"virtual_table.{BRANCH_COLUMN[dataset]} in ({own})"}
    return changed


def _data(answer: httpx.Response) -> list[list[dict[str, Any]]]:
    assert answer.status_code == 200, answer.text
    return [result["data"] for result in answer.json()["result"]]


def _in_order(rows: list[dict[str, Any]]) -> list[str]:
    """The rows in an order of their own: a line chart asks for none."""
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize("slug", ["my-branches-zh", "my-branches-en"])
def test_every_chart_has_own_rows_only(branch_manager: Api, admin: Api, slug: str) -> None:
    charts = admin.charts(slug)
    assert len(charts) > 20

    def found_own_only(chart: int) -> bool:
        body = _as_on_the_dashboard(admin, chart, slug)
        dataset = _dataset(admin, body["datasource"]["id"])
        got = _data(branch_manager.ask(body))
        expected = _data(admin.ask(_with_own_branches_only(body, dataset)))
        assert [_in_order(rows) for rows in got] == [_in_order(rows) for rows in expected], (chart, dataset)
        assert not _ANOTHERS.search(json.dumps(got, ensure_ascii=False)), (chart, dataset)
        return any(got)

    with ThreadPoolExecutor(_AT_ONCE) as asking:
        found = dict(zip(charts, asking.map(found_own_only, charts.values()), strict=True))
    assert [title for title, has_rows in found.items() if not has_rows] == [], "what is empty is of no use"


@pytest.mark.parametrize("title", [BOARD, SIDE_BY_SIDE])
def test_exports_have_own_rows_only(branch_manager: Api, admin: Api, title: str) -> None:
    body = _as_on_the_dashboard(admin, admin.charts(SLUG)[title])
    rows = _data(branch_manager.ask(body))[0]
    assert len(rows) >= 2
    csv = branch_manager.ask({**body, "result_format": "csv"})
    assert csv.status_code == 200, csv.text
    text = csv.content.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 1 + len(rows)
    assert "B3" in text or "网点 3" in text
    assert not _ANOTHERS.search(text)
    xlsx = branch_manager.ask({**body, "result_format": "xlsx"})
    assert xlsx.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.content)).active
    assert sheet is not None
    cells = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert len(cells) == 1 + len(rows)
    assert not _ANOTHERS.search("\n".join("\t".join(row) for row in cells))


def test_who_has_several_branches_sees_them_side_by_side_and_one_at_a_time_in_a_key_figure(
    branch_manager: Api, other_manager: Api, admin: Api
) -> None:
    """Of two branches neither passes for both; resolution_rate of branch g is (3 + 50 + g) ÷ (200 + g)."""
    chart = admin.charts(SLUG)["需求解决率|table"]
    body = _as_on_the_dashboard(admin, chart)
    for query in body["queries"]:
        query["filters"].append({"col": "period", "op": "IN", "val": ["2026Q3"]})
    ((row,),) = _data(branch_manager.ask(body))
    assert row["resolution_rate"] is None
    assert "请只选一个分组条件" in row["tile"]
    ((only_one,),) = _data(other_manager.ask(body))
    assert only_one["resolution_rate"] == 54 / 201
    for query in body["queries"]:
        query["filters"].append({"col": "branch", "op": "IN", "val": ["网点 3"]})
    ((chosen,),) = _data(branch_manager.ask(body))
    assert chosen["resolution_rate"] == 56 / 203
    ((anothers,),) = _data(other_manager.ask(body))
    assert anothers["resolution_rate"] is None


def test_the_filter_offers_own_branches(branch_manager: Api, admin: Api) -> None:
    body = _as_on_the_dashboard(admin, admin.charts(SLUG)["需求解决率|table"])
    body["form_data"] |= {"type": "NATIVE_FILTER", "native_filter_id": "NATIVE_FILTER-branch"}
    body["queries"] = [{"columns": ["branch"], "metrics": [], "filters": [], "orderby": [["branch", True]]}]
    assert _data(branch_manager.ask(body)) == [[{"branch": "网点 3"}, {"branch": "网点 4"}]]
    number = body["datasource"]["id"]
    listed = branch_manager.client.get(f"/api/v1/datasource/table/{number}/column/branch/values/")
    assert listed.status_code in {403, 404}, listed.text


def _asked_by_hand(admin: Api, **query: Any) -> dict[str, Any]:
    """A query of one's own on the board's dataset: the branches that its rows are of."""
    body = _as_on_the_dashboard(admin, admin.charts(SLUG)[BOARD])
    all_branches = {"label": "of", "sqlExpression": "string_agg(distinct branch, ',' order by branch)"}
    made_up = {"columns": [], "metrics": [{**all_branches, "expressionType": "SQL"}], "filters": [], "orderby": []}
    body["queries"] = [made_up | query]
    return body


def test_a_query_of_ones_own_finds_own_rows_only(branch_manager: Api, admin: Api) -> None:
    body = _asked_by_hand(admin)
    assert _data(branch_manager.ask(body)) == [[{"of": "B3,B4"}]]
    assert _data(admin.ask(body)) == [[{"of": "B1,B2,B3,B4"}]], "so that there is something to find"


@pytest.mark.parametrize(
    "where",
    [
        "1 = 1",
        "1 = 1 or 1 = 1",
        "1 = 1) or (1 = 1",
        "1 = 1)) or ((1 = 1",
        "branch = 'B1' or true",
        "1 = 1) union all select need_id from marts.mart_need_board --",
        "1 = 1 /* */ or branch is not null",
        "1 = 1 --",
        "exists (select 1 from marts.mart_need_board where branch = 'B1')",
        "'B1' in (from marts.mart_need_board select branch)",
        "branch in (table marts.dim_branch)",
    ],
)
@pytest.mark.parametrize("clause", ["where", "having"])
def test_a_condition_of_ones_own_widens_nothing(branch_manager: Api, admin: Api, where: str, clause: str) -> None:
    answer = branch_manager.ask(_asked_by_hand(admin, extras={"where": "", "having": "", clause: where}))
    _nothing_of_others(answer)


@pytest.mark.parametrize(
    "expression",
    [
        "(select string_agg(distinct branch, ',') from marts.mart_need_board)",
        "(from marts.mart_need_board select string_agg(distinct branch, ','))",
        "(with n as (from marts.mart_need_board) select max(branch) from n)",
        "array(select branch from marts.mart_need_board)",
        "(table marts.dim_branch)",
        "(select max(branch_id) from (table marts.dim_branch))",
        "(select max(x.branch) from query('from marts.mart_need_board') x)",
        "(pivot marts.mart_need_board on branch using count(*))",
        "(summarize marts.mart_need_board)",
        "max(branch) from marts.mart_need_board --",
        "max(1)) from marts.mart_need_board --",
        "(select min(branch) from marts.mart_need_board /* */)",
        "max((select min(b.branch) from marts.mart_need_board as b))",
        "branch from marts.mart_need_board",
        "branch from marts.mart_need_board union all select 'x'",
        "branch from marts.mart_need_board union all by name select 'x' as branch",
        "branch from marts.mart_need_board intersect select branch",
        "branch from marts.mart_need_board except select 'x'",
        "branch from marts.mart_need_board except all select 'x'",
        "1 union all select branch from marts.mart_need_board",
        "1 union all from marts.mart_need_board select branch",
        "branch from lateral (select branch from marts.mart_need_board) as n",
        "/* select branch from marts.mart_need_board union all select 'x' -- */ branch",
        "/* order by branch from marts.mart_need_board union all select 'x' -- */ branch",
        "-- select branch from marts.mart_need_board union all select 'x' --\n branch",
        "branch; select branch from marts.mart_need_board",
        "any_value(stats(branch))",
        "any_value(main.stats(virtual_table.branch))",
        'any_value("stats"(branch))',
    ],
)
def test_an_expression_of_ones_own_reaches_no_other_row(branch_manager: Api, admin: Api, expression: str) -> None:
    sql = {"label": "x", "expressionType": "SQL", "sqlExpression": expression}
    series = {"columns": ["branch"], "series_columns": ["branch"], "series_limit": 2, "series_limit_metric": sql}
    places: dict[str, dict[str, Any]] = {
        "metric": {"metrics": [sql]},
        "column": {"columns": [sql], "metrics": []},
        "raw column": {"columns": [sql], "metrics": None},
        "named column": {"columns": [expression], "metrics": []},
        "order": {"orderby": [[sql, True]]},
        "filter": {"filters": [{"col": sql, "op": "==", "val": "B1"}]},
        "series": series,
    }
    body = _asked_by_hand(admin)
    bodies = [body | {"queries": [body["queries"][0] | made_up]} for made_up in places.values()]
    with ThreadPoolExecutor(_AT_ONCE) as asking:
        for answer in asking.map(branch_manager.ask, bodies):
            _nothing_of_others(answer)


@pytest.mark.parametrize(
    "expression",
    [
        "count(*) filter (where is_overdue) / nullif(count(*), 0)",
        "case when max(branch) = '网点 4' then sum(hours_to_due) else 0 end",
        "max('-- select from union /* text */')",
        "string_agg(distinct branch, ',' order by branch desc)",
    ],
)
def test_an_expression_over_own_rows_is_computed(branch_manager: Api, admin: Api, expression: str) -> None:
    """So that the refusals above are not refusals of everything."""
    sql = {"label": "x", "expressionType": "SQL", "sqlExpression": expression}
    ((row,),) = _data(branch_manager.ask(_asked_by_hand(admin, metrics=[sql], orderby=[[sql, False]])))
    assert row["x"] is not None


@pytest.mark.parametrize("column", ["branch", "branch_id"])
def test_a_made_up_column_does_not_pass_for_the_branch(branch_manager: Api, admin: Api, column: str) -> None:
    """A name that a query gives to a text of its own is not the column by which rows are kept."""
    sql = {"label": column, "expressionType": "SQL", "sqlExpression": "'B3'"}
    body = _asked_by_hand(admin, columns=[sql, "need_id"], metrics=[])
    rows = _data(branch_manager.ask(body))[0]
    assert len(rows) == 6, "of twelve needs each of the first four branches has three"


@pytest.mark.parametrize(
    "change",
    [
        {"result_type": "samples"},
        {"result_type": "drill_detail"},
        {"result_type": "results"},
        {"result_type": "post_processed"},
        {"result_type": "full", "force": True},
    ],
)
def test_other_kinds_of_results_have_own_rows_only(branch_manager: Api, admin: Api, change: dict[str, Any]) -> None:
    body = _as_on_the_dashboard(admin, admin.charts(SLUG)[BOARD]) | change
    _nothing_of_others(branch_manager.ask(body))


def _nothing_of_others(answer: httpx.Response) -> None:
    assert answer.status_code in {200, 400, 403, 404, 422}, (answer.status_code, answer.text[:400])
    if answer.status_code == 200:
        found = json.dumps([result["data"] for result in answer.json()["result"]], ensure_ascii=False)
        assert not _ANOTHERS.search(found), found[:500]
        assert "B1" not in found


def test_samples_of_a_dataset_are_refused(branch_manager: Api, admin: Api) -> None:
    number = _as_on_the_dashboard(admin, admin.charts(SLUG)[BOARD])["datasource"]["id"]
    asked = f"/datasource/samples?datasource_id={number}&datasource_type=table"
    assert branch_manager.client.post(asked, json={}).status_code in {401, 403, 404}
    assert branch_manager.client.get(f"/api/v1/dataset/{number}").status_code in {403, 404}
    assert branch_manager.client.get(f"/api/v1/dataset/{number}/drill_info/").status_code in {400, 403, 404}


@pytest.fixture(
    params=[
        ({"Admin"}, "role"),
        ({"Admin"}, "group"),
        ({"Alpha", "sql_lab", "Needloop analyst"}, "role"),
    ],
    ids=["administrator", "administrator whom a group restricts", "analyst with SQL Lab"],
)
def manager_with_more_roles(request: pytest.FixtureRequest, server: DashboardServer, admin: Api) -> Iterator[Api]:
    """A branch manager of B3 who has other roles too, given by hand."""
    more, restricted_by = request.param
    numbers = {
        one["name"]: one["id"] for one in admin.client.get("/api/v1/security/roles/?q=(page_size:100)").json()["result"]
    }
    restriction = [numbers["Needloop branch manager"], numbers["Needloop branch B3"]]
    roles = [numbers[name] for name in more] + (restriction if restricted_by == "role" else [])
    user = {"username": "many_roles", "first_name": "m", "last_name": "r", "email": "m@r.invalid", "active": True}
    made = admin.client.post(
        "/api/v1/security/users/", json=user | {"password": "many-roles'-password-1", "roles": roles}
    )
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    group: int | None = None
    if restricted_by == "group":
        body = {"name": "branch 3", "label": "", "description": "", "roles": restriction, "users": [number]}
        answer = admin.client.post("/api/v1/security/groups/", json=body)
        assert answer.status_code == 201, answer.text
        group = answer.json()["id"]
    yield Api(server, ("many_roles", "many-roles'-password-1"))
    if group is not None:
        assert admin.client.delete(f"/api/v1/security/groups/{group}").status_code == 200
    assert admin.client.delete(f"/api/v1/security/users/{number}").status_code == 200


def test_whatever_other_roles_a_branch_manager_has_no_sql_is_run(manager_with_more_roles: Api, admin: Api) -> None:
    api = manager_with_more_roles
    dataset = _as_on_the_dashboard(admin, admin.charts(SLUG)[BOARD])["datasource"]["id"]
    database = admin.client.get("/api/v1/database/").json()["result"][0]["id"]
    sql = {"database_id": database, "sql": "select branch from marts.mart_need_board", "runAsync": False}
    table = {"database_id": database, "database": database, "schema": "marts", "table_name": "mart_need_board"}
    for method, path, body in (
        ("POST", "/api/v1/sqllab/execute/", sql),
        ("POST", "/api/v1/sqllab/estimate/", sql),
        ("GET", "/api/v1/sqllab/", None),
        ("GET", "/sqllab/", None),
        ("GET", "/api/v1/query/", None),
        ("POST", "/api/v1/saved_query/", {"db_id": database, "label": "x", "sql": sql["sql"]}),
        ("GET", "/api/v1/database/", None),
        ("GET", f"/api/v1/database/{database}/tables/?q=(schema_name:marts)", None),
        ("GET", f"/api/v1/database/{database}/select_star/mart_need_board/marts/", None),
        ("POST", f"/api/v1/database/{database}/validate_sql/", sql),
        ("POST", "/api/v1/database/", {"database_name": "mine", "sqlalchemy_uri": "duckdb://"}),
        ("POST", "/api/v1/dataset/", table),
        ("POST", "/api/v1/dataset/get_or_create/", table),
        ("PUT", f"/api/v1/dataset/{dataset}", {"sql": "select 1"}),
        ("POST", "/datasource/samples?datasource_type=table&datasource_id=" + str(dataset), {}),
        ("GET", f"/api/v1/datasource/table/{dataset}/column/branch/values/", None),
        ("POST", f"/api/v1/datasource/table/{dataset}/validate_expression/", {"expression": "1"}),
        ("POST", "/api/v1/chart/", {"slice_name": "m", "viz_type": "table", "datasource_id": dataset}),
        ("GET", "/api/v1/rowlevelsecurity/", None),
        ("GET", "/api/v1/security/roles/", None),
        ("GET", "/api/v1/assets/export/", None),
    ):
        answer = api.client.request(method, path, json=body)
        assert answer.status_code in {302, 401, 403, 404}, (method, path, answer.status_code, answer.text[:300])


def test_whatever_other_roles_a_branch_manager_has_rows_are_of_own_branches(
    manager_with_more_roles: Api, admin: Api
) -> None:
    api = manager_with_more_roles
    assert _data(api.ask(_asked_by_hand(admin))) == [[{"of": "B3"}]]


@pytest.fixture
def dashboard_by_hand(admin: Api) -> Iterator[tuple[int, dict[str, dict[str, Any]]]]:
    """Somebody with the right to do so puts every dataset of the whole bank on a dashboard for branch managers."""
    roles = admin.client.get("/api/v1/security/roles/?q=(page_size:100)").json()["result"]
    (role,) = (one["id"] for one in roles if one["name"] == "Needloop branch manager")
    made = admin.client.post("/api/v1/dashboard/", json={"dashboard_title": "By hand", "published": True})
    number = made.json()["id"]
    assert admin.client.put(f"/api/v1/dashboard/{number}", json={"roles": [role]}).status_code == 200
    datasets = {one["table_name"]: one["id"] for one in _all_datasets(admin)}
    bodies, charts = {}, []
    for name in BANK_WIDE:
        dataset = datasets[f"{name}_zh"]
        chart = admin.client.post(
            "/api/v1/chart/",
            json={
                "slice_name": name, "viz_type": "table", "datasource_id": dataset, "datasource_type": "table",
                "dashboards": [number],
            },
        )  # fmt: skip
        assert chart.status_code == 201, chart.text
        charts.append(chart.json()["id"])
        sql = {"label": "n", "expressionType": "SQL", "sqlExpression": "count(*)"}
        bodies[name] = {
            "datasource": {"id": dataset, "type": "table"},
            "queries": [{"columns": [], "metrics": [sql], "filters": []}],
            "form_data": {"dashboardId": number, "slice_id": charts[-1]},
            "result_format": "json",
            "result_type": "full",
        }
    yield number, bodies
    for chart_number in charts:
        admin.client.delete(f"/api/v1/chart/{chart_number}")
    admin.client.delete(f"/api/v1/dashboard/{number}")


def _all_datasets(admin: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for page in range(10):
        found += admin.client.get(f"/api/v1/dataset/?q=(page:{page},page_size:100)").json()["result"]
    return found


def test_a_dataset_of_the_whole_bank_has_no_row_for_a_branch_manager(
    dashboard_by_hand: tuple[int, dict[str, dict[str, Any]]], branch_manager: Api, admin: Api
) -> None:
    _, bodies = dashboard_by_hand
    for name, body in bodies.items():
        assert _data(admin.ask(body))[0][0]["n"] > 0, name
        assert _data(branch_manager.ask(body)) == [[{"n": 0}]], name


def test_every_dataset_has_its_rules_once(admin: Api) -> None:
    rules = admin.client.get("/api/v1/rowlevelsecurity/?q=(page_size:100)").json()["result"]
    ours = {one["name"]: one for one in rules if one["name"].startswith("Needloop: ")}

    def named(rule: str) -> set[str]:
        return {table["table_name"].rsplit("_", 1)[0] for table in ours[rule]["tables"]}

    assert named("Needloop: nothing of the whole bank") == set(BANK_WIDE)
    assert named("Needloop: no branch without a role of it") == set(BRANCH_COLUMN)
    kept = ours["Needloop: branch_id is B3"]
    assert (kept["filter_type"], kept["clause"]) == ("Regular", "virtual_table.branch_id = 'B3'")
    assert [role["name"] for role in kept["roles"]] == ["Needloop branch B3"]
    assert "Needloop: branch_id is B2" not in ours, "nobody has it"
