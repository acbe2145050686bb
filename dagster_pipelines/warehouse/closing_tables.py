"""The tables in which closed quarters are kept. dbt reads them and never writes them, so a full refresh spares them.

Besides these, each closed quarter has a schema of its own with the published tables of then: closing_2026q2.
"""

CLOSING_SCHEMA = "closing"

CLOSING_TABLES = f"""
create schema if not exists {CLOSING_SCHEMA};
create table if not exists {CLOSING_SCHEMA}.quarters (
    quarter varchar not null, closed_at timestamp not null, release_id varchar not null, run_id varchar not null,
    published_at timestamp not null, as_of date not null, product_version varchar not null,
    contract_version integer not null, fingerprint varchar not null, load_id bigint not null, numbers bigint not null
);
create table if not exists {CLOSING_SCHEMA}.metric_values (
    quarter varchar not null, metric varchar not null, period_type varchar not null, period varchar not null,
    group_by varchar not null, group_value varchar not null, numerator double, denominator double, value double,
    n bigint
);
create table if not exists {CLOSING_SCHEMA}.metric_inputs (
    quarter varchar not null, metric varchar not null, kind varchar not null, input_name varchar not null,
    fingerprint varchar not null
);
"""
"""`load_id` is the last load that the closed numbers have seen; times are UTC."""


def archive_schema(quarter: str) -> str:
    """The schema with the published tables of a closed quarter, as closing_2026q2."""
    return f"{CLOSING_SCHEMA}_{quarter.lower()}"
