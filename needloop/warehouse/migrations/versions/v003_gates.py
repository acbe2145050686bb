"""The gates that the warehouse has passed on the way to a release. An older warehouse has passed none."""

from __future__ import annotations

from alembic import op

revision = "v003"
down_revision = "v002"


def upgrade() -> None:
    """Create the table, which has at most one row per gate."""
    op.execute(
        "create table pipeline.gates ("
        "gate varchar not null, run_id varchar not null, passed boolean not null, reason varchar, "
        "load_id bigint not null, erasures bigint not null, closed_quarters bigint not null, as_of date not null, "
        "fingerprint varchar not null, decided_at timestamp not null default current_localtimestamp())"
    )
