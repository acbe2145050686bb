"""Reads a list for action from the published release, one relationship manager at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from dashboards.action_lists.errors import ActionListError
from needloop.release.reader import open_release

LISTS = ("warnings", "gaps", "reminders", "winback")
"""The lists that can be had; the published table mart_action_list holds them all."""
_REASONS = {"warnings": "kind", "gaps": "rule", "reminders": "step", "winback": "stage"}
"""The set of names (dim_group_value) that the reasons of each list belong to."""

_SELECT = """
create or replace temp table selected as
select
    listed.rm_id, listed.branch_id, listed.customer_key, listed.reason,
    reasons.label_zh as reason_zh, reasons.label_en as reason_en,
    listed.since_day, listed.limit_at, listed.opportunity_id,
    listed.product_category, products.label_zh as product_category_zh, products.label_en as product_category_en,
    listed.touchpoint, listed.touchpoint_label_zh as touchpoint_zh, listed.touchpoint_label_en as touchpoint_en,
    listed.preferred_channel, listed.stage, listed.value_tier, listed.service_level
from marts.mart_action_list as listed
left join marts.dim_group_value as reasons
    on reasons.group_by = $reasons and listed.reason = reasons.group_value
left join marts.dim_group_value as products
    on products.group_by = 'product_category' and listed.product_category = products.group_value
where listed.list = $list and coalesce(listed.branch_id = $branch, true)
"""
_ROWS_OF = """
from selected where rm_id = ?
order by limit_at nulls last, since_day, customer_key, reason, product_category, opportunity_id
"""


@dataclass(frozen=True)
class ListOfManager:
    """What one relationship manager is handed."""

    rm_id: str
    rows: pa.Table
    """One row a customer and reason, the most urgent first; customers by their pseudonymous keys."""


class ActionList:
    """A list as it stands in one release."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
        self._connection = connection
        self.as_of = as_of

    def by_manager(self) -> Iterator[ListOfManager]:
        """The list, manager by manager."""
        managers = self._connection.execute("select distinct rm_id from selected order by rm_id").fetchall()
        for (rm_id,) in managers:
            yield ListOfManager(rm_id, self._connection.sql(_ROWS_OF, params=[rm_id]).to_arrow_table())


@contextmanager
def action_list(published_file: Path, name: str, branch: str | None) -> Iterator[ActionList]:
    """The list of that name, of all branches or one.

    Raises ActionListError when the release knows no such branch.
    """
    with open_release(published_file) as connection:
        if branch is not None:
            _require_branch(connection, branch)
        connection.execute(_SELECT, {"list": name, "reasons": _REASONS[name], "branch": branch})
        as_of = connection.execute("select as_of from marts.release_info").fetchall()[0][0]
        yield ActionList(connection, as_of)


def _require_branch(connection: duckdb.DuckDBPyConnection, branch: str) -> None:
    known = connection.execute("select branch_id from marts.dim_branch order by branch_id").fetchall()
    if (branch,) not in known:
        some = ", ".join(branch_id for (branch_id,) in known[:5])
        raise ActionListError(f"No branch has the id {branch}. The release has {len(known)} branches: {some} …")
