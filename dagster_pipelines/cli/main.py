"""The entry point `needloop`: collects the commands."""

from __future__ import annotations

import click

from dagster_pipelines.cli.alerts import alerts
from dagster_pipelines.cli.audit import audit
from dagster_pipelines.cli.backup import backup
from dagster_pipelines.cli.close import close
from dagster_pipelines.cli.doctor import doctor
from dagster_pipelines.cli.exit_codes import Commands
from dagster_pipelines.cli.export import export
from dagster_pipelines.cli.forget import forget
from dagster_pipelines.cli.metrics import metrics
from dagster_pipelines.cli.quiet_exit import quiet_exit
from dagster_pipelines.cli.rejects import rejects
from dagster_pipelines.cli.report import report
from dagster_pipelines.cli.restore import restore
from dagster_pipelines.cli.run import run
from dagster_pipelines.cli.sample import sample
from dagster_pipelines.cli.status import status
from dagster_pipelines.cli.upgrade import upgrade

quiet_exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="needloop")
def main() -> None:
    """Needloop (需求闭环): a warehouse for bancassurance, from a bank's files to the quarterly report."""


for command in (
    run,
    sample,
    report,
    metrics,
    export,
    close,
    forget,
    rejects,
    status,
    alerts,
    audit,
    backup,
    restore,
    upgrade,
    doctor,
):
    main.add_command(command)
