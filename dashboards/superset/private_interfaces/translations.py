"""The texts of Superset's own pages, as the language pack that it serves has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def shipped_language_pack(language: str) -> dict[str, Any]:
    """Superset's language pack; `texts_of` has the texts in it."""
    # Superset's package can be found only once its application exists, which is when this runs.
    from superset import translations  # noqa: PLC0415

    file = Path(translations.__file__).parent / language / "LC_MESSAGES" / "messages.json"
    pack: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return pack


def texts_of(pack: dict[str, Any]) -> dict[str, list[str]]:
    """English text → its translation and plurals; changing it changes the pack."""
    texts: dict[str, list[str]] = pack["locale_data"]["superset"]
    return texts
