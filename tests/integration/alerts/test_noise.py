"""Nobody is told twice, nor at night of what can wait; and nobody is left untold."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import pytest

from dagster_pipelines.alerts.configuration import load_configuration
from dagster_pipelines.alerts.dispatch import Sent, send_waiting
from dagster_pipelines.alerts.incident_updates import Changes, remind, update_incidents
from dagster_pipelines.alerts.problem import Findings, Problem
from dagster_pipelines.alerts.record import Record, incident_record
from needloop.settings import Settings
from tests.integration.alerts.receivers import ChatServer
from tests.unit.alerts.problems import problem

# A Wednesday without holiday, 10:00 in Shanghai.
NOON = datetime(2026, 9, 16, 2, 0, tzinfo=UTC)
NIGHT = datetime(2026, 9, 16, 14, 0, tzinfo=UTC)
QUIET = {"start": "20:00", "end": "08:00", "workdays_only": True}


class Operations:
    """An installation at given times."""

    def __init__(self, settings: Settings, record: Record) -> None:
        self.settings, self.record = settings, record
        self.configuration = load_configuration(settings)

    def find(self, now: datetime, *problems: Problem) -> Changes:
        """A look through everything that found these problems."""
        return update_incidents(self.record, self.configuration, Findings(problems, complete_prefixes=("",)), now)

    def remind(self, now: datetime) -> int:
        return remind(self.record, self.configuration, now)

    def send(self, now: datetime) -> Sent:
        return send_waiting(self.record, self.configuration, self.settings, now)


@contextmanager
def operations(settings: Settings) -> Iterator[Operations]:
    with incident_record(settings) as record:
        yield Operations(settings, record)


def titles(chat: ChatServer) -> list[str]:
    return [post.payload["title"] for post in chat.received]


Make = Callable[..., Settings]


def test_an_incident_is_told_when_it_begins_and_when_it_ends_and_not_between(told_to: Make, chat: ChatServer) -> None:
    with operations(told_to("hook")) as ops:
        for hour in range(3):
            ops.find(NOON + timedelta(hours=hour), problem())
            ops.send(NOON + timedelta(hours=hour))
        assert titles(chat) == ["[Needloop·阻断] 新问题 1 项：crm.needs 标题k"]
        ops.find(NOON + timedelta(hours=3, minutes=30))
        ops.send(NOON + timedelta(hours=3, minutes=30))
        ops.send(NOON + timedelta(hours=4))
    assert titles(chat)[1:] == ["[Needloop·已恢复] 1 项：crm.needs 标题k"]
    assert "2026-09-16 10:00 至 2026-09-16 13:30，历时 3 小时 30 分钟" in chat.received[1].payload["message"]
    assert [post.payload["type"] for post in chat.received] == ["failure", "success"]


def test_a_message_says_everything_that_is_needed(told_to: Make, chat: ChatServer) -> None:
    settings = told_to("hook", language="en")
    with operations(settings) as ops:
        ops.find(NOON, problem(details="quality/data_docs/raw/index.html"))
        ops.send(NOON + timedelta(minutes=90))
    assert chat.received[0].payload["message"].splitlines() == [
        "■ crm.needs: Title k",
        "What",
        "Failing: 3 of 10 rows",
        "Since 2026-09-16 10:00, for 1 h 30 min",
        "System: crm; owner: 客户数据组 CRM data team",
        "To do: Do this",
        f"Details: {settings.data}/quality/data_docs/raw/index.html",
        "",
        f"Data folder: {settings.data}",
    ]


def test_links_lead_to_where_the_bank_serves_the_data_docs(told_to: Make, chat: ChatServer) -> None:
    with operations(told_to("hook", data_docs="https://docs.bank.example/quality/")) as ops:
        ops.find(NOON, problem(details="quality/data_docs/raw/index.html"))
        ops.send(NOON)
    assert "https://docs.bank.example/quality/data_docs/raw/index.html" in chat.received[0].payload["message"]


def test_many_incidents_are_one_message_a_severity_the_grave_ones_first(told_to: Make, chat: ChatServer) -> None:
    with operations(told_to("hook", "wecom")) as ops:
        ops.find(NOON, *(problem(f"w{n}", "warning") for n in range(40)), *(problem(f"b{n}") for n in range(40)))
        assert ops.send(NOON) == Sent(delivered=4, failed=0)
    hook = [post for post in chat.received if post.path == "/hook"]
    assert [post.payload["type"] for post in hook] == ["failure", "warning"]
    assert hook[0].payload["message"].count("■") == 40
    short = next(post for post in chat.received if post.path != "/hook").payload["text"]["content"]
    shown = short.count("■")
    assert 5 < shown < 40  # WeCom takes 2048 bytes; the server refuses more
    assert f"另有 {40 - shown} 项" in short


def test_routes_choose_by_severity_system_and_owner(told_to: Make, chat: ChatServer) -> None:
    routes = [
        {"name": "grave", "severity": ["blocking"], "targets": ["hook"]},
        {"name": "crm", "system": ["crm"], "targets": ["wecom"]},
        {"name": "claims", "owner": ["policy DATA"], "targets": ["dingtalk"]},
    ]
    with operations(told_to("hook", "wecom", "dingtalk", routes=routes)) as ops:
        told = ops.configuration.targets_for
        assert told("blocking", "crm", "客户数据组 CRM data team") == ("hook", "wecom")
        assert told("warning", "crm", "客户数据组 CRM data team") == ("wecom",)
        assert told("warning", "policy", "保单数据组 Policy data team") == ("dingtalk",)
        assert told("warning", "org", "机构管理组 Organisation register") == ()


def test_warnings_wait_for_the_morning_and_blocking_ones_do_not(told_to: Make, chat: ChatServer) -> None:
    with operations(told_to("hook", quiet_hours=QUIET)) as ops:
        ops.find(NIGHT, problem("grave"), problem("slight", "warning"))
        ops.send(NIGHT)
        assert len(chat.received) == 1
        assert "grave" in chat.received[0].payload["title"]
        ops.send(datetime(2026, 9, 16, 23, 59, tzinfo=UTC))  # 07:59
        assert len(chat.received) == 1
        ops.send(datetime(2026, 9, 17, 0, 0, tzinfo=UTC))  # 08:00
    assert "slight" in chat.received[1].payload["title"]


def test_what_is_over_before_it_was_told_is_never_told(told_to: Make, chat: ChatServer) -> None:
    with operations(told_to("hook", quiet_hours=QUIET)) as ops:
        ops.find(NIGHT, problem("slight", "warning"))
        ops.send(NIGHT)
        ops.find(NIGHT + timedelta(hours=1))
        ops.send(NOON + timedelta(days=1))
        assert ops.record.waiting() == []
    assert chat.received == []


def test_reminders_come_after_n_hours_then_ever_later(told_to: Make, chat: ChatServer) -> None:
    with operations(told_to("hook", reminders={"blocking": 4, "warning": 72})) as ops:
        ops.find(NOON, problem())
        ops.send(NOON)
        reminded = []
        for hour in range(1, 33):
            if ops.remind(NOON + timedelta(hours=hour)):
                reminded.append(hour)
            ops.send(NOON + timedelta(hours=hour))
    assert reminded == [4, 8, 16, 32]
    assert len(chat.received) == 5
    assert titles(chat)[1] == "[Needloop·阻断] 仍未解决 1 项：crm.needs 标题k"


def test_a_target_gets_no_more_than_the_limit_and_the_rest_together_later(told_to: Make, chat: ChatServer) -> None:
    with operations(told_to("hook", rate_limit={"messages": 3, "minutes": 60})) as ops:
        for minute in range(10):
            seen = [problem(f"p{n}") for n in range(minute + 1)]
            ops.find(NOON + timedelta(minutes=minute), *seen)
            ops.send(NOON + timedelta(minutes=minute))
        assert len(chat.received) == 3
        ops.send(NOON + timedelta(minutes=61))
    assert len(chat.received) == 4
    assert titles(chat)[3].startswith("[Needloop·阻断] 新问题 7 项")


def test_what_could_not_be_delivered_is_recorded_and_tried_again(told_to: Make, chat: ChatServer) -> None:
    chat.broken = True
    with operations(told_to("hook")) as ops:
        ops.find(NOON, problem())
        assert ops.send(NOON) == Sent(delivered=0, failed=1)
        assert ops.send(NOON + timedelta(minutes=1)) == Sent(0, 0)  # a target that is down is left alone for a while
        chat.broken = False
        assert ops.send(NOON + timedelta(minutes=3)) == Sent(delivered=1, failed=0)
        attempts = ops.record.attempts(NOON)
    assert [(one.delivered, "503" in (one.error or "")) for one in attempts] == [(True, False), (False, True)]


def test_a_message_that_nobody_takes_for_a_day_is_given_up(told_to: Make, chat: ChatServer) -> None:
    chat.broken = True
    with operations(told_to("hook")) as ops:
        ops.find(NOON, problem())
        for hour in range(26):
            ops.send(NOON + timedelta(hours=hour))
        assert ops.record.waiting() == []
        assert ops.record.attempts(NOON)[0].at == NOON + timedelta(hours=24)


def test_one_dead_target_does_not_keep_the_others_waiting(told_to: Make, chat: ChatServer, monkeypatch: Any) -> None:
    monkeypatch.delenv("OPS_WECOM")
    with operations(told_to("wecom", "hook")) as ops:
        ops.find(NOON, problem())
        assert ops.send(NOON) == Sent(delivered=1, failed=1)
        assert "OPS_WECOM is not set" in (
            ops.record.attempts(NOON)[0].error or ops.record.attempts(NOON)[1].error or ""
        )
    assert [post.path for post in chat.received] == ["/hook"]


def test_the_same_problem_after_its_end_is_a_new_incident(told_to: Make, chat: ChatServer) -> None:
    with operations(told_to("hook")) as ops:
        assert ops.find(NOON, problem()) == Changes(opened=1, resolved=0)
        assert ops.find(NOON + timedelta(hours=1)) == Changes(opened=0, resolved=1)
        assert ops.find(NOON + timedelta(hours=2), problem()) == Changes(opened=1, resolved=0)
        assert len(ops.record.open_incidents()) == 1
        assert len(ops.record.resolved_incidents(NOON)) == 1


def test_what_a_target_took_is_written_down_while_another_one_does_not_answer(
    told_to: Make, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that did not get the lock in time must not tell it again to those who know."""
    monkeypatch.setattr("dagster_pipelines.alerts.targets.target.SECONDS_FOR_A_TRY", 4)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = told_to("hook", "mail", delivery={"tries": 1, "seconds_between": 0})
        monkeypatch.setenv("OPS_MAIL", f"mailto://127.0.0.1:{silent.getsockname()[1]}/?from=a@b.example&to=c@d.example")
        with operations(settings) as ops:
            ops.find(NOON, problem())

        def send() -> Sent:
            with operations(settings) as ops:
                return ops.send(NOON)

        with ThreadPoolExecutor(max_workers=1) as beside, incident_record(settings) as record:
            sending = beside.submit(send)
            while not sending.done() and not record.attempts(NOON):
                sleep(0.05)
            assert [(one.target, one.delivered) for one in record.attempts(NOON)] == [("hook", True)]
            assert sending.result() == Sent(delivered=1, failed=1)
