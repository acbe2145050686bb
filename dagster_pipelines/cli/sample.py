"""`needloop sample`: a realistic sample bank as a landing zone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click


@click.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
@click.option(
    "--scale", default=1.0, show_default=True, type=click.FloatRange(0.05, 1000), help="1 is about 2 000 customers."
)
@click.option("--seed", default=20260930, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--format",
    "file_format",
    default="csv",
    show_default=True,
    type=click.Choice(["csv", "parquet"]),
    help="File format.",
)
@click.option("--messy", is_flag=True, help="Deliver the same bank with every kind of fault.")
def sample(out: Path, scale: float, seed: int, file_format: Literal["csv", "parquet"], messy: bool) -> None:
    """Write a realistic sample bank: three years up to 2026-09-30, with planted effects."""
    from seeds.sample.errors import SampleError  # noqa: PLC0415 - import numpy and pyarrow only when used
    from seeds.sample.generate import generate  # noqa: PLC0415

    try:
        summary = generate(out, scale=scale, seed=seed, file_format=file_format, messy=messy)
    except (SampleError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Wrote {summary.rows:,} rows in {summary.files} files to {out}")
    if summary.expected is not None:
        click.echo(f"What a loader should report about them: {summary.expected}")
    click.echo(f"Next: needloop run --landing {out}")
