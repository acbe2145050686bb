"""How a message leaves the house: mail, WeCom, DingTalk, Feishu, Slack, webhook."""
