"""Provisioning again changes nothing; what the files no longer have goes; mistakes are explained."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.dashboard_server import FOLDER, Api, DashboardServer, provision
from tests.release_of_known_numbers import publish


def _assets(admin: Api) -> dict[str, dict[str, int]]:
    return {
        kind: {asset["uuid"]: asset["id"] for asset in _listed(admin, kind)}
        for kind in ("chart", "dashboard", "dataset", "database")
    }


def _listed(admin: Api, kind: str) -> list[dict[str, object]]:
    """All pages: a page holds 100 at most, whatever is asked for."""
    found: list[dict[str, object]] = []
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


def test_a_removed_chart_disappears_comes_back_and_the_rest_stays(
    server: DashboardServer, admin: Api, tmp_path: Path
) -> None:
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

    without = provision(server.data, "--assets", str(assets))
    assert without.returncode == 0, without.stderr
    assert "重复接触率 · 按" in without.stdout
    fewer = _assets(admin)
    assert len(before["chart"]) - len(fewer["chart"]) == 2, "the chart in each language"
    assert fewer["chart"].items() < before["chart"].items()
    assert {kind: fewer[kind] for kind in fewer if kind != "chart"} == {
        kind: before[kind] for kind in before if kind != "chart"
    }

    again = provision(server.data)
    assert again.returncode == 0, again.stderr
    assert "Removed" not in again.stdout
    after = _assets(admin)
    assert after["chart"].keys() == before["chart"].keys(), "the same identities"
    assert after["dashboard"] == before["dashboard"]
    assert _permissions(admin) == permissions
    admin.forget()
    assert admin.client.delete(f"/api/v1/dashboard/{made_by_hand}").status_code == 200, "what people made stays"


def test_without_a_release_it_says_what_to_do(server: DashboardServer, tmp_path: Path) -> None:
    done = provision(tmp_path)
    assert done.returncode == 1
    assert "no release is published" in done.stderr
    assert "needloop run" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("charts/broken.yml", "- {name: x", "not valid YAML"),
        ("charts/unknown.yml", "- {name: x, kind: tile, metric: no_such_metric}", "'no_such_metric'"),
        ("charts/unknown.yml", "- {name: x, kind: breakdown, metric: nps, group_by: moon}", "'moon'"),
        ("charts/unknown.yml", "- {name: x, kind: pie}", "'pie'"),
        ("datasets/unknown.yml", "{name: x, model: no_such_mart, columns: []}", "'no_such_mart'"),
        (
            "datasets/unknown.yml",
            "{name: x, model: dim_period, columns: [{name: gone, title: {zh: 无, en: Gone}}]}",
            "'gone'",
        ),
    ],
)
def test_mistakes_in_the_assets_are_explained(
    server: DashboardServer, tmp_path: Path, file: str, text: str, said: str
) -> None:
    publish(tmp_path / "data", "20260101T000000Z-x")
    assets = tmp_path / "assets"
    shutil.copytree(FOLDER / "assets", assets)
    (assets / file).write_text(text, "utf-8")
    done = provision(tmp_path / "data", "--assets", str(assets))
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
