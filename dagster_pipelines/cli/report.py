"""`needloop report`: the quarterly report from the published release."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import click

from dagster_pipelines.cli.options import data_option, published_file, settings_from
from needloop.document_forms import UnknownFormError, listed_formats


@click.command()
@click.option("--quarter", required=True, help="The quarter, as 2026Q3.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language.")
@click.option(
    "--format",
    "formats",
    default="html",
    show_default=True,
    help="One or more of html, pdf, xlsx, pptx, comma-separated.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder.  [default: DATA/reports]")
@data_option
def report(quarter: str, lang: Literal["zh", "en"], formats: str, out: Path | None, data: Path | None) -> None:
    """Render a quarter's needs-closure effectiveness report (需求闭环效能报告)."""
    from dashboards.report.errors import ReportError  # noqa: PLC0415 - import rendering libraries only when used
    from dashboards.report.generate import generate_reports  # noqa: PLC0415

    settings = settings_from(data=data)
    try:
        files = generate_reports(
            published_file(settings),
            quarter,
            languages=[lang],
            file_formats=listed_formats(formats),
            out=out or settings.reports,
            time_zone=ZoneInfo(settings.time_zone),
        )
    except (ReportError, UnknownFormError, OSError) as error:
        raise click.ClickException(str(error)) from None
    for file in files:
        click.echo(str(file))
