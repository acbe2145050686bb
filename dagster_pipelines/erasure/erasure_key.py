"""The secret that hashes the ids of erased persons: created once, never rotated, used for nothing else.

It is separate from the secret of customer keys. That one may be rotated, after which a delivery would bring erased
persons back; and hashes under a separate secret cannot be matched with keys in older releases.
"""

from __future__ import annotations

from needloop.secret_file import known_secret, stored_secret
from needloop.settings import Settings

_REMEDY = (
    "Restore it from a backup (it is in `secrets/` there). Without it erased customers could come back. Only if "
    "nobody was ever erased (`needloop forget --list`), delete the file; the next erasure creates a new one."
)


def known_erasure_key(settings: Settings) -> bytes | None:
    """The key; None if nobody was ever erased. Raises DamagedSecretError, OSError."""
    return known_secret(settings.erasure_key_file, remedy=_REMEDY)


def erasure_key_of(settings: Settings) -> bytes:
    """The key; created on first use.

    Raises DamagedSecretError when its file is damaged, OSError when the data folder cannot be written.
    """
    return stored_secret(settings.erasure_key_file, remedy=_REMEDY)
