"""Chinese texts of Superset's own pages that its translation lacks or gets wrong (its sign-in button says "Not In")."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from flask import Flask, Response, request

_OURS = Path(__file__).with_name("assets") / "interface_texts" / "zh.yml"
_ADDRESS = "/superset/language_pack/zh/"


def complete_language_pack(app: Flask) -> None:
    """Serve Superset's Chinese texts with ours in place of those that are wrong (FLASK_APP_MUTATOR)."""
    body = json.dumps(_completed(), ensure_ascii=False)

    @app.before_request
    def _language_pack() -> Response | None:
        if request.path.rstrip("/") + "/" != _ADDRESS:
            return None
        return Response(body, mimetype="application/json")


def _completed() -> dict[str, Any]:
    # Superset's package can be found only once its application exists, which is when this runs.
    from superset import translations  # noqa: PLC0415

    shipped = Path(translations.__file__).parent / "zh" / "LC_MESSAGES" / "messages.json"
    pack: dict[str, Any] = json.loads(shipped.read_text(encoding="utf-8"))
    texts = pack["locale_data"]["superset"]
    texts |= {english: [chinese] for english, chinese in yaml.safe_load(_OURS.read_text(encoding="utf-8")).items()}
    return pack
