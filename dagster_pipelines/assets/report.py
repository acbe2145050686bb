"""The quarterly report as an asset: rendered anew from each release, in the languages and forms of the settings."""

from zoneinfo import ZoneInfo

import dagster as dg

from dagster_pipelines.assets.release import RELEASE_KEY
from dagster_pipelines.assets.run_context import RUN_LOCK
from dagster_pipelines.progress import Progress
from dagster_pipelines.settings import Settings
from dashboards.report.generate import generate_reports, latest_whole_quarter, listed_formats, listed_languages


def report_asset(settings: Settings, progress: Progress) -> dg.AssetsDefinition:
    """The report of the latest whole quarter of the release."""
    languages, formats = listed_languages(settings.report_languages), listed_formats(settings.report_formats)

    @dg.asset(
        key=dg.AssetKey("quarterly_report"),
        deps=[RELEASE_KEY],
        group_name="publishing",
        kinds=set(formats),
        description="需求闭环效能报告: the quarterly needs-closure effectiveness report.",
        required_resource_keys={RUN_LOCK},
    )
    def quarterly_report() -> dg.MaterializeResult[None]:
        quarter = latest_whole_quarter(settings.published_file)
        if quarter is None:
            progress.warn("The release holds no whole quarter yet, so no report was rendered.")
            return dg.MaterializeResult(metadata={"quarter": "none is whole yet"})
        with progress.step(f"Report {quarter}"):
            files = generate_reports(
                settings.published_file,
                quarter,
                languages=languages,
                file_formats=formats,
                out=settings.reports,
                time_zone=ZoneInfo(settings.time_zone),
            )
        return dg.MaterializeResult(
            metadata={"quarter": quarter, **{f.name: dg.MetadataValue.path(str(f)) for f in files}}
        )

    return quarterly_report
