"""The served dashboards, and the API as an administrator and as a viewer."""

from __future__ import annotations

import pytest

from tests.dashboard_server import ADMIN, VIEWER, Api, DashboardServer, running


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DashboardServer:
    return running(request, tmp_path_factory)


@pytest.fixture(scope="session")
def admin(server: DashboardServer) -> Api:
    return Api(server, ADMIN)


@pytest.fixture(scope="session")
def viewer(server: DashboardServer) -> Api:
    return Api(server, VIEWER)


@pytest.fixture(scope="session")
def nobody(server: DashboardServer) -> Api:
    return Api(server)
