"""Replies as they look on Discord: the note's words in a card, buttons below, within every limit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import discord
from discord import ui

from bot.platforms.discord.buttons import MORE, Json, fits, link_button, pick, press_button
from bot.platforms.discord.limits import MESSAGE_TEXT, PLACEHOLDER, ROW, SELECT_OPTIONS, URL, length, shortened
from bot.platforms.discord.markdown import gist, pages, point_lines
from bot.reply import Answer, Block, Button, Reply, Tip, Words, attribution
from bot.wording import Phrases
from content import Question, Session

_ACCENT = 0x3B82C4
_TEXT, _CONTAINER = discord.ComponentType.text_display.value, discord.ComponentType.container.value
_ACTION_ROW = discord.ComponentType.action_row.value
_PAGE = 2_000  # characters of an answer's points at a time: about two screens of a phone
_QUESTION = 600
_WHOSE = 300
_LEAD = 150
# Beside the one answer that has pages, what a message of 4,000 characters has left is shared by the other blocks.
_OTHERS = MESSAGE_TEXT - _PAGE - _QUESTION - _WHOSE - _LEAD - 50
_BLOCKS = 8  # the core gives one to three
_LISTS = 3  # of 25 choices
_CHANNEL = re.compile(r"\b(\d{17,20})\b")  # a snowflake, from 2015 on
_BUTTONS = 10  # two rows, with the way on and the source


@dataclass(frozen=True, slots=True)
class _Card:
    """A block as text, and whether it stands in a frame."""

    text: str
    framed: bool


class Shown(ui.LayoutView):
    """A message as Discord takes it: making discord.py's objects of it first took four times as long."""

    def __init__(self, components: list[Json]) -> None:
        super().__init__(timeout=None)
        self._components = components
        self.stop()  # so that discord.py does not keep it: a press says all it needs

    def to_components(self) -> list[Json]:
        return self._components

    def has_components_v2(self) -> bool:
        return True


def render(reply: Reply, phrase: Phrases, *, page: int = 1, without: Iterable[str] = ()) -> Shown:
    """The message for *reply*; of a long answer the *page*th part. Buttons of the commands *without* stay out."""
    cards, pages_in_all = _cards(reply, phrase, page)
    components = [_framed(card.text) if card.framed else _text(card.text) for card in cards]
    seen: set[str] = set()  # Discord refuses a message in which two buttons have one id
    choices = list(_shown(reply.choices, seen, without))
    if choices and reply.lead.strip():
        components.append(_text(f"-# {shortened(reply.lead.strip(), _LEAD)}"))
    components += _choice_rows(choices, phrase)
    components += _rows(
        [*_further(reply, phrase, page, pages_in_all), *_pressed(reply, seen, without), *_sources(reply, phrase)]
    )
    return Shown(components or [_text(phrase("discord.nothing"))])


def naming_channels(block: Block) -> Block:
    """*block* with the ids of channels in the bot's own words shown as their names, to who may see them."""
    return Words(_CHANNEL.sub(r"<#\1>", block.text)) if isinstance(block, Words) else block


def _text(text: str) -> Json:
    return {"type": _TEXT, "content": text}


def _framed(text: str) -> Json:
    return {"type": _CONTAINER, "accent_color": _ACCENT, "components": [_text(text)]}


def _cards(reply: Reply, phrase: Phrases, page: int) -> tuple[list[_Card], int]:
    """The blocks as cards, and of how many pages the paged answer is."""
    blocks = reply.blocks[:_BLOCKS]
    paged = _paged(blocks)
    room = _OTHERS // max(len(blocks) - (paged is not None), 1)
    if paged is None:
        room = (MESSAGE_TEXT - _LEAD - 50) // max(len(blocks), 1)
    cards: list[_Card] = []
    pages_in_all = 1
    for block in blocks:
        if block is paged:
            texts = _answer_pages(paged, phrase)
            pages_in_all = len(texts)
            cards.append(_Card(texts[min(page, pages_in_all) - 1], framed=True))
        else:
            cards.append(_Card(_brief(block, phrase, room), framed=not isinstance(block, Words)))
    return [card for card in cards if card.text.strip()], pages_in_all


def _paged(blocks: Sequence[Block]) -> Answer | None:
    return next((block for block in blocks if isinstance(block, Answer)), None)


def _brief(block: Block, phrase: Phrases, room: int) -> str:
    match block:
        case Words(text=text):
            return gist(text.strip(), room)
        case Tip(advice=advice, session=session):
            whose = _whose(session, room // 4)
            return f"**“**{gist(advice.text, room - length(whose) - 11)}**”**\n{whose}"
        case Answer():
            return gist(_answer_pages(block, phrase)[0], room)


def _answer_pages(answer: Answer, phrase: Phrases) -> tuple[str, ...]:
    return _pages_of(answer.question, _whose(answer.session, _WHOSE), answer.best, phrase("answer.best"))


@lru_cache(maxsize=512)  # the same answers are read again and again, and paging takes as long as all the rest
def _pages_of(question: Question, whose: str, best: str | None, mark: str) -> tuple[str, ...]:
    asked = gist(" ".join(question.text.split()), _QUESTION - 30)
    parts = pages(point_lines(question.points, best=best, mark=mark), _PAGE)
    if len(parts) == 1:
        return ("\n".join(filter(None, (f"### {asked}", parts[0], whose))),)
    again = shortened(question.short, 100)
    return tuple(
        f"### {asked if number == 1 else again}\n{part}\n{whose} ({number}/{len(parts)})"
        for number, part in enumerate(parts, start=1)
    )


def _whose(session: Session, room: int) -> str:
    return f"-# — {shortened(' '.join(attribution(session).split()), room - 25)}"


def _choice_rows(choices: list[Button], phrase: Phrases) -> Iterator[Json]:
    """Few choices as buttons; many, or such as need a note to be told apart, as lists."""
    if len(choices) <= ROW and not any(choice.note.strip() for choice in choices):
        yield from _rows([press_button(choice, discord.ButtonStyle.secondary) for choice in choices])
        return
    placeholder = shortened(phrase("discord.pick"), PLACEHOLDER)
    for number in range(min(_LISTS, -(-len(choices) // SELECT_OPTIONS))):
        listed = choices[number * SELECT_OPTIONS : (number + 1) * SELECT_OPTIONS]
        yield _row([pick(number + 1, listed, placeholder)])


def _further(reply: Reply, phrase: Phrases, page: int, pages_in_all: int) -> Iterator[Json]:
    answer = _paged(reply.blocks)
    if answer is not None and page < pages_in_all:
        way_on = f"{page + 1}/{answer.question.id}/{answer.best or ''}"
        label = phrase("discord.more", page=page + 1, pages=pages_in_all)
        button = Button(label, MORE, way_on)
        if fits(button):
            yield press_button(button, discord.ButtonStyle.primary)


def _pressed(reply: Reply, seen: set[str], without: Iterable[str]) -> Iterator[Json]:
    for button in list(_shown(reply.buttons, seen, without))[: _BUTTONS - 2]:
        yield press_button(button, discord.ButtonStyle.secondary)


def _sources(reply: Reply, phrase: Phrases) -> Iterator[Json]:
    sources = (block.session.source for block in reply.blocks if not isinstance(block, Words))
    for source in list(dict.fromkeys(filter(None, sources)))[:1]:
        if source.startswith(("https://", "http://")) and length(source) <= URL:
            yield link_button(phrase("answer.source"), source)


def _shown(buttons: Iterable[Button], seen: set[str], without: Iterable[str]) -> Iterator[Button]:
    for button in buttons:
        if fits(button) and button.id not in seen and button.command not in without:
            seen.add(button.id)
            yield button


def _rows(items: Sequence[Json]) -> Iterator[Json]:
    for start in range(0, len(items), ROW):
        yield _row(items[start : start + ROW])


def _row(items: Sequence[Json]) -> Json:
    return {"type": _ACTION_ROW, "components": list(items)}
