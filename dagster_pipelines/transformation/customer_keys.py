"""Customers' pseudonymous keys: the first 128 bits of HMAC-SHA256 of the customer id under the installation's secret.

Whoever has the secret, such as the bank's system for relationship managers, can work a key out and join it; nobody
else can turn a key into a customer or try ids out. The secret comes from the settings, or is made on the first run and
kept in the data folder, readable by its owner alone. It is never written to the warehouse, a release or a log.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

import duckdb

from needloop import kept_secret
from needloop.settings import Settings

KEY_LENGTH = 32
"""Characters of a key: hexadecimal digits, half of the digest."""
_BLOCK_BYTES = 64
_REMEDY = (
    "Restore it from a backup (it is in `secrets/` there). A new secret changes all customers' keys, so that earlier "
    "releases and other systems no longer match: only when nothing was published yet, or no backup has it, delete the "
    "file, and the next run makes a new one."
)


def customer_key(secret: bytes, customer_id: str) -> str:
    """The key of one customer, as any other system would work it out."""
    return hmac.new(secret, customer_id.encode(), sha256).hexdigest()[:KEY_LENGTH]


def secret_of(settings: Settings) -> bytes:
    """The installation's secret; made and kept when there is none yet.

    Raises DamagedSecretError when its file holds none, OSError when the data folder cannot be written.
    """
    return _given(settings) or kept_secret.kept_secret(settings.customer_key_file, remedy=_REMEDY)


def known_secret(settings: Settings) -> bytes | None:
    """The secret as it stands in the settings or in the data folder, None where there is none yet.

    Raises DamagedSecretError, OSError.
    """
    return _given(settings) or kept_secret.known_secret(settings.customer_key_file, remedy=_REMEDY)


def _given(settings: Settings) -> bytes | None:
    return None if settings.customer_key_secret is None else settings.customer_key_secret.get_secret_value().encode()


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
