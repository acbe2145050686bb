"""Superset's metadata: its models, the commands that change them, and its migrations.

Imported inside an application context only: Superset's models read the configuration when they are imported.
"""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from superset import db, security_manager
from superset.commands.importers.v1.assets import ImportAssetsCommand
from superset.commands.logs.prune import LogPruneCommand
from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
from superset.extensions import appbuilder
from superset.key_value.models import KeyValueEntry
from superset.models.core import Database, Log
from superset.models.dashboard import Dashboard
from superset.models.slice import Slice
from superset.utils.core import override_user
from superset.utils.decorators import transaction

__all__ = [
    "Dashboard",
    "Database",
    "ImportAssetsCommand",
    "KeyValueEntry",
    "Log",
    "LogPruneCommand",
    "RowLevelSecurityFilter",
    "Slice",
    "SqlaTable",
    "appbuilder",
    "db",
    "override_user",
    "security_manager",
    "transaction",
    "upgrade_metadata",
]


def upgrade_metadata() -> None:
    """Superset's own migrations, when its version asks for one."""
    script = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    with db.engine.connect() as connection:
        present = set(MigrationContext.configure(connection).get_current_heads())
    if present != set(script.get_heads()):
        upgrade()
