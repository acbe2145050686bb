"""Logins that hold however fast they are made after the login page opens."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_login import current_user

_EVENTS = "/superset/log/"


def drop_events_of_nobody(app: Flask) -> None:
    """Answer the events that the login page reports a second after it opens with nothing.

    Superset would refuse them and note the refusal in the session, which is a cookie: a login made in that moment
    (by a password manager, say) would be overwritten, and the user be back at the login page.
    """

    @app.before_request
    def _events() -> Response | None:
        if request.path == _EVENTS and not current_user.is_authenticated:
            return Response(status=204)
        return None
