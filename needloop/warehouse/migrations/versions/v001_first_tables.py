"""The tables of the first version: load log, parameters and builds, closed quarters, erasures, check results.

Warehouses from before versions have some or all of these tables, so each is created only if it is missing.
"""

from __future__ import annotations

from alembic import op

revision = "v001"
down_revision = None

_LANDING = """
create schema if not exists raw;
create schema if not exists landing;
create sequence if not exists landing.load_ids;
create table if not exists landing.loads (
    load_id bigint not null, batch_id varchar not null, file varchar not null, table_name varchar not null,
    status varchar not null, reason varchar, message varchar, repeat_of varchar, content_hash varchar,
    bytes bigint not null, encoding varchar, rows_in_file bigint not null, loaded bigint not null,
    ignored bigint not null, rejected bigint not null, loaded_at timestamp not null, seconds double not null
);
-- those of the ignored rows that belong to erased persons
alter table landing.loads add column if not exists erased bigint default 0;
create table if not exists landing.rejects (
    load_id bigint not null, file varchar not null, line bigint not null, table_name varchar not null,
    column_name varchar, reason varchar not null, message varchar not null, header varchar, record varchar
);
create table if not exists landing.notices (
    batch_id varchar not null, file varchar not null, kind varchar not null, subject varchar not null,
    message varchar not null, noticed_at timestamp not null
);
-- how a settled file looked on disk
create table if not exists landing.files (
    file varchar not null, bytes bigint not null, modified_ns bigint not null, changed_ns bigint not null,
    inode bigint not null, content_hash varchar not null
);
create table if not exists landing.erased_keys (entity varchar not null, key_hash varchar not null);
"""

_PIPELINE = """
create table if not exists pipeline.run_parameters (
    run_id varchar not null, load_date date not null, requested_as_of date
);
create table if not exists pipeline.customer_keys (
    customer_id varchar not null, customer_key varchar not null
);
create table if not exists pipeline.product (version varchar not null, fingerprint varchar not null);
create table if not exists pipeline.builds (
    release_id varchar not null, run_id varchar not null, fingerprint varchar not null, requested_as_of date,
    as_of date not null, load_id bigint not null, recorded_at timestamp not null default current_localtimestamp()
);
alter table pipeline.builds add column if not exists closed_quarters bigint default 0;
alter table pipeline.builds add column if not exists erasures bigint default 0;
-- who was erased, by keyed hash; times are UTC; `rows` were deleted, in `cleared` rows of others a mention was emptied
create table if not exists pipeline.erasures (
    erased_at timestamp not null, erased_by varchar not null, customer_hash varchar not null,
    place varchar not null, rows bigint not null, cleared bigint not null
);
"""

# load_id is the last load that the closed numbers have seen; times are UTC.
_CLOSING = """
create schema if not exists closing;
create table if not exists closing.quarters (
    quarter varchar not null, closed_at timestamp not null, release_id varchar not null, run_id varchar not null,
    published_at timestamp not null, as_of date not null, product_version varchar not null,
    contract_version integer not null, fingerprint varchar not null, load_id bigint not null, numbers bigint not null
);
create table if not exists closing.metric_values (
    quarter varchar not null, metric varchar not null, period_type varchar not null, period varchar not null,
    group_by varchar not null, group_value varchar not null, numerator double, denominator double, value double,
    n bigint
);
create table if not exists closing.metric_inputs (
    quarter varchar not null, metric varchar not null, kind varchar not null, input_name varchar not null,
    fingerprint varchar not null
);
"""

_QUALITY = """
create schema if not exists quality;
create table if not exists quality.check_results (
    run_id varchar not null, stage varchar not null, table_name varchar not null, system varchar not null,
    check_name varchar not null, severity varchar not null, owner varchar not null, passed boolean not null,
    failed_rows bigint not null, checked_rows bigint not null, label_zh varchar not null, label_en varchar not null,
    message_zh varchar not null, message_en varchar not null, remedy_zh varchar not null, remedy_en varchar not null,
    sample_keys varchar[] not null, checked_at timestamp not null
);
create table if not exists quality.incidents (
    incident_id bigint not null, kind varchar not null, severity varchar not null, system varchar not null,
    owner varchar not null, place varchar not null, title_zh varchar not null, title_en varchar not null,
    remedy_zh varchar not null, remedy_en varchar not null, failed_rows bigint, checked_rows bigint,
    opened_at timestamp not null, last_seen_at timestamp not null, resolved_at timestamp, recorded_at timestamp not null
);
"""


def upgrade() -> None:
    """Create what is missing."""
    for part in (_LANDING, _PIPELINE, _CLOSING, _QUALITY):
        op.execute(part)
