"""The operator's calendar of daily advice, in a real browser."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.platforms.processes import BotProcess
from tests.platforms.web_chat import Browsers, open_page

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def calendar(bot: BotProcess, browsers: Browsers) -> AsyncIterator[Page]:
    page = await open_page(bot, browsers)
    await page.get_by_role("link", name="조언 달력").click()
    await page.get_by_role("heading", name="# bootcamp 조언 달력").wait_for()
    yield page
    await page.context.close()


async def test_an_operator_arranges_the_coming_days_on_one_page(calendar: Page) -> None:
    for day in ("토요일", "일요일"):
        await calendar.get_by_label(day).check()
    await calendar.get_by_label("공휴일").select_option("none")
    await calendar.get_by_role("button", name="저장").click()
    days = calendar.locator("table.days td:has(time)")
    await expect(days).to_have_count(14)  # what fills the first and the last week is blank
    first = days.first.locator(".piece")
    before = await first.inner_text()

    await days.first.get_by_role("button", name="바꾸기").click()
    await expect(first).not_to_have_text(before)
    await days.nth(1).get_by_role("button", name="쉬기").click()
    await expect(days.nth(1)).to_contain_text("쉬는 날이에요")
    await days.nth(1).get_by_role("button", name="이날도 올리기").click()
    await expect(days.nth(1).locator(".piece")).to_be_visible()
    await calendar.get_by_text("날짜에 조언 고정하기").first.click()
    pieces = calendar.locator("select[name=piece]")
    wanted = await pieces.locator("option").nth(3).inner_text()
    await pieces.select_option(index=3)
    await calendar.get_by_role("button", name="날짜에 조언 고정하기").click()
    await expect(first).to_have_text(wanted)
    await calendar.get_by_role("button", name="미리보기").click()
    await expect(calendar.locator("blockquote")).to_contain_text(wanted)

    assert (await Axe().run(calendar)).response["violations"] == []
    await calendar.get_by_role("button", name="끄기").click()
    await expect(calendar.get_by_text("매일 조언을 껐어요")).to_be_visible()


async def test_a_wrong_setting_is_told_at_its_field_and_the_others_stay_as_typed(calendar: Page) -> None:
    await calendar.get_by_label("시각").fill("07:15")
    await calendar.get_by_label("시간대").fill("Mars/Olympus")
    await calendar.get_by_role("button", name="저장").click()

    await expect(calendar.get_by_role("alert")).to_have_text(
        "‘Mars/Olympus’ 시간대는 없어요. Asia/Seoul처럼 적어 주세요."
    )
    await expect(calendar.get_by_label("시각")).to_have_value("07:15")


async def test_the_settings_button_in_the_chat_opens_the_calendar(bot: BotProcess, browsers: Browsers) -> None:
    page = await open_page(bot, browsers)
    await page.get_by_role("textbox").fill("/조언설정 설정")
    await page.get_by_role("textbox").press("Escape")
    await page.get_by_role("textbox").press("Enter")
    await page.get_by_role("button", name="설정 바꾸기").click()

    await expect(page.get_by_role("heading", name="# bootcamp 조언 달력")).to_be_visible()
    await page.context.close()


async def test_the_settings_button_leads_to_the_settings_also_where_advice_is_arranged(
    bot: BotProcess, browsers: Browsers
) -> None:
    page = await open_page(bot, browsers, viewport={"width": 375, "height": 667})
    await page.get_by_role("textbox").fill("/조언설정 설정 08:15")
    await page.get_by_role("textbox").press("Escape")
    await page.get_by_role("textbox").press("Enter")
    await page.get_by_role("button", name="설정 바꾸기").last.click()

    await expect(page.get_by_label("시각")).to_have_value("08:15")
    await expect(page.get_by_label("시각")).to_be_in_viewport()
    await expect(page.get_by_text("날짜에 조언 고정하기").first).to_be_visible()
    await expect(page.get_by_label("날짜", exact=True)).to_be_hidden()  # that fold stays closed
    await page.goto(f"{bot.address}/calendar")
    await expect(page.get_by_text("매일 조언 설정")).to_be_visible()
    await expect(page.get_by_label("시각")).to_be_hidden()
    await page.get_by_role("button", name="끄기").click()
    await expect(page.get_by_text("매일 조언을 껐어요")).to_be_visible()
    await page.context.close()


async def test_in_direct_messages_it_opens_the_calendar_of_that_conversation(
    bot: BotProcess, browsers: Browsers
) -> None:
    page = await open_page(bot, browsers)
    await page.get_by_role("button", name="@ 선배").click()
    await expect(page.get_by_role("heading", name="선배", level=2)).to_be_visible()
    await page.get_by_role("textbox").fill("/조언설정 설정 07:45")
    await page.get_by_role("textbox").press("Escape")
    await page.get_by_role("textbox").press("Enter")
    await page.get_by_role("button", name="설정 바꾸기").click()

    await expect(page.get_by_role("heading", name="선배와 나의 대화 조언 달력")).to_be_visible()
    await expect(page.get_by_text("매일 조언을 07:45")).to_be_visible()
    await page.context.close()


async def test_what_could_not_be_done_is_said_with_its_reason_or_a_reference(bot: BotProcess, calendar: Page) -> None:
    await calendar.get_by_role("button", name="저장").click()
    skip = calendar.get_by_role("button", name="쉬기")
    said = calendar.locator(".said")
    await skip.first.wait_for()
    with _no_change(bot):
        await calendar.get_by_text("매일 조언 설정").click()
        await calendar.get_by_label("시각").fill("07:15")
        await calendar.get_by_role("button", name="저장").click()
        await expect(said).to_contain_text("운영자에게 이 번호를 알려 주세요")
        await expect(calendar.get_by_label("시각")).to_have_value("07:15")  # what was not taken stays as typed
        apology = await said.inner_text()
        await skip.first.click()
        await expect(said).not_to_have_text(apology)  # it has a reference of its own
        await expect(said).to_contain_text("운영자에게 이 번호를 알려 주세요")
    await calendar.get_by_role("button", name="멈추기").click()
    await calendar.get_by_role("button", name="다시 시작").click()
    await expect(said).to_be_empty()
    other = await calendar.context.new_page()
    await other.goto(calendar.url)
    await other.get_by_role("button", name="끄기").click()
    await other.get_by_text("매일 조언을 껐어요").wait_for()

    await skip.first.click()

    await expect(said).to_contain_text("이 채널에는 아직 매일 조언이 없어요")


@contextlib.contextmanager
def _no_change(bot: BotProcess) -> Iterator[None]:
    """No subscription can be changed meanwhile."""
    with contextlib.closing(sqlite3.connect(bot.home / "sunbae.db")) as database:
        database.execute("CREATE TRIGGER refused BEFORE UPDATE ON subscriptions BEGIN SELECT RAISE(ABORT, 'no'); END")
        try:
            yield
        finally:
            database.execute("DROP TRIGGER refused")
