"""The served dashboards in a real browser."""

from __future__ import annotations

import pytest

from tests.dashboard_server import DashboardServer, running


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DashboardServer:
    return running(request, tmp_path_factory)
