"""Every asset says what it is and whose: group, owner, description, kind, layer, and the file that defines it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from dagster_pipelines.assets.exposures import exposure_key
from dagster_pipelines.assets.release import RELEASE_KEY
from dagster_pipelines.assets.report import REPORT_KEY
from dagster_pipelines.definitions import build_definitions
from dagster_pipelines.progress import Progress
from dagster_pipelines.transformation.project import manifest_file
from needloop.contract.model import load_contract
from needloop.settings import Settings

_LAYERS = {"raw", "seeds", "staging", "intermediate", "marts", "analytics", "publishing", "exposures", "records"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def definitions(settings: Settings) -> dg.Definitions:
    return build_definitions(settings, Progress(enabled=False))


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> dict[dg.AssetKey, dg.AssetSpec]:
    return {spec.key: spec for spec in definitions.resolve_all_asset_specs()}


@pytest.fixture(scope="module")
def manifest(settings: Settings) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(manifest_file(settings).read_text("utf-8"))
    return read


def test_every_asset_says_what_it_is_and_whose(
    definitions: dg.Definitions, specs: dict[dg.AssetKey, dg.AssetSpec]
) -> None:
    assert set(definitions.resolve_asset_graph().get_all_asset_keys()) == set(specs), "no asset is a mere dependency"
    for key, spec in specs.items():
        assert spec.group_name not in {None, "default"}, key
        assert spec.owners, key
        assert all(owner.startswith("team:") for owner in spec.owners), key
        assert spec.description, key
        assert spec.kinds, key
        assert spec.tags["layer"] in _LAYERS, key
        references = spec.metadata["dagster/code_references"].code_references
        assert references, key
        assert all(Path(reference.file_path).is_file() for reference in references), key


def test_raw_tables_and_their_staging_share_the_group_and_owner_of_their_system(
    specs: dict[dg.AssetKey, dg.AssetSpec],
) -> None:
    for table in load_contract().tables:
        raw = specs[dg.AssetKey(["raw", table.raw_name])]
        staging = specs[dg.AssetKey(["staging", f"stg_{table.raw_name}"])]
        assert raw.group_name == staging.group_name == table.system
        assert raw.owners == staging.owners


def test_every_exposure_ends_the_lineage_of_its_parents(
    definitions: dg.Definitions, specs: dict[dg.AssetKey, dg.AssetSpec], manifest: dict[str, Any]
) -> None:
    graph = definitions.resolve_asset_graph()
    assert len(manifest["exposures"]) >= 12
    for exposure in manifest["exposures"].values():
        key = exposure_key(exposure["name"])
        nodes = [manifest["nodes"][node] for node in exposure["depends_on"]["nodes"]]
        marts = {dg.AssetKey([node["schema"], node["name"]]) for node in nodes}
        made_by = REPORT_KEY if exposure["name"].endswith("_report") else RELEASE_KEY
        assert graph.get(key).is_external
        assert not graph.get(key).child_keys
        assert graph.get(key).parent_keys == marts | {made_by}
        assert specs[key].owners[0].removeprefix("team:") in exposure["owner"]["name"]


def test_the_release_is_stale_when_the_alerts_call_it_too_old(tmp_path: Path) -> None:
    alerts = tmp_path / "alerts.yml"
    alerts.write_text("limits: {release_age_hours: 30}", "utf-8")
    definitions = build_definitions(Settings(data=tmp_path, alerts=alerts), Progress(enabled=False))
    (release,) = [spec for spec in definitions.resolve_all_asset_specs() if spec.key == RELEASE_KEY]
    assert release.freshness_policy == dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=30))


@pytest.mark.parametrize("on", [True, False])
def test_one_setting_turns_the_schedules_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, on: bool) -> None:
    if not on:
        monkeypatch.setenv("NEEDLOOP_SCHEDULES", "false")
    schedules = build_definitions(Settings(data=tmp_path), Progress(enabled=False)).resolve_schedule_def
    expected = dg.DefaultScheduleStatus.RUNNING if on else dg.DefaultScheduleStatus.STOPPED
    assert [schedules(name).default_status for name in ("daily", "quarter_end")] == [expected, expected]
