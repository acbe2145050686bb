"""The planted effects can be seen by simple comparisons, and are gone when they are switched off."""

from typing import Any

import pytest

from tests.unit.sample.conftest import Query

pytestmark = pytest.mark.slow


def complaints_per_sale(query: Query, trained: str, until: str = "2026-01-01", since: str = "2023-10-01") -> float:
    """Complaints per policy sold by persons of `training` for which the condition holds at the sale."""
    [(value,)] = query(
        f"""select count(complaint_id) / count(distinct policy_id)
        from policies join training using (staff_id) left join complaints using (policy_id)
        where issued_on < date '{until}' and issued_on >= date '{since}' and {trained}"""
    )
    return float(value)


def test_training_lowers_complaints_about_later_sales(with_effects: Query, without_effects: Query) -> None:
    def ratio(query: Query) -> float:
        return complaints_per_sale(query, "issued_on > trained_on", since="2025-01-01") / complaints_per_sale(
            query, "issued_on <= trained_on", since="2025-01-01"
        )

    assert ratio(with_effects) < 0.72
    assert 0.88 < ratio(without_effects) < 1.12


def test_before_any_training_the_later_trained_are_like_the_never_trained(with_effects: Query) -> None:
    later = complaints_per_sale(with_effects, "not never", until="2024-06-01")
    never = complaints_per_sale(with_effects, "never", until="2024-06-01")
    assert later / never == pytest.approx(1, abs=0.2)


def test_training_raises_second_sales(with_effects: Query, without_effects: Query) -> None:
    sql = """
        with insured as (select customer_id, min(effective_on) as since from policies group by 1)
        select avg((stage = 'won')::int) filter (created_at::date > trained_on)
            - avg((stage = 'won')::int) filter (created_at::date <= trained_on)
        from opportunities join training using (staff_id) join insured using (customer_id)
        where stage <> 'open' and since < created_at::date"""
    assert 0.05 < with_effects(sql)[0][0] < 0.15
    assert abs(without_effects(sql)[0][0]) < 0.02


def test_training_quickens_answers_and_steps_and_pleases_customers(with_effects: Query, without_effects: Query) -> None:
    answers = """
        select median(epoch(first_response_at - opened_at)) filter (opened_at::date > trained_on)
            / median(epoch(first_response_at - opened_at)) filter (opened_at::date <= trained_on)
        from interactions join training using (staff_id)
        where opened_at >= timestamp '2025-01-01' and channel in ('app', 'wechat')
            and hour(opened_at) between 9 and 14 and dayofweek(opened_at) between 1 and 5"""
    steps = """
        select avg((need_confirmed_at <= created_at + interval 72 hour)::int) filter (created_at::date > trained_on)
            - avg((need_confirmed_at <= created_at + interval 72 hour)::int) filter (created_at::date <= trained_on)
        from opportunities join training using (staff_id) where created_at >= timestamp '2025-01-01'"""
    csat = """
        select avg(score) filter (responded_at::date > trained_on)
            - avg(score) filter (responded_at::date <= trained_on)
        from surveys join training using (staff_id) where instrument = 'csat'"""
    assert with_effects(answers)[0][0] < 0.85
    assert 0.88 < without_effects(answers)[0][0] < 1.12
    assert with_effects(steps)[0][0] > 0.08
    assert abs(without_effects(steps)[0][0]) < 0.05
    assert with_effects(csat)[0][0] > 0.18
    assert abs(without_effects(csat)[0][0]) < 0.1


def test_training_keeps_policies_in_force(with_effects: Query, without_effects: Query) -> None:
    sql = """
        with early as (
            select staff_id, issued_on, status = 'lapsed' and status_on < issued_on + 400 as lapsed from policies
            where issued_on < date '2025-08-01' and payment_mode <> 'single')
        select avg(lapsed::int) filter (issued_on > trained_on) / avg(lapsed::int) filter (issued_on <= trained_on)
        from early join training using (staff_id)"""
    assert with_effects(sql)[0][0] < 0.85
    assert 0.8 < without_effects(sql)[0][0] < 1.2


def test_clause_interpretation_is_not_mastered_and_costs_complaints_and_surrenders(
    with_effects: Query, without_effects: Query
) -> None:
    mastery: dict[Any, Any] = dict(
        with_effects("select module, avg((score >= 80)::int) from assessments where kind = 'post' group by module")
    )
    assert mastery.pop("clause_interpretation") < 0.1
    assert min(mastery.values()) > 0.35
    sql = """
        select count(distinct complaint_id) / count(distinct policy_id), avg((status = 'surrendered')::int)
        from policies join products using (product_id) left join complaints using (policy_id)
        where products.category in ('unit_linked', 'participating')"""
    [(complaints, surrenders)], [(complaints_without, surrenders_without)] = with_effects(sql), without_effects(sql)
    assert complaints > 1.2 * complaints_without
    assert surrenders > 1.3 * surrenders_without


def arms(query: Query, experiment: str) -> dict[str, tuple[int, float]]:
    """Units and share resolved within 30 days of each arm of an experiment on needs."""
    rows = query(
        f"""with settled as (select need_id, min(occurred_at) as settled_at from need_events
            where event in ('resolved', 'verified', 'closed') group by 1),
        raised as (select need_id, min(raised_at) as raised_at from needs group by 1)
        select variant, count(*), avg(coalesce(settled_at <= raised_at + interval 30 day, false)::int)
        from assignments join raised on unit_id = raised.need_id left join settled using (need_id)
        where experiment_id = '{experiment}' group by 1"""
    )
    return {variant: (units, share) for variant, units, share in rows}


def test_e1_works(with_effects: Query, without_effects: Query) -> None:
    works, nothing = arms(with_effects, "X000000000"), arms(without_effects, "X000000000")
    assert works["treatment"][1] - works["control"][1] > 0.035
    assert abs(nothing["treatment"][1] - nothing["control"][1]) < 0.02
    assert works["treatment"][0] / works["control"][0] == pytest.approx(1, abs=0.08)


def test_e2_has_no_effect(with_effects: Query) -> None:
    rates: dict[Any, Any] = dict(
        with_effects(
            """select variant, avg((stage = 'won' and closed_at <= created_at + interval 30 day)::int)
            from assignments join opportunities on customer_id = unit_id
            where experiment_id = 'X000000001'
                and created_at between assigned_at and timestamp '2025-08-31' group by 1"""
        )
    )
    assert abs(rates["treatment"] - rates["control"]) < 0.035


def test_e3_has_a_broken_sample_ratio(with_effects: Query, without_effects: Query) -> None:
    def share(query: Query) -> float:
        found = arms(query, "X000000002")
        return found["treatment"][0] / (found["treatment"][0] + found["control"][0])

    assert share(with_effects) == pytest.approx(0.62, abs=0.03)
    assert share(without_effects) == pytest.approx(0.5, abs=0.03)


def test_e4_is_still_running(with_effects: Query) -> None:
    ended = with_effects(
        "select bool_and(ended_on is null), count(*) from experiments where experiment_id = 'X000000003'"
    )
    assert ended == [(True, 1)]
    assert with_effects("select count(*) > 100 from assignments where experiment_id = 'X000000003'") == [(True,)]
