"""A person talks to the bot on a phone."""

import io
from collections.abc import Awaitable, Callable

import pytest
from PIL import Image
from playwright.async_api import expect

from handlers import wording_web
from tests.e2e.web.browser import Phone
from tests.webserver import WebServer

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUESTION = "村规民约归谁考核"
ANSWER = "第33项“有村规民约嘎查村比例”由民政厅考核"
TakePhone = Callable[..., Awaitable[Phone]]


async def test_a_visitor_is_greeted_with_buttons(phone: Phone) -> None:
    for label in ("问政策", "查指标", "查名单", "报监测户"):
        await expect(phone.page.get_by_role("button", name=label)).to_be_visible()
    await expect(phone.own).to_have_count(0)


async def test_a_question_is_answered(phone: Phone) -> None:
    await phone.says(QUESTION)
    await phone.hears(ANSWER)
    await expect(phone.own).to_contain_text(QUESTION)
    await phone.states("已送达")
    await expect(phone.text).to_have_value("")


async def test_while_an_answer_is_on_its_way_the_page_says_so(take_phone: TakePhone) -> None:
    phone = await take_phone(service_workers="block")
    await phone.page.route("**/api/events*", lambda route: route.abort("connectionfailed"))
    await phone.open()
    await phone.says(QUESTION)
    await expect(phone.page.get_by_text("正在查…")).to_be_visible()
    await phone.page.unroute("**/api/events*")
    await phone.hears(ANSWER)
    await expect(phone.page.get_by_text("正在查…")).to_be_hidden()


async def test_the_send_button_sends(phone: Phone) -> None:
    await phone.text.fill(QUESTION)
    await phone.taps("发送")
    await phone.hears(ANSWER)


async def test_an_example_is_asked_with_a_tap_and_shown_as_said(phone: Phone) -> None:
    await phone.taps(QUESTION)
    await phone.hears(ANSWER)
    await expect(phone.own).to_contain_text(QUESTION)


async def test_buttons_lead_through_the_lists_in_one_message(phone: Phone) -> None:
    await phone.taps("查指标")
    await expect(phone.theirs).not_to_contain_text("您好")
    shown = await phone.theirs.inner_text()
    await phone.theirs.get_by_role("button").first.tap()
    await expect(phone.theirs).not_to_have_text(shown, use_inner_text=True)
    await expect(phone.theirs).to_have_count(1)
    await expect(phone.own).to_have_count(0)


async def test_a_long_list_is_turned_page_by_page(phone: Phone) -> None:
    await phone.says("/start")
    await expect(phone.theirs).to_have_count(2)
    await phone.taps("问政策")
    await expect(phone.theirs.last).not_to_contain_text("您好")
    following = phone.page.get_by_role("button", name="下一页").last
    while not await following.is_visible():
        shown = await phone.theirs.last.inner_text()
        await phone.theirs.last.get_by_role("button").first.tap()
        await expect(phone.theirs.last).not_to_have_text(shown, use_inner_text=True)
    shown = await phone.theirs.last.inner_text()
    await following.tap()
    await expect(phone.theirs.last).not_to_have_text(shown, use_inner_text=True)
    await phone.taps("上一页")
    await expect(phone.theirs.last).to_have_text(shown, use_inner_text=True)


async def test_a_page_opened_anew_shows_the_talk_once(phone: Phone) -> None:
    await phone.says(QUESTION)
    await phone.hears(ANSWER)
    talk = await phone.page.locator("#log").inner_text()
    await phone.page.reload()
    await phone.hears(ANSWER)
    await expect(phone.page.locator("#log")).to_have_text(talk, use_inner_text=True)


async def test_a_message_edited_before_a_reload_can_be_edited_after_it(phone: Phone) -> None:
    await phone.taps("查指标")
    await expect(phone.theirs).not_to_contain_text("您好")
    await phone.page.reload()
    shown = await phone.theirs.inner_text()
    await phone.theirs.get_by_role("button").first.tap()
    await expect(phone.theirs).not_to_have_text(shown, use_inner_text=True)
    await expect(phone.theirs).to_have_count(1)


async def test_pressing_twice_sends_once(phone: Phone) -> None:
    await phone.text.fill(QUESTION)
    await phone.page.evaluate(
        """() => { const send = document.getElementById("send"); send.click(); send.click(); }"""
    )
    example = phone.theirs.get_by_role("button", name="乌审旗有哪些重点村").first
    await example.evaluate("(button) => { button.click(); button.click(); }")
    await phone.hears(ANSWER)
    await phone.hears("乌审旗重点帮扶嘎查村共6个")
    await expect(phone.own).to_have_count(2)
    await expect(phone.theirs).to_have_count(3)


async def test_markup_that_is_typed_is_shown_as_it_was_typed(phone: Phone) -> None:
    typed = "<img src=x onerror=alert(1)><script>alert(2)</script>&lt;"
    await phone.says(typed)
    await expect(phone.theirs).to_have_count(2)
    await expect(phone.own.locator(".bubble")).to_contain_text(typed)
    await expect(phone.page.locator("#log img")).to_have_count(0)


async def test_a_second_tab_shows_the_same_and_nothing_twice(phone: Phone) -> None:
    tab = await phone.another_tab()
    await tab.hears("您好")
    await phone.says(QUESTION)
    await phone.hears(ANSWER)
    await tab.hears(ANSWER)
    await tab.says("乌审旗有哪些重点村")
    for page in (phone, tab):
        await page.hears("乌审旗重点帮扶嘎查村共6个")
        await expect(page.own).to_have_count(2)
        await expect(page.theirs).to_have_count(3)


async def test_another_device_of_the_person_shows_what_was_said(
    server: WebServer, take_phone: TakePhone
) -> None:
    from db import codes

    first, second = await take_phone(), await take_phone()
    await _sign_in(first, server.invitation())
    chat = await first.page.evaluate("localStorage.getItem('chat')")
    link = server.in_session(
        lambda session: codes.link(session, int(chat.removeprefix("web:p")), now=server.clock())
    )
    await _sign_in(second, f"{server.url}/in/{link}")
    await first.says(QUESTION)
    await second.hears(ANSWER)
    await expect(second.own).to_contain_text(QUESTION)


async def test_a_link_signs_in_with_a_tap_and_the_menu_signs_out(
    server: WebServer, take_phone: TakePhone
) -> None:
    phone = await take_phone()
    await _sign_in(phone, server.invitation("张三"))
    await phone.opens_settings()
    await expect(phone.page.get_by_text("您好，张三")).to_be_visible()
    await phone.taps("退出登录")
    await expect(phone.page.get_by_role("button", name="照片")).to_be_hidden()
    await phone.opens_settings()
    await expect(phone.page.get_by_text("没有登录")).to_be_visible()


async def test_a_used_link_says_so_and_leads_to_the_chat(server: WebServer, take_phone: TakePhone) -> None:
    link = server.invitation()
    await _sign_in(await take_phone(), link)
    phone = await take_phone()
    await phone.open(link)
    await phone.taps(wording_web.SIGN_IN_BUTTON)
    await expect(phone.page.get_by_text(wording_web.CODE_REFUSED)).to_be_visible()
    await phone.page.get_by_role("link", name=wording_web.TO_CHAT).tap()
    await phone.hears("您好")


async def test_a_photo_is_sent_and_shown_also_after_a_reload(
    server: WebServer, take_phone: TakePhone
) -> None:
    phone = await take_phone()
    await _sign_in(phone, server.invitation())
    await phone.page.get_by_label("选照片").set_input_files(
        {"name": "房子.jpg", "mimeType": "image/jpeg", "buffer": _photo()}
    )
    await phone.states("已送达")
    await expect(phone.theirs).to_have_count(2)
    for _ in range(2):
        picture = phone.own.get_by_role("img", name="您发的照片")
        await expect(picture).to_have_js_property("naturalWidth", 1600)
        await phone.page.reload()
    assert await phone.kept() == 0


async def test_what_is_no_photo_is_not_sent(server: WebServer, take_phone: TakePhone) -> None:
    phone = await take_phone()
    await _sign_in(phone, server.invitation())
    await phone.page.get_by_label("选照片").set_input_files(
        {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"}
    )
    await expect(phone.banner).to_contain_text("不是能看的照片")
    await expect(phone.own).to_have_count(0)


async def test_a_place_is_shared_when_the_phone_allows_it(server: WebServer, take_phone: TakePhone) -> None:
    phone = await take_phone(geolocation={"latitude": 38.6, "longitude": 109.0}, permissions=["geolocation"])
    await _sign_in(phone, server.invitation())
    await phone.taps("位置")
    await expect(phone.own).to_contain_text("我的位置")
    await phone.states("已送达")


async def test_a_refused_place_is_explained(server: WebServer, take_phone: TakePhone) -> None:
    phone = await take_phone(permissions=[])
    await _sign_in(phone, server.invitation())
    await phone.taps("位置")
    await expect(phone.banner).to_contain_text("没有允许这个页面用位置")


def _photo() -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", (3200, 2400), "brown").save(stored, "JPEG")
    return stored.getvalue()


async def _sign_in(phone: Phone, link: str) -> None:
    await phone.open(link)
    await phone.taps(wording_web.SIGN_IN_BUTTON)
    await phone.hears("您好")
    await expect(phone.page.get_by_role("button", name="照片")).to_be_visible()
