"""Stable identities: an asset keeps its UUID over every provisioning, so that links and favourites stay."""

from __future__ import annotations

from uuid import UUID, uuid5

_NAMESPACE = UUID("6a1d5b9e-7d0f-5c1b-9a55-4e65656c6f70")


def identity(kind: str, name: str) -> str:
    """The UUID of an asset of this kind and name."""
    return str(uuid5(_NAMESPACE, f"{kind}/{name}"))
