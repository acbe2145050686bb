"""The secret under which erased persons are remembered: made once, never changed, known to nothing else.

It is not the secret of the customers' keys: that one may be changed, and an erased person would then come back with the
next delivery; and what is remembered here can not be matched with what older releases hold.
"""

from __future__ import annotations

from needloop.kept_secret import kept_secret, known_secret
from needloop.settings import Settings

_REMEDY = (
    "Restore it from a backup (it is in `secrets/` there). Without it erased customers could come back; only when "
    "nobody was ever erased (`needloop forget --list`), delete the file, and the next erasure makes a new one."
)


def known_erasure_key(settings: Settings) -> bytes | None:
    """The key, None where nobody was ever erased. Raises DamagedSecretError, OSError."""
    return known_secret(settings.erasure_key_file, remedy=_REMEDY)


def erasure_key_of(settings: Settings) -> bytes:
    """The key; made when there is none yet.

    Raises DamagedSecretError when its file holds none, OSError when the data folder cannot be written.
    """
    return kept_secret(settings.erasure_key_file, remedy=_REMEDY)
