"""What people press, pick and fill in: in messages, in modals and in App Home."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack import forms, home, posting, views
from bot.platforms.slack.conversation import Conversation, Conversations, Spot, wants_modal
from bot.platforms.slack.in_time import InTime
from bot.platforms.slack.listeners import team_of
from bot.platforms.slack.render import MORE, PRESS
from bot.platforms.slack.richtext import Json
from bot.reply import Form, Reply, Words

_BUTTONS = rf"{PRESS}:\d+|{MORE}|{home.CHANNEL}:\d+|{home.SEARCH}|{home.SUGGEST}"

log = structlog.get_logger()


class Actions:
    """Answers where it was pressed: a message below a message, a modal over a modal or App Home."""

    def __init__(self, conversations: Conversations, in_time: InTime, session: aiohttp.ClientSession) -> None:
        self._conversations = conversations
        self._in_time = in_time
        self._session = session

    def register(self, app: AsyncApp) -> None:
        """Have *app* call this object."""
        app.action(re.compile(rf"^(?:{_BUTTONS})$"))(self._act)
        app.options(home.SUGGEST)(self._suggest)
        app.view(views.SHARE)(self._share)
        app.view(forms.FORM)(self._submit)

    async def _act(self, body: Json, action: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        """A button, a search or a suggestion."""

        async def answer() -> None:
            value = action.get("value") or action.get("selected_option", {}).get("value", "")
            about = value if action["action_id"].startswith(home.CHANNEL) else _channel(body)
            thread = body.get("message", {}).get("thread_ts") or body.get("container", {}).get("thread_ts")
            conversation = await self._join(body, client, context, Spot(team_of(context), about, thread))
            alone = "channel" not in body or Spot("", about).direct  # nobody else is there
            if action["action_id"] == MORE:
                await views.show(client, body, conversation.page(value))
            elif action["action_id"] == home.SEARCH:
                await views.show(client, body, conversation.view(await conversation.find_answer(value)))
            elif action["action_id"].startswith(home.CHANNEL):
                await views.show(client, body, conversation.view(await conversation.press("tips:show")))
            elif alone and value.startswith("share:"):
                await views.show(client, body, views.share_view(value, conversation.phrase), over=True)
            else:
                await self._press(conversation, value, body, client, context)

        await self._in_time.do(answer())
        return BoltResponse(status=200)

    async def _press(
        self, conversation: Conversation, button: str, body: Json, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        reply = await conversation.press(button)
        command = button.partition(":")[0]
        # An answer over a list leaves the list to come back to; Slack stacks three modals, and sharing takes one.
        over = command == "show" and not body.get("view", {}).get("previous_view_id")
        if ("view" in body or wants_modal(command, reply)) and await views.show(
            client, body, conversation.view(reply), over=over
        ):
            if "view" in body and command == "tips":
                self._in_time.later(self._redraw_home(body, client, context))
            return
        if "response_url" in body:
            await posting.respond(self._session, body["response_url"], conversation.message(reply))

    async def _suggest(self, body: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        conversation = await self._join(body, client, context, Spot(team_of(context)))
        return BoltResponse(status=200, body={"options": await conversation.suggest(body.get("value", ""))})

    async def _share(self, body: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        """The modal that asked where to share: Slack gives an address for the channel that was picked."""
        places = body.get("response_urls") or [{}]
        channel, response_url = places[0].get("channel_id", ""), places[0].get("response_url")
        if response_url:

            async def answer() -> None:
                conversation = await self._join(body, client, context, Spot(team_of(context), channel))
                reply = await conversation.press(body["view"]["private_metadata"])
                await posting.respond(self._session, response_url, conversation.message(reply))

            await self._in_time.do(answer())
        return BoltResponse(status=200, body={"response_action": "clear"})

    async def _submit(self, body: Json, client: AsyncWebClient, context: AsyncBoltContext) -> BoltResponse:
        """A form: what is wrong is said under its field, else what came of it takes the form's place."""
        view = body["view"]
        spot = Spot(team_of(context), views.channel_about(view))
        conversation = await self._join(body, client, context, spot)

        async def take() -> Reply:
            command, argument, values = forms.filled_in(view)
            return await conversation.do(command, Form("", command, argument, (), "").text(values))

        task = await self._in_time.do(take(), even_in_a_crowd=True)
        if not task.done():
            self._in_time.later(_replace(client, view["id"], conversation, task))
            self._in_time.later(self._redraw_home(body, client, context, task))
            waiting = Reply((Words(conversation.phrase("slack.saving")),))
            return BoltResponse(status=200, body={"response_action": "update", "view": conversation.view(waiting)})
        reply = task.result()
        if reply.wrong:
            return BoltResponse(status=200, body=forms.errors(reply.wrong, view))
        self._in_time.later(self._redraw_home(body, client, context))
        return BoltResponse(status=200, body={"response_action": "update", "view": conversation.view(reply)})

    async def _redraw_home(
        self,
        body: Json,
        client: AsyncWebClient,
        context: AsyncBoltContext,
        saved: asyncio.Task[Reply] | None = None,
    ) -> None:
        """Show in App Home what was arranged in a modal, which may stand over it; *saved*: when that is done."""
        if saved:
            await asyncio.wait({saved})
        conversation = await self._join(body, client, context, Spot(team_of(context)))
        try:
            await client.views_publish(user_id=body["user"]["id"], view=await conversation.home())
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.info("app home not redrawn", reason=type(error).__name__)  # it is when it is opened the next time

    async def _join(self, body: Json, client: AsyncWebClient, context: AsyncBoltContext, spot: Spot) -> Conversation:
        user = body["user"]
        return await self._conversations.join(client, context, user["id"], spot, user.get("name", ""))


def _channel(body: Json) -> str:
    """Where it was pressed, or what the modal it was pressed in is about."""
    return body["channel"]["id"] if "channel" in body else views.channel_about(body.get("view", {}))


async def _replace(client: AsyncWebClient, view: str, conversation: Conversation, reply: Awaitable[Reply]) -> None:
    await client.views_update(view_id=view, view=conversation.view(await reply))
