"""Customers' keys: HMAC-SHA256 as any other system works it out, under a secret that only its owner reads."""

from __future__ import annotations

import hashlib
import hmac
import stat
from pathlib import Path

import duckdb
import pytest

from dagster_pipelines.transformation.customer_keys import (
    customer_key,
    known_secret,
    secret_identity,
    secret_of,
    write_customer_keys,
)
from needloop.settings import Settings

IDS = ("C000000001", "客户一", "a", "x" * 64, "'quoted'\"")
SECRETS = (b"sixteen bytes ok", b"k" * 64, b"longer than a block of sha256 " * 4)


def written(secret: bytes) -> dict[str, str]:
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute("create schema pipeline")
        connection.execute("create table raw.crm__customers (customer_id varchar)")
        connection.execute("create table pipeline.customer_keys (customer_id varchar, customer_key varchar)")
        connection.executemany("insert into raw.crm__customers values (?)", [[i] for i in (*IDS, *IDS)])
        write_customer_keys(connection, secret)
        write_customer_keys(connection, secret)
        return dict(connection.execute("from pipeline.customer_keys").fetchall())


@pytest.mark.parametrize("secret", SECRETS, ids=["short", "block", "long"])
def test_the_warehouse_writes_the_keys_that_python_works_out(secret: bytes) -> None:
    expected = {i: hmac.new(secret, i.encode(), hashlib.sha256).hexdigest()[:32] for i in IDS}
    assert written(secret) == expected == {i: customer_key(secret, i) for i in IDS}


def test_a_published_example_of_hmac() -> None:
    """Test case 2 of RFC 4231, cut to 128 bits."""
    assert customer_key(b"Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c7"


def test_the_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, customer_key_secret=None)
    assert known_secret(settings) is None
    assert secret_identity(settings) == ""
    secret = secret_of(settings)
    assert secret_of(settings) == secret == known_secret(settings)
    assert len(secret) == 64
    assert stat.S_IMODE(settings.customer_key_file.stat().st_mode) == 0o600
    assert secret_of(Settings(data=tmp_path / "other")) != secret


def test_the_settings_win_over_the_file_and_do_not_show_the_secret(tmp_path: Path) -> None:
    in_file = secret_of(Settings(data=tmp_path))
    settings = Settings(data=tmp_path, customer_key_secret="a secret of the bank")
    assert secret_of(settings) == b"a secret of the bank" != in_file
    assert secret_identity(settings) != secret_identity(Settings(data=tmp_path))
    assert "a secret of the bank" not in repr(settings)
