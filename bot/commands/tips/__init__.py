"""Tips: what an operator arranges about a channel's daily advice."""

from bot.commands.tips.actions import tips
from bot.commands.tips.agenda import Agenda, ahead

__all__ = ["Agenda", "ahead", "tips"]
