"""Every chart has rows, the same on PostgreSQL and Redis as without; the cache shows nothing old, nothing of others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from needloop.settings import MARTS_FILE
from tests import release_of_known_numbers as release
from tests.dashboard_server import (
    ADMIN,
    FIRST_RELEASE,
    VIEWER,
    Api,
    DashboardServer,
    dashboards,
    entry_command,
    need_environment,
    start,
)
from tests.throwaway_servers import PostgresqlServer, RedisServer, running_postgresql, running_redis

METADATA = "NEEDLOOP_SUPERSET_METADATA_URI"
REDIS = "NEEDLOOP_SUPERSET_REDIS_URL"
TILE = "需求解决率|table"
_AT_ONCE = 4


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgresqlServer]:
    yield from running_postgresql()


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    yield from running_redis()


@pytest.fixture(scope="module")
def settings(postgresql: PostgresqlServer, redis: RedisServer) -> dict[str, str]:
    return {METADATA: postgresql.database("superset"), REDIS: redis.url}


@pytest.fixture(scope="module")
def large(settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[DashboardServer]:
    """Superset on both servers."""
    need_environment()
    served = start(tmp_path_factory.mktemp("large"), settings)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def its_admin(large: DashboardServer) -> Api:
    return Api(large, ADMIN)


@pytest.fixture(scope="module")
def its_viewer(large: DashboardServer) -> Api:
    return Api(large, VIEWER)


def _answers(api: Api, slug: str) -> list[tuple[str, dict[str, Any]]]:
    """Title and first answer of each chart of a dashboard; several may have one title."""
    charts = api.client.get(f"/api/v1/dashboard/{slug}/charts").json()["result"]
    with ThreadPoolExecutor(_AT_ONCE) as asking:
        answers = asking.map(lambda chart: _answer(api, chart["id"]), charts)
        return [(chart["slice_name"], answer) for chart, answer in zip(charts, answers, strict=True)]


def _answer(api: Api, chart: int) -> dict[str, Any]:
    answer = api.client.get(f"/api/v1/chart/{chart}/data/")
    assert answer.status_code == 200, answer.text[:2000]
    result: dict[str, Any] = answer.json()["result"][0]
    assert result["error"] is None
    return result


def test_the_metadata_is_in_postgresql_and_the_password_nowhere(
    large: DashboardServer, settings: dict[str, str], postgresql: PostgresqlServer, redis: RedisServer
) -> None:
    assert not (large.data / "superset" / "metadata.db").exists()
    import psycopg2  # noqa: PLC0415 - an optional dependency

    connection = psycopg2.connect(settings[METADATA])
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from dashboards")
        assert cursor.fetchone() == (2 * len(dashboards()),)
    connection.close()
    encoded = postgresql.password.replace("@", "%40").replace("/", "%2F")
    for file in (path for path in large.data.rglob("*") if path.is_file() and path.suffix != ".duckdb"):
        text = file.read_text("utf-8", "replace")
        assert not [word for word in (postgresql.password, encoded, redis.password) if word in text], file


@pytest.mark.parametrize("dashboard", dashboards(), ids=lambda dashboard: str(dashboard["name"]))
def test_every_chart_returns_rows_and_the_same_on_the_servers(
    admin: Api, its_admin: Api, dashboard: dict[str, Any]
) -> None:
    here, there = (_answers(api, f"{dashboard['name']}-zh") for api in (admin, its_admin))
    _are_complete(here, dashboard)
    assert sorted(map(_shown, there)) == sorted(map(_shown, here))


@pytest.mark.parametrize("dashboard", dashboards(), ids=lambda dashboard: str(dashboard["name"]))
def test_every_chart_in_english_returns_rows(admin: Api, dashboard: dict[str, Any]) -> None:
    _are_complete(_answers(admin, f"{dashboard['name']}-en"), dashboard)


def _are_complete(answers: list[tuple[str, dict[str, Any]]], dashboard: dict[str, Any]) -> None:
    """A chart for each cell of the layout, each with rows."""
    rows = [*dashboard["above_tabs"], *(row for tab in dashboard["tabs"] for row in tab["rows"])]
    cells = [cell for row in rows for cell in row if "note" not in cell]
    named = [cell["chart"] for cell in cells if "chart" in cell]
    assert len(answers) == len(cells) - (len(named) - len(set(named)))
    assert not [title for title, answer in answers if not answer["rowcount"]]


def _shown(chart: tuple[str, dict[str, Any]]) -> tuple[str, list[str]]:
    """Its title and its rows, sorted: a query that asks for no order may give any."""
    title, answer = chart
    return title, sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in answer["data"])


def test_a_result_is_kept_under_its_release(its_admin: Api, redis: RedisServer) -> None:
    chart = its_admin.charts("needs-closure-zh")[TILE]
    first = _answer(its_admin, chart)
    again = _answer(its_admin, chart)
    assert again["is_cached"]
    assert again["data"] == first["data"]
    kinds = {key.split(":")[1] for key in redis.command("keys", f"needloop:*:{FIRST_RELEASE}:*")}
    assert "data" in kinds
    assert redis.command("keys", "LIMIT*"), "logins are counted there, for all server processes"


def _publish(data: Path, name: str, value: float) -> None:
    """A release that says this resolution rate."""
    folder = data / "releases" / name
    folder.mkdir()
    shutil.copyfile(data / "releases" / FIRST_RELEASE / MARTS_FILE, folder / MARTS_FILE)
    with duckdb.connect(str(folder / MARTS_FILE)) as marts:
        marts.execute("update marts.mart_metric_trend set value = ? where metric = 'resolution_rate'", [value])
    release.point_to(data, name)


def test_a_new_release_shows_at_once(large: DashboardServer, its_admin: Api) -> None:
    chart = its_admin.charts("needs-closure-zh")[TILE]

    def shown() -> float:
        return float(_answer(its_admin, chart)["data"][0]["resolution_rate"])

    before = shown()
    try:
        for number in range(1, 7):
            _publish(large.data, f"20270101T000000Z-{number:06d}", number / 1000)
            assert [shown(), shown()] == [number / 1000, number / 1000]
    finally:
        release.point_to(large.data, FIRST_RELEASE)
    assert shown() == before


@pytest.fixture
def one_department_for_viewers(its_admin: Api) -> Iterator[dict[str, Any]]:
    """The query of a chart whose rows a rule narrows for viewers; the rule goes afterwards."""
    chart = its_admin.charts("needs-closure-zh")["看板：在办需求，超时在前|table"]
    body = its_admin.stored_query(chart)
    body["form_data"] |= {"dashboardId": its_admin.dashboard_id("needs-closure-zh"), "slice_id": chart}
    roles = its_admin.client.get("/api/v1/security/roles/?q=(page_size:100)").json()["result"]
    (viewers,) = (role["id"] for role in roles if role["name"] == "Needloop viewer")
    rule = {
        "name": "One need",
        "filter_type": "Regular",
        "clause": "need_id = 'N5'",
        "group_key": "",
        "tables": [body["datasource"]["id"]],
        "roles": [viewers],
    }
    made = its_admin.client.post("/api/v1/rowlevelsecurity/", json=rule)
    assert made.status_code == 201, made.text
    yield body
    assert its_admin.client.delete(f"/api/v1/rowlevelsecurity/{made.json()['id']}").status_code == 200


def test_users_with_different_rows_do_not_share_an_answer(
    its_admin: Api, its_viewer: Api, one_department_for_viewers: dict[str, Any]
) -> None:
    def asked(api: Api) -> tuple[bool, set[str]]:
        answer = api.ask(one_department_for_viewers)
        assert answer.status_code == 200, answer.text
        (result,) = answer.json()["result"]
        return result["is_cached"], {row["need_id"] for row in result["data"]}

    asked(its_admin), asked(its_viewer)
    assert asked(its_admin) == (True, {f"N{k}" for k in range(1, 13)})
    assert asked(its_viewer) == (True, {"N5"})


def test_health_is_told_without_login(large: DashboardServer) -> None:
    told = Api(large).client.get("/health")
    assert (told.status_code, told.text) == (200, "OK")


def test_old_events_and_expired_links_are_pruned(large: DashboardServer, settings: dict[str, str]) -> None:
    """Kept for 30 days: of two events the one of 31 days ago goes, of two links the one that expired."""
    import psycopg2  # noqa: PLC0415 - an optional dependency

    connection = psycopg2.connect(settings[METADATA])
    connection.autocommit = True
    with connection.cursor() as cursor:
        for days in (29, 31):
            cursor.execute("insert into logs (action, dttm) values ('test', now() - %s * interval '1 day')", [days])
        for minutes in (-5, 5):
            cursor.execute(
                "insert into key_value (resource, value, expires_on) values"
                " ('test', 'x', localtimestamp + %s * interval '1 minute')",
                [minutes],
            )
        done = entry_command(
            "prune_logs.py", large.data, settings={**settings, "NEEDLOOP_SUPERSET_KEEP_LOG_DAYS": "30"}
        )
        assert done.returncode == 0, done.stderr
        assert "Deleted 1 events older than 30 days and 1 expired filters and links." in done.stdout
        cursor.execute("select count(*) from logs where action = 'test' and dttm > now() - interval '30 days'")
        assert cursor.fetchone() == (1,)
        cursor.execute("select count(*) from key_value where resource = 'test' and expires_on > localtimestamp")
        assert cursor.fetchone() == (1,)
    connection.close()


def test_without_its_redis_the_dashboards_stay_up(large: DashboardServer, its_admin: Api, redis: RedisServer) -> None:
    """The last test of this module: the server is gone then."""
    redis.command("shutdown", "nosave")
    answer = _answer(its_admin, its_admin.charts("needs-closure-zh")[TILE])
    assert not answer["is_cached"]
    assert Api(large, VIEWER).client.get("/api/v1/dashboard/needs-closure-zh").status_code == 200


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        (METADATA, "mysql://needloop:s3cret-word@db/superset", "is not of the form postgresql://"),
        (METADATA, "postgresql://needloop:s3cret-word@127.0.0.1:1/superset", "127.0.0.1:1/superset does not answer"),
        (REDIS, "http://:s3cret-word@127.0.0.1:1/0", "is not of the form redis://"),
        (REDIS, "redis://:s3cret-word@127.0.0.1:1/0", "nothing listens there"),
    ],
)
@pytest.mark.parametrize("script", ["provision.py", "serve.py", "prune_logs.py"])
def test_a_server_that_cannot_be_used_is_explained(
    script: str, setting: str, value: str, said: str, tmp_path: Path
) -> None:
    need_environment()
    done = entry_command(script, tmp_path, settings={setting: value})
    assert done.returncode == 1
    assert said in done.stderr
    assert setting in done.stderr
    assert "s3cret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout


def test_what_is_not_provisioned_yet_is_not_served(postgresql: PostgresqlServer, tmp_path: Path) -> None:
    need_environment()
    done = entry_command("serve.py", tmp_path, settings={METADATA: postgresql.database("empty")})
    assert done.returncode == 1
    assert "is not provisioned" in done.stderr
