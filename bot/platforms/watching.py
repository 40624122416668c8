"""What a machine that watches over the bot may ask: whether it is well, and what it has done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.daily.figures import LATE_S, STALE_S, Figures
from bot.platforms import Check, PlatformError
from bot.platforms.serving import address_of, listen, serve
from bot.settings import Address, Settings
from bot.store.census import Census, Counts

HEALTH_PATH, METRICS_PATH = "/healthz", "/metrics"
_LATELY = timedelta(days=7)
_CLOSING_S = 1
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

log = structlog.get_logger()


def routes(figures: Figures, census: Census, clock: Callable[[], datetime]) -> tuple[BaseRoute, ...]:
    """The paths that are asked; they tell numbers only, no names and no words."""

    async def health(_: Request) -> Response:
        ages = figures.ages_s().items()
        stale = [f"{name}: no look at what is due for {age_s:.0f} s" for name, age_s in ages if age_s > STALE_S]
        return PlainTextResponse("\n".join(stale or ["ok"]) + "\n", status_code=503 if stale else 200)

    async def metrics(_: Request) -> Response:
        counts = await census.take(clock() - _LATELY)
        return Response("\n".join(exposition(figures, counts)) + "\n", media_type=_PROMETHEUS)

    return (Route(HEALTH_PATH, health), Route(METRICS_PATH, metrics))


def is_alone(settings: Settings) -> bool:
    """Whether no platform serves the address: Slack's HTTP mode would."""
    return settings.http is not None and not (settings.slack and settings.slack.signing_secret)


class Watching:
    """A server of those paths alone, for where Slack's HTTP mode has none."""

    def __init__(self, address: Address, paths: Sequence[BaseRoute]) -> None:
        self._address = address
        self._paths = paths

    async def run(self) -> None:
        """Serve until cancelled; a taken address is only told, for the bot is well without."""
        try:
            listener = listen(self._address, "SUNBAE_HTTP")
        except PlatformError as error:
            log.warning("no health and no metrics are served", reason=str(error))
            return
        log.info("health and metrics", address=f"http://{address_of(listener)}{HEALTH_PATH}")
        application = Starlette(routes=self._paths)
        config = uvicorn.Config(
            application, log_level="warning", access_log=False, timeout_graceful_shutdown=_CLOSING_S
        )
        await serve(config, listener)

    async def check(self) -> tuple[Check, ...]:
        """Whether the address is free."""
        try:
            (await asyncio.to_thread(listen, self._address, "SUNBAE_HTTP")).close()
        except PlatformError as error:
            return (Check("health and metrics", str(error)),)
        return (Check(f"health and metrics: {self._address} is free"),)


def exposition(figures: Figures, counts: Counts | None) -> Iterator[str]:
    """The lines that Prometheus reads; without *counts* the database does not answer."""
    by_platform, by_state = ("platform",), ("platform", "state")
    yield from _metric("database_up", "gauge", "1 where the database answers.", (), [((), int(counts is not None))])
    if counts:
        told = "Deliveries that are open, and those that were held, failed or expired within a week."
        yield from _metric("deliveries", "gauge", told, by_state, counts.deliveries.items())
        told = "Channels that refuse posts."
        yield from _metric("channels_stopped", "gauge", told, by_platform, _single(counts.stopped))
        told = "Owners of such channels who have yet to be told."
        yield from _metric("owners_untold", "gauge", told, by_platform, _single(counts.untold))
    yield from _metric(
        "settled_total", "counter", "Posts and looks by their outcome.", by_state, figures.settled.items()
    )
    yield from _lateness(figures)
    told = "Looks at what is due that the database answered."
    yield from _metric("ticks_total", "counter", told, by_platform, _single(figures.ticks))
    told = "Since the last of them."
    yield from _metric("last_tick_age_seconds", "gauge", told, by_platform, _single(figures.ages_s()))


def _lateness(figures: Figures) -> Iterator[str]:
    name = "sunbae_lateness_seconds"
    yield from _metric("lateness_seconds", "histogram", "How late advice was posted.", (), ())
    for platform, lateness in figures.lateness.items():
        for bound in LATE_S:
            yield f'{name}_bucket{{platform="{platform}",le="{bound}"}} {lateness.within[bound]}'
        yield f'{name}_bucket{{platform="{platform}",le="+Inf"}} {lateness.count}'
        yield f'{name}_sum{{platform="{platform}"}} {lateness.total_s:.3f}'
        yield f'{name}_count{{platform="{platform}"}} {lateness.count}'


def _metric(
    name: str, kind: str, told: str, labels: tuple[str, ...], samples: Iterable[tuple[tuple[str, ...], float]]
) -> Iterator[str]:
    """The values of labels are the bot's own words, so nothing in them needs escaping."""
    yield f"# HELP sunbae_{name} {told}"
    yield f"# TYPE sunbae_{name} {kind}"
    for values, sample in samples:
        named = ",".join(f'{label}="{value}"' for label, value in zip(labels, values, strict=True))
        yield f"sunbae_{name}{{{named}}} {sample}" if named else f"sunbae_{name} {sample}"


def _single(samples: Mapping[str, float]) -> Iterator[tuple[tuple[str, ...], float]]:
    return (((label,), sample) for label, sample in samples.items())
