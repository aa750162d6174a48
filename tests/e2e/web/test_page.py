"""The page itself: small phones, dark colours, large type, keyboard and screen readers."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.e2e.web.browser import Phone

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUESTION, ANSWER = "村规民约归谁考核", "第33项“有村规民约嘎查村比例”由民政厅考核"
TakePhone = Callable[..., Awaitable[Phone]]
SMALLEST_TARGET = 40  # pixels, for a thumb


@pytest.mark.parametrize("width", [320, 360, 412])
@pytest.mark.parametrize("large", [False, True])
async def test_nothing_sticks_out_and_every_button_fits_a_thumb(
    take_phone: TakePhone, width: int, large: bool
) -> None:
    phone = await (await take_phone(viewport={"width": width, "height": 640})).greeted()
    if large:
        await phone.opens_settings()
        await phone.page.get_by_label("大字").check()
        await phone.page.keyboard.press("Escape")
    await phone.says(QUESTION)
    await phone.hears(ANSWER)
    for selector in ("html", "body", "#log", "#composer"):
        box = await phone.page.locator(selector).evaluate("(one) => [one.scrollWidth, one.clientWidth]")
        assert box[0] <= box[1], selector
    for button in await phone.page.get_by_role("button").all():
        box = await button.bounding_box()
        assert box is None or box["height"] >= SMALLEST_TARGET, await button.inner_text()


async def test_a_long_answer_is_shown_from_its_beginning(phone: Phone) -> None:
    await phone.says(QUESTION)
    await phone.hears(ANSWER)
    await expect(phone.theirs.last.get_by_text(ANSWER)).to_be_in_viewport()
    await expect(phone.own.last).to_be_in_viewport()


async def test_who_reads_further_up_is_told_of_a_new_answer(phone: Phone) -> None:
    await phone.says(QUESTION)
    await phone.hears(ANSWER)
    await phone.page.locator("#log").evaluate("(log) => { log.scrollTop = 0; }")
    tab = await phone.another_tab()
    await tab.says("乌审旗有哪些重点村")
    await tab.hears("乌审旗重点帮扶嘎查村共6个")
    await expect(phone.theirs).to_have_count(3)
    down = phone.page.get_by_role("button", name="有新消息")
    await expect(down).to_be_visible()
    assert await phone.page.locator("#log").evaluate("(log) => log.scrollTop") == 0
    await down.tap()
    await expect(down).to_be_hidden()


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
async def test_colours_follow_the_phone_until_they_are_chosen(
    take_phone: TakePhone, scheme: str, dark: bool
) -> None:
    phone = await (await take_phone(color_scheme=scheme)).greeted()
    assert await _is_dark(phone) is dark
    await phone.opens_settings()
    await phone.page.get_by_label("深色").set_checked(not dark)
    assert await _is_dark(phone) is not dark
    await phone.page.reload()
    await phone.hears("您好")
    assert await _is_dark(phone) is not dark


async def test_large_type_stays_large(phone: Phone) -> None:
    small = await _letter_height(phone)
    await phone.opens_settings()
    await phone.page.get_by_label("大字").check()
    await phone.page.reload()
    await phone.hears("您好")
    assert await _letter_height(phone) > small * 1.25


async def test_shift_and_enter_begin_a_new_line(phone: Phone) -> None:
    await phone.text.fill("一")
    await phone.text.press("Shift+Enter")
    await phone.text.press_sequentially("二")
    await expect(phone.text).to_have_value("一\n二")
    await expect(phone.own).to_have_count(0)


@pytest.mark.parametrize("event", ["{ isComposing: true }", "{ keyCode: 229 }"])
async def test_enter_that_takes_a_word_of_the_input_method_does_not_send(phone: Phone, event: str) -> None:
    await phone.text.fill("cunmin")
    await phone.text.evaluate(
        f"""(text) => text.dispatchEvent(new KeyboardEvent("keydown", Object.assign(
          {{ key: "Enter", bubbles: true, cancelable: true }}, {event})))"""
    )
    await expect(phone.text).to_have_value("cunmin")
    assert await phone.kept() == 0


async def test_everything_can_be_done_with_the_keyboard(phone: Phone) -> None:
    await phone.text.focus()
    await phone.page.keyboard.type(QUESTION)
    await phone.page.keyboard.press("Enter")
    await phone.hears(ANSWER)
    await expect(phone.text).to_be_focused()
    await phone.page.get_by_role("log").focus()
    await phone.page.keyboard.press("Tab")
    await expect(phone.theirs.first.get_by_role("button").first).to_be_focused()
    await phone.page.keyboard.press("Enter")
    await expect(phone.theirs.first).not_to_contain_text("您好")
    await expect(phone.theirs.first.locator(".bubble")).to_be_focused()


async def test_a_screen_reader_hears_who_says_what(phone: Phone) -> None:
    await phone.says(QUESTION)
    await phone.hears(ANSWER)
    log = phone.page.get_by_role("log", name="对话")
    await expect(log).to_have_attribute("aria-relevant", "additions")
    spoken = await log.aria_snapshot()
    assert f"您说： {QUESTION}" in spoken.replace("：\n", "： ") or f"您说：{QUESTION}" in spoken
    assert "助手：" in spoken
    assert await phone.page.locator("html").get_attribute("lang") == "zh-CN"
    for name in ("菜单", "发送"):
        await expect(phone.page.get_by_role("button", name=name)).to_be_visible()


async def test_zooming_is_not_forbidden(phone: Phone) -> None:
    viewport = await phone.page.locator('meta[name="viewport"]').get_attribute("content")
    assert viewport and "user-scalable" not in viewport and "maximum-scale" not in viewport


async def _is_dark(phone: Phone) -> bool:
    colour = await phone.page.evaluate("getComputedStyle(document.body).backgroundColor")
    return int(colour.removeprefix("rgb(").split(",")[0]) < 128


async def _letter_height(phone: Phone) -> float:
    size = await phone.theirs.first.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
    return float(size)
