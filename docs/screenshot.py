"""Makes docs/screenshot.png from the running page: `make screenshot`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from tests.platforms.processes import BotProcess
from tests.platforms.web_chat import Browsers, WebChat

_PICTURE = Path(__file__).with_name("screenshot.png")


async def _take(bot: BotProcess) -> None:
    async with Browsers() as browsers:
        chat = await WebChat.join(bot, browsers)
        await chat.page.set_viewport_size({"width": 1280, "height": 900})
        message = await chat.say("혼자 공부하니까 자꾸 지쳐요. 다들 어떻게 버티세요?")
        await chat.command("질문", "석사 2년 아깝지 않나")
        await chat.mention("", thread=message)
        await chat.page.wait_for_timeout(800)  # the scrolling comes to rest
        await chat.page.screenshot(path=_PICTURE)
        await chat.leave()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bot = BotProcess(Path(folder))
        try:
            asyncio.run(_take(bot))
        finally:
            bot.stop()


if __name__ == "__main__":
    main()
