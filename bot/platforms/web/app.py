"""The local chat's server: one page, on this machine only unless told otherwise."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui
from nicegui.storage import Storage
from starlette.middleware.trustedhost import TrustedHostMiddleware

from bot.daily.posting import Found, NotAcceptedError, Posted
from bot.platforms import Check, PlatformError
from bot.platforms.serving import address_of, listen, serve
from bot.platforms.web.advice_calendar import AdviceCalendar
from bot.platforms.web.conversation import Conversation
from bot.platforms.web.desk import Desk
from bot.platforms.web.elements import Tag
from bot.platforms.web.lock import alone_in
from bot.platforms.web.operators import is_loopback, is_operator
from bot.platforms.web.page import Page
from bot.platforms.web.room import CHANNEL, KEPT, Room, Spot
from bot.reply import Place, Reply, User
from bot.settings import Address
from bot.store.records import Subscription
from bot.store.secret_file import made_once
from bot.study import Study
from bot.wording import phrases

_CLOSING_S = 2  # how long open pages may keep the server from stopping
_STYLE = Path(__file__).with_name("style.css")


class WebPlatform:
    """The local chat in the browser."""

    name = "web"
    posts_per_s = 50.0  # it has no limit; this spares the pages that are open

    def __init__(self, address: Address, home: Path, study: Study, *, everyone_operates: bool = False) -> None:
        """*everyone_operates*: whoever reaches the page is an operator, as behind a port that only this machine has."""
        self._address = address
        self._everyone_operates = everyone_operates
        self._home = home / "web"
        self._study = study
        self._room: Room | None = None  # until it runs

    async def run(self) -> None:
        """Serve until cancelled. Raises PlatformError where the address or the folder cannot be used, or is in use."""
        with contextlib.ExitStack() as held:
            listener = held.enter_context(listen(self._address, "SUNBAE_WEB"))
            try:
                self._home.mkdir(parents=True, exist_ok=True)
                held.enter_context(alone_in(self._home))
                secret = _secret(self._home / "secret")
                room = self._room = Room(self._home / "chat.jsonl", self._study)
            except OSError as error:
                raise PlatformError(
                    f"{error.filename}: {error.strerror}; SUNBAE_HOME should be a folder to write in"
                ) from error
            bound = address_of(listener)
            here = bound.host in {"0.0.0.0", "::", "::1"}  # noqa: S104 -- compared, not bound
            shown = Address("localhost", bound.port) if here else bound
            config = uvicorn.Config(
                self._application(secret, room), log_level="warning", timeout_graceful_shutdown=_CLOSING_S
            )
            print(f"선배가 기다리고 있어요 / Sunbae is waiting:  http://{shown}", flush=True)  # noqa: T201 -- the way in
            await serve(config, listener)

    async def check(self, subscribed: Sequence[Subscription] = ()) -> tuple[Check, ...]:  # noqa: ARG002 -- it can always post
        """Whether the page's address is free."""
        try:
            listen(self._address, "SUNBAE_WEB").close()
        except PlatformError as error:
            return (Check("local chat", str(error)),)
        return (Check(f"local chat: {self._address} is free"),)

    async def post(self, place: Place, reply: Reply, key: str) -> Posted:
        room = self._opened()
        name = phrases(self._study.locale)("bot.name")
        said = room.add(
            Spot(place.channel),
            author="",
            name=name,
            words="",
            locale=reply.locale or self._study.locale,
            reply=reply,
            key=key,
        )
        return Posted(str(said.id))

    async def find(self, place: Place, key: str, since: datetime) -> Found:  # noqa: ARG002 -- one room has them all
        room = self._opened()
        if message := room.posted(key):
            return Found("present", str(message.id))
        if room.remembers(since):
            return Found("absent")
        return Found("unknowable", reason=phrases(self._study.locale)("web.history_long", count=KEPT))

    def _opened(self) -> Room:
        if self._room is None:
            raise NotAcceptedError(phrases(self._study.locale)("web.not_open"))
        return self._room

    def _application(self, secret: str, room: Room) -> FastAPI:
        Storage.path = self._home  # beside the transcript, not in the working folder
        application = FastAPI(openapi_url=None)
        if is_loopback(self._address.host):
            # A page elsewhere must not reach this one by a name that resolves to this machine (DNS rebinding).
            application.add_middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]"])
        ui.page("/", title="선배 Sunbae", favicon="🎓")(lambda: self._page(room))
        ui.page("/desk", title="선배 Sunbae", favicon="🎓")(self._desk)
        ui.page("/calendar", title="선배 Sunbae", favicon="🎓")(lambda: self._calendar(room))
        ui.page("/calendar/direct", title="선배 Sunbae", favicon="🎓")(lambda: self._calendar(room, direct=True))
        ui.run_with(application, storage_secret=secret, tailwind=False, show_welcome_message=False)
        return application

    def _page(self, room: Room) -> None:
        preferences = nicegui_app.storage.user
        locale = self._dressed()
        Page(Conversation(room, self._study, self._user(room, locale), locale), preferences, ui.navigate.reload)

    def _desk(self) -> None:
        phrase = phrases(self._dressed())
        ui.dark_mode(nicegui_app.storage.user.get("dark"))
        if self._is_operator():
            Desk(self._study, phrase)
        else:
            Tag("p", "desk", phrase("desk.operators_only"))

    async def _calendar(self, room: Room, *, direct: bool = False) -> None:
        """*direct*: of the visitor's own conversation with the bot; else of the channel."""
        locale = self._dressed()
        ui.dark_mode(nicegui_app.storage.user.get("dark"))
        if self._is_operator() and self._study.store:
            user = self._user(room, locale)
            spot = Spot.of(user) if direct else Spot(CHANNEL)
            calendar = AdviceCalendar(self._study, self._study.store, spot, user, locale)
            await calendar.show()
            if "settings" in ui.context.client.request.query_params:
                calendar.open_settings()
        else:
            Tag("p", "desk", phrases(locale)("desk.operators_only"))

    def _user(self, room: Room, locale: str) -> User:
        name = _name(room, nicegui_app.storage.user, locale)
        return User(nicegui_app.storage.browser["id"], name, operator=self._is_operator())

    def _dressed(self) -> str:
        """Give the page its style and language; the visitor's locale."""
        locale = phrases(nicegui_app.storage.user.get("locale", self._study.locale)).locale
        ui.add_css(_STYLE)
        ui.add_head_html(f'<script>document.documentElement.lang = "{locale}"</script>')
        return locale

    def _is_operator(self) -> bool:
        request = ui.context.client.request
        return request is not None and is_operator(request, everyone=self._everyone_operates)


def _name(room: Room, preferences: dict[str, object], locale: str) -> str:
    """A number for everybody who comes, kept while their browser keeps its cookie."""
    if "number" not in preferences:
        preferences["number"] = room.welcome()
    return phrases(locale)("web.student", number=preferences["number"])


def _secret(file: Path) -> str:
    """What signs the browsers' cookies, made once."""
    return made_once(file, secrets.token_urlsafe(32))
