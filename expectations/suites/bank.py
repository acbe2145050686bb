"""Checks of the core banking system: account transactions."""

from __future__ import annotations

from expectations.business_checks import contradiction, not_in_future
from expectations.check import SystemSuite, Text

_NOTHING_MOVED = Text(
    "金额为零的交易会被当作客户活跃的迹象。", "A transaction of nothing would count as a sign of life of the customer."
)

SUITE = SystemSuite(
    system="bank",
    owner="核心系统组 Core banking team",
    checks={
        "transactions": (
            not_in_future("occurred_at", "交易时间不在将来", "Occurred at a time that has come"),
            contradiction(
                "amount_not_zero", "amount = 0", ("amount",), "交易金额不为零", "Amount is not zero", why=_NOTHING_MOVED
            ),
        ),
    },
)
