"""Every phrase a user can see, in each locale, with Korean particles and English plurals that fit."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from bot.wording.particles import with_particle

LOCALES = ("ko", "en")
_FALLBACK = "ko"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where the wheel has it


class Phrases:
    """The phrases of one locale: `phrases("ask.removed", title="…")`."""

    def __init__(self, locale: str, templates: Mapping[str, str]) -> None:
        self.locale = locale
        self.templates = templates

    def __call__(self, key: str, /, **values: object) -> str:
        """The phrase with its placeholders filled. KeyError: no such phrase, or a placeholder without a value."""
        return _FORMATTER.vformat(self.templates[key], (), values)


def phrases(locale: str) -> Phrases:
    """The phrases for *locale* ("en-US" is English); Korean for one that the bot does not speak."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return _read(language if language in LOCALES else _FALLBACK)


@cache
def _read(locale: str) -> Phrases:
    source = resources.files(__name__).joinpath(f"{locale}.yaml").read_text(encoding="utf-8")
    return Phrases(locale, dict(_flat(yaml.load(source, _LOADER))))  # noqa: S506 -- safe, either way


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        pairs += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", str(value))]
    return pairs


class _PhraseFormatter(string.Formatter):
    """Lets a template have the words beside a value fit it.

    `{title:을/를}` is the value with its particle, `{title:+을/를}` the particle alone; `{count:reply|replies}` is the
    number with its noun.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return f"{value} {one if value == 1 else many}"
        if "/" not in format_spec:
            return str(super().format_field(value, format_spec))
        whole = with_particle(str(value), format_spec.removeprefix("+"))
        return whole[len(str(value)) :] if format_spec.startswith("+") else whole


_FORMATTER = _PhraseFormatter()
