"""Customers' pseudonymous keys: the first 128 bits of HMAC-SHA256 of the customer id under the installation's secret.

Whoever has the secret, such as the bank's system for relationship managers, can work a key out and join it; nobody
else can turn a key into a customer or try ids out. The secret comes from the settings, or is made on the first run and
kept in the data folder, readable by its owner alone. It is never written to the warehouse, a release or a log.
"""

from __future__ import annotations

import hmac
import os
import secrets
from hashlib import sha256

import duckdb

from dagster_pipelines.settings import Settings

KEY_LENGTH = 32
"""Characters of a key: hexadecimal digits, half of the digest."""
_BLOCK_BYTES = 64
_GENERATED_BYTES = 32


def customer_key(secret: bytes, customer_id: str) -> str:
    """The key of one customer, as any other system would work it out."""
    return hmac.new(secret, customer_id.encode(), sha256).hexdigest()[:KEY_LENGTH]


def secret_of(settings: Settings) -> bytes:
    """The installation's secret; made and kept when there is none yet.

    Raises OSError when the data folder cannot be written.
    """
    secret = known_secret(settings)
    if secret is not None:
        return secret
    file = settings.customer_key_file
    file.parent.mkdir(parents=True, exist_ok=True)
    generated = secrets.token_hex(_GENERATED_BYTES)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(generated + "\n")
        opened.flush()
        os.fsync(descriptor)
    return generated.encode()


def known_secret(settings: Settings) -> bytes | None:
    """The secret as it stands in the settings or in the data folder, None where there is none yet."""
    if settings.customer_key_secret is not None:
        return settings.customer_key_secret.get_secret_value().encode()
    file = settings.customer_key_file
    return file.read_text("utf-8").strip().encode() if file.exists() else None


def secret_identity(settings: Settings) -> str:
    """Tells one secret from another without giving it away; empty where there is none yet."""
    secret = known_secret(settings)
    return "" if secret is None else hmac.new(secret, b"needloop customer keys", sha256).hexdigest()[:KEY_LENGTH]


def write_customer_keys(connection: duckdb.DuckDBPyConnection, secret: bytes) -> None:
    """Replaces pipeline.customer_keys by a row for every customer that was ever delivered.

    The same HMAC as customer_key, written out in SQL so that it is set-based; the two padded blocks of the secret are
    bound as parameters, so that no statement holds them.
    """
    block = (sha256(secret).digest() if len(secret) > _BLOCK_BYTES else secret).ljust(_BLOCK_BYTES, b"\0")
    padded = {"inner": bytes(b ^ 0x36 for b in block), "outer": bytes(b ^ 0x5C for b in block)}
    connection.execute("begin")
    connection.execute("delete from pipeline.customer_keys")
    connection.execute(
        "insert into pipeline.customer_keys "
        "select customer_id, left(sha256($outer::blob || unhex(sha256($inner::blob || encode(customer_id)))), "
        f"{KEY_LENGTH}) from (select distinct customer_id from raw.crm__customers)",
        padded,
    )
    connection.execute("commit")
