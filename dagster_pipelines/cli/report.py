"""`needloop report`: the quarterly report from the published release."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from dagster_pipelines.cli.options import data_option, published_file, settings_from


@click.command()
@click.option("--quarter", required=True, help="The quarter, as 2026Q3.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language.")
@click.option(
    "--format", "file_format", type=click.Choice(["html"]), default="html", show_default=True, help="File form."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder.  [default: DATA/reports]")
@data_option
def report(
    quarter: str, lang: Literal["zh", "en"], file_format: Literal["html"], out: Path | None, data: Path | None
) -> None:
    """Renders the needs-closure effectiveness report (需求闭环效能报告) of a quarter."""
    from dashboards.report.errors import ReportError  # noqa: PLC0415 - rendering libraries only where they are used
    from dashboards.report.generate import generate_report  # noqa: PLC0415

    settings = settings_from(data=data)
    try:
        file = generate_report(
            published_file(settings), quarter, language=lang, out=out or settings.reports, file_format=file_format
        )
    except (ReportError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(str(file))
