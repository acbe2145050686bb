"""Audiences: which roles are in them, and that nothing for a closed audience stands where others look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

EVERYONE = "everyone"


class AudienceError(Exception):
    """The assets show something to somebody for whom it is not meant, or name an audience that no role is in."""


@dataclass(frozen=True)
class Role:
    """A role of people who look at dashboards."""

    name: str
    audiences: frozenset[str]
    user: str | None
    """The user that provisioning makes for it when a password is set; None for none."""

    def is_in(self, audience: str) -> bool:
        """Whether what is for this audience is for the role."""
        return audience in self.audiences


def known_roles(definitions: list[dict[str, Any]]) -> tuple[Role, ...]:
    """The roles of `assets/roles`.

    Raises:
        AudienceError: two have the same name.
    """
    roles = tuple(Role(text["name"], frozenset(text["audiences"]), text.get("user")) for text in definitions)
    if len({role.name for role in roles}) < len(roles):
        raise AudienceError("two roles of assets/roles have the same name: give one of them another")
    return roles


def audience_of(definition: dict[str, Any], roles: tuple[Role, ...]) -> str:
    """The audience of a dashboard or dataset.

    Raises:
        AudienceError: no role is in it.
    """
    audience = str(definition.get("audience", EVERYONE))
    if not any(role.is_in(audience) for role in roles):
        raise AudienceError(
            f"{definition['name']!r} is for the audience {audience!r}, in which no role is: add it to a role in"
            " assets/roles, or correct it"
        )
    return audience


def check_shown_to(audience: str, dashboard: str, datasets: Iterable[tuple[str, str]]) -> None:
    """That a dashboard of this audience reads datasets (name, audience) of everyone or of the same audience only.

    Raises:
        AudienceError: it reads another.
    """
    for name, closed in datasets:
        if closed not in {EVERYONE, audience}:
            raise AudienceError(
                f"the dashboard {dashboard!r} is for {audience} and shows the dataset {name!r}, which is for {closed}:"
                f" move the chart or filter to a dashboard with `audience: {closed}`"
            )
