"""A short version of `make faults-check`: a few days of clean deliveries, then one fault of each way to go wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from needloop.settings import Settings
from tests.faults.catalogue import CATALOGUE, Fault
from tests.faults.daily_bank import CONTRACT, DailyBank
from tests.faults.history import deliver_history
from tests.faults.injection import inject

_SHORT = (
    "file did not come",
    "feed stands still",
    "amounts a hundred times too high",
    "rows lost from the warehouse",
)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> tuple[DailyBank, Settings, dict[str, list[str]]]:
    folder = tmp_path_factory.mktemp("faults")
    bank = DailyBank(folder / "bank", scale=1)
    settings, alarms = deliver_history(bank, folder / "data", days=9, checked=2)
    return bank, settings, alarms


@pytest.mark.slow
def test_clean_deliveries_give_no_alarm(delivered: tuple[DailyBank, Settings, dict[str, list[str]]]) -> None:
    _, _, alarms = delivered
    assert len(alarms) == 2
    assert not any(alarms.values()), alarms


@pytest.mark.slow
@pytest.mark.parametrize("fault", [fault for fault in CATALOGUE if fault.name in _SHORT], ids=lambda fault: fault.name)
def test_the_fault_is_caught_by_its_check_with_severity_and_owner(
    delivered: tuple[DailyBank, Settings, dict[str, list[str]]], fault: Fault, tmp_path: Path
) -> None:
    bank, settings, _ = delivered
    outcome = inject(bank, settings, fault, tmp_path / "fault")
    assert outcome.caught, outcome
    assert outcome.message


def test_the_catalogue_has_forty_kinds_over_all_systems() -> None:
    assert len({fault.name for fault in CATALOGUE}) == len(CATALOGUE) >= 40
    assert {fault.table.split(".")[0] for fault in CATALOGUE} == {table.system for table in CONTRACT.tables}
    assert Counter(fault.name in _SHORT for fault in CATALOGUE)[True] == len(_SHORT)
