"""dbt's events: keep warnings and errors, and drop the twenty informational events per node that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager

_WITHOUT_A_READER = frozenset({EventLevel.DEBUG, EventLevel.INFO})


class _WarningsAndErrors(EventManager):
    """Drops events early: dbt serializes every event before it checks whether anyone listens."""

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        """Forward warnings and errors."""
        if (level or e.level_tag()) not in _WITHOUT_A_READER:
            super().fire_event(e, level, node, force_warn_or_error_handling)


@contextmanager
def warnings_and_errors_only() -> Iterator[None]:
    """Drop dbt's informational events inside the context."""
    before = get_event_manager()
    ctx_set_event_manager(_WarningsAndErrors())
    try:
        yield
    finally:
        ctx_set_event_manager(before)
