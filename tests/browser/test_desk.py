"""The operator's desk: a note goes up, is looked at, and is accepted or not; and its HTML harms nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.platforms.web.desk import NOTE_SIZE
from tests.platforms.processes import BotProcess
from tests.platforms.web_chat import Browsers, open_page

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTE = """\
# 9주차 오피스아워 - 김선배(05.13)

- 도커 이미지는 왜 자꾸 커지나요?
    - 레이어가 쌓여서 그래요. `docker history`로 보세요.
      ```sh
      docker history my-image
      ```
    - <img src=x onerror="document.title='stolen'"> [눌러요](javascript:alert(1)) $x^2$
    - $\\text{<img/src="x"/onerror="document.title='stolen'">}$ 수식도 보세요. $\\href{javascript:alert(1)}{y}$
- 첫 PR은 어떻게 하나요?
    - 문서의 오타부터 고쳐 보세요.
"""


@pytest_asyncio.fixture(loop_scope="module")
async def desk(bot: BotProcess, browsers: Browsers) -> AsyncIterator[Page]:
    page = await open_page(bot, browsers)
    await page.get_by_role("link", name="운영자 데스크").click()
    await page.get_by_role("heading", name="운영자 데스크").wait_for()
    yield page
    await page.context.close()


def files(bot: BotProcess) -> list[Path]:
    return sorted(bot.content.iterdir())


async def upload(desk: Page, name: str, note: bytes) -> None:
    await desk.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/markdown", "buffer": note}]
    )


async def test_a_note_is_shown_first_and_written_only_when_accepted(bot: BotProcess, desk: Page) -> None:
    await upload(desk, "week9.md", NOTE.encode())
    await expect(desk.get_by_text("도커 이미지는 왜 자꾸 커지나요?")).to_be_visible()
    shown_first = not (bot.content / "week9.yaml").exists()
    assert await desk.locator(".desk img, .desk [href^=javascript]").count() == 0
    await desk.get_by_role("button", name="받아들이기").click()
    await expect(desk.get_by_text("week9.yaml을 저장하고")).to_be_visible()
    await desk.get_by_role("link", name="채팅으로 돌아가기").click()
    await desk.get_by_role("textbox").fill("/질문 도커 이미지는 왜 자꾸 커지나요?")
    await desk.get_by_role("textbox").press("Escape")
    await desk.get_by_role("textbox").press("Enter")

    await expect(desk.locator("article pre").last).to_have_text("docker history my-image\n")
    assert shown_first
    await expect(desk.locator("article math").last).to_be_visible()
    assert await desk.locator("article img").count() == 0
    assert await desk.locator("article [href^=javascript]").count() == 0
    assert await desk.title() != "stolen"


async def test_a_cancelled_note_leaves_nothing_behind(bot: BotProcess, desk: Page) -> None:
    await upload(desk, "week10.md", NOTE.encode("cp949"))
    await expect(desk.get_by_text("첫 PR은 어떻게 하나요?")).to_be_visible()
    await desk.get_by_role("button", name="취소").click()

    await expect(desk.get_by_text("아무것도 쓰지 않았어요")).to_be_visible()
    assert not (bot.content / "week10.yaml").exists()


async def test_questions_are_numbered_as_the_session_file_will_number_them(desk: Page) -> None:
    await upload(desk, "week11.md", "## 질문\n- 원리는?\n  - 왜 그런가요?\n- 한계는?\n".encode())
    await expect(desk.get_by_text("왜 그런가요?")).to_be_visible()

    assert await desk.locator("ol.asked > li").evaluate_all("items => items.map(item => item.value)") == [1, 2, 3]


async def test_an_empty_file_is_called_empty(desk: Page) -> None:
    await upload(desk, "nothing.md", b"\n")

    await expect(desk.get_by_text("파일이 비어 있어요.")).to_be_visible()


async def test_a_note_without_questions_says_what_stands_in_it(bot: BotProcess, desk: Page) -> None:
    before = files(bot)
    await upload(desk, "letter.md", "그냥 편지예요.\n".encode())

    await expect(desk.get_by_text("질문과 답을 찾지 못해서")).to_be_visible()
    await expect(desk.get_by_text("문단 1개")).to_be_visible()
    assert files(bot) == before


@pytest.mark.parametrize("name", ["notes.docx", "notes"])
async def test_a_file_of_another_kind_is_told_which_kinds_are_read(desk: Page, name: str) -> None:
    await upload(desk, name, b"five!")

    await expect(desk.get_by_text("Markdown이나 텍스트 파일(.md, .markdown, .txt)만")).to_be_visible()


async def test_a_note_beyond_all_measure_is_told_to_be_too_large(desk: Page) -> None:
    await upload(desk, "huge.md", b"-" * (NOTE_SIZE + 1))

    await expect(desk.get_by_text("파일이 너무 커요. 5MB보다 작은")).to_be_visible()


@pytest.mark.parametrize("key", ["Enter", "Space"])
async def test_a_note_can_be_chosen_by_keyboard(desk: Page, key: str) -> None:
    async with desk.expect_file_chooser() as chooser:
        await desk.get_by_role("button", name="노트 올리기 (.md)").press(key)

    assert not (await chooser.value).is_multiple()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_desk_is_dressed_as_the_chat_and_counts_no_bytes(
    bot: BotProcess, browsers: Browsers, scheme: str
) -> None:
    page = await open_page(bot, browsers, color_scheme=scheme)
    send = page.get_by_role("button", name="보내기")
    accent = await send.evaluate("each => getComputedStyle(each).backgroundColor")
    await page.goto(f"{bot.address}/desk")
    choose = page.get_by_role("button", name="노트 올리기 (.md)")
    await choose.wait_for()

    assert await choose.evaluate("each => getComputedStyle(each).color") == accent
    await expect(page.get_by_text("0.00%")).to_have_count(0)
    assert (await Axe().run(page)).response["violations"] == []
    await page.context.close()
