"""The inputs of the models in the warehouse. A warehouse that gains this table rebuilds all models once."""

from __future__ import annotations

from alembic import op

revision = "v002"
down_revision = "v001"


def upgrade() -> None:
    """Create the table, which has at most one row."""
    op.execute(
        "create table pipeline.models_there (fingerprint varchar not null, as_of date not null, whole boolean not null)"
    )
