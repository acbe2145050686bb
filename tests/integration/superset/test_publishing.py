"""While releases are published in a loop, no chart request fails and none shows a release older than the one it met."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from needloop.settings import MARTS_FILE, Settings
from tests import release_of_known_numbers as release
from tests.dashboard_server import ADMIN, FIRST_RELEASE, Api, DashboardServer

SECONDS = 10
READERS = 6
SECONDS_BETWEEN_RELEASES = 0.5
KEPT = Settings.model_fields["keep_releases"].default  # a request's release may be gone when that many came after it


@pytest.fixture
def template(server: DashboardServer, tmp_path: Path) -> Iterator[Path]:
    """A release to vary; afterwards the first one is published again for the tests that follow."""
    first = server.data / "releases" / FIRST_RELEASE / MARTS_FILE
    copy = tmp_path / MARTS_FILE
    shutil.copyfile(first, copy)
    yield copy
    folder = server.data / "releases" / FIRST_RELEASE
    folder.mkdir(exist_ok=True)
    shutil.copyfile(copy, folder / MARTS_FILE)
    release.point_to(server.data, FIRST_RELEASE)


def _publish(data: Path, template: Path, number: int) -> None:
    """Release number k says that k of 1000 needs are resolved."""
    folder = data / "releases" / f"20270101T000000Z-{number:06d}"
    folder.mkdir()
    shutil.copyfile(template, folder / MARTS_FILE)
    with duckdb.connect(str(folder / MARTS_FILE)) as marts:
        marts.execute("update marts.mart_metric_trend set value = ? / 1000 where metric = 'resolution_rate'", [number])
    release.point_to(data, folder.name)
    release.remove_all_but(data, KEPT)


def test_no_failed_and_no_stale_request(server: DashboardServer, admin: Api, template: Path) -> None:
    chart = admin.charts("needs-closure-zh")["需求解决率|table"]
    current = 1
    _publish(server.data, template, current)
    ends = time.monotonic() + SECONDS
    failed: list[str] = []
    stale: list[tuple[int, int]] = []
    seen: set[int] = set()
    asked = 0
    counting = threading.Lock()

    def read() -> None:
        nonlocal asked
        api = Api(server, ADMIN)
        while time.monotonic() < ends:
            met = current
            answer = api.client.get(f"/api/v1/chart/{chart}/data/")
            with counting:
                asked += 1
                if answer.status_code != 200 or answer.json()["result"][0]["error"]:
                    failed.append(answer.text[:500])
                    continue
                shown = round(answer.json()["result"][0]["data"][0]["resolution_rate"] * 1000)
                seen.add(shown)
                if shown < met:
                    stale.append((met, shown))

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    while time.monotonic() < ends:
        _publish(server.data, template, current + 1)
        current += 1
        time.sleep(SECONDS_BETWEEN_RELEASES)
    for reader in readers:
        reader.join(60)
    assert failed == []
    assert stale == []
    assert current > 5
    assert asked > 20
    assert len(seen) > 3, "readers met several releases"
