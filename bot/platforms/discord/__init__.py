"""Discord, natively: commands, mentions, buttons."""
