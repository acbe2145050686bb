"""Apprise's chat bots, which check the error code in the response body as well as the HTTP status.

WeCom, DingTalk and Feishu reject a message (wrong key, missing keyword, rate limit) with HTTP 200 and an error code in
the body. Treating that as delivered would silently lose the alert. Feishu's signature is added here too.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import requests
from apprise import NotifyBase, NotifyFormat, NotifyType
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

SECONDS_BETWEEN_MESSAGES = 3
"""Each service accepts about twenty messages a minute from one bot."""


class WeComRobot(NotifyWeComBot):
    """企业微信群机器人: wecombot://KEY."""

    request_rate_per_sec = SECONDS_BETWEEN_MESSAGES

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_: Any) -> bool:
        """Posts the text; returns False and logs a warning through Apprise when it is rejected."""
        del title, notify_type
        return _posted(self, self.api_url, {"msgtype": "text", "text": {"content": body}})


class DingTalkRobot(NotifyDingTalk):
    """钉钉群机器人: dingtalk://SECRET@TOKEN, or dingtalk://TOKEN without signature."""

    request_rate_per_sec = SECONDS_BETWEEN_MESSAGES

    def send(
        self,
        body: str,
        title: str = "",
        notify_type: NotifyType = NotifyType.INFO,
        body_format: NotifyFormat | None = None,
        **_: Any,
    ) -> bool:
        """Posts the text, signed if a secret is set."""
        del notify_type, body_format
        address = self.notify_url.format(token=self.token)
        if self.secret:
            timestamp, signature = self.get_signature()  # type: ignore[no-untyped-call]
            address += f"&timestamp={timestamp}&sign={signature}"
        content = f"{title}\r\n{body}" if title else body
        payload = {
            "msgtype": "text",
            "text": {"content": content},
            "at": {"atMobiles": self.targets, "isAtAll": False},
        }
        return _posted(self, address, payload)


class FeishuRobot(NotifyFeishu):
    """飞书群机器人: feishu://TOKEN, or feishu://TOKEN?secret=SECRET with signature."""

    request_rate_per_sec = SECONDS_BETWEEN_MESSAGES

    def __init__(self, token: str, secret: str | None = None, **others: Any) -> None:
        super().__init__(token, **others)  # type: ignore[no-untyped-call]
        self.secret = secret

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_: Any) -> bool:
        """Posts the text, signed if a secret is set."""
        del title, notify_type
        payload: dict[str, Any] = {"msg_type": "text", "content": {"text": body}}
        if self.secret:
            timestamp = str(int(time.time()))
            key = f"{timestamp}\n{self.secret}".encode()
            signature = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
            payload |= {"timestamp": timestamp, "sign": signature}
        return _posted(self, self.notify_url.format(token=self.token).rstrip("/"), payload)

    @staticmethod
    def parse_url(url: Any, *others: Any, **named: Any) -> dict[str, Any] | None:
        """The arguments of the constructor; None when the address cannot be parsed."""
        del others, named
        results: dict[str, Any] | None = NotifyFeishu.parse_url(url)
        if results and results["qsd"].get("secret"):
            results["secret"] = NotifyBase.unquote(results["qsd"]["secret"])
        return results


def _posted(robot: NotifyBase, address: str, payload: dict[str, Any]) -> bool:
    robot.throttle()
    try:
        response = requests.post(
            address,
            data=json.dumps(payload).encode(),
            headers={"User-Agent": robot.app_id, "Content-Type": "application/json; charset=utf-8"},
            verify=robot.verify_certificate,
            timeout=robot.request_timeout,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        robot.logger.warning("%s cannot be reached (%s).", robot.service_name, type(error).__name__)
        return False
    refusal = _refusal(response)
    if refusal is not None:
        robot.logger.warning("%s rejected the message: %s.", robot.service_name, refusal)
    return refusal is None


def _refusal(response: requests.Response) -> str | None:
    if response.status_code != requests.codes.ok:
        return f"HTTP {response.status_code}"
    try:
        body = response.json()
    except ValueError:
        return "a response that is not JSON"
    if not isinstance(body, dict):
        return "a response of unknown format"
    code = next((body[name] for name in ("errcode", "code", "StatusCode") if name in body), None)
    if code == 0:
        return None
    words = body.get("errmsg") or body.get("msg") or body.get("StatusMessage") or "no reason given"
    return f"code {code}, {words}"
