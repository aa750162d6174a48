"""The one-time page on a phone, without a script, from a link in a chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from db import drafts
from db.models_cases import Draft
from handlers import wording_pages as wording
from knowledge.library import KnowledgeBase
from tests.e2e.web.browser import Phone
from tests.e2e.web.one_time import ID, ID_FIELD, MOBILE, PHONE_FIELD, WRONG_ID, begun_report, link_to_fill
from tests.webserver import WebServer

pytestmark = pytest.mark.asyncio(loop_scope="session")
TakePhone = Callable[..., Awaitable[Phone]]
SMALLEST_TARGET = 48  # pixels, for a thumb


@pytest.fixture
def draft(server: WebServer) -> Draft:
    return begun_report(server)


@pytest.fixture
def link(server: WebServer, library: KnowledgeBase, draft: Draft) -> str:
    return link_to_fill(server, library, draft)


def _answers(server: WebServer, draft: Draft) -> dict[str, object]:
    return server.in_session(lambda session: drafts.answers(session, draft))


@pytest.mark.parametrize("scripts", [True, False])
async def test_somebody_without_a_session_fills_it_in_once(
    server: WebServer, draft: Draft, link: str, take_phone: TakePhone, scripts: bool
) -> None:
    phone = await take_phone(java_script_enabled=scripts)
    await phone.open(link)
    await expect(phone.page.get_by_text("户主：乌****")).to_be_visible()
    await phone.page.get_by_label(ID_FIELD).fill(ID)
    await phone.page.get_by_label(PHONE_FIELD).fill("138 4870 0001")
    await phone.taps(wording.SAVE)
    await expect(phone.page.get_by_role("heading", name=wording.SAVED_TITLE)).to_be_visible()
    assert _answers(server, draft) == {"head": "乌云其其格", "id_number": ID, "phone": MOBILE}
    await phone.open(link)
    await expect(phone.page.get_by_role("heading", name=wording.REFUSALS["used"][0])).to_be_visible()


async def test_a_fault_stands_at_its_field_and_nothing_has_to_be_typed_again(
    server: WebServer, draft: Draft, link: str, take_phone: TakePhone
) -> None:
    phone = await take_phone()
    await phone.open(link)
    await phone.page.get_by_label(ID_FIELD).fill(WRONG_ID)
    await phone.page.get_by_label(PHONE_FIELD).fill(MOBILE)
    await phone.taps(wording.SAVE)
    await expect(phone.page.get_by_role("alert")).to_have_text(wording.SEE_BELOW)
    field = phone.page.get_by_label(ID_FIELD)
    await expect(field).to_have_value(WRONG_ID)
    await expect(field).to_have_accessible_description(f"{wording.ID_HINT} {wording.wrong_id()}")
    await expect(phone.page.get_by_label(PHONE_FIELD)).to_have_value(MOBILE)
    assert "id_number" not in _answers(server, draft)
    await field.fill(ID)
    await phone.taps(wording.SAVE)
    await expect(phone.page.get_by_role("heading", name=wording.SAVED_TITLE)).to_be_visible()
    assert _answers(server, draft)["id_number"] == ID


async def test_what_was_typed_is_not_kept_by_the_phone(link: str, take_phone: TakePhone) -> None:
    phone = await take_phone()
    await phone.open(link)
    await phone.page.get_by_label(ID_FIELD).fill(ID)
    await phone.taps(wording.SAVE)
    await expect(phone.page.get_by_role("heading", name=wording.SAVED_TITLE)).to_be_visible()
    await phone.page.go_back()
    await expect(phone.page.get_by_role("heading", name=wording.REFUSALS["used"][0])).to_be_visible()
    assert ID not in await phone.page.content()


@pytest.mark.parametrize("width", [320, 412])
async def test_it_fits_a_small_phone_and_a_thumb(link: str, take_phone: TakePhone, width: int) -> None:
    phone = await take_phone(viewport={"width": width, "height": 640})
    await phone.open(link)
    wide = await phone.page.locator("html").evaluate("(one) => one.scrollWidth - one.clientWidth")
    assert wide <= 0
    for target in (*await phone.page.get_by_role("textbox").all(), phone.page.get_by_role("button")):
        box = await target.bounding_box()
        assert box and box["height"] >= SMALLEST_TARGET and box["x"] + box["width"] <= width
        assert await target.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)") >= 18
