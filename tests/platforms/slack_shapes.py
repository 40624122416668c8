"""What Slack takes: its own schemas where they are, slack_sdk's models, and the limits counted by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft7Validator
from slack_sdk.models.blocks import Block

Json = dict[str, Any]

SCHEMAS = Path(__file__).parents[3] / "shared" / "schemas"
_PINGS = re.compile(r"<!(?:channel|here|everyone|subteam)|<@")
_MARKUP = re.compile(r"<(?:https?://[^<>|\s]+\|[^<>|]+|#[CG][A-Z0-9]+)>")
_TEXT_OF_BLOCKS = 13_200


def message_faults(message: Json) -> list[str]:
    """What Slack would refuse in a message's text and blocks, or show wrongly."""
    text, blocks = message.get("text"), message.get("blocks", [])
    faults = [*_schema_faults("Blocks", blocks), *block_faults(blocks, 50)]
    if not isinstance(text, str) or not text.strip():
        faults.append("no text for notifications and screen readers")
    elif len(text) > 40_000:
        faults.append("text too long")
    elif _PINGS.search(text) or re.search(r"[<>]|&(?!amp;|lt;|gt;)", text):
        faults.append("text is not escaped")
    if sum(len(each) for each in texts(blocks)) > _TEXT_OF_BLOCKS:
        faults.append("msg_blocks_too_long")
    return faults


def view_faults(view: Json) -> list[str]:
    """What Slack would refuse in a modal or App Home."""
    faults = [*_schema_faults("View", view), *block_faults(view["blocks"], 100)]
    parts = (part for part in ("title", "submit", "close") if part in view)
    faults += [f"{part} too long" for part in parts if not 1 <= len(view[part]["text"]) <= 24]
    inputs = [block for block in view["blocks"] if block["type"] == "input" and not block.get("dispatch_action")]
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    faults += ["block_id twice"] if len(set(ids)) < len(ids) else []
    if view["type"] == "modal" and inputs and "submit" not in view:
        faults.append("a modal with inputs needs a submit")
    if len(view.get("private_metadata", "")) > 3_000:
        faults.append("private_metadata too long")
    if len(json.dumps(view).encode()) > 250_000:
        faults.append("view_too_large")
    return faults


def block_faults(blocks: list[Json], limit: int) -> list[str]:
    """The limits of Block Kit."""
    faults = [f"{len(blocks)} blocks"] if len(blocks) > limit else []
    Block.parse_all(blocks)
    for block in blocks:
        elements = block.get("elements", [])
        match block["type"]:
            case "header":
                faults += _limit(block["text"]["text"], 150, "header")
            case "section":
                faults += _limit(block["text"]["text"], 3_000, "section")
            case "context":
                faults += ["context elements"] if not 1 <= len(elements) <= 10 else []
                for element in elements:
                    faults += _limit(element["text"], 3_000, "context")
            case "input":
                faults += _limit(block["label"]["text"], 2_000, "label")
            case "actions":
                faults += ["actions elements"] if not 1 <= len(elements) <= 25 else []
                names = [element["action_id"] for element in elements]
                faults += ["action_id twice in a block"] if len(set(names)) < len(names) else []
            case "rich_text":
                faults += _limit("".join(texts([block])), 3_000, "rich text")
        for element in _elements(block):
            faults += _element_faults(element)
    return faults


def texts(part: Any) -> Iterator[str]:
    """Every text that is shown, in reading order."""
    if isinstance(part, list):
        for each in part:
            yield from texts(each)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for value in part.values():
            yield from texts(value) if isinstance(value, dict | list) else ()


def _elements(part: Any) -> Iterator[Json]:
    if isinstance(part, list):
        for each in part:
            yield from _elements(each)
    elif isinstance(part, dict):
        if "type" in part:
            yield part
        for key in ("element", "elements", "accessory", "text"):
            yield from _elements(part.get(key))


def _element_faults(element: Json) -> list[str]:  # noqa: PLR0911 -- one a sort of element
    match element["type"]:
        case "button":
            faults = _limit(element["text"]["text"], 75, "button")
            faults += _limit(element["value"], 2_000, "button value") + _limit(element["action_id"], 255, "action_id")
            return faults
        case "mrkdwn":
            rest = _MARKUP.sub("", element["text"])
            return ["mrkdwn is not escaped"] if re.search(r"[<>]", rest) else []
        case "static_select" | "multi_static_select":
            options = element["options"]
            faults = [f"{len(options)} options"] if not 1 <= len(options) <= 100 else []
            for option in options:
                faults += _limit(option["text"]["text"], 75, "option") + _limit(option["value"], 150, "option value")
            chosen = [*element.get("initial_options", ()), *filter(None, [element.get("initial_option")])]
            faults += ["nothing chosen ahead"] if element.get("initial_options") == [] else []
            return faults + ["chosen ahead is no option" for each in chosen if each not in options]
        case "timepicker":
            return [] if re.fullmatch(r"\d\d:\d\d", element.get("initial_time", "09:00")) else ["initial_time"]
        case "datepicker":
            return (
                [] if re.fullmatch(r"\d{4}-\d\d-\d\d", element.get("initial_date", "2026-03-02")) else ["initial_date"]
            )
        case "plain_text_input":
            faults = _limit(element["placeholder"]["text"], 150, "placeholder") if "placeholder" in element else []
            return faults + (["initial_value"] if len(element.get("initial_value", "")) > element["max_length"] else [])
        case "text":
            return _limit(element["text"], 3_000, "rich text")
        case "user" | "usergroup" | "broadcast":
            return [f"a {element['type']} element calls people"]
        case "rich_text_list":
            return ["list indent"] if not 0 <= element["indent"] <= 8 else []
    return []


def _limit(text: str, limit: int, what: str) -> list[str]:
    return [] if 1 <= len(text) <= limit else [f"{what}: {len(text)} characters"]


def _schema_faults(name: str, body: Any) -> list[str]:
    validator = _validator(name)
    errors = validator.iter_errors(body) if validator else ()
    return [f"{name}.json: {'/'.join(map(str, error.instance_path))}: {error.message[:200]}" for error in errors]


@cache
def _validator(name: str) -> Draft7Validator | None:
    file = SCHEMAS / f"{name}.json"
    if not file.exists():
        return None
    schema = json.loads(file.read_text(encoding="utf-8"))
    if name == "Blocks":
        schema["$ref"] = "#/definitions/Blocks"
    return Draft7Validator(schema)
