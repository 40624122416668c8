"""Sunbae (선배), a study-group bot: an async core, and a folder for each platform."""
