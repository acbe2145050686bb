"""Provisioning again changes nothing; what the files no longer have goes; mistakes are explained."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.dashboard_server import (
    BRANCH_MANAGER,
    FOLDER,
    OTHER_MANAGER,
    PEOPLE,
    TRAINING_LEAD,
    Api,
    DashboardServer,
    provision,
)
from tests.release_of_known_numbers import publish

ADMIN_PASSWORD = "NEEDLOOP_SUPERSET_ADMIN_PASSWORD"
TRAINING_LEAD_PASSWORD = "NEEDLOOP_SUPERSET_TRAINING_LEAD_PASSWORD"

SIGN_ON = {
    "NEEDLOOP_SUPERSET_SIGN_ON": "oidc",
    "NEEDLOOP_OIDC_ISSUER": "https://login.bank.example",
    "NEEDLOOP_OIDC_CLIENT_ID": "needloop",
    "NEEDLOOP_OIDC_CLIENT_SECRET": "a secret of the tests",
}


def _assets(admin: Api) -> dict[str, dict[str, int]]:
    return {
        kind: {asset["uuid"]: asset["id"] for asset in _listed(admin, kind)}
        for kind in ("chart", "dashboard", "dataset", "database")
    }


def _listed(admin: Api, kind: str) -> list[dict[str, Any]]:
    """All pages: a page holds 100 at most, whatever is asked for."""
    found: list[dict[str, Any]] = []
    for page in range(100):
        answer = admin.client.get(f"/api/v1/{kind}/?q=(columns:!(id,uuid),page:{page},page_size:100)")
        assert answer.status_code == 200, answer.text
        found += answer.json()["result"]
        if len(found) >= answer.json()["count"]:
            break
    return found


def _permissions(admin: Api) -> list[str]:
    roles = admin.client.get("/api/v1/security/roles/?q=(page_size:100)").json()["result"]
    (number,) = (role["id"] for role in roles if role["name"] == "Needloop viewer")
    result = admin.client.get(f"/api/v1/security/roles/{number}/permissions/").json()["result"]
    return sorted(f"{one['permission_name']} {one['view_menu_name']}" for one in result)


def _roles(admin: Api) -> set[str]:
    return {one["name"] for one in admin.client.get("/api/v1/security/roles/?q=(page_size:100)").json()["result"]}


def _people(admin: Api) -> dict[str, tuple[bool, set[str]]]:
    """User → whether they are let in, and their roles but the one that marks them as of the file."""
    users = admin.client.get("/api/v1/security/users/?q=(page_size:100)").json()["result"]
    return {
        one["username"]: (
            one["active"],
            {role["name"] for role in one["roles"]} - {"Needloop: user of the file of people"},
        )
        for one in users
    }


def _sign_in(server: DashboardServer, user: tuple[str, str]) -> int:
    transport = httpx.HTTPTransport(local_address="127.0.0.6")
    with httpx.Client(base_url=server.address, transport=transport, timeout=60) as client:
        body = {"username": user[0], "password": user[1], "provider": "db"}
        return client.post("/api/v1/security/login", json=body).status_code


def _take_roles_away(user: str, server: DashboardServer) -> None:
    """In Superset's own tables, as somebody else who administers might."""
    number = f"(select id from ab_user where username = '{user}')"
    with closing(sqlite3.connect(server.data / "superset" / "metadata.db", timeout=30)) as connection, connection:
        connection.execute(f"delete from ab_user_role where user_id = {number}")


@pytest.fixture
def role_by_hand(admin: Api) -> Iterator[str]:
    """A role that the bank made, whose name is like ours."""
    made = admin.client.post("/api/v1/security/roles/", json={"name": "Needloop auditors of the bank"})
    assert made.status_code == 201, made.text
    yield "Needloop auditors of the bank"
    admin.client.delete(f"/api/v1/security/roles/{made.json()['id']}")


def test_what_the_files_no_longer_have_disappears_comes_back_and_the_rest_stays(
    server: DashboardServer, admin: Api, role_by_hand: str, tmp_path: Path
) -> None:
    """A chart, a role, people and branches; a dashboard and a role made by hand stay."""
    roles, people = _roles(admin), _people(admin)
    made_by_hand = admin.client.post("/api/v1/dashboard/", json={"dashboard_title": "Made by hand"}).json()["id"]
    before = _assets(admin)
    permissions = _permissions(admin)
    assets = tmp_path / "assets"
    shutil.copytree(FOLDER / "assets", assets)
    dashboard = assets / "dashboards" / "needs_closure.yml"
    layout = dashboard.read_text("utf-8")
    tile = "        - {breakdown: repeat_contact_rate, by: channel, width: 6}\n"
    assert tile in layout
    dashboard.write_text(layout.replace(tile, ""), "utf-8")

    roles_file = assets / "roles" / "roles.yml"
    entries = roles_file.read_text("utf-8").split("\n- role: ")
    without_analyst = [entry for entry in entries if not entry.startswith("analyst")]
    assert len(without_analyst) == len(entries) - 1
    roles_file.write_text("\n- role: ".join(without_analyst), "utf-8")
    (server.data / "access.yml").write_text(
        "users:\n- {user: Wang_Li, role: branch_manager, branches: [B4, B5]}\n- {user: chen_jie, role: viewer}\n"
        "- {user: hu_bo, role: viewer}\n",
        "utf-8",
    )

    _take_roles_away("admin", server)
    without = provision(server.data, "--assets", str(assets), settings={TRAINING_LEAD_PASSWORD: "", ADMIN_PASSWORD: ""})
    assert without.returncode == 0, without.stderr
    assert "重复接触率 · 按" in without.stdout
    fewer = _assets(admin)
    assert len(before["chart"]) - len(fewer["chart"]) == 2, "the chart in each language"
    assert fewer["chart"].items() < before["chart"].items()
    assert {kind: fewer[kind] for kind in fewer if kind != "chart"} == {
        kind: before[kind] for kind in before if kind != "chart"
    }

    assert roles - _roles(admin) == {"Needloop analyst", "Needloop branch B1", "Needloop branch B3"}
    assert _roles(admin) - roles == {"Needloop branch B5"}
    assert role_by_hand in _roles(admin)
    assert _people(admin) == people | {
        "wang_li": (True, {"Needloop branch manager", "Needloop branch B4", "Needloop branch B5"}),
        "chen_jie": (True, {"Needloop viewer"}),
        "zhao.min": (False, set()),
        "ops": (False, set()),
        "training_lead": (False, set()),
        "hu_bo": (True, {"Needloop viewer"}),
    }
    assert people["admin"] == (True, {"Admin"})
    assert "No longer let in, as the file of people has them no longer: ops, zhao.min." in without.stdout
    assert f"No longer let in, as {TRAINING_LEAD_PASSWORD} is not set: training_lead." in without.stdout
    generated = server.data / "superset" / "passwords" / "hu_bo"
    assert f"The password of hu_bo is in {generated}" in without.stdout
    assert _sign_in(server, ("hu_bo", generated.read_text("utf-8").strip())) == 200
    assert "The password of admin is in no file and stays as it was set before." in without.stdout
    assert f"give {ADMIN_PASSWORD} and provision again" in without.stdout
    assert "superset/admin_password" not in without.stdout
    assert _sign_in(server, OTHER_MANAGER) == 401
    assert _sign_in(server, TRAINING_LEAD) == 401
    assert _sign_in(server, BRANCH_MANAGER) == 200
    (server.data / "access.yml").write_text(PEOPLE, "utf-8")

    again = provision(server.data, settings=SIGN_ON)
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("Removed") == 1
    assert "NEEDLOOP_SUPERSET_SIGN_ON=oidc: no password kept here counts" in again.stdout
    assert "no password kept here counts" not in without.stdout
    assert "Removed, as the files no longer have them: Needloop branch B5." in again.stdout
    assert (_roles(admin), _people(admin)) == (roles, people | {"hu_bo": (False, set())})
    assert "hu_bo is in" not in again.stdout
    assert _sign_in(server, OTHER_MANAGER) == 200
    assert _sign_in(server, TRAINING_LEAD) == 200
    after = _assets(admin)
    assert after["chart"].keys() == before["chart"].keys(), "the same identities"
    assert after["dashboard"] == before["dashboard"]
    assert _permissions(admin) == permissions
    admin.forget()
    assert admin.client.delete(f"/api/v1/dashboard/{made_by_hand}").status_code == 200, "what people made stays"


def test_without_a_release_it_says_what_to_do(server: DashboardServer, tmp_path: Path) -> None:
    done = provision(tmp_path)
    assert done.returncode == 1
    assert "There is no published release" in done.stderr
    assert "needloop run" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that Superset has not seen, for runs that stop at a mistake."""
    data = tmp_path_factory.mktemp("mistakes") / "data"
    publish(data, "20260101T000000Z-x")
    return data


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("charts/broken.yml", "- {name: x", "not valid YAML"),
        ("charts/unknown.yml", "- {name: x, kind: tile, metric: no_such_metric}", "'no_such_metric'"),
        ("charts/unknown.yml", "- {name: x, kind: breakdown, metric: nps, group_by: moon}", "'moon'"),
        ("charts/unknown.yml", "- {name: x, kind: pie}", "'pie'"),
        ("datasets/unknown.yml", "{name: x, model: no_such_mart, rows: bank_wide, columns: []}", "'no_such_mart'"),
        (
            "datasets/unknown.yml",
            "{name: x, model: dim_period, rows: reference, columns: [{name: gone, title: {zh: 无, en: Gone}}]}",
            "'gone'",
        ),
        ("datasets/unclassified.yml", "{name: x, model: dim_period, columns: []}", "'x' has no `rows`"),
        ("../data/access.yml", "users: [{user: a, role: branch_manager, branches: [B9]}]", "the branch 'B9'"),
    ],
)
def test_mistakes_in_the_assets_are_explained(
    server: DashboardServer, published: Path, tmp_path: Path, file: str, text: str, said: str
) -> None:
    assets = tmp_path / "assets"
    shutil.copytree(FOLDER / "assets", assets)
    shutil.copytree(published, tmp_path / "data", symlinks=True)
    (assets / file).write_text(text, "utf-8")
    done = provision(tmp_path / "data", "--assets", str(assets))
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
