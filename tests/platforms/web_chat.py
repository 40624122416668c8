"""The web platform as its users meet it: a real browser on the running bot's page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from tests.platforms.chat import Seen
from tests.platforms.processes import BotProcess

# The background flags keep Chromium from calling home, which a closed network refuses many times a second.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_MESSAGE = "article[data-message]"


def chromium() -> str:
    """Where Chromium is; skips the test where there is none, but fails in CI."""
    # the headless shell draws the same pages in half the time
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        reason = (
            "the browser tests want Chromium, which is not here; on Debian: apt-get install chromium-headless-shell"
        )
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


class Browsers:
    """One Chromium for many people."""

    async def __aenter__(self) -> Browsers:
        self._playwright = await async_playwright().start()
        self._browser: Browser = await self._playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._browser.close()
        await self._playwright.stop()

    async def person(self, **options: object) -> BrowserContext:
        """A browser profile of somebody's own."""
        context = await self._browser.new_context(locale="ko-KR", **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        return context


async def open_page(bot: BotProcess, browsers: Browsers, **options: object) -> Page:
    """The bot's page in a browser profile of its own, ready to type."""
    context = await browsers.person(**options)
    page = await context.new_page()
    await page.goto(bot.address)
    await page.get_by_role("textbox").wait_for()
    return page


class WebChat:
    """One person in #bootcamp."""

    def __init__(self, bot: BotProcess, browsers: Browsers, page: Page) -> None:
        self.bot = bot
        self.page = page
        self._browsers = browsers
        self._other: Page | None = None  # somebody else in the channel, who comes when needed
        self._spoken = "0"  # the newest message before this person last acted

    @classmethod
    async def join(cls, bot: BotProcess, browsers: Browsers) -> WebChat:
        return cls(bot, browsers, await open_page(bot, browsers))

    async def leave(self) -> None:
        await self.page.context.close()
        if self._other:
            await self._other.context.close()

    async def command(self, name: str, words: str = "") -> Seen:
        await self._type(f"/{name} {words}")
        return await self._next_reply()

    async def suggestions(self, name: str, words: str) -> tuple[str, ...]:
        box = self.page.get_by_role("textbox").first
        await box.fill("")
        await box.press_sequentially(f"/{name} {words}")
        offered = self.page.get_by_role("option")
        await offered.first.wait_for()
        # The list is right once the server has answered the last key.
        await self.page.wait_for_function("document.querySelectorAll('[role=option]').length > 0")
        return tuple(await offered.locator(".suggestion-label").all_inner_texts())

    async def choose_suggestion(self, name: str, words: str, label: str) -> Seen:
        await self._mark()
        box = self.page.get_by_role("textbox").first
        await box.fill("")
        await box.press_sequentially(f"/{name} {words}")
        await self.page.get_by_role("option", name=label).first.click()
        return await self._next_reply()

    async def press(self, seen: Seen, label: str) -> Seen:
        await self._mark()
        await self._message(seen.key).locator("button", has=self.page.get_by_text(label, exact=True)).first.click()
        return await self._next_reply()

    async def say(self, words: str) -> str:
        await self._type(words)
        said = self.page.locator(f"{_MESSAGE}:not(.from-bot)").filter(has_text=words).last
        await said.wait_for()
        return await said.get_attribute("data-message") or ""

    async def find_answer(self, message: str) -> Seen:
        await self._mark()
        await self._message(message).get_by_role("button", name="Q&A에서 답 찾기").click()
        return await self._next_reply()

    async def mention(self, words: str, *, thread: str | None = None) -> Seen:
        if thread is not None:
            await self._message(thread).locator(".thread-link").first.click()
            await self.page.locator(".side.open").get_by_role("textbox").wait_for()
        await self._type(f"@선배 {words}".strip(), thread=thread is not None)
        return await self._next_reply()

    async def daily_post(self, number: int = 1) -> Seen:
        post = self.page.locator(f"{_MESSAGE}.from-bot:not(.private):has(.tip)").nth(number - 1)
        await post.wait_for()
        return await self._seen(await post.get_attribute("data-message") or "")

    async def next_morning(self) -> None:
        self.bot.next_morning()

    async def silence(self) -> bool:
        # A reply would come before that of a command given after it.
        spoken = self._spoken
        await self.command("help")
        replies = [int(key) for key in await self._keys(f"{_MESSAGE}.from-bot") if int(key) > int(spoken)]
        return len(replies) == 1

    async def others_see(self, seen: Seen) -> bool:
        # What came later is there, so what is not there was not sent.
        self._other = self._other or await open_page(self.bot, self._browsers)
        key = await self.say(f"{seen.key}번을 본 사람?")
        await self._other.locator(f'{_MESSAGE}[data-message="{key}"]').wait_for()
        return await self._other.locator(f'{_MESSAGE}[data-message="{seen.key}"]').count() > 0

    async def speak(self, locale: str) -> None:
        await self.page.get_by_role("button", name={"en": "English", "ko": "한국어"}[locale]).click()
        await expect(self.page.locator("html")).to_have_attribute("lang", locale)
        await self.page.get_by_role("textbox").wait_for()

    async def restart_bot(self) -> None:
        await self.page.goto("about:blank")  # an open page loads itself anew when the bot is back, and would cut in
        self.bot.stop()
        self.bot.start()
        await self.page.goto(self.bot.address)
        await self.page.get_by_role("textbox").wait_for()

    async def edit_content(self, edit: Callable[[Path], None]) -> None:
        edit(self.bot.content)
        await self.command("library", "reload")

    async def _type(self, text: str, *, thread: bool = False) -> None:
        await self._mark()
        box = self.page.locator(".side.open" if thread else ".main").get_by_role("textbox")
        await box.fill(text)
        await box.press("Escape")  # closes the suggestions, so that Enter sends
        await box.press("Enter")

    async def _mark(self) -> None:
        keys = await self._keys(_MESSAGE)
        self._spoken = max(keys, key=int, default="0")

    async def _next_reply(self) -> Seen:
        handle = await self.page.wait_for_function(
            """spoken => [...document.querySelectorAll('article.from-bot[data-message]')]
                .map(each => each.dataset.message).find(key => Number(key) > Number(spoken))""",
            arg=self._spoken,
        )
        return await self._seen(str(await handle.json_value()))

    async def _seen(self, key: str) -> Seen:
        message = self._message(key)
        best = message.locator("li.best > .point")
        return Seen(
            key=key,
            text=await message.inner_text(),
            buttons=tuple(
                await message.locator(".choice > span:first-child, .button > span:first-child").all_inner_texts()
            ),
            private=await message.get_by_text("나만 볼 수 있어요").or_(message.get_by_text("Only you can see")).count()
            > 0,
            best=await best.first.inner_text() if await best.count() else None,
            links=tuple([await link.get_attribute("href") or "" for link in await message.locator("a").all()]),
        )

    async def _keys(self, selector: str) -> list[str]:
        return [await each.get_attribute("data-message") or "0" for each in await self.page.locator(selector).all()]

    def _message(self, key: str) -> Locator:
        return self.page.locator(f'{_MESSAGE}[data-message="{key}"]').last
