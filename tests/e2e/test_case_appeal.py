"""A household that is refused and appeals, two reviewers at once, and one that withdraws."""

from __future__ import annotations

import pytest

from tests.e2e.case_life.cast import FLOODED, STUDENT, Cast, everybody_got_their_own, everybody_joins
from tests.e2e.case_life.people import Phone
from tests.e2e.case_life.town import Town


async def test_a_household_is_refused_appeals_and_is_approved_another_one_withdraws(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    cast = await everybody_joins(town)
    refused = await reports_in_short(cast.cadre, FLOODED, "因灾+收入骤减", "紧急")
    await is_helped_first(town, cast, refused)
    await goes_to_the_township(town, cast, refused)
    await is_refused_and_appeals(town, cast, refused)
    await two_reviewers_press_at_once(town, cast, refused)
    await is_approved_after_all(town, cast, refused)
    withdrawn = await reports_in_short(cast.cadre, STUDENT, "因学", "不紧急")
    await withdraws(town, cast, withdrawn)
    await town.program.stop()
    town.looks_behind()
    everybody_got_their_own(town, cast, caplog)


async def reports_in_short(cadre: Phone, head: str, risks: str, urgent: str) -> str:
    await cadre.says("/report")
    await cadre.fills(head, "2", risks, "有劳动能力", "跳过", urgent)
    (receipt,) = await cadre.presses("提交")
    return receipt.text.partition("回执号：")[2][:9]


async def is_helped_first(town: Town, cast: Cast, number: str) -> None:
    cadre = cast.cadre
    await cadre.presses("查看")
    await cadre.presses("帮扶措施")
    await cadre.presses("登记一项")
    await cadre.fills("社会帮扶", "今天", "跳过", "提交")
    assert "先救助" in cadre.newest.text


async def goes_to_the_township(town: Town, cast: Cast, number: str) -> None:
    cadre = cast.cadre
    await cadre.says(f"/cases {number}")
    await cadre.presses("已申请")
    await cadre.presses("走访完成")
    await cadre.presses("仍然完成")
    await cadre.presses("农牧户授权")
    await cadre.fills("白**（户主）", "口头同意，有人见证", "只同意一部分", "民政+卫健", "昨天", "提交")
    await cadre.presses("已授权")
    await cadre.presses("评议通过")
    assert town.case(number).step == "township_review"


async def is_refused_and_appeals(town: Town, cast: Cast, number: str) -> None:
    await cast.colleague.presses("不予认定")
    await cast.colleague.says("收入没有减少，灾情也已经赔付了")
    assert town.case(number).step == "refused"
    assert cast.colleague.newest.text.startswith("办好了：不予认定。\n")
    await cast.cadre.presses("申诉")
    await cast.cadre.says("赔付的钱还没有到，牛死了两头，请再看一次")
    assert town.case(number).step == "township_review"


async def two_reviewers_press_at_once(town: Town, cast: Cast, number: str) -> None:
    """One decides; the other sees what was done, and nothing is done twice."""
    label = "审核通过"
    first, second = cast.township, cast.colleague
    for somebody in (first, second):
        message, full, data = somebody.find(label)
        somebody.does(f"〔{full}〕（两个人同时）")
        await somebody.press(message, data)
    await town.settle()
    texts = [somebody.newest.text for somebody in (first, second)]
    assert sorted("您看到的不是最新的" in text for text in texts) == [False, True], texts
    assert town.case(number).step == "comparison"


async def is_approved_after_all(town: Town, cast: Cast, number: str) -> None:
    banner = cast.banner
    await banner.presses("比对完成")
    await banner.presses("定类别")
    await banner.presses("突发严重困难户")
    await banner.presses("审定通过")
    await banner.presses("已录入")
    assert (town.case(number).step, town.case(number).category) == ("helping", "sudden")
    assert "认定为监测对象" in cast.cadre.newest.text


async def withdraws(town: Town, cast: Cast, number: str) -> None:
    cadre = cast.cadre
    await cadre.presses("查看")
    await cadre.presses("撤回")
    await cadre.says("农牧户说不用了，儿子已经找到工作")
    assert town.case(number).step == "withdrawn"
