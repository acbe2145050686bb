"""The tables that remember erasures without saying of whom: by keyed hashes, tables, counts."""

ERASURE_TABLES = """
create table if not exists pipeline.erasures (
    erased_at timestamp not null, erased_by varchar not null, customer_hash varchar not null,
    place varchar not null, rows bigint not null, cleared bigint not null
);
create table if not exists landing.erased_keys (entity varchar not null, key_hash varchar not null);
alter table landing.loads add column if not exists erased bigint default 0;
"""
"""Times are UTC. `rows` were deleted, in `cleared` rows of other people a mention was emptied. `erased` of a load are
those of its ignored rows that belong to erased persons."""
