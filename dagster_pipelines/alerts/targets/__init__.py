"""Channels for messages: mail, WeCom, DingTalk, Feishu, Slack, webhook."""
