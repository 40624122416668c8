"""What Discord takes: its own OpenAPI schema where it is at hand, and by hand the limits that the schema lets pass."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema_rs import Draft202012Validator, Registry

_SCHEMA = Path(__file__).parents[3] / "shared" / "schemas" / "discord-openapi.json"
SCHEMA_AT_HAND = _SCHEMA.exists()

_BUTTON, _SELECT, _INPUT, _TEXT, _LABEL = 2, 3, 4, 10, 18
_LINK = 5
_V2 = 1 << 15

_NAME = re.compile(r"[-'\w]{1,32}")  # of commands, subcommands and options

Json = dict[str, Any]


def faults(method: str, route: str, body: Any) -> list[str]:
    """What is wrong with *body* for a route as the schema writes it ("/channels/{channel_id}/messages")."""
    found: list[str] = []
    if SCHEMA_AT_HAND and (validator := _validator(method.lower(), route)):
        found += [
            f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}"
            for error in validator.iter_errors(_stringified(body))
        ]
    if route.endswith("/callback"):
        data = body.get("data") or {}
        if body["type"] == 8:
            found += _suggestion_faults(data["choices"])
        elif body["type"] == 9:
            found += modal_faults(data)
        elif body["type"] in {4, 7}:
            found += message_faults(data)
    elif route.endswith(("/messages", "/@original")) or route.startswith("/webhooks"):
        found += message_faults(body)
    elif route.endswith("/commands"):
        found += [fault for command in body for fault in _command_faults(command)]
    return found


def message_faults(message: Json) -> list[str]:
    """The limits of a message, counted as Discord's strictest count does, in UTF-16 units."""
    found: list[str] = []
    if message.get("allowed_mentions", {}).get("parse") != []:
        found.append(f"a message may ping: {message.get('allowed_mentions')}")
    components = list(_walk(message.get("components", [])))
    if message.get("flags", 0) & _V2:
        if message.get("content") or message.get("embeds"):
            found.append("content or embeds beside the newer components")
        if not components:
            found.append("an empty message")
    elif not message.get("content") and not message.get("embeds"):
        found.append("an empty message")
    if len(components) > 40:
        found.append(f"{len(components)} components")
    texts = [each["content"] for each in components if each["type"] == _TEXT]
    if sum(map(_length, texts)) > 4_000:
        found.append(f"{sum(map(_length, texts))} characters of text")
    found += ["a text without characters" for text in texts if not text.strip()]
    ids = [each["custom_id"] for each in components if "custom_id" in each]
    if len(ids) != len(set(ids)):
        found.append(f"one custom_id stands twice: {ids}")
    found += [f"custom_id {id_!r}" for id_ in ids if not 1 <= _length(id_) <= 100]
    for each in components:
        found += _component_faults(each)
    return found


def modal_faults(modal: Json) -> list[str]:
    """The limits of a modal, counted likewise."""
    found: list[str] = []
    if not 1 <= _length(modal["title"].strip()) <= 45:
        found.append(f"modal title {modal['title']!r}")
    if not 1 <= _length(modal["custom_id"]) <= 100:
        found.append(f"modal custom_id {modal['custom_id']!r}")
    if not 1 <= len(modal["components"]) <= 5:
        found.append(f"{len(modal['components'])} fields")
    fields = [label["component"] for label in modal["components"]]
    ids = [field["custom_id"] for field in fields]
    if len(ids) != len(set(ids)) or not all(1 <= _length(id_) <= 100 for id_ in ids):
        found.append(f"field ids {ids}")
    for label, field in zip(modal["components"], fields, strict=True):
        if label["type"] != _LABEL or not 1 <= _length(label["label"].strip()) <= 45:
            found.append(f"label {label['label']!r}")
        found += _field_faults(field)
    return found


def _field_faults(field: Json) -> Iterator[str]:
    if field["type"] == _INPUT:
        if _length(field.get("placeholder") or "") > 100 or _length(field.get("value") or "") > field["max_length"]:
            yield f"text field {field}"
        return
    yield from _component_faults(field)
    chosen = [option for option in field["options"] if option.get("default")]
    most, least = field["max_values"], field["min_values"]
    if not 0 <= least <= most <= len(field["options"]) or len(chosen) > most:
        yield f"{len(chosen)} of {least} to {most} options chosen"


def _component_faults(component: Json) -> Iterator[str]:
    match component["type"]:
        case 1:
            kinds = [child["type"] for child in component["components"]]
            if not (kinds == [_SELECT] or (set(kinds) == {_BUTTON} and len(kinds) <= 5)):
                yield f"a row of {kinds}"
        case 2:
            if not 1 <= _length(component["label"].strip()) <= 80:
                yield f"button label {component['label']!r}"
            if component["style"] == _LINK and _length(component["url"]) > 512:
                yield "a link of over 512 characters"
        case 3:
            options = component["options"]
            if not 1 <= len(options) <= 25:
                yield f"{len(options)} options"
            values = [option["value"] for option in options]
            if len(values) != len(set(values)):
                yield "one option stands twice"
            texts = [option[key] for option in options for key in ("label", "value", "description") if option.get(key)]
            yield from (f"option text {text!r}" for text in texts if _length(text) > 100)
            yield from ("an option without label" for option in options if not option["label"].strip())
            if _length(component.get("placeholder") or "") > 150:
                yield "placeholder"
        case 10 | 17:
            pass
        case other:
            yield f"component type {other}"


def _suggestion_faults(choices: list[Json]) -> Iterator[str]:
    if len(choices) > 25:
        yield f"{len(choices)} suggestions"
    for choice in choices:
        if not 1 <= _length(choice["name"]) <= 100 or not 1 <= _length(choice["value"]) <= 100:
            yield f"suggestion {choice}"


def _command_faults(command: Json) -> Iterator[str]:
    names = [command["name"], *command.get("name_localizations", {}).values()]
    yield from (f"command name {name!r}" for name in names if not 1 <= _length(name) <= 32)
    if command["type"] != 1:
        return
    parts = list(_parts(command))
    if sum(map(_longest, parts)) > 8_000:
        yield f"command {command['name']} is too long"
    for each in parts:
        named = [each["name"], *(each.get("name_localizations") or {}).values()]
        yield from (f"name {name!r}" for name in named if not _NAME.fullmatch(name) or name != name.lower())
        descriptions = [each["description"], *(each.get("description_localizations") or {}).values()]
        # discord.py describes by "…" what nobody described.
        yield from (f"description {words!r}" for words in descriptions if not 1 <= _length(words.strip("…")) <= 100)
        if len(each.get("options", ())) > 25:
            yield f"{len(each['options'])} options"


def _parts(command: Json) -> Iterator[Json]:
    """The command, its subcommands and their options."""
    yield command
    for each in command.get("options", ()):
        yield from _parts(each)


def _longest(part: Json) -> int:
    """Its name and description in the language in which they are longest."""
    return sum(
        max(map(_length, [part[key], *(part.get(f"{key}_localizations") or {}).values()]))
        for key in ("name", "description")
    )


def _walk(components: list[Json]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from _walk(component.get("components", []))


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@cache
def _registry() -> tuple[Registry, Json]:
    document = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    named = document | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return Registry([("urn:discord", named)]), document


@cache
def _validator(method: str, route: str) -> Draft202012Validator | None:
    registry, document = _registry()
    operation = document["paths"].get(route, {}).get(method, {})
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    path = quote(route.replace("/", "~1"), safe="~")
    place = f"/paths/{path}/{method}/requestBody/content/application~1json/schema"
    return Draft202012Validator({"$ref": f"urn:discord#{place}"}, registry=registry)


def _stringified(body: Any, key: str = "") -> Any:
    """*body* with ids as strings: Discord takes integers too, its schema does not."""
    if isinstance(body, dict):
        return {name: _stringified(value, name) for name, value in body.items()}
    if isinstance(body, list):
        return [_stringified(value, key) for value in body]
    if isinstance(body, int) and not isinstance(body, bool) and key.endswith("_id"):
        return str(body)
    return body
