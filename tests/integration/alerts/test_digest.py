"""The departments' digest: counts of what is past its deadline, once a day, to those who must act."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from dagster_pipelines.alerts.configuration import load_configuration
from dagster_pipelines.alerts.digest import read_digests, send_digests
from dagster_pipelines.alerts.record import incident_record
from needloop.settings import Settings
from tests.integration.alerts.receivers import ChatServer

MORNING = datetime(2026, 10, 1, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai
ROUTES = {
    "from": "08:30",
    "routes": [
        {"department": ["claims"], "targets": ["hook"]},
        {"department": ["customer_service"], "targets": ["wecom"]},
    ],
}


def _publish(settings: Settings, as_of: date) -> None:
    """A release with the columns that the digest reads."""
    file = settings.releases / str(as_of) / "needloop_marts.duckdb"
    file.parent.mkdir(parents=True)
    end = datetime(as_of.year, as_of.month, as_of.day) + timedelta(days=1)
    oldest = end - timedelta(hours=24.5)
    needs = [
        ("all", "all", "all", 6, 3, 2, 1, oldest),
        ("accountable", "sales", "all", 6, 3, 2, 1, oldest),
        ("owner", "claims", "all", 5, 3, 2, 1, oldest),
        ("owner", "claims", "P1", 4, 2, 1, 1, oldest),
        ("owner", "claims", "P2", 1, 1, 1, 0, end - timedelta(hours=24)),
        ("owner", "sales", "all", 1, 0, 0, 0, None),
        ("owner", "sales", "P4", 1, 0, 0, 0, None),
    ]
    complaints = [
        ("none", 2, 1, 1),
        ("15", 1, 1, 0),
        ("30", 1, 0, 0),
        ("60", 1, 1, 0),
        ("any", 3, 2, 0),
        ("all", 5, 3, 1),
    ]
    with duckdb.connect(str(file)) as release:
        release.execute("create schema marts")
        release.execute(
            "create table marts.mart_need_board_counts (department_role varchar, department varchar, grade varchar, "
            "open_needs bigint, overdue bigint, newly_overdue bigint, due_soon bigint, oldest_due_at timestamp, "
            "department_label_zh varchar, department_label_en varchar, as_of date, newly_overdue_hours integer, "
            "due_soon_hours integer)"
        )
        for row in needs:
            release.execute(
                "insert into marts.mart_need_board_counts values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 24, 48)",
                [*row, {"claims": "理赔部"}.get(row[1]), row[1].title(), as_of],
            )
        release.execute(
            "create table marts.mart_open_complaint_counts (limit_passed varchar, complaints bigint, "
            "regulator_referred bigint, due_soon bigint, as_of date, due_soon_days integer)"
        )
        for limit in complaints:
            release.execute("insert into marts.mart_open_complaint_counts values (?, ?, ?, ?, ?, 5)", [*limit, as_of])
        release.execute(
            "create table marts.dim_group_value as select 'owner_department' as group_by, "
            "'customer_service' as group_value, '客户服务部' as label_zh, 'Customer service' as label_en"
        )
    settings.current.unlink(missing_ok=True)
    settings.current.symlink_to(Path("releases") / str(as_of))


def _send(settings: Settings, now: datetime) -> int:
    with incident_record(settings) as record:
        return send_digests(record, load_configuration(settings), settings, now)


def test_counts_at_the_edges(told_to: Callable[..., Settings]) -> None:
    settings = told_to("hook")
    assert read_digests(settings, "customer_service") == []
    _publish(settings, date(2026, 9, 30))
    claims, service = read_digests(settings, "customer_service")  # sales has nothing to see to
    assert claims.department == "claims"
    assert claims.needs is not None
    assert claims.needs.by_grade == (("P1", 2), ("P2", 1))
    assert (claims.needs.overdue, claims.needs.newly_overdue, claims.needs.due_soon) == (3, 2, 1)
    assert claims.needs.oldest == datetime(2026, 9, 29, 23, 30)
    assert service.complaints is not None
    said = service.complaints
    assert (said.overdue, said.past_15, said.past_30, said.past_60, said.referred, said.due_soon) == (3, 1, 1, 1, 2, 1)


def test_each_department_is_told_once_a_day(told_to: Callable[..., Settings], chat: ChatServer) -> None:
    settings = told_to("hook", "wecom", digest=ROUTES)
    _publish(settings, date(2026, 9, 30))
    assert _send(settings, MORNING - timedelta(minutes=1)) == 0
    assert _send(settings, MORNING) == 2
    assert _send(settings, MORNING + timedelta(hours=1)) == 0
    assert _send(settings, MORNING + timedelta(days=1)) == 0  # nothing newer was published
    _publish(settings, date(2026, 10, 1))
    assert _send(settings, MORNING + timedelta(hours=2)) == 0  # told today
    assert _send(settings, MORNING + timedelta(days=2)) == 2
    hook = chat.received[0].payload
    assert hook["title"] == "[Needloop·业务预警] 理赔部：超时 3 项"
    assert (
        "超时未解决的需求 3 项（P1 2, P2 1），最早到期 2026-09-29 23:30；最近 24 小时新增超时 2；48 小时内到期 1"
        in hook["message"]
    )
    assert "超 15 天 1，超 30 天 1，超 60 天 1" in chat.received[1].payload["text"]["content"]


def test_two_processes_at_once_send_a_digest_once(told_to: Callable[..., Settings], chat: ChatServer) -> None:
    settings = told_to("hook", "wecom", digest=ROUTES)
    _publish(settings, date(2026, 9, 30))
    with ThreadPoolExecutor(max_workers=4) as together:  # each with a record and a lock of its own
        delivered = [sent.result() for sent in [together.submit(_send, settings, MORNING) for _ in range(4)]]
    assert sum(delivered) == len(chat.received) == 2


def test_a_digest_that_was_not_taken_is_sent_later_that_day(told_to: Callable[..., Settings], chat: ChatServer) -> None:
    settings = told_to("hook", "wecom", digest=ROUTES)
    _publish(settings, date(2026, 9, 30))
    chat.broken = True
    assert _send(settings, MORNING) == 0
    chat.broken = False
    assert _send(settings, MORNING + timedelta(hours=1)) == 2


def _publish_anomaly(settings: Settings, as_of: date, month: date, *, is_news: bool = True) -> None:
    """Sales had 17 needs about prices, and 8 to 14.9 are usual."""
    with duckdb.connect(str(settings.published_file.resolve())) as release:
        release.execute(
            "create table marts.mart_demand_anomalies as select 'sales' as owner_department, "
            "'销售部' as owner_department_label_zh, 'Sales' as owner_department_label_en, cast(? as date) as as_of, "
            "cast(? as date) as month_starts_on, 'pricing' as category, '价格' as category_label_zh, "
            "'Pricing' as category_label_en, 'medical' as product_category, '医疗险' as product_category_label_zh, "
            "'Medical' as product_category_label_en, 17 as needs, 11.0 as usual, 7.1 as least_usual, "
            "14.9 as most_usual, cast(? as boolean) as is_news",
            [as_of, month, is_news],
        )


def test_unusual_demand_is_told_to_the_accountable_department(
    told_to: Callable[..., Settings], chat: ChatServer
) -> None:
    settings = told_to("hook", digest={"from": "08:30", "routes": [{"department": ["sales"], "targets": ["hook"]}]})
    _publish(settings, date(2026, 9, 30))
    _publish_anomaly(settings, date(2026, 9, 30), date(2026, 9, 1))
    assert _send(settings, MORNING) == 1
    message = chat.received[0].payload["message"]
    assert "2026-09 需求量异常（与前 12 个月相比）：" in message
    assert "- 价格 × 医疗险：17 项，正常范围 8–14 项" in message


def test_unusual_demand_is_told_while_it_is_news(told_to: Callable[..., Settings]) -> None:
    settings = told_to("hook")
    for as_of, is_news, departments in ((date(2026, 10, 7), True, 3), (date(2026, 10, 8), False, 2)):
        _publish(settings, as_of)
        _publish_anomaly(settings, as_of, date(2026, 9, 1), is_news=is_news)
        assert len(read_digests(settings, "customer_service")) == departments
