"""The quarterly report as an asset: rendered anew from each release, in the languages and forms of the settings."""

import dagster as dg

from dagster_pipelines.assets.release import RELEASE_KEY
from dagster_pipelines.assets.run_context import RUN_LOCK
from dagster_pipelines.progress import Progress
from dagster_pipelines.reports import make_reports
from needloop.document_forms import listed_formats
from needloop.settings import Settings


def report_asset(settings: Settings, progress: Progress) -> dg.AssetsDefinition:
    """The report of the latest whole quarter of the release."""

    @dg.asset(
        key=dg.AssetKey("quarterly_report"),
        deps=[RELEASE_KEY],
        group_name="publishing",
        kinds=set(listed_formats(settings.report_formats)),
        description="需求闭环效能报告: the quarterly needs-closure effectiveness report.",
        required_resource_keys={RUN_LOCK},
    )
    def quarterly_report() -> dg.MaterializeResult[None]:
        quarter, files = make_reports(settings, progress)
        if quarter is None:
            return dg.MaterializeResult(metadata={"quarter": "none is whole yet"})
        return dg.MaterializeResult(
            metadata={"quarter": quarter, **{f.name: dg.MetadataValue.path(str(f)) for f in files}}
        )

    return quarterly_report
