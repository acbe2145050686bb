"""The served dashboards, and the API as somebody of each role."""

from __future__ import annotations

import pytest

from tests.dashboard_server import (
    ADMIN,
    ANALYST,
    BRANCH_MANAGER,
    OPERATIONS,
    OTHER_MANAGER,
    TRAINING_LEAD,
    VIEWER,
    Api,
    DashboardServer,
    running,
)


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
def branch_manager(server: DashboardServer) -> Api:
    return Api(server, BRANCH_MANAGER)


@pytest.fixture(scope="session")
def other_manager(server: DashboardServer) -> Api:
    return Api(server, OTHER_MANAGER)


@pytest.fixture(scope="session")
def analyst(server: DashboardServer) -> Api:
    return Api(server, ANALYST)


@pytest.fixture(scope="session")
def operations(server: DashboardServer) -> Api:
    return Api(server, OPERATIONS)


@pytest.fixture(scope="session")
def nobody(server: DashboardServer) -> Api:
    return Api(server)
