"""Writes down how deliveries went on: those that end at one time share a transaction."""

from __future__ import annotations

import asyncio

from bot.store.deliveries import Deliveries
from bot.store.records import NextDue, Settlement, Subscription

_Waiting = tuple[Settlement, "asyncio.Future[Subscription | None]"]


class Settling:
    """A commit waits for the disk, so whatever ends meanwhile goes into the next one."""

    def __init__(self, deliveries: Deliveries, next_due: NextDue) -> None:
        """*next_due*: when a channel that was disabled and has taken a post goes on."""
        self._deliveries = deliveries
        self._next_due = next_due
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def settle(self, settlement: Settlement) -> Subscription | None:
        """Returns once it is committed: the subscription that this disabled, if it did."""
        future: asyncio.Future[Subscription | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((settlement, future))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await future

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                settlements = [settlement for settlement, _ in batch]
                _, disabled = await self._deliveries.settle(settlements, next_due=self._next_due)
            except asyncio.CancelledError:
                for _, future in (*batch, *self._waiting):
                    future.cancel()
                self._waiting = []
                raise
            except Exception as error:  # noqa: BLE001 -- for those who wait for it; those who came meanwhile go on
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            by_channel = {subscription.channel: subscription for subscription in disabled}
            for settlement, future in batch:
                if not future.done():
                    future.set_result(by_channel.pop(settlement.delivery.channel, None))
