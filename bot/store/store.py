"""Everything that use cases may keep."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.database import Database
from bot.store.deliveries import Deliveries
from bot.store.history import History
from bot.store.subscriptions import Subscriptions


@dataclass(frozen=True, slots=True)
class Store:
    """The daily advice: who wants it, what is under way, what became of it."""

    subscriptions: Subscriptions
    deliveries: Deliveries
    history: History

    @classmethod
    def on(cls, database: Database) -> Store:
        return cls(Subscriptions(database), Deliveries(database), History(database))
