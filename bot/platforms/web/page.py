"""One person's page: the channel, direct messages, a thread beside them, and where to type."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from nicegui import ui

from bot.commands import COMMANDS
from bot.platforms.web.conversation import MESSAGE_LENGTH, Conversation
from bot.platforms.web.elements import CommandHint, Composer, Feed, Suggestion, Tag, press_button
from bot.platforms.web.render import show_reply
from bot.platforms.web.room import CHANNEL, Change, Message, Spot, as_of_today
from bot.reply import attribution
from bot.wording import LOCALES, phrases

_SHOWN = 100  # messages of a conversation; the transcript keeps more
_SUGGESTED = 8
_STARTERS = 3  # questions on the welcome card
_THEMES: dict[bool | None, str] = {None: "web.theme_auto", True: "web.theme_dark", False: "web.theme_light"}

T = TypeVar("T")


class Page:
    """The whole page of one browser tab."""

    def __init__(
        self, conversation: Conversation, preferences: dict[str, Any], reload_page: Callable[[], None]
    ) -> None:
        self._conversation = conversation
        self._preferences = preferences
        self._reload_page = reload_page
        self._phrase = phrases(conversation.locale)
        self._spot = Spot(CHANNEL)
        self._panes: dict[Spot, _Pane] = {}
        self._dark = ui.dark_mode(preferences.get("dark"))
        with Tag("div", "app"):
            self._sidebar()
            self._main = Tag("div", "main")
            self._side = Tag("section", "side", **{"aria-label": self._phrase("web.thread")})
        self._open(self._spot)
        stop = conversation.room.listen(self._changed)
        ui.context.client.on_delete(stop)

    def _sidebar(self) -> None:
        phrase = self._phrase
        with Tag("nav", "sidebar", **{"aria-label": phrase("web.conversations")}):
            with Tag("div", "brand"):
                Tag("h1", "", phrase("bot.name"))
                Tag("span", "", phrase("web.tagline"))
            names = {Spot(CHANNEL): f"# {CHANNEL}", self._direct: f"@ {phrase('bot.name')}"}
            self._links = {
                spot: press_button(name, partial(self._open, spot), classes="conversation")
                for spot, name in names.items()
            }
            with Tag("div", "preferences"):
                self._theme = press_button("", self._next_theme, classes="preference")
                self._name_theme()
                other = next(locale for locale in LOCALES if locale != phrase.locale)
                switch = press_button(phrases(other)("web.language"), lambda: self._speak(other), classes="preference")
                switch.props(f"lang={other}")
                if self._conversation.user.operator:
                    Tag("a", "preference", phrase("calendar.link"), href="/calendar")
                    Tag("a", "preference", phrase("desk.link"), href="/desk")
                Tag("span", "whoami", phrase("web.you", name=self._conversation.user.name))

    @property
    def _direct(self) -> Spot:
        return Spot.of(self._conversation.user)

    def _open(self, spot: Spot) -> None:
        """Show *spot* in the main column, or beside it if it is a thread."""
        if spot.thread is None:
            self._close_thread()
            self._panes.pop(self._spot, None)
            self._spot = spot
            for each, link in self._links.items():
                link.classes(add="current" if each == spot else "", remove="" if each == spot else "current")
                link.props("aria-current=page" if each == spot else 'aria-current="false"')
        else:
            self._close_thread()
        column = self._main if spot.thread is None else self._side
        column.clear()
        if spot.thread is not None:
            column.classes(add="open")
        with column:
            self._panes[spot] = _Pane(self._conversation, spot, open_thread=self._open, close=self._close_thread)

    def _close_thread(self) -> None:
        for spot in [spot for spot in self._panes if spot.thread is not None]:
            del self._panes[spot]
        self._side.clear()
        self._side.classes(remove="open")

    def _changed(self, change: Change) -> None:
        message = change.message
        if not message.seen_by(self._conversation.user.id):
            return
        if message.spot in self._panes:
            self._panes[message.spot].changed(change)
        for spot, pane in self._panes.items():
            if message.spot.thread is not None and spot.thread is None:
                pane.count_answers(message.spot.thread)

    def _next_theme(self) -> None:
        order = list(_THEMES)
        self._dark.value = order[(order.index(self._dark.value) + 1) % len(order)]
        self._preferences["dark"] = self._dark.value
        self._name_theme()

    def _name_theme(self) -> None:
        self._theme.text = self._phrase(_THEMES[self._dark.value])

    def _speak(self, locale: str) -> None:
        self._preferences["locale"] = locale
        self._reload_page()


class _Pane:
    """One conversation on the page: its head, its messages and its composer."""

    def __init__(
        self, conversation: Conversation, spot: Spot, *, open_thread: Callable[[Spot], None], close: Callable[[], None]
    ) -> None:
        self._conversation = conversation
        self._spot = spot
        self._open_thread = open_thread
        self._phrase = phrases(conversation.locale)
        self._shown: dict[int, Tag] = {}
        self._answer_links: dict[int, Tag] = {}
        self._head(close)
        self._feed = Feed(self._phrase("web.messages"))
        with self._feed:
            if spot.thread is None:
                self._welcome()
            for message in list(conversation.room.messages(spot, conversation.user.id))[-_SHOWN:]:
                self._show(message)
        self._composer()

    def changed(self, change: Change) -> None:
        """Show what came, take away what went."""
        if not change.gone:
            with self._feed:
                self._show(change.message)
        elif (element := self._shown.pop(change.message.id, None)) is not None:
            element.delete()

    def count_answers(self, thread: int) -> None:
        """Say under the message that *thread* hangs on how many answers it has."""
        if (link := self._answer_links.get(thread)) is not None:
            count = self._conversation.room.answers_in(thread, self._conversation.user.id)
            link.text = self._phrase("web.answers", count=count) if count else self._phrase("web.reply_in_thread")

    def _head(self, close: Callable[[], None]) -> None:
        phrase = self._phrase
        with Tag("header", "head"):
            if self._spot.thread is not None:
                Tag("h2", "", phrase("web.thread"))
                press_button("✕", close, classes="close", **{"aria-label": phrase("web.close")})
            elif self._spot.direct:
                Tag("h2", "", phrase("bot.name"))
                Tag("p", "", phrase("web.direct_topic"))
            else:
                Tag("h2", "", f"# {CHANNEL}")
                Tag("p", "", phrase("web.channel_topic"))

    def _welcome(self) -> None:
        phrase = self._phrase
        library = self._conversation.study.library
        with Tag("section", "welcome"):
            Tag("h3", "", phrase("web.welcome"))
            Tag("p", "", phrase("web.welcome_direct" if self._spot.direct else "web.welcome_channel"))
            for session in library.sessions[-2:]:
                Tag("p", "shelf", f"{attribution(session)} · {phrase('browse.count', count=len(session.questions))}")
            with Tag("div", "starters"):
                step = max(1, len(library.questions) // _STARTERS)
                for question in library.questions[step - 1 :: step][:_STARTERS]:
                    choose = partial(self._choose, "ask", f"#{question.id}", question.short)
                    press_button(question.short, choose, classes="choice")

    def _show(self, message: Message) -> None:
        phrase = self._phrase
        bot = message.reply is not None
        private = message.only_for is not None
        classes = " ".join(filter(None, ["message", "from-bot" if bot else "", "private" if private else ""]))
        with Tag("article", classes, **{"data-message": str(message.id)}) as element:
            Tag("span", "avatar", "선" if bot else message.name[:1], **{"aria-hidden": "true"})
            with Tag("div", "body"):
                if message.words and bot:
                    Tag("p", "cause", _first_line(message.words))
                with Tag("div", "byline"):
                    Tag("strong", "", message.name)
                    if bot:
                        Tag("span", "badge", phrase("bot.tag"))
                    local = message.at.astimezone(self._conversation.study.zone)
                    Tag("time", "", f"{local:%H:%M}", datetime=message.at.isoformat())
                if message.reply is not None:
                    reply = as_of_today(message, self._conversation.study).reply or message.reply
                    show_reply(reply, phrase, lambda button: self._press(message, button))
                else:
                    Tag("p", "words", message.words)
                self._actions(message)
        self._shown[message.id] = element

    async def _press(self, message: Message, button: str) -> None:
        if await self._asking(self._conversation.press(message, button)):
            calendar = "/calendar/direct" if message.spot.direct else "/calendar"
            ui.navigate.to(f"{calendar}?settings=open")  # the only form there is

    def _actions(self, message: Message) -> None:
        phrase = self._phrase
        with Tag("div", "actions"):
            if message.only_for is not None:
                Tag("span", "only-you", phrase("web.only_you"))
                press_button(
                    phrase("web.dismiss"), lambda: self._conversation.room.remove(message.id), classes="action"
                )
                return
            if message.reply is None and not self._spot.direct:
                find = press_button(
                    phrase("web.find_answer"),
                    lambda: self._asking(self._conversation.find_answer(self._spot, message)),
                )
                find.classes("action")
            if self._spot.thread is None and not self._spot.direct:
                thread = Spot(self._spot.channel, message.id)
                link = press_button("", lambda: self._open_thread(thread), classes="action thread-link")
                self._answer_links[message.id] = link
                self.count_answers(message.id)

    def _composer(self) -> None:
        phrase = self._phrase
        operator = self._conversation.user.operator
        commands = [
            CommandHint(
                key=command.key,
                label=f"/{command.name(phrase.locale)}",
                note=command.description(phrase.locale),
                names=[command.name(locale) for locale in LOCALES],
                takes=command.takes is not None,
            )
            for command in COMMANDS.values()
            if command.typed and (operator or not command.for_operators)
        ]
        Composer(
            {
                "placeholder": phrase(self._placeholder()),
                "send": phrase("web.send"),
                "suggestions": phrase("web.suggestions"),
                "too_long": phrase("web.too_long", count="{count}", limit=f"{MESSAGE_LENGTH:,}"),
            },
            commands,
            Suggestion(key="mention", label=f"@{phrase('bot.name')}", note=phrase("web.mention_note")),
            on_say=lambda text: self._asking(self._conversation.say(self._spot, text)),
            on_choose=self._choose,
            suggest=self._suggest,
        )

    def _placeholder(self) -> str:
        if self._spot.thread is not None:
            return "web.placeholder_thread"
        return "web.placeholder_direct" if self._spot.direct else "web.placeholder_channel"

    async def _choose(self, command: str, key: str, label: str) -> None:
        await self._asking(self._conversation.choose(self._spot, command, key, label))

    async def _asking(self, act: Awaitable[T]) -> T:
        """Do what the reader asks for, and show them what comes of it."""
        self._feed.show_what_comes()
        return await act

    async def _suggest(self, command: str, words: str) -> Sequence[Suggestion]:
        library = self._conversation.study.library
        match COMMANDS[command].takes if command in COMMANDS else None:
            case "question":
                found = await asyncio.to_thread(library.suggest, words, limit=_SUGGESTED)
                return [Suggestion(key=f"#{question.id}", label=question.short, note="") for question in found]
            case "topic":
                wanted = words.strip().casefold()
                topics = (topic for topic in library.topics() if wanted in topic.casefold())
                return [Suggestion(key=topic, label=topic, note="") for topic in topics]
            case _:
                return []


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 80 else line[:79] + "…"
