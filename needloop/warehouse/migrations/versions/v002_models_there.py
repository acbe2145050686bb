"""What the models in the warehouse were made with. A warehouse that gets the table builds all of them once more."""

from __future__ import annotations

from alembic import op

revision = "v002"
down_revision = "v001"


def upgrade() -> None:
    """Makes the table, which has one row at most."""
    op.execute(
        "create table pipeline.models_there (fingerprint varchar not null, as_of date not null, whole boolean not null)"
    )
