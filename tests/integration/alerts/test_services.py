"""Messages as they arrive: at a real SMTP server, and at a server that checks the form of each chat service."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from dagster_pipelines.alerts.configuration import Delivery, Target
from dagster_pipelines.alerts.targets.target import Message, OpenTarget, TargetError
from dagster_pipelines.cli.main import main
from needloop.settings import Settings
from tests.integration.alerts.receivers import ChatServer, MailServer

ALL = ("mail", "wecom", "dingtalk", "feishu", "slack", "hook")
ONCE = Delivery(tries=1)


def _command(settings: Settings, *arguments: str) -> Result:
    environment = {"NEEDLOOP_ALERTS": str(settings.alerts), "NEEDLOOP_DATA": str(settings.data)}
    return CliRunner().invoke(main, ["alerts", *arguments], env=environment)


def test_a_test_message_reaches_every_target_in_the_form_of_its_service(
    told_to: Callable[..., Settings], mail: MailServer, chat: ChatServer
) -> None:
    result = _command(told_to(*ALL), "test")
    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.output.splitlines()] == ["sent"] * len(ALL)
    assert mail.box.recipients == ["ops@bank.example"]
    assert mail.box.mails[0]["Subject"] == "[Needloop·测试] 告警路由 all"
    assert "目标 mail 能够接收 Needloop 告警" in mail.box.text(0)
    assert [post.path for post in chat.received] == [
        "/cgi-bin/webhook/send",
        "/robot/send",
        "/open-apis/bot/v2/hook/feishu-token-0001",
        "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7AA",
        "/hook",
    ]
    assert "This is a test." in str(chat.received[3].payload)  # this target reads English
    assert chat.received[4].payload["title"] == "[Needloop·测试] 告警路由 all"


@pytest.mark.parametrize("service", ["wecom", "dingtalk", "feishu"])
def test_a_refusal_with_http_200_counts_as_not_delivered(
    service: str, told_to: Callable[..., Settings], chat: ChatServer
) -> None:
    chat.refuse_with = {"errcode": 45009, "errmsg": "api freq out of limit", "code": 45009, "msg": "api freq"}
    result = _command(told_to(service), "test")
    assert result.exit_code == 1
    assert "FAILED" in result.output
    assert "code 45009, api freq" in result.output
    assert len(chat.received) == 2  # tried twice, as configured


def test_an_error_names_no_secret(
    told_to: Callable[..., Settings], chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat.refuse_with = {"errcode": 93000, "errmsg": "invalid webhook url, key wecom-key-0001"}
    result = _command(told_to("wecom"), "test")
    assert "key ***" in result.output
    monkeypatch.setenv("OPS_WECOM", "wecombot://s3cret!key")
    refused = _command(told_to("wecom"), "test")
    assert refused.exit_code == 1
    assert "s3cret" not in refused.output
    assert "OPS_WECOM" in refused.output


@pytest.mark.parametrize(
    ("service", "address"),
    [
        ("mail", "json://127.0.0.1/x"),
        ("wecom", "dingtalk://secretsecret"),
        ("webhook", "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7AA"),
        ("dingtalk", "not an address"),
        ("slack", "slack://only"),
        ("feishu", "feishu://bad.token!"),
    ],
)
def test_an_address_of_another_kind_is_refused_without_being_shown(service: str, address: str) -> None:
    target = Target.model_validate({"service": service, "address": "NAME"})
    with pytest.raises(TargetError) as raised:
        OpenTarget("ops", target, {"NAME": address}.get)
    assert "NAME" in str(raised.value)
    assert address not in str(raised.value)


def test_an_unset_variable_is_named() -> None:
    with pytest.raises(TargetError, match="NAME is not set"):
        OpenTarget("ops", Target(service="mail", address="NAME"), lambda _: None)


def test_words_of_others_call_nobody_in_slack(addresses: dict[str, dict[str, str]], chat: ChatServer) -> None:
    slack = OpenTarget("slack", Target.model_validate(addresses["slack"]), Settings.secret)
    assert slack.send(Message("broken", "refused <!channel> & <@U123>", "blocking"), ONCE) is None
    assert "<!channel>" not in str(chat.received[0].payload)


def test_a_subject_stays_one_header(addresses: dict[str, dict[str, str]], mail: MailServer) -> None:
    target = OpenTarget("mail", Target.model_validate(addresses["mail"]), Settings.secret)
    assert target.send(Message("broken\r\nBcc: all@bank.example", "text", "blocking"), ONCE) is None
    assert mail.box.mails[0]["Subject"] == "broken Bcc: all@bank.example"
    assert mail.box.mails[0]["Bcc"] is None
    assert mail.box.recipients == ["ops@bank.example"]


def test_html_in_a_text_stays_text(addresses: dict[str, dict[str, str]], mail: MailServer) -> None:
    target = OpenTarget("mail", Target.model_validate(addresses["mail"]), Settings.secret)
    assert target.send(Message("x", "file <img src=x>.csv", "warning"), ONCE) is None
    html = mail.box.mails[0].get_body(("html",))
    assert html is None or "<img" not in str(html.get_content())
