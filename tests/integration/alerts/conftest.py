"""A data folder of its own, servers to write to, and an alerts.yml that names them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dagster_pipelines.alerts.targets.robots import DingTalkRobot, FeishuRobot, WeComRobot
from needloop.settings import Settings
from tests.integration.alerts.receivers import DINGTALK_SECRET, FEISHU_SECRET, ChatServer, MailServer


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    for robot in (WeComRobot, DingTalkRobot, FeishuRobot):
        monkeypatch.setattr(robot, "request_rate_per_sec", 0)
    with ChatServer() as server:
        yield server


@pytest.fixture
def addresses(mail: MailServer, chat: ChatServer, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """The targets of alerts.yml, with their addresses in the environment."""
    values = {
        "OPS_MAIL": f"mailto://127.0.0.1:{mail.port}/?from=needloop@bank.example&to=ops@bank.example",
        "OPS_WECOM": "wecombot://wecom-key-0001",
        "OPS_DINGTALK": f"dingtalk://{DINGTALK_SECRET}@dingtoken0001",
        "OPS_FEISHU": f"feishu://feishu-token-0001?secret={FEISHU_SECRET}",
        "OPS_SLACK": "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7AA",
        "OPS_HOOK": f"json://127.0.0.1:{chat.port}/hook",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return {
        "mail": {"service": "mail", "address": "OPS_MAIL"},
        "wecom": {"service": "wecom", "address": "OPS_WECOM", "gateway": chat.gateway},
        "dingtalk": {"service": "dingtalk", "address": "OPS_DINGTALK", "gateway": chat.gateway},
        "feishu": {"service": "feishu", "address": "OPS_FEISHU", "gateway": chat.gateway},
        "slack": {"service": "slack", "address": "OPS_SLACK", "gateway": chat.gateway, "language": "en"},
        "hook": {"service": "webhook", "address": "OPS_HOOK"},
    }


@pytest.fixture
def told_to(tmp_path: Path, addresses: dict[str, dict[str, Any]]) -> Any:
    """Makes the settings of a data folder whose alerts all go to the named targets, at any hour."""

    def make(*names: str, **others: Any) -> Settings:
        said = {
            "quiet_hours": None,
            "delivery": {"tries": 2, "seconds_between": 0},
            "limits": {"free_disk_gib": 0},
            "targets": {name: addresses[name] for name in names},
            "routes": [{"name": "all", "targets": list(names)}],
            **others,
        }
        file = tmp_path / "alerts.yml"
        file.write_text(yaml.safe_dump(said), "utf-8")
        data = tmp_path / "data"
        data.mkdir(exist_ok=True)
        return Settings(data=data, alerts=file, memory_limit="1GB", threads=2)

    return make
