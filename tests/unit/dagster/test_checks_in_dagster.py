"""What Dagster's history keeps of checks: enough to mend what failed, and no key of a row."""

from __future__ import annotations

import dagster as dg

from dagster_pipelines.assets.quality import asset_check_results
from tests.unit.alerts.problems import check_result


def test_failed_checks_are_shown_with_the_list_of_their_keys_but_without_keys() -> None:
    failed = check_result(sample_keys=("a-key-of-a-row",), severity="warning")
    _, warnings = asset_check_results(dg.AssetKey("raw"), [failed])
    assert not warnings.passed
    said = str(warnings.metadata)
    assert f"quality/failing_keys/raw/{failed.table_name}.csv" in said
    assert failed.remedy_en in said
    assert "a-key-of-a-row" not in said
