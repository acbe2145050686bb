"""Customers' pseudonymous keys: the first 128 bits of HMAC-SHA256 of the customer id under the installation's secret.

A holder of the secret, such as the bank's relationship-manager system, can compute keys and join on them; nobody else
can reverse a key or test ids against it. The secret comes from the settings, or is generated on the first run and kept
in the data folder, readable by its owner only. It is never written to the warehouse, a release or a log.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

import duckdb

from needloop import secret_file
from needloop.settings import Settings

KEY_LENGTH = 32
"""Characters of a key: hexadecimal digits, half of the digest."""
_BLOCK_BYTES = 64
_REMEDY = (
    "Restore it from a backup (it is in `secrets/` there). A new secret changes every customer key, so earlier "
    "releases and other systems no longer match. Only if nothing was published yet, or no backup has it, delete the "
    "file; the next run creates a new one."
)


def customer_key(secret: bytes, customer_id: str) -> str:
    """The key of one customer, as any other system would compute it."""
    return hmac.new(secret, customer_id.encode(), sha256).hexdigest()[:KEY_LENGTH]


def secret_of(settings: Settings) -> bytes:
    """The installation's secret; generated and stored on first use.

    Raises DamagedSecretError when its file is damaged, OSError when the data folder cannot be written.
    """
    return _given(settings) or secret_file.stored_secret(settings.customer_key_file, remedy=_REMEDY)


def known_secret(settings: Settings) -> bytes | None:
    """The secret from the settings or the data folder; None if there is none yet.

    Raises DamagedSecretError, OSError.
    """
    return _given(settings) or secret_file.known_secret(settings.customer_key_file, remedy=_REMEDY)


def _given(settings: Settings) -> bytes | None:
    return None if settings.customer_key_secret is None else settings.customer_key_secret.get_secret_value().encode()


def secret_identity(settings: Settings) -> str:
    """A fingerprint of the secret that does not reveal it; empty if there is none yet."""
    secret = known_secret(settings)
    return "" if secret is None else hmac.new(secret, b"needloop customer keys", sha256).hexdigest()[:KEY_LENGTH]


def write_customer_keys(connection: duckdb.DuckDBPyConnection, secret: bytes) -> None:
    """Rebuilds pipeline.customer_keys with one row per customer ever delivered.

    Computes the HMAC of customer_key in set-based SQL. The padded blocks of the secret are bound as parameters, so no
    statement text contains them.
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
