"""Superset's row-level security: whoever sees own branches only gets no other row, by whatever query it is asked.

Rules of the type Regular bind whoever has one of their roles, whatever other roles they have. Of the rules of one group
a row need satisfy one only. So a role that sees own branches has the rule "no row", and each branch has a role of its
own with the rule "rows of this branch" in the same group: without any branch no row is left, with several those of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.superset.asset_bundle.audiences import EVERYONE, Role
from dashboards.superset.asset_bundle.row_scopes import BANK_WIDE, BY_BRANCH, RowScope
from needloop.sql_text import sql_literal

PREFIX = "Needloop: "  # rules by this prefix are ours
_BRANCHES = "needloop_branches"
_NO_ROW = "1 = 0"
# Superset's own name for the select of a dataset: a column of this name that a query makes up is another one.
DATASET = "virtual_table"
REGULAR = "Regular"
BASE = "Base"


@dataclass(frozen=True)
class Rule:
    """A rule as it should be."""

    name: str
    description: str
    kind: str
    clause: str
    tables: list[Any]
    roles: list[Any]
    group: str | None = None


def audience_rules(
    datasets: Sequence[Any], audiences: Mapping[str, tuple[str, ...]], roles: Sequence[Role], held: Mapping[str, Any],
    admin: Any,
) -> list[Rule]:  # fmt: skip
    """Nobody outside a closed audience gets a row of its datasets, even where somebody puts one on an open dashboard.

    Superset applies a rule of the type Base to everybody but the roles that it names.
    """
    closed = sorted({audiences[str(one.uuid)] for one in datasets} - {(EVERYONE,)})
    return [
        Rule(
            name=f"{PREFIX}only {', '.join(audience)}",
            description=f"No rows for whoever is not in the audience {', '.join(audience)}",
            kind=BASE,
            clause=_NO_ROW,
            tables=[one for one in datasets if audiences[str(one.uuid)] == audience],
            roles=[admin, *(held[role.name] for role in roles if role.is_in(audience))],
        )
        for audience in closed
    ]


def branch_rules(
    datasets: Sequence[Any],
    scopes: Mapping[str, RowScope],
    own_branches_only: Sequence[Any],
    branches: Mapping[str, Any],
) -> list[Rule]:
    """Own branches only.

    Args:
        datasets: Superset's datasets.
        scopes: identity of each → whose its rows are.
        own_branches_only: the roles that see own branches only.
        branches: branch id → Superset's role of the branch.
    """
    by_column: dict[str, list[Any]] = {}
    for one in datasets:
        scope = scopes[str(one.uuid)]
        if scope.kind == BY_BRANCH and scope.branch_column:
            by_column.setdefault(scope.branch_column, []).append(one)
    of_the_bank = [one for one in datasets if scopes[str(one.uuid)].kind == BANK_WIDE]
    roles = list(own_branches_only)
    rules = [
        Rule(f"{PREFIX}nothing of the whole bank", "No rows for who sees own branches only", REGULAR, _NO_ROW,
             of_the_bank, [*roles, *branches.values()]),
        Rule(f"{PREFIX}no branch without a role of it", "Widened by the rules of the branches", REGULAR, _NO_ROW,
             [one for found in by_column.values() for one in found], roles, _BRANCHES),
    ]  # fmt: skip
    for branch, role in branches.items():
        for column, found in by_column.items():
            rules.append(
                Rule(f"{PREFIX}{column} is {branch}", f"The rows of branch {branch}", REGULAR,
                     f"{DATASET}.{column} = {sql_literal(branch)}", found, [role], _BRANCHES)
            )  # fmt: skip
    return rules


def set_rules(session: Any, rule_model: Any, rules: Sequence[Rule]) -> None:
    """Exactly these rules of ours; rules that a bank made by hand stay."""
    present = {one.name: one for one in session.query(rule_model).filter(rule_model.name.startswith(PREFIX))}
    for name in present.keys() - {rule.name for rule in rules}:
        session.delete(present[name])
    for rule in rules:
        stored = present.get(rule.name)
        if stored is None:
            stored = rule_model(name=rule.name)
            session.add(stored)
        stored.description = rule.description
        stored.filter_type = rule.kind
        stored.clause = rule.clause
        stored.group_key = rule.group
        stored.tables = rule.tables
        stored.roles = rule.roles
    session.flush()
