"""Slack's commands, events, buttons and views, each to the conversation it belongs to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack import limits, posting, views
from bot.platforms.slack.conversation import COMMAND, Conversation, Spot, silent
from bot.platforms.slack.once import Once
from bot.platforms.slack.people import People
from bot.platforms.slack.render import MORE, PRESS
from bot.platforms.slack.richtext import Json
from bot.study import Study

FIND_ANSWER = "find_answer"  # the message shortcut's callback_id in the manifest

_FINISH_S = 5.0  # what is being answered when the bot is told to stop
# Searches hold Python's lock: with several at once the loop, which must ack in time, waits for each in turn.
_AT_ONCE = 1
_CROWD = 20  # requests under way; those beyond are acked at once, since none can tell how long their turn takes
_T = TypeVar("_T")

log = structlog.get_logger()


class Listeners:
    """Answers within Slack's three seconds, and what takes longer afterwards."""

    def __init__(
        self, study: Study, session: aiohttp.ClientSession, installations: AsyncInstallationStore | None
    ) -> None:
        self._study = study
        self._session = session
        self._installations = installations
        self._people = People(study.locale)
        self._once = Once()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[Any]] = set()

    def register(self, app: AsyncApp) -> None:
        """Have *app* call this object; the manifest subscribes to the same."""
        app.command(COMMAND)(self._command)
        app.event("app_mention")(self._mention)
        app.event("message")(self._direct)
        app.event("app_home_opened")(self._home)
        app.event("app_uninstalled")(self._forget)
        app.event("tokens_revoked")(self._forget)
        app.message_shortcut(FIND_ANSWER)(self._find_answer)
        app.action(re.compile(rf"^(?:{PRESS}:\d+|{MORE}|{views.SEARCH}|{views.SUGGEST})$"))(self._act)
        app.options(views.SUGGEST)(self._suggest)
        app.view(views.SHARE)(self._share)

    async def finish(self) -> None:
        """Let what is under way end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_FINISH_S)

    async def _command(self, body: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        async def answer() -> Json:
            conversation = await self._conversation(
                client, context, body["user_id"], Spot(_team(context), body["channel_id"]), body.get("user_name", "")
            )
            return conversation.message(await conversation.command(body.get("text", "")))

        task = await self._in_time(answer())
        if task.done():
            return BoltResponse(status=200, body=task.result())
        self._later(self._respond(body["response_url"], task))
        return BoltResponse(status=200)

    async def _mention(self, body: Json, event: Json, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if event.get("bot_id") or not self._first(body, event, context):
            return

        async def answer() -> None:
            thread = event.get("thread_ts")
            spot = Spot(_team(context), event["channel"], thread or event["ts"])
            conversation = await self._conversation(client, context, event["user"], spot)
            around = await _earlier(client, event) if thread and silent(event.get("text", "")) else ()
            reply = await conversation.mention(event.get("text", ""), around)
            whisper = event["user"] if reply.visibility == "private" else None
            await posting.say(client, event["channel"], conversation.message(reply), only_for=whisper)

        await self._in_time(answer())

    async def _direct(self, body: Json, event: Json, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        # Edits, joins and the like have subtypes; a message with a file is still a message.
        spoken = event.get("subtype") in {None, "file_share"} and not event.get("bot_id") and event.get("user")
        if event.get("channel_type") != "im" or not spoken or not self._first(body, event, context):
            return

        async def answer() -> None:
            spot = Spot(_team(context), event["channel"], event.get("thread_ts"))
            conversation = await self._conversation(client, context, event["user"], spot)
            reply = await conversation.direct(event.get("text", ""))
            await posting.say(client, event["channel"], conversation.message(reply))

        await self._in_time(answer())

    async def _home(self, event: Json, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        if event.get("tab") != "home":
            return

        async def publish() -> None:
            conversation = await self._conversation(client, context, event["user"], Spot(_team(context)))
            await client.views_publish(user_id=event["user"], view=await conversation.home())

        await self._in_time(publish())

    async def _find_answer(self, body: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        async def answer() -> None:
            said = body["message"]
            spot = Spot(_team(context), body["channel"]["id"], said.get("thread_ts"))
            conversation = await self._conversation(client, context, body["user"]["id"], spot)
            reply = await conversation.find_answer(said.get("text", ""))
            await posting.respond(self._session, body["response_url"], conversation.message(reply))

        await self._in_time(answer())
        return BoltResponse(status=200)

    async def _act(self, body: Json, action: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        """A button, a search or a suggestion: in a message, in a modal or in App Home."""

        async def answer() -> None:
            channel = body.get("channel", {}).get("id", "")
            thread = body.get("message", {}).get("thread_ts") or body.get("container", {}).get("thread_ts")
            spot = Spot(_team(context), channel, thread)
            conversation = await self._conversation(
                client, context, body["user"]["id"], spot, body["user"].get("name", "")
            )
            value = action.get("value") or action.get("selected_option", {}).get("value", "")
            alone = not channel or spot.direct  # nobody else is there
            if action["action_id"] == MORE:
                await _show(client, body, conversation.page(value))
            elif action["action_id"] == views.SEARCH:
                await _show(client, body, views.reply_view(await conversation.find_answer(value), conversation.phrase))
            elif alone and value.startswith("share:"):
                await _show(client, body, views.share_view(value, conversation.phrase), over=True)
            else:
                reply = await conversation.press(value)
                if "response_url" in body:
                    await posting.respond(self._session, body["response_url"], conversation.message(reply))
                else:
                    await _show(client, body, views.reply_view(reply, conversation.phrase))

        await self._in_time(answer())
        return BoltResponse(status=200)

    async def _suggest(self, body: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        conversation = await self._conversation(client, context, body["user"]["id"], Spot(_team(context)))
        return BoltResponse(status=200, body={"options": await conversation.suggest(body.get("value", ""))})

    async def _share(self, body: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        """The modal that asked where to share: Slack gives an address for the channel that was picked."""
        places = body.get("response_urls") or [{}]
        channel, response_url = places[0].get("channel_id", ""), places[0].get("response_url")
        if response_url:

            async def answer() -> None:
                spot = Spot(_team(context), channel)
                conversation = await self._conversation(
                    client, context, body["user"]["id"], spot, body["user"].get("name", "")
                )
                reply = await conversation.press(body["view"]["private_metadata"])
                await posting.respond(self._session, response_url, conversation.message(reply))

            await self._in_time(answer())
        return BoltResponse(status=200, body={"response_action": "clear"})

    async def _forget(self, body: Json, event: Json, context: AsyncBoltContext) -> None:
        """The bot was removed from a workspace, or its token taken back."""
        revoked = event["type"] == "app_uninstalled" or event.get("tokens", {}).get("bot")
        if revoked and self._installations:
            enterprise, team = context.enterprise_id, context.team_id
            await self._installations.async_delete_all(enterprise_id=enterprise, team_id=team)
            log.info("workspace forgotten", team=team, event_id=body.get("event_id"))

    async def _conversation(
        self, client: AsyncWebClient, context: AsyncBoltContext, user: str, spot: Spot, name: str = ""
    ) -> Conversation:
        # In a shared channel somebody may come from another workspace.
        person = await self._people.who(client, context.team_id or "", user, name)
        return Conversation(self._study, self._turns, person, spot)

    def _first(self, body: Json, event: Json, context: AsyncBoltContext) -> bool:
        """A mention comes as a mention and as a message, and each may come again."""
        spoken = f"{_team(context)}/{event['channel']}/{event['ts']}"
        return self._once.first(f"event/{body.get('event_id')}", spoken)

    async def _in_time(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        """Do *work*; comes back when it is done, or when Slack must be told that it was heard."""
        task = asyncio.create_task(work)
        self._keep(task)
        await asyncio.wait({task}, timeout=limits.ACK_S if len(self._tasks) <= _CROWD else 0)
        if task.done():
            task.result()  # raises what went wrong
        else:
            task.add_done_callback(_report)
        return task

    async def _respond(self, response_url: str, answer: Awaitable[Json]) -> None:
        await posting.respond(self._session, response_url, await answer)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._keep(task)
        task.add_done_callback(_report)

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _report(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("slack listener failed", exc_info=error)


def _team(context: AsyncBoltContext) -> str:
    """Who installed the bot: the workspace, or the organisation where it is installed for all of it."""
    installed = context.enterprise_id if context.is_enterprise_install else context.team_id
    return installed or context.team_id or context.enterprise_id or ""


async def _earlier(client: AsyncWebClient, event: Json) -> tuple[str, ...]:
    """The words of people in the thread so far, oldest first; none where the bot may not read them."""
    try:
        thread = await client.conversations_replies(
            channel=event["channel"], ts=event["thread_ts"], limit=limits.EARLIER_MESSAGES
        )
    except SlackApiError as error:
        log.info("thread not read", reason=error.response.get("error"))
        return ()
    return tuple(
        said.get("text", "") for said in thread["messages"] if not said.get("bot_id") and said["ts"] != event["ts"]
    )


async def _show(client: AsyncWebClient, body: Json, view: Json, *, over: bool = False) -> None:
    """Show *view*: instead of the modal the person is in, *over* it, or as a first one."""
    inside = body.get("view", {}).get("type") == "modal"
    open_: Callable[..., Awaitable[object]] = client.views_push if inside and over else client.views_open
    if inside and not over:
        await client.views_update(view_id=body["view"]["id"], view=view)
    else:
        await open_(trigger_id=body["trigger_id"], view=view)
