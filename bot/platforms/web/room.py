"""The conversations of the local chat: who said what where, who may see it, and a transcript of it all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from bot.platforms.web.transcript import Json, from_json, to_json
from bot.reply import Reply, User
from bot.store.records import DIRECT
from bot.study import Study
from bot.wording import phrases

CHANNEL = "bootcamp"
KEPT = 500  # messages, over all conversations; older ones are forgotten

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the chat somebody is: a channel or a direct conversation, or a thread in it."""

    channel: str  # CHANNEL, or "dm:<user id>"
    thread: int | None = None  # the id of the message that the thread hangs on

    @classmethod
    def of(cls, user: User) -> Spot:
        """The bot's own conversation with *user*."""
        return cls(f"{DIRECT}{user.id}")

    @property
    def direct(self) -> bool:
        return self.channel != CHANNEL


@dataclass(frozen=True, slots=True)
class Message:
    """Something said: by a person in words, or by the bot as a reply."""

    id: int
    spot: Spot
    at: datetime
    author: str  # a user's id; "" is the bot
    name: str
    words: str  # what a person said; for the bot's, the command it answers, seen only by whoever gave it
    locale: str
    reply: Reply | None = None
    only_for: str | None = None  # the only user who sees it; None: everybody in the channel
    key: str = ""  # the delivery's, for daily advice

    def seen_by(self, user: str) -> bool:
        return self.only_for in {None, user}


@dataclass(frozen=True, slots=True)
class Change:
    """A message that came or went."""

    message: Message
    gone: bool = False


class Room:
    """All conversations; listeners are told of every change."""

    def __init__(self, file: Path, study: Study) -> None:
        self._file = file
        self._study = study
        self._messages: dict[int, Message] = {}
        self._listeners: list[Callable[[Change], None]] = []
        self._people = 0  # how many ever came
        self._last = 0  # the id given last; an id is never given twice
        self._restore()

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Tell *listener* of every change from now on; call what is returned to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add(
        self,
        spot: Spot,
        *,
        author: str,
        name: str,
        words: str,
        locale: str,
        reply: Reply | None = None,
        only_for: str | None = None,
        key: str = "",
    ) -> Message:
        """Say something; written down before anybody sees it."""
        self._last += 1
        message = Message(self._last, spot, self._study.clock(), author, name, words, locale, reply, only_for, key)
        self._append(_message_to_json(message))
        self._messages[message.id] = message
        if len(self._messages) > KEPT:
            del self._messages[next(iter(self._messages))]
        self._tell(Change(message))
        return message

    def remove(self, id_: int) -> None:
        """Take a message away, if it is there."""
        if id_ in self._messages:
            self._append({"removed": id_})
            self._tell(Change(self._messages.pop(id_), gone=True))

    def welcome(self) -> int:
        """The number of somebody who comes for the first time, from 1."""
        self._people += 1
        self._append({"people": self._people})
        return self._people

    def posted(self, key: str) -> Message | None:
        """The message of the delivery with *key*."""
        return next((message for message in self._messages.values() if message.key == key), None)

    def remembers(self, since: datetime) -> bool:
        """Whether none of the messages that came since then can have been forgotten; what was removed is no matter."""
        oldest = next(iter(self._messages.values()), None)
        return self._last <= KEPT or (oldest is not None and oldest.at <= since)

    def messages(self, spot: Spot, user: str) -> Iterator[Message]:
        """What *user* sees at *spot*, oldest first; a thread begins with the message it hangs on."""
        for message in self._messages.values():
            if message.seen_by(user) and (message.spot == spot or message.id == spot.thread):
                yield message

    def answers_in(self, thread: int, user: str) -> int:
        """How many messages *user* sees in a thread."""
        return sum(message.spot.thread == thread and message.seen_by(user) for message in self._messages.values())

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            listener(change)

    def _append(self, line: Json) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8", errors="replace") as transcript:
            transcript.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _restore(self) -> None:
        """Read the transcript, keep its newest messages and write it again without the rest."""
        if not self._file.exists():
            return
        kept: dict[int, Json] = {}
        for number, line in enumerate(self._file.read_text(encoding="utf-8", errors="replace").split("\n"), start=1):
            if not line:
                continue
            try:
                self._restore_line(json.loads(line), kept)
            except (ValueError, KeyError, TypeError, AttributeError):
                # A crash in the middle of a write leaves half a line; the rest is whole.
                log.warning("transcript line left out", file=str(self._file), line=number)
        newest = list(kept)[-KEPT:]
        self._messages = {id_: self._messages[id_] for id_ in newest}
        draft = self._file.with_suffix(".new")
        lines = [{"people": self._people, "last": self._last}, *(kept[id_] for id_ in newest)]
        draft.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        draft.replace(self._file)

    def _restore_line(self, stored: Json, kept: dict[int, Json]) -> None:
        if "people" in stored:
            self._people = int(stored["people"])
            self._last = max(self._last, int(stored.get("last", 0)))
        elif "removed" in stored:
            kept.pop(stored["removed"], None)
        else:
            self._messages[stored["id"]] = _message_from_json(stored, self._study)
            self._last = max(self._last, stored["id"])
            kept[stored["id"]] = stored


def as_of_today(message: Message, study: Study) -> Message:
    """*message* with its reply as the library gives it now."""
    if message.reply is None:
        return message
    return replace(message, reply=from_json(to_json(message.reply), study.library, phrases(message.locale)))


def _message_to_json(message: Message) -> Json:
    return {
        "id": message.id,
        "channel": message.spot.channel,
        "thread": message.spot.thread,
        "at": message.at.isoformat(),
        "author": message.author,
        "name": message.name,
        "words": message.words,
        "locale": message.locale,
        "reply": to_json(message.reply) if message.reply else None,
        "only_for": message.only_for,
        "key": message.key,
    }


def _message_from_json(stored: Json, study: Study) -> Message:
    reply = from_json(stored["reply"], study.library, phrases(stored["locale"])) if stored["reply"] else None
    return Message(
        id=stored["id"],
        spot=Spot(stored["channel"], stored["thread"]),
        at=datetime.fromisoformat(stored["at"]),
        author=stored["author"],
        name=stored["name"],
        words=stored["words"],
        locale=stored["locale"],
        reply=reply,
        only_for=stored["only_for"],
        key=stored.get("key", ""),  # transcripts of the first version have none
    )
