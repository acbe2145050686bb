"""Roles and audiences: which roles there are, and that nothing for a closed audience stands where others look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

EVERYONE = "everyone"
EXPORT = "export"
SQL_LAB = "sql_lab"
OWN_BRANCHES = "own_branches"
ADMIN = "admin"
FIRST_DASHBOARD = "needs-closure"
_RIGHTS = {EXPORT, SQL_LAB}


class AudienceError(Exception):
    """The assets show something to somebody for whom it is not meant, or name an audience that no role is in."""


@dataclass(frozen=True)
class Role:
    """A role of people who look at dashboards."""

    role: str
    """How a bank's file of people names it."""
    name: str
    """How Superset names it."""
    audiences: frozenset[str]
    rights: frozenset[str] = frozenset()
    """What it may beside looking."""
    sees_own_branches_only: bool = False
    opens: str = FIRST_DASHBOARD
    """The dashboard behind the address of the server."""
    user: str | None = None
    """The user that provisioning makes for it when a password is set; None for none."""

    def is_in(self, audiences: Iterable[str]) -> bool:
        """Whether what is for these audiences is for the role."""
        return not self.audiences.isdisjoint(audiences)


def known_roles(definitions: list[dict[str, Any]]) -> tuple[Role, ...]:
    """The roles of `assets/roles`.

    Raises:
        AudienceError: two have the same name, one lacks a line, or has a right or a scope of rows that there is not.
    """
    roles = tuple(_role(text) for text in definitions)
    for names in ([role.name for role in roles], [role.role for role in roles]):
        if len(set(names)) < len(names):
            raise AudienceError("two roles of assets/roles have the same name: give one of them another")
    return roles


def _role(text: dict[str, Any]) -> Role:
    for line in ("role", "name", "audiences"):
        if not text.get(line):
            raise AudienceError(f"a role of assets/roles lacks `{line}`: add it to {text}")
    if text["role"] == ADMIN:
        raise AudienceError(f"a role of assets/roles is called {ADMIN!r}, which is Superset's own: call it otherwise")
    rights, rows = frozenset(text.get("may", [])), text.get("rows")
    if unknown := sorted(rights - _RIGHTS):
        raise AudienceError(
            f"the role {text['role']!r} may {', '.join(unknown)}: choose among {', '.join(sorted(_RIGHTS))}"
        )
    if rows not in {None, OWN_BRANCHES}:
        raise AudienceError(f"the role {text['role']!r} has `rows: {rows}`: write {OWN_BRANCHES}, or leave it out")
    return Role(
        role=text["role"],
        name=text["name"],
        audiences=frozenset(text["audiences"]),
        rights=rights,
        sees_own_branches_only=rows == OWN_BRANCHES,
        opens=text.get("opens", FIRST_DASHBOARD),
        user=text.get("user"),
    )


def audiences_of(definition: dict[str, Any], roles: tuple[Role, ...]) -> tuple[str, ...]:
    """The audiences of a dashboard, which names one or a list, or of a dataset.

    Raises:
        AudienceError: no role is in one of them.
    """
    named = definition.get("audience", EVERYONE)
    audiences = tuple(named) if isinstance(named, list) else (str(named),)
    for audience in audiences:
        if not any(role.is_in([audience]) for role in roles):
            raise AudienceError(
                f"{definition['name']!r} is for the audience {audience!r}, in which no role is: add it to a role in"
                " assets/roles, or correct it"
            )
    return audiences


def check_shown_to(audiences: tuple[str, ...], dashboard: str, datasets: Iterable[tuple[str, str]]) -> None:
    """That a dashboard for these audiences reads datasets (name, audience) of everyone or of no other audience only.

    Raises:
        AudienceError: it reads another.
    """
    for name, closed in datasets:
        if closed != EVERYONE and set(audiences) != {closed}:
            raise AudienceError(
                f"the dashboard {dashboard!r} is for {', '.join(audiences)} and shows the dataset {name!r}, which is"
                f" for {closed}: move the chart or filter to a dashboard with `audience: {closed}`"
            )
