"""What dbt says while it works: a run keeps its warnings and errors; the twenty notes on each node have no reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager

_WITHOUT_A_READER = frozenset({EventLevel.DEBUG, EventLevel.INFO})


class _WarningsAndErrors(EventManager):
    """dbt writes every note as a message of its protocol before it looks whether anybody reads it."""

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        """Hands on an event from the level of a warning on."""
        if (level or e.level_tag()) not in _WITHOUT_A_READER:
            super().fire_event(e, level, node, force_warn_or_error_handling)


@contextmanager
def warnings_and_errors_only() -> Iterator[None]:
    """While it is open, dbt drops its notes unwritten."""
    before = get_event_manager()
    ctx_set_event_manager(_WarningsAndErrors())
    try:
        yield
    finally:
        ctx_set_event_manager(before)
