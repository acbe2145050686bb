"""One target of alerts.yml, opened for sending through Apprise."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import apprise
from apprise.plugins.slack import NotifySlack

from dagster_pipelines.alerts.configuration import SECONDS_FOR_A_TRY, Delivery, Service, Target
from dagster_pipelines.alerts.targets.robots import DingTalkRobot, FeishuRobot, WeComRobot

# Apprise logs addresses that it cannot parse. Its log is captured in `_try` and never written.
logging.getLogger("apprise").addHandler(logging.NullHandler())
logging.getLogger("apprise").propagate = False

_LONGEST_ERROR = 300

SCHEMES: dict[Service, tuple[str, ...]] = {
    "mail": ("mailto", "mailtos"),
    "wecom": ("wecombot", "https"),
    "dingtalk": ("dingtalk",),
    "feishu": ("feishu",),
    "slack": ("slack", "https"),
    "webhook": ("json", "jsons"),
}
"""Valid URL schemes per service; https is the webhook URL as the service displays it."""

MOST_BYTES: dict[Service, int] = {
    "mail": 100_000,
    "wecom": 2_048,
    "dingtalk": 18_000,
    "feishu": 18_000,
    "slack": 2_900,
    "webhook": 100_000,
}
"""Maximum UTF-8 bytes of title and text per message (Slack counts characters, which are never more)."""

_TYPES = {
    "blocking": apprise.NotifyType.FAILURE,
    "warning": apprise.NotifyType.WARNING,
    "good": apprise.NotifyType.SUCCESS,
    "news": apprise.NotifyType.INFO,
}


class TargetError(Exception):
    """A target is misconfigured; the message says what to fix and holds no secret."""


@dataclass(frozen=True)
class Message:
    """A plain-text message and its severity."""

    subject: str
    body: str
    tone: str
    """blocking, warning, good or news."""


class OpenTarget:
    """A target with its address from the environment. Raises TargetError when it is missing or invalid."""

    def __init__(self, name: str, target: Target, secret: Callable[[str], str | None]) -> None:
        address = secret(target.address)
        if address is None:
            raise TargetError(
                f"{name}: the environment variable {target.address} is not set. Set it to the target's address."
            )
        self.name = name
        self._pieces = _pieces(address)
        self._apprise = apprise.Apprise()
        self._apprise.add(_plugin(name, target, address))

    def send(self, message: Message, delivery: Delivery) -> str | None:
        """Sends with retries; returns None on success, otherwise the reason without secrets."""
        error = None
        for attempt in range(delivery.tries):
            if attempt:
                time.sleep(delivery.seconds_between * attempt)
            error = self._try(message)
            if error is None:
                return None
        return error

    def _try(self, message: Message) -> str | None:
        log: list[str] = []
        delivered = self._apprise.notify(
            title=" ".join(message.subject.split()),
            body=message.body,
            notify_type=_TYPES[message.tone],
            body_format=apprise.NotifyFormat.TEXT,
            timeout=SECONDS_FOR_A_TRY,
            log_callback=lambda entry, _: log.append(entry.message),
            log_level=logging.WARNING,
        )
        if delivered:
            return None
        return self._without_secrets(" ".join(log)) or f"no answer within {SECONDS_FOR_A_TRY} seconds"

    def _without_secrets(self, text: str) -> str:
        for piece in self._pieces:
            text = text.replace(piece, "***")
        return text[:_LONGEST_ERROR]


def _plugin(name: str, target: Target, address: str) -> apprise.NotifyBase:
    scheme = address.partition("://")[0].lower()
    problem = TargetError(
        f"{name}: {target.address} does not hold a valid address of a {target.service} target. "
        f"Start it with {' or '.join(f'{one}://' for one in SCHEMES[target.service])}, see docs/alerts.md."
    )
    if scheme not in SCHEMES[target.service]:
        raise problem
    try:
        robot = _ROBOTS.get(target.service)
        plugin = _robot(robot, address) if robot is not None else apprise.Apprise.instantiate(address)
    except (apprise.exception.AppriseException, TypeError, KeyError):
        plugin = None
    if plugin is None:
        raise problem
    return _through_gateway(plugin, target.gateway)


def _robot(kind: Any, address: str) -> apprise.NotifyBase | None:
    arguments = kind.parse_native_url(address) if address.startswith("https") else kind.parse_url(address)
    return kind(**arguments) if arguments else None


_ROBOTS: dict[Service, type[apprise.NotifyBase]] = {
    "wecom": WeComRobot,
    "dingtalk": DingTalkRobot,
    "feishu": FeishuRobot,
}


def _through_gateway(plugin: apprise.NotifyBase, gateway: str | None) -> apprise.NotifyBase:
    """Sends through the bank's relay: same path and payload, different host."""
    if gateway is None:
        return plugin
    if isinstance(plugin, WeComRobot):
        plugin.api_url = _at(gateway, plugin.api_url)
    elif isinstance(plugin, (DingTalkRobot, FeishuRobot)):
        plugin.notify_url = _at(gateway, plugin.notify_url)
    elif isinstance(plugin, NotifySlack):
        plugin.webhook_url = _at(gateway, plugin.webhook_url)
    else:
        raise TargetError(
            "gateway works with wecom, dingtalk, feishu and slack; for mail and webhook set the host in address."
        )
    return plugin


def _at(gateway: str, address: str) -> str:
    return re.sub(r"^https?://[^/]+", lambda _: gateway, address)


def _pieces(address: str) -> tuple[str, ...]:
    """Parts of an address to redact, the longest first."""
    parts = re.split(r"[/:@?&=#,]+", address.partition("://")[2])
    known = {piece for part in parts for piece in (part, unquote(part)) if len(piece) >= 4}
    return tuple(sorted({address, *known}, key=len, reverse=True))
