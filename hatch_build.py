"""Refuse to build a wheel: Needloop runs from a checkout with the dbt project, the dashboards and both lock files.

Editable installs, which `make setup` uses, still work.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

REFUSAL = (
    "Needloop has no wheel: it runs from a checkout with the dbt project, the dashboards and the lock files. "
    "Clone the repository and run `make setup`; see docs/deployment.md for deployment."
)


class CheckoutOnly(BuildHookInterface):  # type: ignore[type-arg] - the hook takes no configuration
    """Allows only editable builds."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Stop any build that would copy the packages out of the project."""
        del build_data
        if version != "editable":
            raise RuntimeError(REFUSAL)
