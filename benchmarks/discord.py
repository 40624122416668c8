"""What `/ask` costs in Discord beside a bare command that sends a constant: `python -m benchmarks.discord`.

All run as processes of their own, on uvloop, against the same kind of loopback Discord, one request at a time.
They take turns; the median round counts. The own cost is the CPU with a library that found everything beforehand.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.platforms.discord_payloads import Json
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import Interaction

ROOT = Path(__file__).parents[1]
WORDS = (
    "해외 온라인 석사 어때",
    "박사 유학 가는 게 나을까",
    "번아웃 왔을 때",
    "논문 읽는 법 알려줘",
    "AI 겨울 또 오나",
)
BARE = """
import asyncio, os, discord, uvloop, yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
Route.BASE = os.environ["DISCORD_API_URL"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
client = discord.Client(intents=discord.Intents(guilds=True))
tree = app_commands.CommandTree(client)
@tree.command(name="ask", description="a constant")
@app_commands.describe(question="anything")
async def ask(interaction: discord.Interaction, question: str = ""):
    await interaction.response.send_message("constant", ephemeral=True)
@client.event
async def setup_hook():
    await tree.sync()
with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(client.start(os.environ["DISCORD_TOKEN"]))
"""


def _bot_with(changes: str) -> tuple[str, ...]:
    """What starts the bot with the lines *changes* run before it."""
    begun = "import sys\nfrom bot.cli import at_hand, main"
    return ("-c", f"{begun}\n{changes}\nsys.argv = ['sunbae']\nmain()")


SUNBAE = _bot_with("")
_WORDS_ONLY = "at_hand.find_vectors = lambda folder=None: None"
BY_WORDS = _bot_with(_WORDS_ONLY)
# With answers for the asking: no search for the words, none for related questions.
WITHOUT_SEARCH = _bot_with(f"""{_WORDS_ONLY}
from content import Library, Match
Library.search = lambda self, text, *, limit=5: [Match(self.questions[len(text) % 18], 1.0)]
Library.related = lambda self, question, *, limit=3: list(self.questions[:limit])
""")


@dataclass(frozen=True, slots=True)
class Measured:
    """One bot's figures."""

    p50_ms: float
    p99_ms: float
    cpu_us: float  # of the bot's process, a request


class Quick(DiscordServer):
    """Takes answers without checking them, so that its own work is not measured."""

    async def _call(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if not path.endswith("/callback"):
            return await super()._call(request)
        interaction = self.interactions[path.split("/")[3]]
        body = await request.read()
        if not interaction.answer.done():
            interaction.answer.set_result(body)
        answer = b'{"interaction": {"id": "%d", "type": 2}}' % interaction.id
        return web.Response(body=answer, headers={"Content-Type": "application/json"})


async def measure(arguments: Sequence[str], requests: int) -> Measured:
    """Start a bot, ask it *requests* times, one at a time, and stop it."""
    async with Quick() as server:
        with tempfile.TemporaryDirectory() as home:
            environment = os.environ | server.environment() | {"SUNBAE_HOME": home, "SUNBAE_WEB": "off"}
            process = await asyncio.create_subprocess_exec(
                sys.executable, *arguments, cwd=ROOT, env=environment, stderr=asyncio.subprocess.DEVNULL
            )
            await server.gateway.until(server.gateway.connected)
            person = server.person("학생")
            await _ask(server, person, requests // 4)
            await _settled(process.pid)
            before = _cpu_s(process.pid)
            times_s = await _ask(server, person, requests)
            cpu_s = _cpu_s(process.pid) - before
            process.terminate()
            await process.wait()
    p99_s = statistics.quantiles(times_s, n=100)[98]
    return Measured(1e3 * statistics.median(times_s), 1e3 * p99_s, 1e6 * cpu_s / requests)


async def main() -> int:
    """Print all and their ratios; 1 where the bot takes more than it should."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=500)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    bots = {
        "bare command": ("-c", BARE),
        "/ask, no search": WITHOUT_SEARCH,
        "/ask, by words": BY_WORDS,
        "/ask, with meaning": SUNBAE,  # where it is installed
    }
    rounds = [
        {name: await measure(arguments, given.requests) for name, arguments in bots.items()}
        for _ in range(given.rounds)
    ]
    print(f"{'':18}{'p50 ms':>9}{'p99 ms':>9}{'CPU µs':>9}")
    found = {name: _median([each[name] for each in rounds]) for name in bots}
    for name, each in found.items():
        print(f"{name:18}{each.p50_ms:9.2f}{each.p99_ms:9.2f}{each.cpu_us:9.0f}")
    ratio = found["/ask, no search"].cpu_us / found["bare command"].cpu_us
    p50_ms = found["/ask, by words"].p50_ms
    print(f"own cost: {ratio:.2f} x bare (at most 2); p50 of /ask by words: {p50_ms:.2f} ms (at most 5)")
    return int(ratio > 2 or p50_ms > 5)


async def _ask(server: DiscordServer, person: Any, requests: int) -> list[float]:
    command = next(each for each in server.commands["global"] if each["name"] == "ask")
    times_s = []
    for number in range(requests):
        interaction = Interaction(person, server.bootcamp, 2)
        option = {"type": 3, "name": "question", "value": WORDS[number % len(WORDS)]}
        data: Json = {"id": command["id"], "name": "ask", "type": 1, "options": [option]}
        begun = time.perf_counter()
        await server.interact(interaction, data)
        await interaction.answer
        times_s.append(time.perf_counter() - begun)
    return times_s


async def _settled(pid: int) -> None:
    """Wait until the bot has made its library ready: it starts with its encoder when it has run for a second."""
    before, now = -1.0, _cpu_s(pid)
    while now - before > 0.05:
        await asyncio.sleep(1.5)
        before, now = now, _cpu_s(pid)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _median(rounds: list[Measured]) -> Measured:
    by_figure = zip(*(astuple(each) for each in rounds), strict=True)
    return Measured(*map(statistics.median, by_figure))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
