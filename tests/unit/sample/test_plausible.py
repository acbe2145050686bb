"""Rows fit together across tables, in the order of time, as they do in a bank."""

from typing import Any

from tests.unit.sample.conftest import Query

NEWEST = "qualify row_number() over (partition by {} order by updated_at desc) = 1"


def test_events_of_a_need_come_in_order_after_it_is_raised(bank: Query) -> None:
    early = bank(
        """select count(*) from crm__need_events e
        join (select need_id, min(raised_at) raised_at from crm__needs group by 1) n
        using (need_id) where e.occurred_at <= n.raised_at"""
    )
    assert early == [(0,)]
    later_key_is_later = bank(
        """select count(*) from (
            select occurred_at, lag(occurred_at) over (partition by need_id order by event_id) before
        from crm__need_events) where occurred_at < before"""
    )
    assert later_key_is_later == [(0,)]


def test_events_follow_the_process(bank: Query) -> None:
    impossible = bank(
        """with times as (
            select need_id,
                min(occurred_at) filter (event in ('resolved', 'verified', 'closed')) as settled,
                min(occurred_at) filter (event = 'reopened') as reopened,
                min(occurred_at) filter (event = 'verified') as verified,
                min(occurred_at) filter (event = 'started') as started,
                min(occurred_at) filter (event = 'resolved') as resolved,
                bool_or(event = 'rejected') as rejected
            from crm__need_events group by need_id)
        select need_id from times where reopened < resolved or verified < started or resolved < started
            or (rejected and settled is not null) or (reopened is not null and resolved is null)"""
    )
    assert impossible == []


def test_only_verified_events_carry_a_satisfaction_score(bank: Query) -> None:
    assert bank("select distinct event from crm__need_events where satisfaction_score is not null") == [("verified",)]


def test_a_complaints_policy_belongs_to_the_customer(bank: Query) -> None:
    [(foreign, with_policy)] = bank(
        """select count(*) filter (c.customer_id not like 'C9%' and c.customer_id <> p.customer_id), count(*)
        from complaint__complaints c
        join (select distinct policy_id, customer_id from policy__policies) p using (policy_id)"""
    )
    assert foreign == 0
    assert with_policy > 300


def test_a_need_from_a_complaint_has_its_customer_and_comes_after_it(bank: Query) -> None:
    [(needs, wrong)] = bank(
        """select count(*), count(*) filter (c.customer_id not like 'C9%' and c.customer_id <> n.customer_id
            or n.raised_at < c.received_at)
        from crm__needs n join (select distinct complaint_id, customer_id, received_at from complaint__complaints) c
        using (complaint_id)"""
    )
    assert needs > 300
    assert wrong == 0
    assert bank("select distinct source from crm__needs where complaint_id is not null") == [("complaint",)]


def test_won_opportunities_lead_to_a_policy_of_the_customer_on_the_day(bank: Query) -> None:
    newest = NEWEST.format("opportunity_id")
    wrong = bank(
        f"""with o as (select * from crm__opportunities {newest}),
        p as (select distinct policy_id, customer_id, issued_on from policy__policies)
        select stage, count(*), count(o.policy_id),
            count(*) filter (p.customer_id = o.customer_id and p.issued_on = o.closed_at[:10]) from o
        left join p using (policy_id) group by 1 order by 1"""
    )
    by_stage = {stage: counts for stage, *counts in wrong}
    assert by_stage["lost"][1] == by_stage["open"][1] == 0
    assert by_stage["won"][0] == by_stage["won"][1] == by_stage["won"][2] > 1_000


def test_steps_of_an_opportunity_are_in_order(bank: Query) -> None:
    wrong = bank(
        """select count(*) from crm__opportunities
        where first_contact_at < created_at or need_confirmed_at < first_contact_at
        or proposal_at < need_confirmed_at or closed_at < proposal_at or callback_at < closed_at"""
    )
    assert wrong == [(0,)]


def test_a_version_never_knows_the_future(bank: Query) -> None:
    for table, columns in {
        "crm__opportunities": ("first_contact_at", "need_confirmed_at", "proposal_at", "closed_at", "callback_at"),
        "complaint__complaints": ("acknowledged_at", "resolved_at", "closed_at", "received_at"),
        "policy__claims": ("documents_completed_at", "first_update_at", "last_update_at", "decided_at", "paid_at"),
    }.items():
        for column in columns:
            assert bank(f"select count(*) from {table} where {column} > updated_at") == [(0,)], (table, column)
    assert bank("select count(*) from policy__premiums where paid_on > updated_at[:10]") == [(0,)]
    assert bank("select count(*) from crm__customers where risk_assessed_on > updated_at[:10]") == [(0,)]


def test_histories_have_first_and_changed_versions(bank: Query) -> None:
    for table, key, least in (
        ("crm__customers", "customer_id", 1_000),
        ("policy__policies", "policy_id", 500),
        ("crm__needs", "need_id", 100),
        ("crm__opportunities", "opportunity_id", 4_000),
        ("policy__premiums", "premium_id", 1_000),
        ("training__staff", "staff_id", 10),
    ):
        [(changed,)] = bank(
            f"select count(*) from (select {key} from {table} group by 1 having count(distinct updated_at) > 1)"
        )
        assert changed >= least, table


def test_instalments_are_those_of_the_policy(bank: Query) -> None:
    [(rows, wrong)] = bank(
        """with i as (
            select distinct policy_id, instalment_no::int no, due_on::date due_on, due_amount::decimal(18,2) amount
            from policy__premiums),
        p as (
            select distinct policy_id, payment_mode, effective_on::date effective_on,
                annual_premium::decimal(18,2) premium
            from policy__policies)
        select count(*), count(*) filter (
            due_on <> effective_on + (no - 1) * case payment_mode when 'monthly' then interval 1 month
                when 'quarterly' then interval 3 month else interval 1 year end
            or abs(amount - premium / case payment_mode when 'monthly' then 12 when 'quarterly' then 4 else 1 end)
                > 0.01)
        from i join p using (policy_id)"""
    )
    assert rows > 25_000
    assert wrong == 0


def test_work_is_done_on_working_days_and_complaints_are_mostly_settled_in_time(bank: Query) -> None:
    [(weekend,)] = bank("select avg((dayofweek(occurred_at::timestamp) in (0, 6))::int) from crm__need_events")
    assert weekend < 0.06
    [(in_time,)] = bank(
        f"""select avg((resolved_at::timestamp <= received_at::timestamp + interval 30 day)::int)
        from (select * from complaint__complaints {NEWEST.format("complaint_id")}) where received_at < '2026-08-01'"""
    )
    assert 0.85 < in_time < 1


def test_weak_branches_are_slower(bank: Query) -> None:
    hours: dict[Any, Any] = dict(
        bank(
            """with r as (select need_id, min(occurred_at::timestamp) as resolved_at from crm__need_events
                where event in ('resolved', 'verified', 'closed') group by 1),
            n as (select distinct need_id, branch_id, raised_at::timestamp as raised_at from crm__needs)
            select city in ('成都', '沈阳'), median(epoch(resolved_at - raised_at)) / 3600
            from n join r using (need_id) join org__branches using (branch_id) group by 1"""
        )
    )
    assert hours[True] > 1.3 * hours[False]
