"""A real Superset on a free port over a data folder of its own, provisioned and started once for all tests."""

from __future__ import annotations

import copy
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from needloop.settings import PROJECT_ROOT
from tests import release_of_known_numbers as release
from tests.programs import not_here

FOLDER = PROJECT_ROOT / "dashboards" / "superset"
PYTHON = FOLDER / ".venv" / "bin" / "python"
ADMIN, VIEWER = ("admin", "the-admin's-password-1"), ("viewer", "the-viewer's-password-1")
TRAINING_LEAD = ("training_lead", "the-training-lead's-password-1")
# Of six branches one manager has two, another one.
BRANCH_MANAGER, OTHER_MANAGER = ("wang_li", "wang-li's-password-1"), ("zhao.min", "zhao-min's-password-1")
ANALYST, OPERATIONS = ("chen_jie", "chen-jie's-password-1"), ("ops", "the-ops'-password-1")
OWN_BRANCHES = ("B3", "B4")
PEOPLE = """
users:
  - {user: wang_li, name: 王莉, role: branch_manager, branches: [B3, B4]}
  - {user: zhao.min, role: branch_manager, branches: [B1]}
  - {user: chen_jie, role: analyst}
  - {user: ops, role: operations}
"""
EVERYONE = "everyone"
FIRST_RELEASE = "20260916T010203Z-first"
_STARTS_WITHIN_SECONDS = 90
_KEY = pytest.StashKey["DashboardServer"]()


def dashboards(*audiences: str) -> list[dict[str, Any]]:
    """The definitions of the dashboards for these audiences, or of all, as the files have them."""
    files = sorted((FOLDER / "assets" / "dashboards").glob("*.yml"))
    found = [yaml.safe_load(file.read_text("utf-8")) for file in files]
    return [one for one in found if not audiences or not set(audiences).isdisjoint(audiences_of(one))]


def audiences_of(dashboard: dict[str, Any]) -> list[str]:
    """For whom a dashboard is."""
    named = dashboard.get("audience", EVERYONE)
    return list(named) if isinstance(named, list) else [named]


def environment(data: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment in which the tests provision and serve, with further settings.

    People are let in by the data folder's file, where it has one.
    """
    people = data / "access.yml"
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("NEEDLOOP_", "SUPERSET_"))},
        "NEEDLOOP_DATA": str(data),
        "NEEDLOOP_SUPERSET_ADMIN_PASSWORD": ADMIN[1],
        "NEEDLOOP_SUPERSET_VIEWER_PASSWORD": VIEWER[1],
        "NEEDLOOP_SUPERSET_TRAINING_LEAD_PASSWORD": TRAINING_LEAD[1],
        "NEEDLOOP_SUPERSET_WANG_LI_PASSWORD": BRANCH_MANAGER[1],
        "NEEDLOOP_SUPERSET_ZHAO_MIN_PASSWORD": OTHER_MANAGER[1],
        "NEEDLOOP_SUPERSET_CHEN_JIE_PASSWORD": ANALYST[1],
        "NEEDLOOP_SUPERSET_OPS_PASSWORD": OPERATIONS[1],
        **({"NEEDLOOP_ACCESS": str(people)} if people.exists() else {}),
        **(settings or {}),
    }


def provision(
    data: Path, *arguments: str, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs the entry command to its end."""
    return entry_command("provision.py", data, *arguments, settings=settings)


def entry_command(
    script: str, data: Path, *arguments: str, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command of the dashboards' folder to its end, in their environment."""
    return subprocess.run(
        [str(PYTHON), str(FOLDER / script), "--data", str(data), *arguments],
        env=environment(data, settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


@dataclass
class DashboardServer:
    """A served installation."""

    data: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Ends the server and its workers."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


def running(request: pytest.FixtureRequest, folder: pytest.TempPathFactory) -> DashboardServer:
    """The session's server; started by the first test that asks."""
    stash = request.config.stash
    if _KEY not in stash:
        need_environment()
        stash[_KEY] = start(folder.mktemp("dashboards"))
        request.config.add_cleanup(stash[_KEY].stop)
    return stash[_KEY]


def need_environment() -> None:
    """Skips where Superset is not installed; in CI it has to be."""
    if not PYTHON.exists():
        not_here("Superset's environment is not installed: run `make setup` to have the dashboards tested")


def start(data: Path, settings: Mapping[str, str] | None = None) -> DashboardServer:
    """Publishes the first release there, provisions and serves it."""
    release.publish(data, FIRST_RELEASE)
    (data / "access.yml").write_text(PEOPLE, "utf-8")
    done = provision(data, settings=settings)
    assert done.returncode == 0, done.stderr + (data / "superset" / "provisioning.log").read_text("utf-8")[-4000:]
    return start_server(data, settings)


def start_server(data: Path, settings: Mapping[str, str] | None = None) -> DashboardServer:
    """Serves a data folder that is provisioned."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (data / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [str(PYTHON), str(FOLDER / "serve.py"), "--data", str(data), "--port", str(port)],
            env=environment(data, settings),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = DashboardServer(data, port, process)
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{server.address}/health").status_code == 200:
                return server
        except httpx.TransportError:
            time.sleep(0.2)
    if process.poll() is None:
        server.stop()
    pytest.fail("the server did not start:\n" + (data / "server.log").read_text("utf-8")[-4000:])


def sign_in_by_page(browser: httpx.Client, user: str, password: str) -> httpx.Response:
    """What the login page answers to a name and password."""
    token = re.search(r'id="csrf_token"\s+value="([^"]+)"', browser.get("/login/").text)
    assert token
    return browser.post("/login/", data={"username": user, "password": password, "csrf_token": token[1]})


def roles_of(browser: httpx.Client) -> set[str]:
    """The roles of whoever is signed in, without the one that everybody has, and with which nobody may even ask."""
    answer = browser.get("/api/v1/me/roles/")
    if answer.status_code == 403:  # strangers are answered with 401
        return set()
    assert answer.status_code == 200, answer.text
    return set(answer.json()["result"]["roles"]) - {"Public"}


class _SignedInAnew(httpx.Auth):
    """Signs in and asks again where a request is answered with 401, as a slow run outlives Superset's tokens."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        answer = yield request
        if answer.status_code == 401:
            self._api.sign_in()
            request.headers.update({name: self._api.client.headers[name] for name in ("Authorization", "X-CSRFToken")})
            yield request


class Api:
    """Superset's API as one user."""

    def __init__(self, server: DashboardServer, user: tuple[str, str] | None = None) -> None:
        self.client = httpx.Client(base_url=server.address, timeout=60)
        self._stored: dict[int, dict[str, Any]] = {}
        self._charts: dict[str, dict[str, int]] = {}
        self._user = user
        self.sign_in()
        if user is not None:
            self.client.auth = _SignedInAnew(self)

    def sign_in(self) -> None:
        """Signs the user in, anew when they are: Superset's tokens are good for a quarter of an hour."""
        if self._user is None:
            return
        self.client.headers.pop("Authorization", None)
        answer = self.client.post(
            "/api/v1/security/login",
            json={"username": self._user[0], "password": self._user[1], "provider": "db"},
            auth=lambda request: request,  # not the one that signs in again
        )
        assert answer.status_code == 200, answer.text
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        token = self.client.get("/api/v1/security/csrf_token/", auth=None)
        assert token.status_code == 200, token.text
        self.client.headers["X-CSRFToken"] = token.json()["result"]
        self.client.headers["Referer"] = str(self.client.base_url)

    def forget(self) -> None:
        """Ask for charts anew: their numbers have changed."""
        self._charts.clear()
        self._stored.clear()

    def charts(self, slug: str) -> dict[str, int]:
        """The charts of a dashboard: title|type → id."""
        if slug in self._charts:
            return self._charts[slug]
        answer = self.client.get(f"/api/v1/dashboard/{slug}/charts")
        assert answer.status_code == 200, answer.text
        self._charts[slug] = {
            f"{chart['slice_name']}|{chart['form_data']['viz_type']}": chart["id"] for chart in answer.json()["result"]
        }
        return self._charts[slug]

    def dashboard_id(self, slug: str) -> int:
        """The number of a dashboard."""
        return int(self.client.get(f"/api/v1/dashboard/{slug}").json()["result"]["id"])

    def stored_query(self, chart: int) -> dict[str, Any]:
        """What a chart asks, as a body for `ask`."""
        answer = self.client.get(f"/api/v1/chart/{chart}")
        assert answer.status_code == 200, answer.text
        return dict(json.loads(answer.json()["result"]["query_context"]))

    def ask(self, body: dict[str, Any]) -> httpx.Response:
        """A chart's data for a body that may differ from the stored one."""
        return self.client.post("/api/v1/chart/data", json=body)

    def rows(self, chart: int, quarter: str | None = None, **filters: str) -> list[dict[str, Any]]:
        """A chart's rows, as the dashboard asks for them with a quarter, and perhaps groups, chosen."""
        if chart not in self._stored:
            self._stored[chart] = self.stored_query(chart)
        body = copy.deepcopy(self._stored[chart])
        chosen = {"period": quarter, **filters} if quarter else filters
        for query in body["queries"]:
            query["filters"] += [{"col": column, "op": "IN", "val": [value]} for column, value in chosen.items()]
        answer = self.ask(body)
        assert answer.status_code == 200, answer.text
        return [row for result in answer.json()["result"] for row in result["data"]]
