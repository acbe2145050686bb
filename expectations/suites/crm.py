"""Checks of the customer relationship system: customers, contacts, the needs pool and its events, surveys."""

from __future__ import annotations

from expectations.business_checks import (
    ANOTHER_CUSTOMER,
    across_tables,
    agrees_with,
    contradiction,
    in_order,
    not_in_future,
    once,
    plausible,
)
from expectations.check import SystemSuite, Text

_SUITABILITY = Text(
    "没有测评日期就无法判断风险测评是否过期，适当性指标会失真。",
    "Without the date of the assessment nobody can tell whether it was stale at the sale.",
)
_FAMILY = Text("家庭信息决定客户分群与保障缺口。", "The family decides segment and coverage gaps.")
_FUNNEL = Text("转化率按关闭时间与结果计算。", "Conversion is counted by closing time and result.")
_REFERRAL = Text("转介率按推荐人计算。", "The referral rate counts customers who were named by others.")
_BEFORE_RAISED = Text(
    "需求提出之前的处理会使解决时长为负。",
    "Work on a need before it was raised gives negative times to resolution.",
)
_RATING = Text(
    "评价只在回访核实时给出，其他事件上的评分不计入。",
    "Satisfaction is asked when a need is verified; a score on another event is not counted.",
)

_WHOSE = Text(
    "记录之间客户不一致时，满意度、转化与需求会算到他人名下。",
    "Where records disagree on the customer, satisfaction, conversion and needs are counted for somebody else.",
)
_SOLD = Text(
    "成交的商机与保单对应，转化率与保费才能互相核对。",
    "Only where a won opportunity has its policy can conversion be checked against premium.",
)
_COMPLAINT_SOURCE = Text("需求来源按投诉统计。", "Needs are counted by where they came from.")
_EVENT_ONCE = Text(
    "同一时刻的同一事件出现两次，重开次数与时长会失真。",
    "An event that is there twice blurs reopenings and durations.",
)

SUITE = SystemSuite(
    system="crm",
    owner="客户数据组 CRM data team",
    checks={
        "customers": (
            not_in_future("customer_since", "开户日期不在将来", "Customer since a day that has come"),
            not_in_future("risk_assessed_on", "风险测评日期不在将来", "Risk assessed on a day that has come"),
            not_in_future("birth_date", "出生日期不在将来", "Born on a day that has come"),
            not_in_future(
                "youngest_child_birth_date", "最小子女出生日期不在将来", "Youngest child born on a day that has come"
            ),
            in_order("customer_since", "birth_date", "开户不早于出生", "Customer not before birth"),
            in_order(
                "youngest_child_birth_date", "birth_date", "子女不早于本人出生", "Child not born before the customer"
            ),
            contradiction(
                "children_count_fits_youngest_child",
                "children_count = 0 and youngest_child_birth_date is not null",
                ("children_count", "youngest_child_birth_date"),
                "无子女的客户没有最小子女出生日期",
                "No youngest child where there are no children",
                why=_FAMILY,
            ),
            contradiction(
                "risk_level_dated",
                "risk_level is not null and risk_assessed_on is null",
                ("risk_level", "risk_assessed_on"),
                "风险等级有测评日期",
                "A risk level has the date of its assessment",
                why=_SUITABILITY,
            ),
            plausible("annual_income", None, 1e8, "年收入不超过一亿", "The income is at most a hundred million"),
            plausible("aum", None, 1e10, "管理资产不超过一百亿", "Assets are at most ten thousand million"),
            contradiction(
                "born_after_1900",
                "birth_date < date '1900-01-01'",
                ("birth_date",),
                "出生不早于 1900 年",
                "Born in 1900 or later",
                why=_FAMILY,
            ),
            plausible("children_count", None, 15, "子女不超过 15 人", "At most 15 children"),
            contradiction(
                "not_referred_by_self",
                "referred_by = customer_id",
                ("referred_by",),
                "推荐人不是本人",
                "Nobody refers themselves",
                why=_REFERRAL,
            ),
        ),
        "interactions": (
            not_in_future("opened_at", "接触时间不在将来", "Opened at a time that has come"),
            in_order(
                "first_response_at", "opened_at", "首次响应不早于接触开始", "First response not before the contact"
            ),
            in_order("closed_at", "opened_at", "结束不早于开始", "Closed not before opened"),
            agrees_with(
                "crm__needs",
                "need_of_customer",
                ANOTHER_CUSTOMER,
                columns=("need_id", "customer_id"),
                zh="接触涉及的需求属于该客户",
                en="The contact's need belongs to its customer",
                key="interaction_id",
                why=_WHOSE,
            ),
        ),
        "opportunities": (
            not_in_future("created_at", "商机创建时间不在将来", "Created at a time that has come"),
            in_order("first_contact_at", "created_at", "首次联系不早于创建", "First contact not before creation"),
            in_order("need_confirmed_at", "created_at", "需求确认不早于创建", "Need confirmed not before creation"),
            in_order("proposal_at", "created_at", "方案不早于创建", "Proposal not before creation"),
            in_order("closed_at", "created_at", "关闭不早于创建", "Closed not before creation"),
            in_order("callback_at", "closed_at", "回访不早于成交", "Callback not before the sale"),
            contradiction(
                "closed_has_time",
                "stage in ('won', 'lost') and closed_at is null",
                ("stage", "closed_at"),
                "已关闭的商机有关闭时间",
                "A closed opportunity has its closing time",
                why=_FUNNEL,
            ),
            contradiction(
                "open_is_not_closed",
                "stage = 'open' and closed_at is not null",
                ("stage", "closed_at"),
                "未关闭的商机没有关闭时间",
                "An open opportunity has no closing time",
                why=_FUNNEL,
            ),
            contradiction(
                "won_has_policy",
                "stage = 'won' and policy_id is null",
                ("stage", "policy_id"),
                "成交的商机有保单",
                "A won opportunity has its policy",
                why=_SOLD,
            ),
            contradiction(
                "policy_only_when_won",
                "stage <> 'won' and policy_id is not null",
                ("stage", "policy_id"),
                "未成交的商机没有保单",
                "An opportunity that was not won has no policy",
                why=_SOLD,
            ),
            agrees_with(
                "policy__policies",
                "policy_of_customer",
                ANOTHER_CUSTOMER,
                columns=("policy_id", "customer_id"),
                zh="商机的保单属于该客户",
                en="The opportunity's policy belongs to its customer",
                key="opportunity_id",
                why=_WHOSE,
            ),
            plausible("expected_premium", 0, 1e9, "预计保费在零与十亿之间", "The expected premium is at most 10⁹"),
        ),
        "needs": (
            not_in_future("raised_at", "需求提出时间不在将来", "Raised at a time that has come"),
            contradiction(
                "complaint_only_from_complaints",
                "complaint_id is not null and source <> 'complaint'",
                ("complaint_id", "source"),
                "有投诉编号的需求来源于投诉",
                "A need with a complaint came from a complaint",
                why=_COMPLAINT_SOURCE,
            ),
            agrees_with(
                "complaint__complaints",
                "complaint_of_customer",
                ANOTHER_CUSTOMER,
                columns=("complaint_id", "customer_id"),
                zh="需求来源的投诉属于该客户",
                en="The complaint behind the need belongs to its customer",
                key="need_id",
                why=_WHOSE,
            ),
        ),
        "need_events": (
            not_in_future("occurred_at", "事件时间不在将来", "Occurred at a time that has come"),
            across_tables(
                "not_before_need_raised",
                "select event_id from {rows} where exists (select 1 from checked_rows.crm__needs as need "
                "where need.need_id = checked.need_id and checked.occurred_at < need.raised_at)",
                ("occurred_at",),
                "事件不早于需求提出",
                "No event before the need was raised",
                why=_BEFORE_RAISED,
            ),
            contradiction(
                "score_only_on_verified",
                "satisfaction_score is not null and event <> 'verified'",
                ("satisfaction_score", "event"),
                "评分只出现在核实事件上",
                "A satisfaction score only on a verification",
                why=_RATING,
            ),
            once(
                ("need_id", "event", "occurred_at"),
                "同一需求同一时刻的同一事件只有一次",
                "An event of a need is there once",
                why=_EVENT_ONCE,
            ),
        ),
        "surveys": (
            not_in_future("responded_at", "答复时间不在将来", "Answered at a time that has come"),
            agrees_with(
                "crm__needs",
                "need_of_customer",
                ANOTHER_CUSTOMER,
                columns=("need_id", "customer_id"),
                zh="问卷涉及的需求属于该客户",
                en="The survey's need belongs to its customer",
                key="response_id",
                why=_WHOSE,
            ),
            agrees_with(
                "policy__policies",
                "policy_of_customer",
                ANOTHER_CUSTOMER,
                columns=("policy_id", "customer_id"),
                zh="问卷涉及的保单属于该客户",
                en="The survey's policy belongs to its customer",
                key="response_id",
                why=_WHOSE,
            ),
        ),
    },
)
