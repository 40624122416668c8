"""What the reader of the messages has before their eyes when new ones come, asked for or not."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.platforms.processes import BotProcess
from tests.platforms.web_chat import Browsers, open_page

pytestmark = pytest.mark.asyncio(loop_scope="module")

TALL = "/질문 비전 nlp 뭐 고르지"  # its answer is higher than a phone
ASKED = (TALL, "/질문 점심 뭐 먹지", "/질문 크롤링 필요한가요", "/조언", "@선배 유학 갈까요")
_SETTLED = """feed => new Promise(settled => {
  let last = NaN, still = 0;
  const look = () => {
    still = feed.scrollTop === last ? still + 1 : 0;
    last = feed.scrollTop;
    still < 20 ? requestAnimationFrame(look) : settled();
  };
  look();
})"""


async def send(page: Page, text: str) -> None:
    box = page.get_by_role("textbox").first
    await box.fill(text)
    await box.press("Escape")
    await box.press("Enter")


async def ask(page: Page, text: str) -> Locator:
    """Send *text* and wait for the bot's answer to it."""
    answers = page.locator("article.from-bot")
    before = await answers.count()
    await send(page, text)
    await expect(answers).to_have_count(before + 1)
    return answers.last


async def settle(page: Page) -> None:
    """Wait until the messages have stood still for some frames."""
    await page.locator(".feed").evaluate(_SETTLED)


async def scroll(page: Page, to: int) -> None:
    await page.locator(".feed").evaluate("(feed, top) => feed.scrollTo({ top, behavior: 'instant' })", to)
    await settle(page)


async def position(page: Page) -> float:
    return await page.locator(".feed").evaluate("feed => feed.scrollTop")


async def shows_from_its_start(message: Locator) -> bool:
    """Whether it is in view whole or, where it is too tall, from its first line on."""
    await settle(message.page)
    return await message.evaluate("""message => {
      const feed = message.closest(".feed").getBoundingClientRect();
      const { top, height } = message.getBoundingClientRect();
      return top >= feed.top - 1 && top + Math.min(height, feed.height) <= feed.bottom + 1;
    }""")


@pytest.mark.parametrize(("width", "height"), [(375, 667), (1200, 600)])
async def test_every_answer_comes_into_view_also_after_a_tall_one(
    bot: BotProcess, browsers: Browsers, width: int, height: int
) -> None:
    page = await open_page(bot, browsers, viewport={"width": width, "height": height})

    shown = {text: await shows_from_its_start(await ask(page, text)) for text in ASKED}

    assert shown == dict.fromkeys(ASKED, True)
    await page.context.close()


async def test_answers_that_come_while_the_feed_still_moves_come_into_view(bot: BotProcess, browsers: Browsers) -> None:
    page = await open_page(bot, browsers, viewport={"width": 375, "height": 667})
    for text in ASKED:
        await ask(page, text)

    assert await shows_from_its_start(page.locator("article.from-bot").last)
    await page.context.close()


async def test_who_asks_while_reading_further_up_is_shown_the_answer(bot: BotProcess, browsers: Browsers) -> None:
    page = await open_page(bot, browsers, viewport={"width": 1200, "height": 600})
    await ask(page, TALL)
    await settle(page)

    await scroll(page, 0)
    by_command = await shows_from_its_start(await ask(page, "/질문 점심 뭐 먹지"))
    await scroll(page, 0)
    by_mention = await shows_from_its_start(await ask(page, "@선배 유학 갈까요"))
    await scroll(page, 0)
    await page.locator(".starters button").first.click()
    await expect(page.locator("article.from-bot .cause").last).to_contain_text("/질문")
    by_button = await shows_from_its_start(page.locator("article.from-bot").last)

    assert (by_command, by_mention, by_button) == (True, True, True)
    await page.context.close()


async def test_others_show_their_messages_to_who_reads_the_newest_and_drag_nobody_else(
    bot: BotProcess, browsers: Browsers
) -> None:
    reader = await open_page(bot, browsers, viewport={"width": 375, "height": 667})
    other = await open_page(bot, browsers)
    await ask(reader, TALL)
    await settle(reader)

    await send(other, "다들 점심 먹었나요")
    new = reader.locator("article", has_text="다들 점심 먹었나요").last
    await new.wait_for()
    to_who_scrolled_nothing = await shows_from_its_start(new)
    await scroll(reader, 40)
    await send(other, "저는 아직이에요")
    await reader.locator("article", has_text="저는 아직이에요").last.wait_for()
    await settle(reader)
    further_up = await position(reader)
    await scroll(reader, 1_000_000)
    await send(other, "같이 가요")
    new = reader.locator("article", has_text="같이 가요").last
    await new.wait_for()

    assert to_who_scrolled_nothing
    assert further_up == 40
    assert await shows_from_its_start(new)
    await reader.context.close()
    await other.context.close()


async def test_who_has_read_a_tall_answer_to_its_end_stays_there_while_typing(
    bot: BotProcess, browsers: Browsers
) -> None:
    page = await open_page(bot, browsers, viewport={"width": 375, "height": 667})
    await ask(page, TALL)
    await scroll(page, 1_000_000)

    await page.get_by_role("textbox").fill("첫 줄이에요\n둘째 줄이에요\n셋째 줄이에요")
    await settle(page)

    left = "feed => feed.scrollHeight - feed.scrollTop - feed.clientHeight"
    assert await page.locator(".feed").evaluate(left) < 2
    await page.context.close()
