"""Forms as modals, five fields at a time, whose custom_id says all that sending them in needs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.platforms.discord.limits import (
    CUSTOM_ID,
    FIELD_LABEL,
    FIELD_TEXT,
    MODAL_FIELDS,
    MODAL_TITLE,
    PLACEHOLDER,
    SELECT_OPTIONS,
    SELECT_TEXT,
    TEXT_PLACEHOLDER,
    head,
    length,
    shortened,
)
from bot.reply import Button, Field, Form, Reply
from bot.wording import Phrases

FORM = "form"  # "form:<page>.<pages>/<command>:<argument>"; the same opens a page when it is a button's
AGAIN = "again"  # "again:<draft>/<page>.<pages>/<command>:<argument>" opens a page as it was sent in

_DRAFTS = 1_000
_UNNAMED = "…"

Json = Mapping[str, Any]
Values = Mapping[str, Sequence[str]]


class Drafts:
    """What was sent in with a fault, while this process runs: more than a custom_id holds."""

    def __init__(self) -> None:
        self._values: OrderedDict[str, Values] = OrderedDict()

    def keep(self, draft: str, values: Values) -> None:
        """Have *values* at hand by the name *draft*; the oldest of many goes."""
        self._values[draft] = values
        if len(self._values) > _DRAFTS:
            self._values.popitem(last=False)

    def fill(self, reply: Reply, draft: str) -> Reply:
        """*reply* with its form as it was sent in, or with what holds now where *draft* is gone."""
        return replace(reply, form=reply.form.filled(self._values.get(draft, {}))) if reply.form else reply


def modal(form: Form, page: int) -> ui.Modal | None:
    """The *page*th part of *form*; None where Discord cannot show it."""
    parts = _pages(form)
    id_ = f"{FORM}:{page}.{len(parts)}/{form.command}:{form.argument}"
    if not 1 <= page <= len(parts) or length(id_) > CUSTOM_ID:
        return None
    shown = ui.Modal(title=shortened(form.title.strip(), MODAL_TITLE) or _UNNAMED, custom_id=id_)
    for item in parts[page - 1]:
        shown.add_item(item)
    shown.stop()  # so that discord.py does not keep it: what is sent in says all it needs
    return shown


def opened(id_: str) -> tuple[int, str]:
    """Which page the button with *id_* ("form:2.2/tips:set") opens, and the id of the button that has the form."""
    pages, _, inner = id_.removeprefix(f"{FORM}:").partition("/")
    page = pages.partition(".")[0]
    return int(page) if page.isdecimal() else 1, inner


def values_of(components: Sequence[Json]) -> Values:
    """The values of each field of a modal, none for one left empty."""
    return dict(_filled_in(components))


def sent_in(id_: str, values: Values) -> tuple[str, str]:
    """The command that takes a modal with *values*, and its Request.text."""
    _, inner = opened(id_)
    command, _, argument = inner.partition(":")
    return command, Form("", command, argument, (), "").text(values)


def with_ways_on(reply: Reply, id_: str, phrase: Phrases, draft: str) -> Reply:
    """What the modal with *id_* led to, with a button to mend *draft*, else one to the modal's further part."""
    pages, _, inner = id_.removeprefix(f"{FORM}:").partition("/")
    page, _, last = pages.partition(".")
    if reply.wrong:
        way_on = Button(phrase("discord.form_again"), AGAIN, f"{draft}/{pages}/{inner}")
    elif page.isdecimal() and last.isdecimal() and int(page) < int(last):
        way_on = Button(phrase("discord.form_more"), FORM, f"{int(page) + 1}.{last}/{inner}")
    else:
        return reply
    others = tuple(button for button in reply.buttons if button.id != inner)
    return Reply(reply.blocks, (way_on, *others), reply.lead, reply.choices, reply.visibility)


def _pages(form: Form) -> list[list[ui.Label[Any]]]:
    items = [item for field in form.fields if (item := _label(field))]
    return [items[start : start + MODAL_FIELDS] for start in range(0, len(items), MODAL_FIELDS)]


def _label(field: Field) -> ui.Label[Any] | None:
    """None for a field that Discord cannot show; it then stays as it is."""
    if not 1 <= length(field.name) <= CUSTOM_ID:
        return None
    component = _select(field) if field.kind in {"choice", "choices"} else _text_input(field)
    if component is None:
        return None
    return ui.Label(text=shortened(field.label.strip(), FIELD_LABEL) or _UNNAMED, component=component)


def _text_input(field: Field) -> ui.TextInput[Any]:
    value = field.value[0] if field.value else ""
    return ui.TextInput(
        custom_id=field.name,
        default=value[: head(value, FIELD_TEXT)] or None,
        placeholder=shortened(field.hint, TEXT_PLACEHOLDER) or None,
        required=field.required,
        max_length=FIELD_TEXT,
    )


def _select(field: Field) -> ui.Select[Any] | None:
    fitting = {value: shown for value, shown in field.options if 1 <= length(value) <= SELECT_TEXT}
    options = [
        discord.SelectOption(
            label=shortened(shown.strip(), SELECT_TEXT) or _UNNAMED, value=value, default=value in field.value
        )
        for value, shown in list(fitting.items())[:SELECT_OPTIONS]
    ]
    if not options:
        return None
    return ui.Select(
        custom_id=field.name,
        placeholder=shortened(field.hint, PLACEHOLDER) or None,
        min_values=1 if field.required else 0,
        max_values=len(options) if field.kind == "choices" else 1,
        options=options,
        required=field.required,
    )


def _filled_in(components: Sequence[Json]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in components:
        inner = each.get("component", each)
        if "values" in inner:
            yield inner["custom_id"], tuple(inner["values"])
        elif "value" in inner:
            text = inner["value"].strip()
            yield inner["custom_id"], (text,) if text else ()
