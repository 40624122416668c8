"""The page's own elements: plain HTML tags, the feed of messages and the composer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypedDict

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from bot.platforms.web.conversation import MESSAGE_LENGTH
from bot.platforms.web.markdown import to_html


class Tag(TextElement):
    """Any HTML tag with plain text in it; the text is never read as HTML."""

    def __init__(self, tag: str, classes: str = "", text: str = "", **attributes: str) -> None:
        super().__init__(tag=tag, text=text)
        self.classes(classes)
        for name, value in attributes.items():
            self._props[name.replace("_", "-")] = value


def notes_text(tag: str, classes: str, markdown: str) -> None:
    """The notes' Markdown, shown as it is meant; `to_html` lets none of its own HTML through."""
    ui.html(to_html(markdown), sanitize=False, tag=tag).classes(classes)


def press_button(
    label: str, on_press: Callable[[], Awaitable[None] | None], *, classes: str = "", **attributes: str
) -> Tag:
    """A real button: reached by Tab, pressed by Enter, Space or a click."""
    button = Tag("button", classes, label, type="button", **attributes)
    button.on("click", lambda _: on_press())
    return button


class Suggestion(TypedDict):
    """Something the composer offers."""

    key: str
    label: str
    note: str


class CommandHint(Suggestion):
    """A command the composer offers."""

    names: Sequence[str]  # lower case, in every locale
    takes: bool


class Feed(Element, component="feed.js"):
    """The messages of one conversation, newest last."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._props.update(label=label, asked=0)

    def show_what_comes(self) -> None:
        """Bring what comes from now on into view, wherever the reader is, until they scroll up again."""
        self._props["asked"] += 1
        self.update()


class Composer(Element, component="composer.js"):
    """Where a message is typed."""

    def __init__(
        self,
        labels: dict[str, str],
        commands: Sequence[CommandHint],
        mention: Suggestion,
        *,
        on_say: Callable[[str], Awaitable[None]],
        on_choose: Callable[[str, str, str], Awaitable[None]],
        suggest: Callable[[str, str], Awaitable[Sequence[Suggestion]]],
    ) -> None:
        """*on_choose* takes a command's key, a suggestion's key and its label; *suggest* a command's key and words."""
        super().__init__()
        self._props.update(labels=labels, commands=commands, mention=mention, suggestions=[], limit=MESSAGE_LENGTH)
        self._latest = 0

        async def say(event: GenericEventArguments) -> None:
            await on_say(clean(event.args))

        async def choose(event: GenericEventArguments) -> None:
            await on_choose(*(clean(event.args[name]) for name in ("command", "key", "label")))

        async def typing(event: GenericEventArguments) -> None:
            self._latest += 1
            current = self._latest
            found = await suggest(clean(event.args["command"]), clean(event.args["words"]))
            if current == self._latest:  # a slower, older answer must not replace a newer one
                self._props["suggestions"] = list(found)
                self.update()

        self.on("say", say)
        self.on("choose", choose)
        self.on("typing", typing)


def clean(value: Any) -> str:
    """What a browser sent, as text that can be stored and shown: no lone surrogates, no control characters."""
    text = value if isinstance(value, str) else ""
    whole = text.encode(errors="replace").decode()
    return "".join(char for char in whole if char.isprintable() or char in "\n\t\u200d")
