"""Who opens the address of the server sees their role's dashboard in their language, not Superset's own home page."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, redirect, request
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.wrappers import Response

from dashboards.superset.asset_bundle.audiences import FIRST_DASHBOARD, Role

_HOME_PAGES = ("/", "/superset/welcome/")


def open_with_dashboard(app: Flask, roles: Sequence[Role]) -> None:
    """Send the home page's visitors, who are signed in, to their dashboard."""
    opens = {role.name: role.opens for role in roles}

    @app.before_request
    def _dashboard() -> Response | None:
        if request.method != "GET" or request.path not in _HOME_PAGES:
            return None
        # Who may see the whole bank opens its first dashboard, whatever other roles they have.
        mine = {opens[role.name] for role in current_user.roles if role.name in opens}
        dashboard = FIRST_DASHBOARD if FIRST_DASHBOARD in mine or not mine else sorted(mine)[0]
        language = "en" if str(get_locale()).startswith("en") else "zh"
        return redirect(f"{request.script_root}/superset/dashboard/{dashboard}-{language}/")
