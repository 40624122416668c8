"""The page as people use it: typing Korean, keyboard alone, a phone, a screen reader, other people beside them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.platforms.processes import BotProcess
from tests.platforms.web_chat import Browsers, open_page

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONLINE_MASTERS = "해외 온라인 석사는 어떻게 생각하시나요?"


@pytest_asyncio.fixture(loop_scope="module")
async def page(bot: BotProcess, browsers: Browsers) -> AsyncIterator[Page]:
    opened = await open_page(bot, browsers)
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    await opened.context.close()
    assert faults == []


async def send(page: Page, text: str) -> None:
    box = page.get_by_role("textbox").first
    await box.fill(text)
    await box.press("Escape")
    await box.press("Enter")


async def test_an_enter_that_ends_a_syllable_sends_nothing(page: Page) -> None:
    ime = await page.context.new_cdp_session(page)
    box = page.get_by_role("textbox")
    await box.focus()

    await ime.send("Input.imeSetComposition", {"text": "한글", "selectionStart": 2, "selectionEnd": 2})
    # What Chromium sends while an IME holds the key: "Process", code 229.
    enter = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    await ime.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    await ime.send("Input.insertText", {"text": "한글"})
    await expect(box).to_have_value("한글")
    await box.press("Enter")

    await expect(box).to_have_value("")
    await expect(page.locator("article .words", has_text=re.compile("^한글$"))).to_have_count(1)


async def test_suggestions_follow_half_typed_syllables(page: Page) -> None:
    ime = await page.context.new_cdp_session(page)
    await page.get_by_role("textbox").fill("/질문 온라인 ")
    await page.get_by_role("textbox").press("End")

    await ime.send("Input.imeSetComposition", {"text": "서", "selectionStart": 1, "selectionEnd": 1})

    await expect(page.get_by_role("option", name="해외 온라인 석사는 어떤가요?")).to_be_visible()


async def test_a_slash_offers_the_commands_in_both_languages(page: Page) -> None:
    box = page.get_by_role("textbox")
    await box.press_sequentially("/")
    every = await page.get_by_role("option").count()
    await box.press_sequentially("adv")

    assert every == 6
    await expect(page.get_by_role("option")).to_have_count(1)
    await expect(page.get_by_role("option")).to_contain_text("/조언")


async def test_the_keyboard_alone_asks_and_shares(page: Page) -> None:
    await page.get_by_role("textbox").focus()
    await page.keyboard.type("/질")
    await page.keyboard.press("Enter")
    await page.keyboard.type("온라인 석사")
    await expect(page.get_by_role("option").first).to_contain_text("해외 온라인 석사")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    share = page.get_by_role("button", name="채널에 공유").last
    await share.wait_for()
    await page.keyboard.press("Shift+Tab")
    for _ in range(12):
        if await share.evaluate("each => each === document.activeElement"):
            break
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("님이 공유했어요").last).to_be_visible()


async def test_escape_closes_the_suggestions_and_keeps_the_words(page: Page) -> None:
    box = page.get_by_role("textbox")
    await box.press_sequentially("/질")
    await expect(page.get_by_role("listbox")).to_be_visible()
    await box.press("Escape")

    await expect(page.get_by_role("listbox")).to_have_count(0)
    await expect(box).to_have_value("/질")


async def test_shift_enter_makes_a_line_and_enter_sends_both(page: Page) -> None:
    box = page.get_by_role("textbox")
    await box.press_sequentially("첫 줄이에요")
    await box.press("Shift+Enter")
    await box.press_sequentially("둘째 줄이에요")
    await box.press("Enter")

    await expect(page.locator("article .words").last).to_have_text("첫 줄이에요\n둘째 줄이에요")


async def test_what_people_write_is_never_read_as_html(page: Page) -> None:
    await send(page, "<img src=x onerror=\"document.title='stolen'\"><b>굵게</b>")

    await expect(page.get_by_text("<b>굵게</b>")).to_be_visible()
    assert await page.locator("article img").count() == 0
    assert await page.title() != "stolen"


async def test_a_megabyte_is_refused_in_words_and_stays_in_the_box(page: Page) -> None:
    box = page.get_by_role("textbox")
    await box.evaluate("box => { box.value = '가'.repeat(1_000_000); box.dispatchEvent(new Event('input')) }")
    await box.press("Enter")

    await expect(page.get_by_role("alert")).to_contain_text("메시지가 너무 길어요 (1,000,000자). 4,000자")
    assert len(await box.input_value()) == 1_000_000


async def test_control_characters_and_lone_surrogates_do_no_harm(page: Page) -> None:
    box = page.get_by_role("textbox")
    await box.evaluate(
        r"box => { box.value = '/질문 온라인\u0000 \ud800\u0007 석사'; box.dispatchEvent(new Event('input')) }"
    )
    await box.press("Escape")
    await box.press("Enter")

    await expect(page.get_by_text(ONLINE_MASTERS).or_(page.get_by_text("혹시 이 질문인가요?")).last).to_be_visible()


async def test_an_unknown_command_says_how_to_find_the_known_ones(page: Page) -> None:
    await send(page, "/퀴즈")

    await expect(page.get_by_text("‘/퀴즈’는 없는 명령이에요.")).to_be_visible()


async def test_a_question_may_begin_on_the_line_below_its_command(page: Page) -> None:
    await send(page, f"/질문\n{ONLINE_MASTERS}")

    await expect(page.get_by_role("heading", name=ONLINE_MASTERS).last).to_be_visible()


async def test_in_direct_messages_a_plain_question_is_answered(page: Page) -> None:
    await page.get_by_role("button", name="@ 선배").click()
    await expect(page.get_by_role("heading", name="선배", level=2)).to_be_visible()
    await send(page, ONLINE_MASTERS)

    await expect(page.get_by_role("heading", name=ONLINE_MASTERS)).to_be_visible()
    await page.get_by_role("button", name="채널에 공유").click()
    await expect(page.get_by_text("# bootcamp에 공유했어요.")).to_be_visible()


async def test_direct_messages_are_seen_by_nobody_else(bot: BotProcess, browsers: Browsers, page: Page) -> None:
    await page.get_by_role("button", name="@ 선배").click()
    await expect(page.get_by_role("heading", name="선배", level=2)).to_be_visible()
    await send(page, "비밀이에요 온라인 석사")
    await expect(page.get_by_text("비밀이에요 온라인 석사")).to_be_visible()
    other = await open_page(bot, browsers)
    await other.get_by_role("button", name="@ 선배").click()
    await expect(other.get_by_role("heading", name="선배", level=2)).to_be_visible()

    await expect(other.get_by_text("비밀이에요 온라인 석사")).to_have_count(0)
    await other.context.close()


async def test_a_private_answer_can_be_dismissed(page: Page) -> None:
    await send(page, f"/질문 {ONLINE_MASTERS}")
    answer = page.locator("article.private").last
    await answer.wait_for()
    key = await answer.get_attribute("data-message")
    await answer.get_by_role("button", name="지우기").click()

    await expect(page.locator(f'article[data-message="{key}"]')).to_have_count(0)


async def test_a_thread_opens_beside_the_channel_and_counts_its_answers(page: Page) -> None:
    await send(page, "스레드를 열어 볼게요")
    message = page.locator(".main article", has_text="스레드를 열어 볼게요").last
    await message.get_by_role("button", name="스레드에서 답하기").click()
    thread = page.get_by_role("region", name="스레드")
    await thread.get_by_role("textbox").fill(f"@선배 {ONLINE_MASTERS}")
    await thread.get_by_role("textbox").press("Escape")
    await thread.get_by_role("textbox").press("Enter")

    await expect(thread.get_by_role("heading", name=ONLINE_MASTERS)).to_be_visible()
    await expect(message.get_by_role("button", name="답글 2개")).to_be_visible()
    await thread.get_by_role("button", name="닫기").click()
    await expect(thread).to_be_hidden()


async def test_the_theme_is_kept(page: Page) -> None:
    await page.get_by_role("button", name="테마: 자동").click()
    await expect(page.locator("body")).to_have_class(re.compile("body--dark"))
    await page.reload()

    await expect(page.get_by_role("button", name="테마: 어둡게")).to_be_visible()
    await expect(page.locator("body")).to_have_class(re.compile("body--dark"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_passes_the_accessibility_rules(bot: BotProcess, browsers: Browsers, scheme: str) -> None:
    page = await open_page(bot, browsers, color_scheme=scheme)
    await send(page, f"/질문 {ONLINE_MASTERS}")
    await page.locator("article.private").last.wait_for()
    await send(page, "/조언")
    await page.locator("article .tip").last.wait_for()
    await page.get_by_role("textbox").press_sequentially("/")
    await page.get_by_role("option").first.wait_for()

    found = await Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    await page.context.close()


async def test_a_phone_shows_everything_without_scrolling_sideways(bot: BotProcess, browsers: Browsers) -> None:
    page = await open_page(bot, browsers, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    await send(page, f"/질문 {ONLINE_MASTERS}")
    await page.locator("article.private").last.wait_for()

    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    heights = "each => each.getClientRects().length > 1 ? 99 : each.getBoundingClientRect().height"
    for each in await page.locator("nav button, nav a").all():
        assert await each.evaluate(heights) < 40, f"{await each.inner_text()} takes two lines"
    await expect(page.get_by_role("button", name="# bootcamp")).to_be_in_viewport()
    await expect(page.get_by_role("textbox")).to_be_in_viewport()
    await page.context.close()


async def test_another_site_cannot_reach_the_page_under_its_own_name(bot: BotProcess, browsers: Browsers) -> None:
    context = await browsers.person()
    answer = await context.request.get(bot.address, headers={"Host": "evil.example"})

    assert answer.status == 400


async def test_whom_a_proxy_passes_on_is_no_operator(bot: BotProcess, browsers: Browsers) -> None:
    context = await browsers.person()
    stranger = await context.request.get(f"{bot.address}/desk", headers={"X-Forwarded-For": "127.0.0.1"})
    neighbour = await context.request.get(f"{bot.address}/desk")

    assert "SUNBAE_WEB_OPERATORS" in await stranger.text()
    assert "SUNBAE_WEB_OPERATORS" not in await neighbour.text()
    await context.close()
