"""Checks of the complaint system."""

from __future__ import annotations

from expectations.business_checks import (
    ANOTHER_CUSTOMER,
    agrees_with,
    contradiction,
    in_order,
    not_in_future,
    plausible,
)
from expectations.check import SystemSuite, Text

_OUTCOME = Text(
    "属实率按办结时间归属期间。", "The upheld rate counts a complaint in the period in which it was resolved."
)

_WHOSE_POLICY = Text(
    "投诉按保单归到产品、渠道与销售人员；保单属于他人时会归错。",
    "By its policy a complaint goes to product, channel and seller; with somebody else's policy it goes astray.",
)
_CLOSED = Text(
    "投诉时效按办结时间计算，已关闭而无办结时间的投诉既不算办结也不算积压。",
    "Times are counted to the resolution: a complaint closed without one is neither resolved nor open.",
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
            contradiction(
                "closed_is_resolved_or_withdrawn",
                "closed_at is not null and resolved_at is null and outcome is distinct from 'withdrawn'",
                ("closed_at", "resolved_at", "outcome"),
                "已关闭的投诉已办结或已撤回",
                "A closed complaint was resolved or withdrawn",
                why=_CLOSED,
            ),
            in_order("closed_at", "resolved_at", "关闭不早于办结", "Closed not before resolved"),
            plausible("compensation", None, 1e8, "赔偿不超过一亿", "Compensation is at most a hundred million"),
            agrees_with(
                "policy__policies",
                "policy_of_customer",
                ANOTHER_CUSTOMER,
                columns=("policy_id", "customer_id"),
                zh="投诉的保单属于该客户",
                en="The complaint's policy belongs to its customer",
                key="complaint_id",
                why=_WHOSE_POLICY,
            ),
            agrees_with(
                "policy__policies",
                "product_of_policy",
                "other.product_id <> checked.product_id "
                "and other.product_id in (select product_id from checked_rows.policy__products)",
                columns=("policy_id", "product_id"),
                zh="投诉的产品与保单一致",
                en="The complaint's product is that of its policy",
                key="complaint_id",
                why=_WHOSE_POLICY,
            ),
        ),
    },
)
