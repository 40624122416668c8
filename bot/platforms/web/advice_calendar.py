"""The operator's calendar: which advice comes on which day, and every way to change it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from nicegui import ui

from bot.commands import handle, press
from bot.commands.tips import Agenda, ahead
from bot.daily.calendar import Day
from bot.platforms.web.elements import Tag, notes_text, press_button
from bot.platforms.web.form import Values, show_form
from bot.platforms.web.render import show_reply
from bot.platforms.web.room import CHANNEL, Spot
from bot.reply import Field, Form, Place, Reply, Request, User
from bot.store.records import Channel
from bot.store.store import Store
from bot.study import Study
from bot.wording import phrases

_WEEK = timedelta(days=7)


class AdviceCalendar:
    """One operator's calendar of one conversation in one browser tab."""

    def __init__(self, study: Study, store: Store, spot: Spot, user: User, locale: str) -> None:
        self._spot = spot
        self._place = Place("web", "local", spot.channel)
        self._study = study
        self._store = store
        self._user = user
        self._locale = locale
        self._phrase = phrases(locale)
        self._root = Tag("div", "desk calendar")
        self._settings: Tag | None = None  # their fold, once it is shown

    async def show(self, said: Reply | None = None, *, form: Form | None = None) -> None:
        """Show all as it stands now.

        *said*: what the bot answered to what was just done; *form*: the settings as they were sent, shown again where
        they were not taken.
        """
        phrase, place = self._phrase, self._place
        agenda = await ahead(self._study, self._store, Channel(place.platform, place.tenant, place.channel))
        if agenda and said == await self._ask("show"):
            said = form = None  # all went well: the answer is the coming days, which are on the page
        settings = form or (await self._ask("set")).form
        history = await self._ask("history") if agenda else None
        self._root.clear()
        with self._root:
            title = phrase("calendar.title_direct") if self._spot.direct else phrase("calendar.title", channel=CHANNEL)
            Tag("h1", "", title)
            with Tag("div", "said", **{"aria-live": "polite"}):
                if said:
                    show_reply(said, phrase, self._press)
            if agenda:
                self._show_state(agenda)
                self._show_days(agenda)
                self._show_pin(agenda)
            if settings:
                self._settings = Tag("details", "fold", **({} if agenda and not form else {"open": "open"}))
                with self._settings:
                    Tag("summary", "", settings.title)
                    show_form(settings, partial(self._submit, settings), said.wrong if said else {})
            if history:
                Tag("h2", "", phrase("tips.press.history"))
                show_reply(history, phrase, self._press)
            Tag("a", "", phrase("desk.back"), href="/")

    def open_settings(self) -> None:
        """Open the settings' fold and bring it into view."""
        if self._settings:
            fold = f"getHtmlElement({self._settings.id})"
            ui.run_javascript(f"{fold}.open = true; {fold}.scrollIntoView()")

    def _show_state(self, agenda: Agenda) -> None:
        phrase, schedule = self._phrase, agenda.wishes.schedule
        status = agenda.subscription.status
        at = f"{schedule.at:%H:%M} ({schedule.zone.key})"
        Tag("p", "words", phrase(f"calendar.state.{status}", at=at, reason=agenda.subscription.error))
        with Tag("div", "buttons"):
            for action in ("preview", "now", "pause" if status == "active" else "resume", "off"):
                press_button(phrase(f"tips.press.{action}"), partial(self._act, action), classes="button")

    def _show_days(self, agenda: Agenda) -> None:
        """A week a row, as on a wall; days without a post are empty, those before and after all these are not there."""
        phrase = self._phrase
        if not agenda.days:
            Tag("p", "words", phrase("calendar.over"))
            return
        named = {day.date: day for day in agenda.days}
        first, last = min(named), max(named)
        monday = first - timedelta(days=first.weekday())
        with Tag("table", "days"):
            with Tag("thead"), Tag("tr"):
                for weekday in range(7):
                    Tag("th", "", phrase(f"tips.day.{weekday}"), scope="col")
            with Tag("tbody"):
                while monday <= last:
                    with Tag("tr"):
                        for weekday in range(7):
                            day = monday + timedelta(days=weekday)
                            if first <= day <= last:
                                self._show_day(day, named.get(day), agenda)
                            else:
                                Tag("td", "beyond")
                    monday += _WEEK

    def _show_day(self, date_: date, day: Day | None, agenda: Agenda) -> None:
        phrase, library = self._phrase, self._study.library
        with Tag("td", "" if day and not day.off else "off" if day else "none"):
            Tag("time", "", phrase("calendar.day", month=date_.month, day=date_.day), datetime=date_.isoformat())
            if day is None:
                return
            if day.off:
                Tag("p", "quiet", phrase(f"calendar.rest.{day.off}"))
                self._day_button("calendar.post_anyway", f"set on={date_}", date_)
                return
            piece = library.piece(agenda.picks.get(date_, ""))
            if piece is None:
                Tag("p", "quiet", phrase("advice.none"))
                return
            notes_text("p", "piece", piece.text)
            if agenda.wishes.pins.get(date_) == piece.id:
                Tag("span", "badge", phrase("calendar.pinned"))
            with Tag("div", "actions"):
                self._day_button("calendar.swap", f"swap {date_}", date_)
                self._day_button("calendar.skip", f"skip {date_}", date_)
                self._day_button("calendar.ban", f"ban {piece.id}", date_)

    def _day_button(self, key: str, action: str, day: date) -> None:
        label = self._phrase(key)
        press_button(label, partial(self._act, action), classes="action", **{"aria-label": f"{label}: {day}"})

    def _show_pin(self, agenda: Agenda) -> None:
        """Any piece that can still come, for any day that is shown."""
        phrase = self._phrase
        days = tuple((str(day.date), str(day.date)) for day in agenda.days if day.off is None)
        offered, pinnable = self._study.library.advice(), agenda.pinnable
        pieces = tuple((piece.id, piece.text) for piece in offered if piece.id in pinnable)
        if not days or not pieces:
            return
        pin = Form(
            title=phrase("calendar.pin"),
            command="tips",
            argument="pin",
            submit=phrase("calendar.pin"),
            fields=(
                Field("day", phrase("calendar.pin_day"), "choice", options=days, required=True),
                Field("piece", phrase("calendar.pin_piece"), "choice", options=pieces, required=True),
            ),
        )
        with Tag("details", "fold"):
            Tag("summary", "", phrase("calendar.pin"))
            show_form(pin, self._pin, {})

    async def _pin(self, values: Values) -> None:
        await self._act(" ".join(["pin", *values["day"], *values["piece"]]))

    async def _submit(self, form: Form, values: Values) -> None:
        await self.show(await self._ask(form.text(values)), form=form.filled(values))

    async def _act(self, action: str) -> None:
        await self.show(await self._ask(action))

    async def _press(self, button: str) -> None:
        await self.show(await press(self._study, button, self._request("")))

    async def _ask(self, text: str) -> Reply:
        return await handle(self._study, "tips", self._request(text))

    def _request(self, text: str) -> Request:
        return Request(text, self._user, self._place, self._locale)
