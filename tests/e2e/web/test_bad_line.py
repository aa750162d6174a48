"""A phone in the steppe: the line comes and goes."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Route, expect

from db import history
from handlers.turn import Turn
from tests.e2e.web.browser import Phone
from tests.webserver import WebServer

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUESTION, ANSWER = "村规民约归谁考核", "第33项“有村规民约嘎查村比例”由民政厅考核"
SECOND, SECOND_ANSWER = "乌审旗有哪些重点村", "乌审旗重点帮扶嘎查村共6个"
OFFLINE = "网络不通，您写的话已存在手机里，网络恢复后自动发出。"
UNSENT, SENT = "未发出，点此重试", "已送达"
TakePhone = Callable[..., Awaitable[Phone]]


async def _stored(server: WebServer, phone: Phone) -> list[str | None]:
    """What the server has of what was typed, in its order."""
    chat = await phone.page.evaluate("localStorage.getItem('chat')")
    turns, _ = server.in_session(lambda session: history.recent(session, chat, limit=100))
    return [text for turn in turns if (text := Turn.from_json(turn.turn).text) != "/start"]


async def _worker_ready(phone: Phone) -> None:
    """Wait until the page is kept on the phone."""
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


async def test_what_is_typed_without_a_line_is_sent_once_in_order_when_it_is_back(
    server: WebServer, phone: Phone
) -> None:
    await phone.goes_offline()
    await phone.says(QUESTION)
    await phone.says(SECOND)
    await expect(phone.banner).to_have_text(OFFLINE)
    await expect(phone.own.locator(".state").first).to_have_text(UNSENT)
    assert await phone.kept() == 2
    await phone.comes_back()
    await phone.hears(ANSWER)
    await phone.hears(SECOND_ANSWER)
    await phone.states(SENT, SENT)
    await expect(phone.banner).to_be_hidden()
    assert await _stored(server, phone) == [QUESTION, SECOND]
    assert await phone.kept() == 0


async def test_the_page_opens_without_a_line_and_still_has_what_was_typed(
    server: WebServer, phone: Phone
) -> None:
    await _worker_ready(phone)
    await phone.goes_offline()
    await phone.says(QUESTION)
    await phone.page.reload()
    await expect(phone.own).to_contain_text(QUESTION)
    await expect(phone.banner).to_have_text(OFFLINE)
    await phone.says(SECOND)
    await phone.comes_back()
    await phone.hears(SECOND_ANSWER)
    await phone.states(SENT, SENT)
    await expect(phone.theirs).to_have_count(3)
    assert await _stored(server, phone) == [QUESTION, SECOND]


async def test_a_message_whose_receipt_got_lost_is_handled_once(
    server: WebServer, take_phone: TakePhone
) -> None:
    phone = await (await take_phone(service_workers="block")).greeted()

    async def lose_the_receipt(route: Route) -> None:
        await route.fetch()
        await route.abort("connectionreset")

    await phone.page.route("**/api/turns", lose_the_receipt, times=1)
    await phone.says(QUESTION)
    await phone.hears(ANSWER)
    await phone.states(SENT)
    await phone.says(SECOND)
    await phone.hears(SECOND_ANSWER)
    await expect(phone.theirs).to_have_count(3)
    assert (await _stored(server, phone), await phone.kept()) == ([QUESTION, SECOND], 0)


async def test_a_message_that_arrives_twice_is_handled_once(server: WebServer, take_phone: TakePhone) -> None:
    phone = await (await take_phone(service_workers="block")).greeted()

    async def send_twice(route: Route) -> None:
        await route.fetch()
        await route.continue_()

    await phone.page.route("**/api/turns", send_twice)
    for question, answer in ((QUESTION, ANSWER), (SECOND, SECOND_ANSWER)):
        await phone.says(question)
        await phone.hears(answer)
    await phone.states(SENT, SENT)
    await expect(phone.theirs).to_have_count(3)
    assert await _stored(server, phone) == [QUESTION, SECOND]


async def test_a_tap_on_a_message_that_was_not_sent_tries_again(
    server: WebServer, take_phone: TakePhone
) -> None:
    phone = await take_phone(service_workers="block")
    await phone.greeted()
    await phone.page.clock.install()  # so that it does not try by itself meanwhile
    await phone.page.route("**/api/turns", lambda route: route.abort("connectionfailed"))
    await phone.says(QUESTION)
    await phone.states(UNSENT)
    await phone.page.unroute("**/api/turns")
    await phone.taps(UNSENT)
    await phone.states(SENT)
    assert await _stored(server, phone) == [QUESTION]


async def test_a_server_that_was_away_gets_everything_when_it_is_back(
    server: WebServer, phone: Phone
) -> None:
    server.stop()
    await phone.says(QUESTION)
    await expect(phone.banner).to_have_text(OFFLINE)
    server.start()
    await phone.hears(ANSWER)
    await phone.states(SENT)
    await expect(phone.theirs).to_have_count(2)
    await phone.says(SECOND)
    await phone.hears(SECOND_ANSWER)


async def test_a_button_pressed_without_a_line_is_shown_as_not_sent_and_sent_later(phone: Phone) -> None:
    await phone.goes_offline()
    await phone.taps("查指标")
    await phone.states(UNSENT)
    await phone.comes_back()
    await expect(phone.theirs).not_to_contain_text("您好")
    await expect(phone.own).to_have_count(0)


async def test_a_message_that_the_server_refuses_does_not_hold_up_the_next(
    server: WebServer, phone: Phone
) -> None:
    await phone.goes_offline()
    await phone.says(QUESTION)
    await phone.page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((one) => one.startsWith("unsent "));
          const kept = JSON.parse(localStorage.getItem(key));
          localStorage.setItem(key, JSON.stringify({ ...kept, turn: { text: "长".repeat(5000) } }));
        }"""
    )
    await phone.says(SECOND)
    await phone.comes_back()
    await phone.hears(SECOND_ANSWER)
    await expect(phone.own.locator(".state").first).to_contain_text("这段话太长了")
    assert await _stored(server, phone) == [SECOND]


async def test_what_was_only_typed_survives_a_reload(phone: Phone) -> None:
    await phone.text.fill("写了一半")
    await phone.page.reload()
    await expect(phone.text).to_have_value("写了一半")


async def test_what_a_visitor_typed_goes_along_when_he_signs_in(
    server: WebServer, take_phone: TakePhone
) -> None:
    phone = await (await take_phone(service_workers="block")).greeted()
    await phone.page.route("**/api/turns", lambda route: route.abort("connectionfailed"))
    await phone.says(QUESTION)
    await phone.states(UNSENT)
    await phone.open(server.invitation())
    await phone.page.unroute("**/api/turns")
    await phone.taps("登录并开始")
    await phone.hears(ANSWER)
    assert await _stored(server, phone) == [QUESTION]


async def test_two_tabs_send_what_was_typed_without_a_line_once(server: WebServer, phone: Phone) -> None:
    tab = await phone.another_tab()
    await tab.hears("您好")
    await phone.goes_offline()
    await phone.says(QUESTION)
    await tab.says(SECOND)
    await phone.comes_back()
    for page in (phone, tab):
        await page.hears(SECOND_ANSWER)
        await page.states(SENT, SENT)
        await expect(page.theirs).to_have_count(3)
    assert await _stored(server, phone) == [QUESTION, SECOND]


async def test_a_session_that_has_ended_is_told_and_nothing_is_lost(server: WebServer, phone: Phone) -> None:
    await phone.context.clear_cookies()
    await phone.says(QUESTION)
    await phone.taps("重新打开")
    await phone.hears(ANSWER)
    assert await _stored(server, phone) == [QUESTION]
