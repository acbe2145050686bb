"""Checks of external data: economic series."""

from __future__ import annotations

from expectations.business_checks import contradiction, not_in_future
from expectations.check import SystemSuite, Text

_MONTH = Text("月度序列以当月第一天标识。", "A month is named by its first day.")

SUITE = SystemSuite(
    system="external",
    owner="数据分析组 Analytics team",
    checks={
        "indicators": (
            not_in_future("month", "月份不在将来", "A month that has come"),
            contradiction(
                "month_is_first_day",
                "month <> date_trunc('month', month)",
                ("month",),
                "月份为当月第一天",
                "The month is its first day",
                why=_MONTH,
            ),
        ),
    },
)
