"""Refuses to build a wheel: Needloop runs from a checkout, which holds the dbt project, the dashboards and both locks.

An editable installation, which `make setup` makes, goes on working.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

REFUSAL = (
    "Needloop has no wheel: it runs from a checkout, with the dbt project, the dashboards and the lock files in it. "
    "Clone the repository and run `make setup`; docs/deployment.md tells how to deploy it."
)


class CheckoutOnly(BuildHookInterface):  # type: ignore[type-arg] - the hook takes no configuration
    """Lets only editable builds through."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Stops any build that would copy the packages away from the project around them."""
        del build_data
        if version != "editable":
            raise RuntimeError(REFUSAL)
