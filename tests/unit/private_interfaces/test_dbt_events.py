"""dbt_events.py: dbt's notes are dropped unwritten, its warnings are not."""

from __future__ import annotations

from typing import Any

from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager_client import get_event_manager
from dbt_common.events.functions import fire_event
from dbt_common.events.types import Note

from needloop.private_interfaces.dbt_events import warnings_and_errors_only


def test_only_warnings_and_errors_are_written() -> None:
    heard: list[Any] = []
    before = get_event_manager()
    with warnings_and_errors_only():
        get_event_manager().add_callback(heard.append)
        fire_event(Note(msg="a note"), level=EventLevel.INFO)
        fire_event(Note(msg="a warning"), level=EventLevel.WARN)
    assert [message.info.msg for message in heard] == ["a warning"], (
        "dbt fires events past EventManager.fire_event or the manager of its context: nothing fails, but a run takes "
        "two to four seconds more for notes that nobody reads. Follow it in private_interfaces/dbt_events.py."
    )
    assert get_event_manager() is before
