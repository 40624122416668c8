"""Measurements that are run by hand."""

import bot  # noqa: F401  # before NumPy, which is on one thread then as in the bot
