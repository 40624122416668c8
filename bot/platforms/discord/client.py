"""The bot's end of Discord's gateway: what happens there becomes requests to the core, and its replies go back."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from bot.commands import handle, press
from bot.commands.ask import has_words
from bot.platforms.discord import mentions
from bot.platforms.discord.answers import Answers
from bot.platforms.discord.buttons import MORE, Pick, PressButton
from bot.platforms.discord.commands import add_commands
from bot.platforms.discord.forms import AGAIN, FORM, Drafts, Values, opened, sent_in, values_of, with_ways_on
from bot.platforms.discord.permissions import obstacle
from bot.platforms.discord.phrasing import Translation
from bot.platforms.discord.responding import Press, place_of, request_of, respond
from bot.platforms.discord.syncing import Synced, sync
from bot.reply import Place, Reply, Request, User, Words
from bot.settings import DiscordSettings
from bot.study import Study
from bot.wording import phrases

Interaction = discord.Interaction[Any]

log = structlog.get_logger()


def intents(settings: DiscordSettings) -> discord.Intents:
    """What the gateway is asked to send; nothing privileged unless the operator wants threads read."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=settings.read_threads)


class SunbaeClient(discord.AutoShardedClient):
    """One connection to Discord, of as many shards as it needs."""

    def __init__(self, settings: DiscordSettings, home: Path, study: Study) -> None:
        super().__init__(
            intents=intents(settings),
            allowed_mentions=discord.AllowedMentions.none(),
            shard_ids=list(settings.shard_ids) or None,  # type: ignore[arg-type]  # None is the default
            shard_count=settings.shard_count,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),  # the bot knows nobody but those who speak to it
            max_messages=None,
        )
        self.study = study
        self.tree = _Tree(self)
        self._settings = settings
        self._home = home
        self._drafts = Drafts()
        self._answers = Answers(open_threads=settings.open_threads)
        add_commands(self.tree, self)
        self.add_dynamic_items(PressButton, Pick)

    async def setup_hook(self) -> None:
        """Before the gateway: where it is, how many shards it wants, and which commands Discord should show."""
        advised, gateway, _ = await self.http.get_bot_gateway()
        # discord.py takes the gateway's address as an argument only for shards it counts itself, and from here later.
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._settings.gateway_url or gateway)
        if self.shard_count is None:
            self.shard_count = advised
        await self.tree.set_translator(Translation())
        if not self._settings.shard_ids or 0 in self._settings.shard_ids:
            synced = Synced(self._home / "commands.json", self.application_id or 0)
            await sync(self, self.tree, synced, self._settings.guilds)

    async def on_ready(self) -> None:
        log.info("discord ready", name=str(self.user), guilds=len(self.guilds), shards=self.shard_count)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        log.info("discord guild left", guild=guild.id)

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """discord.py calls it where an event's handler raised."""
        log.error("discord event failed", of=event_method, exc_info=sys.exception())

    async def on_message(self, message: discord.Message) -> None:
        """Answer who calls the bot in a channel or a thread, and whoever writes to it alone."""
        if self.user is None or message.author.id == self.user.id:
            return
        if message.guild is None:
            if not message.author.bot:
                asked = self._request(message)
                await self._answers.answer(message, await handle(self.study, "ask", asked), asked.locale)
        elif mentions.calls(message, self.user.id):
            await self._called(message)

    async def commanded(self, interaction: Interaction, command: str, words: str) -> None:
        """Answer the command whose key is *command*."""
        await respond(interaction, handle(self.study, command, self._asking(interaction, words, command)))

    async def asked_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Answer *message*, on which the message command was used."""
        asked = self._asking(interaction, message.content)
        await respond(interaction, handle(self.study, "ask", asked))

    def place_of(self, interaction: Interaction) -> Place:
        """Where *interaction* takes place."""
        return place_of(interaction.channel, interaction.channel_id, interaction.guild_id)

    async def pressed(self, interaction: Interaction, id_: str) -> None:
        """Answer the press of the button with *id_*, however old it is."""
        page, draft = 1, ""
        command, _, argument = id_.partition(":")
        if command == MORE:
            number, _, shown = argument.partition("/")
            id_, page = f"show:{shown}", int(number) if number.isdecimal() else 1
        elif command == FORM:
            page, id_ = opened(id_)
        elif command == AGAIN:
            draft, _, form = argument.partition("/")
            page, id_ = opened(form)
        asked = self._asking(interaction, "", id_.partition(":")[0])
        await respond(interaction, self._pressed(id_, asked, draft), press=Press(id_), page=page)

    async def _pressed(self, id_: str, asked: Request, draft: str) -> Reply:
        return self._drafts.fill(await press(self.study, id_, asked), draft)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """As discord.py's, without a task for each interaction that it has seen to itself."""
        if event != "interaction" or args[0].type is discord.InteractionType.modal_submit:
            super().dispatch(event, *args, **kwargs)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer a form that was sent in: discord.py knows no modal but those it opened itself."""
        data: Any = interaction.data
        await respond(interaction, self._sent_in(interaction, data["custom_id"], values_of(data["components"])))

    async def _sent_in(self, interaction: Interaction, id_: str, values: Values) -> Reply:
        command, words = sent_in(id_, values)
        asked = self._asking(interaction, "", command)
        reply = await press(self.study, f"{command}:{words}", asked)
        draft = str(interaction.id)
        if reply.wrong:
            self._drafts.keep(draft, values)
        return with_ways_on(reply, id_, phrases(asked.locale), draft)

    async def _called(self, message: discord.Message) -> None:
        request = self._request(message)
        phrase = phrases(request.locale)
        if mentions.is_stop(request.text):
            goodbye = _said(phrase("discord.stopped"))
            await self._answers.answer(message, goodbye, request.locale, worth_a_thread=False)
            if isinstance(message.channel, discord.Thread):
                await message.channel.leave()
            return
        if not has_words(request.text):
            around = await mentions.around(
                message, read_earlier=self._settings.read_threads, refused=self._answers.refused(message)
            )
            replied = mentions.replied(message)
            if not around and replied is not None and not replied.author.bot:
                await self._answers.answer(message, _said(phrase("discord.hidden")), request.locale)
                return
            request = replace(request, thread=around)
        await self._answers.answer(message, await handle(self.study, "mention", request), request.locale)

    def _asking(self, interaction: Interaction, words: str, command: str = "") -> Request:
        asked = request_of(interaction, mentions.words_of(words), operator_role=self._settings.operator_role)
        if command == "tips":
            return replace(asked, obstacle=obstacle(interaction, phrases(asked.locale)))
        return asked

    def _request(self, message: discord.Message) -> Request:
        # A message does not say its writer's language, unlike a command.
        user = User(str(message.author.id), discord.utils.escape_markdown(message.author.display_name))
        place = place_of(message.channel, message.channel.id, message.guild.id if message.guild else None)
        return Request(mentions.words_of(message.content), user, place, self.study.locale)


class _Tree(app_commands.CommandTree[SunbaeClient]):
    """Commands, with a kind word for one that Discord still shows and the bot no longer has."""

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            unknown = phrases(str(interaction.locale))("discord.unknown_command")
            await respond(interaction, _saying(unknown))
            return
        log.error("discord command failed", exc_info=error)


async def _saying(words: str) -> Reply:
    return _said(words)


def _said(words: str) -> Reply:
    return Reply((Words(words),))
