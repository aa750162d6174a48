"""A number of a person typed on the page stays neither on the server nor on the phone."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Route, expect

from tests.e2e.web.browser import Phone
from tests.webserver import WebServer

pytestmark = pytest.mark.asyncio(loop_scope="session")
ID = "150602196001010012"
HIDDEN = "身份证〔身份证号已隐去〕"
TOLD = "身份证号，我没有保存"
TakePhone = Callable[..., Awaitable[Phone]]


async def _holds(phone: Phone) -> bool:
    """Whether the number is anywhere on the page or in what the browser keeps."""
    script = "document.body.innerText + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)"
    return ID in await phone.page.evaluate(script)


async def test_the_page_shows_what_was_stored_instead(server: WebServer, phone: Phone) -> None:
    await phone.says(f"身份证{ID}")
    await phone.hears(TOLD)
    await expect(phone.own.locator(".bubble")).to_have_text(HIDDEN)
    assert not await _holds(phone)
    await phone.page.reload()
    await expect(phone.own.locator(".bubble")).to_have_text(HIDDEN)
    assert not await _holds(phone)


async def test_also_when_the_receipt_got_lost(take_phone: TakePhone) -> None:
    phone = await (await take_phone(service_workers="block")).greeted()

    async def lose_the_receipt(route: Route) -> None:
        await route.fetch()
        await route.abort("connectionreset")

    await phone.page.route("**/api/turns", lose_the_receipt, times=1)
    await phone.says(f"身份证{ID}")
    await phone.hears(TOLD)
    await expect(phone.own.locator(".bubble")).to_have_text(HIDDEN)
    assert not await _holds(phone)


async def test_another_tab_shows_it_no_longer_either(phone: Phone) -> None:
    tab = await phone.another_tab()
    await tab.hears("您好")
    await phone.goes_offline()
    await phone.says(f"身份证{ID}")
    await expect(tab.own.locator(".bubble")).to_contain_text(ID)
    await phone.comes_back()
    await phone.hears(TOLD)
    for page in (phone, tab):
        await expect(page.own.locator(".bubble")).to_have_text(HIDDEN)
        assert not await _holds(page)


async def test_a_number_with_a_question_is_answered(phone: Phone) -> None:
    await phone.says("我电话13812345678，村规民约归谁考核")
    await phone.hears("手机号，我没有保存")
    await phone.hears("民政厅")
