"""What Slack tells the bot, each to the conversation it belongs to: commands, events and the message shortcut."""

from __future__ import annotations

from collections.abc import Awaitable

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack import posting, views
from bot.platforms.slack.conversation import COMMAND, Conversations, Spot, meant, silent, wants_modal
from bot.platforms.slack.in_time import InTime
from bot.platforms.slack.once import Once
from bot.platforms.slack.richtext import Json
from bot.platforms.slack.threads import earlier

FIND_ANSWER = "find_answer"  # the message shortcut's callback_id in the manifest

log = structlog.get_logger()


class Listeners:
    """Answers within Slack's three seconds, and what takes longer afterwards."""

    def __init__(
        self,
        conversations: Conversations,
        in_time: InTime,
        session: aiohttp.ClientSession,
        installations: AsyncInstallationStore | None,
    ) -> None:
        self._conversations = conversations
        self._in_time = in_time
        self._session = session
        self._installations = installations
        self._once = Once()

    def register(self, app: AsyncApp) -> None:
        """Have *app* call this object; the manifest subscribes to the same."""
        app.command(COMMAND)(self._command)
        app.event("app_mention")(self._mention)
        app.event("message")(self._direct)
        app.event("app_home_opened")(self._home)
        app.event("app_uninstalled")(self._forget)
        app.event("tokens_revoked")(self._forget)
        app.message_shortcut(FIND_ANSWER)(self._find_answer)

    async def _command(self, body: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        async def answer() -> Json | None:
            """None: it was shown in a modal."""
            spot = Spot(team_of(context), body["channel_id"])
            conversation = await self._conversations.join(
                client, context, body["user_id"], spot, body.get("user_name", "")
            )
            command, argument = meant(body.get("text", ""))
            reply = await conversation.do(command, argument)
            if wants_modal(command, reply) and await views.show(client, body, conversation.view(reply)):
                return None
            return conversation.message(reply)

        task = await self._in_time.do(answer())
        if task.done():
            return BoltResponse(status=200, body=task.result() or "")
        self._in_time.later(self._respond(body["response_url"], task))
        return BoltResponse(status=200)

    async def _mention(self, body: Json, event: Json, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if event.get("bot_id") or not self._first(body, event, context):
            return

        async def answer() -> None:
            thread = event.get("thread_ts")
            spot = Spot(team_of(context), event["channel"], thread or event["ts"])
            conversation = await self._conversations.join(client, context, event["user"], spot)
            around = await earlier(client, event) if thread and silent(event.get("text", "")) else ()
            reply = await conversation.mention(event.get("text", ""), around)
            whisper = event["user"] if reply.visibility == "private" else None
            await posting.say(client, event["channel"], conversation.message(reply), only_for=whisper)

        await self._in_time.do(answer())

    async def _direct(self, body: Json, event: Json, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        # Edits, joins and the like have subtypes; a message with a file is still a message.
        spoken = event.get("subtype") in {None, "file_share"} and not event.get("bot_id") and event.get("user")
        if event.get("channel_type") != "im" or not spoken or not self._first(body, event, context):
            return

        async def answer() -> None:
            spot = Spot(team_of(context), event["channel"], event.get("thread_ts"))
            conversation = await self._conversations.join(client, context, event["user"], spot)
            reply = await conversation.direct(event.get("text", ""))
            await posting.say(client, event["channel"], conversation.message(reply))

        await self._in_time.do(answer())

    async def _home(self, event: Json, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if event.get("tab") != "home":
            return

        async def publish() -> None:
            conversation = await self._conversations.join(client, context, event["user"], Spot(team_of(context)))
            await client.views_publish(user_id=event["user"], view=await conversation.home())

        await self._in_time.do(publish())

    async def _find_answer(self, body: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        async def answer() -> None:
            said = body["message"]
            spot = Spot(team_of(context), body["channel"]["id"], said.get("thread_ts"))
            conversation = await self._conversations.join(client, context, body["user"]["id"], spot)
            reply = await conversation.find_answer(said.get("text", ""))
            await posting.respond(self._session, body["response_url"], conversation.message(reply))

        await self._in_time.do(answer())
        return BoltResponse(status=200)

    async def _forget(self, body: Json, event: Json, context: AsyncBoltContext) -> None:
        """The bot was removed from a workspace, or its token taken back."""
        revoked = event["type"] == "app_uninstalled" or event.get("tokens", {}).get("bot")
        if revoked and self._installations:
            enterprise, team = context.enterprise_id, context.team_id
            await self._installations.async_delete_all(enterprise_id=enterprise, team_id=team)
            log.info("workspace forgotten", team=team, event_id=body.get("event_id"))

    def _first(self, body: Json, event: Json, context: AsyncBoltContext) -> bool:
        """A mention comes as a mention and as a message, and each may come again."""
        spoken = f"{team_of(context)}/{event['channel']}/{event['ts']}"
        return self._once.first(f"event/{body.get('event_id')}", spoken)

    async def _respond(self, response_url: str, answer: Awaitable[Json | None]) -> None:
        if message := await answer:
            await posting.respond(self._session, response_url, message)


def team_of(context: AsyncBoltContext) -> str:
    """Who installed the bot: the workspace, or the organisation where it is installed for all of it."""
    installed = context.enterprise_id if context.is_enterprise_install else context.team_id
    return installed or context.team_id or context.enterprise_id or ""
