"""Forms as Slack's modals: a picker for each field, what was filled in, and what is wrong under its field."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.platforms.slack import limits
from bot.platforms.slack.richtext import Json
from bot.platforms.slack.text import plain_text
from bot.reply import Field, Form
from bot.wording import Phrases

FORM = "form"  # the callback_id by which Slack sends a filled-in form back
_PICKED = "picked"  # the action_id in each block; the block is named after its field


def form_view(form: Form, channel: str, phrase: Phrases) -> Json:
    """*form* as a modal about *channel*, each field with what it is now."""
    fields = [field for field in form.fields if field.kind not in {"choice", "choices"} or _options(field)]
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain_text(form.title, limits.VIEW_TITLE),
        "submit": plain_text(form.submit, limits.VIEW_TITLE),
        "close": plain_text(phrase("slack.close"), limits.VIEW_TITLE),
        "private_metadata": json.dumps({"channel": channel, "command": form.command, "argument": form.argument}),
        "blocks": [_block(field) for field in fields[: limits.VIEW_BLOCKS]],
    }


def filled_in(view: Json) -> tuple[str, str, dict[str, tuple[str, ...]]]:
    """The command that takes a submitted form, the words ahead of its fields, and what each field holds."""
    told = json.loads(view["private_metadata"])
    fields = view["state"]["values"]
    return told["command"], told["argument"], {name: _value(field[_PICKED]) for name, field in fields.items()}


def errors(wrong: Mapping[str, str], view: Json) -> Json:
    """What is wrong, each under its field; Slack refuses names that the view does not have."""
    blocks = [block["block_id"] for block in view["blocks"]]
    under: dict[str, str] = {}
    for name, sentence in wrong.items():
        block = name if name in blocks else blocks[0]
        under[block] = " ".join(filter(None, (under.get(block), sentence)))
    return {"response_action": "errors", "errors": under}


def _block(field: Field) -> Json:
    hint = {"hint": plain_text(field.hint, limits.HINT)} if field.hint and field.kind == "choices" else {}
    return {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, limits.INPUT_LABEL),
        "optional": not field.required,
        "element": {"action_id": _PICKED, **_element(field)},
        **hint,
    }


def _element(field: Field) -> Json:
    value = next(iter(field.value), "")
    match field.kind:
        case "time":
            return {"type": "timepicker"} | ({"initial_time": value} if value else {})
        case "date":
            return {"type": "datepicker"} | ({"initial_date": value} if value else {})
        case "text":
            held: Json = {"initial_value": value[: limits.INPUT_TEXT]} if value else {}
            placeholder = {"placeholder": plain_text(field.hint, limits.PLACEHOLDER)} if field.hint else {}
            return {"type": "plain_text_input", "max_length": limits.INPUT_TEXT, **held, **placeholder}
        case "choice" | "choices":
            options = _options(field)
            chosen = [option for option in options if option["value"] in field.value]
            if field.kind == "choices":
                held = {"initial_options": chosen} if chosen else {}
                return {"type": "multi_static_select", "options": options, **held}
            return {"type": "static_select", "options": options} | ({"initial_option": chosen[0]} if chosen else {})


def _options(field: Field) -> list[Json]:
    """What can be picked, what is picked ahead where there is more than Slack shows."""
    values = {value: label for value, label in field.options if 0 < len(value) <= limits.OPTION_VALUE}
    ahead = sorted(values, key=lambda value: value not in field.value)[: limits.OPTIONS]
    shown = [value for value in values if value in set(ahead)]
    return [{"text": plain_text(values[value], limits.OPTION_LABEL), "value": value} for value in shown]


def _value(state: Json) -> tuple[str, ...]:
    match state["type"]:
        case "timepicker":
            one = state.get("selected_time")
        case "datepicker":
            one = state.get("selected_date")
        case "plain_text_input":
            one = state.get("value")
        case "static_select":
            one = (state.get("selected_option") or {}).get("value")
        case _:
            return tuple(option["value"] for option in state.get("selected_options") or ())
    return (one,) if one else ()
