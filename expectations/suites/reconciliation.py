"""Do raw tables, staging, facts and published numbers hold the same rows and sums? Each is counted on its own here.

The raw side was counted when the raw tables were checked (quality.deliveries), by other SQL than that of the models.
"""

from __future__ import annotations

from dataclasses import dataclass

from expectations.check import Check, TableSuite, Text
from expectations.deliveries import DELIVERIES
from expectations.rules import NoRowFrom
from needloop.contract.model import Contract, Table

RECONCILIATION = "reconciliation"
"""Names the suite, which is about all tables rather than one."""

_MEANING = Text(
    "从原始表到发布的数字，行与金额不应无故增减。",
    "On the way from raw tables to published numbers no row and no amount may be lost or added.",
)
_REMEDY = Text(
    "发布已停止，上一版仍在线。请运行 needloop run --full-refresh；若仍不一致，请报告此问题并附上表名。",
    "Nothing was published, the last release stays up. Run needloop run --full-refresh; if they still differ, report "
    "the problem with the name of the table.",
)


@dataclass(frozen=True)
class _Fact:
    """A fact table with one row a key of a delivered table that has happened by as_of, and an amount that it keeps."""

    table: str
    fact: str
    happened: str | None
    amount: str | None = None


_FACTS = (
    _Fact("complaint.complaints", "fct_complaint", "received_at"),
    _Fact("crm.needs", "fct_need", "raised_at"),
    _Fact("crm.opportunities", "fct_opportunity", "created_at", "expected_premium"),
    _Fact("policy.claims", "fct_claim", "reported_at"),
    _Fact("policy.policies", "fct_policy", "issued_on", "annual_premium"),
    _Fact("policy.premiums", "fct_premium", None, "due_amount"),
)

METRICS_OF_FACTS = (
    ("needs_raised", "fct_need", "raised_on", "count(*)"),
    ("complaints_received", "fct_complaint", "received_on", "count(*)"),
    ("ape", "fct_policy", "issued_on", "sum(fact.ape)"),
)
"""Metric, fact, its day, the number that the metric must equal in each quarter."""


def reconciliation(contract: Contract, *, system: str, owner: str) -> TableSuite:
    """The suite; its rows are the delivered tables."""
    return TableSuite(
        table_name=RECONCILIATION,
        system=system,
        owner=owner,
        title=Text("逐层核对", "Reconciliation"),
        key=("table_name",),
        relation=DELIVERIES,
        checks=(
            _check(
                "staging_has_rows_of_raw",
                _differing({table.full_name: (_in_staging(table), "rows_now") for table in contract.tables}),
                "staging 与原始表行数一致", "Staging has the rows of the raw tables",
            ),
            _check(
                "facts_have_rows_of_staging", _differing({f.table: _rows(f, contract) for f in _FACTS}),
                "事实表与 staging 行数一致", "Facts have the rows of staging",
            ),
            _check(
                "facts_have_sums_of_staging", _differing({f.table: _sums(f, contract) for f in _FACTS if f.amount}),
                "事实表与 staging 金额合计一致", "Facts have the sums of staging",
            ),
        ),
    )  # fmt: skip


def metrics_of_facts() -> NoRowFrom:
    """Published totals of a quarter that differ from the rows or the sum of their facts."""
    facts = " union all ".join(
        f"select '{metric}' as metric, quarter.period, {number} as number from marts.{fact} as fact, "
        "(select * from marts.dim_period where period_type = 'quarter') as quarter "
        f"where fact.{day} between quarter.starts_on and quarter.ends_on group by quarter.period"
        for metric, fact, day, number in METRICS_OF_FACTS
    )
    return NoRowFrom(
        "select checked.metric, period_type, checked.period, group_by, group_value from {rows}, "
        f"({facts}) as facts where facts.metric = checked.metric and facts.period = checked.period "
        "and period_type = 'quarter' and group_by = 'all' "
        "and abs(checked.value - facts.number) > 1e-6 * greatest(1, abs(facts.number))",
        ("value",),
    )


def _differing(sides: dict[str, tuple[str, str]]) -> NoRowFrom:
    cases = " ".join(f"when '{table}' then {one} is distinct from {other}" for table, (one, other) in sides.items())
    return NoRowFrom(f"select table_name from {{rows}} where case table_name {cases} else false end")


def _in_staging(table: Table) -> str:
    current = " where is_current and not is_deleted" if table.load == "upsert" else ""
    return f"(select count(*) from staging.stg_{table.raw_name}{current})"


def _rows(fact: _Fact, contract: Contract) -> tuple[str, str]:
    return f"(select count(*) from marts.{fact.fact})", _known(fact, contract, "count(*)")


def _sums(fact: _Fact, contract: Contract) -> tuple[str, str]:
    return (
        f"(select round(sum({fact.amount}), 2) from marts.{fact.fact})",
        _known(fact, contract, "round(cast(sum(amount) as double), 2)"),
    )


def _known(fact: _Fact, contract: Contract, number: str) -> str:
    """The number over the keys that are known at as_of."""
    table = contract.table(fact.table)
    at_as_of = "valid_from < as_of_end and as_of_end <= valid_to"
    happened = f"max({fact.happened}) filter (is_current) < max(as_of_end)" if fact.happened else "true"
    return (
        f"(select {number} from (select max({fact.amount or 'null'}) filter ({at_as_of}) as amount "
        f"from staging.stg_{table.raw_name}, intermediate.int_as_of group by {table.key[0]} "
        f"having bool_or({at_as_of} and not is_deleted) and {happened}))"
    )


def _check(name: str, rule: NoRowFrom, zh: str, en: str) -> Check:
    return Check(name=name, severity="blocking", rule=rule, label=Text(zh, en), meaning=_MEANING, remedy=_REMEDY)
