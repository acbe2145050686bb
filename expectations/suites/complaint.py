"""Checks of the complaint system."""

from __future__ import annotations

from expectations.business_checks import contradiction, in_order, not_in_future
from expectations.check import SystemSuite, Text

_OUTCOME = Text(
    "属实率按办结时间归属期间。", "The upheld rate counts a complaint in the period in which it was resolved."
)

SUITE = SystemSuite(
    system="complaint",
    owner="消费者权益保护部 Consumer protection",
    checks={
        "complaints": (
            not_in_future("received_at", "受理时间不在将来", "Received at a time that has come"),
            in_order("acknowledged_at", "received_at", "确认不早于受理", "Acknowledged not before received"),
            in_order("resolved_at", "received_at", "办结不早于受理", "Resolved not before received"),
            in_order("closed_at", "received_at", "关闭不早于受理", "Closed not before received"),
            contradiction(
                "outcome_has_time",
                "outcome in ('upheld', 'partly_upheld', 'not_upheld') and resolved_at is null",
                ("outcome", "resolved_at"),
                "有结论的投诉有办结时间",
                "A complaint with an outcome has the time it was resolved",
                why=_OUTCOME,
            ),
        ),
    },
)
