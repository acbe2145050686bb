"""Checks of the core banking system: account transactions."""

from __future__ import annotations

from expectations.business_checks import agrees_with, contradiction, not_in_future, plausible
from expectations.check import SystemSuite, Text

_NOTHING_MOVED = Text(
    "金额为零的交易会被当作客户活跃的迹象。", "A transaction of nothing would count as a sign of life of the customer."
)

_BEFORE_CUSTOMER = Text(
    "开户之前的交易多为客户号错误，会算作他人的活跃。",
    "A transaction before the person was a customer mostly has a wrong customer, and counts as somebody else's life.",
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
            plausible("amount", -1e9, 1e9, "交易金额在十亿以内", "The amount is within a thousand million"),
            agrees_with(
                "crm__customers",
                "not_before_customer_since",
                "checked.occurred_at < other.customer_since",
                columns=("customer_id", "occurred_at"),
                zh="交易不早于开户",
                en="Not before the person was a customer",
                key="transaction_id",
                why=_BEFORE_CUSTOMER,
            ),
        ),
    },
)
