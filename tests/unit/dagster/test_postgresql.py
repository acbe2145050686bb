"""A PostgreSQL's URI: what is taken, and that no part of a password is ever repeated."""

from __future__ import annotations

import pytest

from needloop.postgresql import PostgresqlError, postgresql


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("postgresql://needloop:p%40ss%2Fw@db.example.cn:5433/dagster", "db.example.cn:5433/dagster"),
        ("postgresql://needloop@db/dagster?sslmode=verify-full", "db:5432/dagster"),
        ("postgresql://needloop:word@[::1]:5432/dagster", "::1:5432/dagster"),
        ("postgresql:///dagster?host=/run/postgresql", "/run/postgresql/dagster"),
    ],
)
def test_a_uri_is_shown_without_its_password(uri: str, place: str) -> None:
    database = postgresql("SETTING", uri)
    assert database.place == place
    assert "word" not in repr(database)
    assert "p%40" not in repr(database)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "s3cret",
        "mysql://needloop:s3cret@db/dagster",
        "postgresql://needloop:s3cret@db",
        "postgresql://needloop:s3cret@db/",
        "postgresql://needloop:s3cret@/dagster",
        "postgresql://needloop:s3@cret@db/dagster",
        "postgresql://needloop:s3/cret@db/dagster",
        "postgresql://needloop:5432/s3cret@db/dagster",
        "postgresql://needloop:5432#s3cret@db/dagster",
        "postgresql://needloop:5432?s3cret@db/dagster",
        "postgresql://needloop:s3cret@db:port/dagster",
    ],
)
def test_what_is_no_such_uri_is_told_without_repeating_it(uri: str) -> None:
    with pytest.raises(PostgresqlError, match="SETTING is not of the form postgresql://USER") as refused:
        postgresql("SETTING", uri)
    assert "s3" not in str(refused.value)
    assert "cret" not in str(refused.value)


def test_a_server_that_is_away_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg2", reason="no driver for PostgreSQL: `make setup POSTGRES=1` installs it")
    with pytest.raises(PostgresqlError, match=r"the database at 127\.0\.0\.1:1/dagster does not answer") as refused:
        postgresql("SETTING", "postgresql://needloop:s3cret@127.0.0.1:1/dagster").answer("select 1")
    assert "unset SETTING" in str(refused.value)
    assert "s3cret" not in str(refused.value)
