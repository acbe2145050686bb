"""The served dashboards, and the API as an administrator, a viewer and a training lead."""

from __future__ import annotations

import pytest

from tests.dashboard_server import ADMIN, TRAINING_LEAD, VIEWER, Api, DashboardServer, running


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
def training_lead(server: DashboardServer) -> Api:
    return Api(server, TRAINING_LEAD)


@pytest.fixture(scope="session")
def nobody(server: DashboardServer) -> Api:
    return Api(server)
