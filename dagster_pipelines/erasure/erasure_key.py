"""The secret under which erased persons are remembered: made once, never changed, known to nothing else.

It is not the secret of the customers' keys: that one may be changed, and an erased person would then come back with the
next delivery; and what is remembered here can not be matched with what older releases hold.
"""

from __future__ import annotations

import os
import secrets

from dagster_pipelines.settings import Settings

_BYTES = 32


def known_erasure_key(settings: Settings) -> bytes | None:
    """The key, None where nobody was ever erased."""
    file = settings.erasure_key_file
    return file.read_text("ascii").strip().encode() if file.exists() else None


def erasure_key_of(settings: Settings) -> bytes:
    """The key; made when there is none yet. Raises OSError when the data folder cannot be written."""
    known = known_erasure_key(settings)
    if known is not None:
        return known
    file = settings.erasure_key_file
    file.parent.mkdir(parents=True, exist_ok=True)
    generated = secrets.token_hex(_BYTES)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(generated + "\n")
        opened.flush()
        os.fsync(descriptor)
    return generated.encode()
