"""What an operator can do about a channel's daily advice, in words that every platform can carry."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import time

from bot.commands.composing import notice, say
from bot.commands.tips.asked import Asked, due, private, show
from bot.commands.tips.days import ban, pause, pin, resume, skip, swap
from bot.commands.tips.form import tips_form
from bot.commands.tips.options import Fault, OptionsError, with_options
from bot.commands.tips.posts import history, post_now, preview, resend
from bot.daily.calendar import Schedule
from bot.daily.wishes import Wishes, from_json
from bot.reply import Button, Reply, Request
from bot.store.records import Channel, Status, Subscription
from bot.study import Study
from bot.wording import LOCALES, phrases

_NINE = time(9)


async def tips(study: Study, request: Request) -> Reply:
    """*request.text* is an action and its words: "set 09:00", "skip 2026-03-02"; nothing shows the next days.

    "set" alone gives a form to fill in, which has what holds now.
    """
    if not request.user.operator:
        return notice(request, "library.operators_only")
    if study.store is None:
        return notice(request, "tips.not_here")
    first, *words = _words(request.text) or ["show"]
    act = _action(first)
    if act is None:
        return notice(request, "tips.usage")
    place = request.place
    channel = Channel(place.platform, place.tenant, place.channel)
    asked = Asked(study, study.store, request, words, channel, study.clock())
    if act in {_set, history} or await asked.store.subscriptions.find(channel):
        return await act(asked)
    phrase = say(request)
    begin = Button(phrase("tips.begin"), "tips", "set")
    return replace(private(phrase("tips.none", prefix=request.prefix)), buttons=(begin,))


async def _set(asked: Asked) -> Reply:
    fresh = Wishes(Schedule(asked.study.zone, _NINE))
    if not asked.words:
        found = await asked.store.subscriptions.find(asked.channel)
        form = tips_form(from_json(found.wishes) if found else fresh, asked.library, say(asked.request))
        again = Button(say(asked.request)("tips.press.set"), "tips", "set")  # where the form cannot be shown at once
        return replace(notice(asked.request, "tips.usage"), buttons=(again,), form=form)

    def change(now: Subscription | None) -> Subscription:
        wishes = with_options(from_json(now.wishes) if now else fresh, asked.words, asked.library, asked.now)
        owner = asked.request.user.id
        made = now or Subscription(asked.channel, owner, asked.request.locale, "")
        status: Status = "paused" if made.status == "paused" else "active"  # a pause holds until it is taken back
        return due(replace(made, owner=owner, locale=asked.request.locale, status=status, error=""), wishes, asked.now)

    try:
        await asked.store.subscriptions.change(asked.channel, change)
    except OptionsError as error:
        return _not_taken(asked.request, error.faults)
    return await show(asked)


def _not_taken(request: Request, faults: Mapping[str, Fault]) -> Reply:
    phrase = say(request)
    wrong = {
        name: phrase(
            f"tips.wrong.{fault.key}", value=fault.value[:40], option=phrase(f"tips.field.{name}") if name else ""
        )
        for name, fault in faults.items()
    }
    return replace(private("\n".join([*wrong.values(), phrase("tips.unchanged")])), wrong=wrong)


async def _turn_off(asked: Asked) -> Reply:
    await asked.store.subscriptions.change(asked.channel, lambda _: None)
    return notice(asked.request, "tips.turned_off")


_ACTIONS: dict[str, tuple[Callable[[Asked], Awaitable[Reply]], str]] = {
    "set": (_set, "tips.words.set"),
    "show": (show, "tips.words.show"),
    "preview": (preview, "tips.words.preview"),
    "now": (post_now, "tips.words.now"),
    "pause": (pause, "tips.words.pause"),
    "resume": (resume, "tips.words.resume"),
    "skip": (skip, "tips.words.skip"),
    "swap": (swap, "tips.words.swap"),
    "pin": (pin, "tips.words.pin"),
    "ban": (ban, "tips.words.ban"),
    "history": (history, "tips.words.history"),
    "off": (_turn_off, "tips.words.turn_off"),
    "resend": (resend, "tips.words.resend"),
}


def _words(text: str) -> list[str]:
    """A value with a space in it stands in quotes."""
    try:
        return shlex.split(text)
    except ValueError:  # a quote without its other half
        return text.split()


def _action(word: str) -> Callable[[Asked], Awaitable[Reply]] | None:
    """The action called *word* in any locale."""
    wanted = word.casefold()
    for name, (act, key) in _ACTIONS.items():
        if wanted in {name, *(phrases(locale)(key) for locale in LOCALES)}:
            return act
    return None
