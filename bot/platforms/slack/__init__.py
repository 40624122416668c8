"""Slack: one root command, mentions, direct messages, a message shortcut and App Home."""
