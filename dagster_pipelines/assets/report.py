"""The quarterly report as an asset: rendered from each release, in the configured languages and formats."""

import dagster as dg

from dagster_pipelines.assets.catalogue import LAYER, OPERATIONS_TEAM
from dagster_pipelines.assets.release import RELEASE_KEY
from dagster_pipelines.assets.run_context import Installation
from dagster_pipelines.reports import make_reports

REPORT_KEY = dg.AssetKey("quarterly_report")


@dg.asset(
    key=REPORT_KEY,
    deps=[RELEASE_KEY],
    group_name="publishing",
    owners=[OPERATIONS_TEAM],
    kinds={"python", "pdf"},
    tags={LAYER: "publishing"},
    description="需求闭环效能报告 · The quarterly report on needs closure: the files of the latest whole quarter.",
)
def quarterly_report(installation: Installation) -> dg.MaterializeResult[None]:
    """The report of the latest whole quarter of the release."""
    quarter, files = make_reports(installation.settings, installation.progress)
    if quarter is None:
        return dg.MaterializeResult(metadata={"quarter": "none is whole yet"})
    return dg.MaterializeResult(metadata={"quarter": quarter, **{f.name: dg.MetadataValue.path(str(f)) for f in files}})
