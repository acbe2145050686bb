"""Who opens the address of the server sees the dashboard in their language, not Superset's own home page."""

from __future__ import annotations

from flask import Flask, redirect, request
from flask_babel import get_locale
from werkzeug.wrappers import Response

_HOME_PAGES = ("/", "/superset/welcome/")
_DASHBOARD = "needs-closure"


def open_with_dashboard(app: Flask) -> None:
    """Send the home page's visitors to the dashboard; without a login it sends them to the login page and back."""

    @app.before_request
    def _dashboard() -> Response | None:
        if request.method != "GET" or request.path not in _HOME_PAGES:
            return None
        language = "en" if str(get_locale()).startswith("en") else "zh"
        return redirect(f"{request.script_root}/superset/dashboard/{_DASHBOARD}-{language}/")
