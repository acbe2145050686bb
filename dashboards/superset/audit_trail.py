"""Who signs in, fails to, signs out and exports data, as entries of the installation's audit record.

Superset's own table of logs has every click; here is what a bank is asked for.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_login import current_user

from dashboards.superset.entries_of_strangers import EntriesOfStrangers
from needloop.audit.record import EXPORT, EXPORT_REFUSED, LOGIN, LOGIN_FAILED, LOGOUT, AuditRecord

_LOGIN_PAGE, _LOGIN_API, _LOGIN_OF_PROVIDER, _LOGOUT = (
    "/login",
    "/api/v1/security/login",
    "/oauth-authorized/",
    "/logout",
)
_CHARTS = "/api/v1/chart/"
_TABLES = ("csv", "xlsx")
_LONGEST_NUMBER = 9
_NOBODY = "(nobody)"
_MOST_FAILED_LOGINS = 60  # an address and minute, which may touch two minutes of AUTH_RATE_LIMIT
_MOST_WITHOUT_ATTEMPT = 1
_TOO_MANY = "too many attempts"
_log = logging.getLogger(__name__)


def keep_audit_trail(app: Flask, record: AuditRecord) -> None:
    """Write an entry for each login, logout and export. One that cannot be written is logged and stops nobody.

    Who is not signed in cannot flood the record: failed logins are bounded, exports are those of users.
    """
    of_strangers = EntriesOfStrangers()

    @app.before_request
    def _who_leaves() -> None:
        # After a logout nobody is signed in any more.
        g.audited_user = current_user.username if current_user.is_authenticated else None

    @app.after_request
    def _written(response: Response) -> Response:
        try:
            entry, address = _entry(response), request.remote_addr or ""
            if entry is not None and _worth_an_entry(*entry, address, of_strangers):
                record.add(*entry, address)
        except Exception:  # noqa: BLE001 - whatever it is, the dashboards go on
            _log.exception("No entry could be written to the audit record")
        return response


def _entry(response: Response) -> tuple[str, str, str] | None:
    """Who did what: (who, action, what)."""
    path = request.path.rstrip("/")
    if path == _LOGOUT and (user := g.get("audited_user")):
        return user, LOGOUT, "dashboards"
    if request.method == "POST" and path in (_LOGIN_PAGE, _LOGIN_API):
        return _login(response, _asked_name())
    if path.startswith(_LOGIN_OF_PROVIDER) and path.removeprefix(_LOGIN_OF_PROVIDER) in _providers():
        return _login(response, _NOBODY)
    if (user := _signed_in()) and (what := _exported(path, response)) is not None:
        return user, EXPORT if response.status_code == 200 else EXPORT_REFUSED, what
    return None


def _worth_an_entry(who: str, action: str, what: str, address: str, of_strangers: EntriesOfStrangers) -> bool:
    """All that users do; of failed logins so many a minute, of what comes without a password or name next to none."""
    if action != LOGIN_FAILED:
        return True
    without_attempt = what == _TOO_MANY or who == _NOBODY
    most = _MOST_WITHOUT_ATTEMPT if without_attempt else _MOST_FAILED_LOGINS
    return of_strangers.another((address, without_attempt), most)


def _providers() -> set[str]:
    """The names of the identity providers that the installation has."""
    return {provider["name"] for provider in current_app.config.get("OAUTH_PROVIDERS", ())}


def _login(response: Response, name: str) -> tuple[str, str, str]:
    if request.path.startswith("/api/"):
        user = name if response.status_code == 200 else None
    else:
        user = _signed_in() if g.get("audited_user") is None else None
    if user:
        return user, LOGIN, "dashboards"
    return name, LOGIN_FAILED, _TOO_MANY if response.status_code == 429 else "dashboards"


def _asked_name() -> str:
    body = request.get_json(silent=True) if request.is_json else request.form
    name = body.get("username") if isinstance(body, dict) else None
    return str(name)[:64] if name else _NOBODY


def _signed_in() -> str | None:
    user = g.get("user", current_user)
    return user.username if user is not None and user.is_authenticated else None


def _exported(path: str, response: Response) -> str | None:
    """What a request takes out; None for those that take nothing out."""
    if "/export" in path and path.startswith("/api/"):
        return f"{path} {request.query_string.decode('utf-8', 'replace')}"
    if path.startswith(_CHARTS):
        form = _asked_form(path) or _form_of_file(response)
        return f"{_chart_asked_for()}, {form}" if form else None
    return None


def _asked_form(path: str) -> str | None:
    """The kind of file that a request for a chart's data asks for, where Superset looks for it."""
    if not path.endswith("/data"):
        return None
    form = _chart_request().get("result_format") if request.method == "POST" else request.args.get("format")
    return form if form in _TABLES else None


def _form_of_file(response: Response) -> str | None:
    """The kind of file that an answer is, whatever was asked for; None where it is none."""
    is_file = response.headers.get("Content-Disposition", "").lower().startswith("attachment")
    return response.mimetype if is_file else None


def _chart_asked_for() -> str:
    asked = _chart_request()
    form_data, datasource = _part(asked, "form_data"), _part(asked, "datasource")
    chart = form_data.get("slice_id") or (request.view_args and request.view_args.get("pk"))
    where = f"dashboard {form_data.get('dashboardId')}" if form_data.get("dashboardId") else "no dashboard"
    return f"chart {chart}{_title(chart)}, dataset {datasource.get('id')}, {where}"


def _chart_request() -> dict[str, Any]:
    """The body of a request for a chart's data: JSON, or in a field of a form, as a browser's download sends it."""
    body = request.get_json(silent=True) if request.is_json else None
    if body is None and (field := request.form.get("form_data")):
        try:
            body = json.loads(field)
        except ValueError:
            body = None
    return body if isinstance(body, dict) else {}


def _part(asked: dict[str, Any], name: str) -> dict[str, Any]:
    part = asked.get(name)
    return part if isinstance(part, dict) else {}


def _title(chart: Any) -> str:
    """The chart's title, of Superset's metadata rather than of the request."""
    # Superset is being imported while this module is.
    from dashboards.superset.private_interfaces.metadata import Slice, db  # noqa: PLC0415

    if not str(chart).isdecimal() or len(str(chart)) > _LONGEST_NUMBER:
        return ""
    found = db.session.query(Slice.slice_name).filter(Slice.id == int(chart)).one_or_none()
    return f" “{found[0]}”" if found else ""
