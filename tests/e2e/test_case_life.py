"""The whole life of a household's case: four roles, Telegram and the web page, SQLite and PostgreSQL."""

from __future__ import annotations

import html
import io
import zipfile

import pytest

from knowledge.rules import rules
from tests.e2e.case_life.cast import (
    CHILD,
    HEAD,
    HOMOPHONE,
    HUSBAND,
    ID_NUMBER,
    MOBILE,
    MORE,
    MOTHER,
    NUMBERS,
    STORY,
    Cast,
    everybody_got_their_own,
    everybody_joins,
    photo,
)
from tests.e2e.case_life.town import Town


async def test_a_household_is_seen_through_from_report_to_exit(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    cast = await everybody_joins(town)
    number = await reports(town, cast)
    await others_look(town, cast, number)
    await visits(town, cast, number)
    await agrees(cast, number)
    await is_returned_and_corrected(town, cast, number)
    await is_revealed(town, cast, number)
    await is_approved(town, cast, number)
    await is_helped(town, cast, number)
    await is_reported_again(town, cast, number)
    await is_refused_an_exit(town, cast, number)
    await is_screened(town, cast, number)
    await leaves(town, cast, number)
    await town.program.stop()
    town.looks_behind()
    everybody_got_their_own(town, cast, caplog)


async def reports(town: Town, cast: Cast) -> str:
    """On Telegram, with a question of policy in the middle, and the program restarted."""
    cadre = cast.cadre
    await cadre.says("/report")
    await cadre.fills(HEAD, "4", "因病+支出骤增")
    await town.restarts()
    await cadre.fills("有劳动能力")
    came = await cadre.says("识别监测对象要走哪些程序？")
    assert any("民主评议" in message.text for message in came)
    cadre.does("发一张照片和一个位置")
    cadre.sends(cadre.user.sends_photo(photo()).update_id)
    cadre.sends(cadre.user.sends_place(38.6012, 108.8423).update_id)
    await cadre.after()
    await cadre.says(f"{STORY}。她的身份证号{ID_NUMBER}")
    before = len(cadre.got)
    town.api.delivers_again(cadre.last_update)
    await cadre.fills("不紧急")
    assert len(cadre.got) == before + 2  # the answer and the summary, and nothing of what came again
    came = await cadre.presses("提交")
    return came[0].text.partition("回执号：")[2][:9]


async def others_look(town: Town, cast: Cast, number: str) -> None:
    await town.photos_are_fetched()
    await cast.township.presses("查看")
    await cast.township.presses("情况说明")
    await cast.township.presses("回到这一户")
    await cast.township.presses("查看照片")
    await cast.reader.says("/cases")
    await cast.reader.presses("全部")
    await cast.reader.presses("张**")
    await cast.neighbour.says(f"/cases {number}")
    linked = await cast.cadre.says("/link")
    await cast.cadre_at_home.sign_in(
        next(w for w in linked[-1].text.split() if "/in/" in w).partition("：")[2]
    )


async def visits(town: Town, cast: Cast, number: str) -> None:
    """On two days, the second one at home on the web page."""
    cadre = cast.cadre
    await cadre.presses("查看")
    await cadre.presses("已申请")
    await cadre.presses("走访记录")
    await cadre.presses("家庭成员")
    await cadre.presses("加一个成员")
    await cadre.fills("女", "1968", "小学", "长期慢性病", "能干一点", "本嘎查村", "3", "医疗保险", "提交")
    await cadre.presses("加下一个成员")
    await cadre.fills(
        HUSBAND, "配偶", "男", "1965", "初中", "健康", "能干活", "本旗区", "8", "医疗保险+养老保险", "提交"
    )
    await town.restarts(2026, 3, 5)
    home = cast.cadre_at_home
    await home.says(f"/cases {number}")
    await home.presses("走访记录")
    await home.presses("走访完成")
    await home.presses("回去补")
    await home.presses("家庭成员")
    await home.presses("加一个成员")
    await home.fills(CHILD, "子女", "女", "2015", "在上学", "小学", "健康", "医疗保险", "提交")
    await home.presses("加下一个成员")
    await home.fills(
        MOTHER, "父母", "女", "1940", "没上过学", "长期慢性病", "干不了活", "医疗保险+低保", "提交"
    )
    await home.presses("回走访记录")
    await home.presses("家庭收入")
    await home.fills("30000", "2万", "8000", "0", "4000.5", "提交")
    await home.presses("自付支出")
    await home.fills("4万", "6000", "提交")
    await home.presses("住房、教育、医保、饮水")
    await home.fills("安全", "都在上学", "都参加了", "安全", "提交")
    await home.presses("走访完成")
    assert town.case(number).step == "consent"


async def agrees(cast: Cast, number: str) -> None:
    cadre = cast.cadre
    await cadre.says(f"/cases {number}")
    await cadre.presses("已授权")
    await cadre.presses("登记农牧户授权")
    await cadre.fills("张**（户主本人）", "签字", "这些部门都可以", "今天", "张**（户主本人）", "提交")
    await cadre.presses("已授权")
    await cadre.presses("评议通过")


async def is_returned_and_corrected(town: Town, cast: Cast, number: str) -> None:
    """The cadre is asked only what was asked for: numbers on the one-time page, the rest in the chat."""
    await cast.township.presses("退回到走访排查")
    await cast.township.fills("户主身份证号+联系电话+家庭收入", "工资少算了一笔，号码也要补上")
    cadre = cast.cadre
    assert town.case(number).step == "visit"
    assert "去更正" not in cast.township.newest.labels  # that is for the village
    (intro, question) = await cadre.presses("去更正")
    assert "只问要更正的：身份证号、电话。" in intro.text and question.text.startswith("（1/2）")
    await cadre.says(f"号码是{ID_NUMBER}")
    await town.uses_page(cadre, id_number=ID_NUMBER, phone=MOBILE)
    (summary,) = await cadre.presses("接着填")
    assert {"填身份证号、电话（网页）", "提交"} == {*summary.labels} - {"以后再填", "不填了"}
    await cadre.presses("提交")
    await cadre.presses("更正走访记录")
    await cadre.presses("家庭收入")
    await cadre.presses("改工资性收入")
    await cadre.fills("36000", "提交")
    await cadre.presses("走访完成")
    await cadre.presses("已授权")
    await cadre.presses("评议通过")


async def is_revealed(town: Town, cast: Cast, number: str) -> None:
    """One number, with a reason, on a page of its own; it is written down."""
    await cast.township.says(f"/cases {number}")
    await cast.township.presses("显示身份证号")
    await cast.township.presses("办理审核")
    assert ID_NUMBER in await town.uses_page(cast.township)
    await cast.township.presses("回到这一户")
    await cast.township.presses("时间线")
    assert "李红（苏木乡镇审核员）：查看：身份证号。原因：办理审核" in cast.township.newest.text


async def is_approved(town: Town, cast: Cast, number: str) -> None:
    """Late in the township, so the banner hears of it; then on, to the end of the procedure."""
    await town.restarts(2026, 3, 12)
    await cast.banner.hears("应在2026年3月10日前办完")
    await cast.township.presses("审核通过")
    banner = cast.banner
    await banner.presses("比对完成")
    await is_published(cast)
    await banner.presses("审定通过")
    await town.restarts(2026, 4, 8)
    await banner.presses("已录入")
    await banner.presses("脱贫不稳定户")
    await banner.presses("已录入")
    assert town.case(number).step == "helping"


async def is_published(cast: Cast) -> None:
    """The notice has the name and no number; the ledger of the administrator has neither."""
    await cast.banner.says("/export")
    await cast.banner.presses("公示稿")
    notice = unzipped(cast.banner.newest_file())
    assert HEAD in notice and "5天" in notice
    await cast.administrator.says("/export")
    await cast.administrator.presses("监测工作台账")
    ledger = unzipped(await cast.administrator.newest_file())
    assert "张**" in ledger and HEAD not in ledger
    assert not any(number in notice + ledger for number in NUMBERS)


def unzipped(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return html.unescape(
            "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
        )


async def is_helped(town: Town, cast: Cast, number: str) -> None:
    cadre = cast.cadre
    await cadre.says(f"/cases {number}")
    await cadre.presses("帮扶措施")
    await cadre.presses("登记一项")
    await cadre.fills("★健康帮扶", "今天", "卫健委签约医生，每月上门一次", "提交")
    await cadre.presses("登记一项")
    await cadre.fills("★产业帮扶", "昨天", "跳过", "提交")


async def is_reported_again(town: Town, cast: Cast, number: str) -> None:
    """From another device, the name written with other characters of the same sound."""
    home = cast.cadre_at_home
    await home.says("/report")
    await home.fills(HOMOPHONE, "4", "收入骤减", "有劳动能力", MORE, "不紧急", "提交")
    await home.presses("是同一户，补充进去")
    assert len(town.all_cases()) == 1
    assert "有新的补充" in cast.township.newest.text and "收入骤减" in cast.township.newest.text
    await cast.township.presses("查看")
    (story,) = await cast.township.presses("情况说明")
    assert STORY in story.text and f"收入骤减：{MORE}" in story.text


async def is_refused_an_exit(town: Town, cast: Cast, number: str) -> None:
    """In the month in which it was identified: the clause is quoted, and what is open in it is told."""
    cadre = cast.cadre
    await town.restarts(2026, 4, 20)
    await cadre.says(f"/cases {number}")
    await cadre.presses("提出风险消除")
    await cadre.fills("帮扶消除", "2026年5月1日")
    assert "还没到" in cadre.newest.text
    await cadre.fills("2026年4月10日", _all_criteria())
    (refused,) = await cadre.presses("提交")
    assert "监测对象不得当月识别、当月标注风险消除" in refused.text
    assert "到2026年10月10日才满6个月" in refused.text
    assert refused.text.count("收入持续稳定不少于6个月") == 1  # one clause, quoted once for both
    assert town.case(number).step == "helping"


def _all_criteria() -> str:
    return "+".join(option.label for option in rules().exit_criteria)


async def is_screened(town: Town, cast: Cast, number: str) -> None:
    """In the second quarter, reminded; not in the third, of which the township hears."""
    await town.restarts(2026, 6, 17)
    cadre = cast.cadre
    await cadre.hears("提醒：2026年第二季度还有1户")
    await cadre.presses("开始")
    await cadre.presses("15 张** 巴音高勒嘎查")  # the same short number as in other lists
    await cadre.fills("4", "跳过", "13000", "2000", "减轻了", "跳过", "提交")
    assert "都排查完了" in cadre.newest.text


async def leaves(town: Town, cast: Cast, number: str) -> None:
    """Refused before six months; then through township and banner, and watched on.

    The check-list of April was not touched for so long that it has been cleared away.
    """
    await town.restarts(2026, 9, 1)
    cadre = cast.cadre
    await cadre.says(f"/cases {number}")
    await cadre.presses("提出风险消除")
    await cadre.fills("帮扶消除", "2026年4月10日", _all_criteria())
    (refused,) = await cadre.presses("提交")
    assert "才满6个月" in refused.text and "收入持续稳定不少于6个月" in refused.text
    assert "当月识别的" not in refused.text
    await town.restarts(2026, 10, 12)
    await cast.township.hears("2026年第三季度已经过去")
    await cadre.presses("看填的核对表")
    await cadre.presses("提交")
    checked = "风险消除核对表：帮扶消除；收入从2026年4月10日起稳定；标准达到6/6项"
    assert checked in cast.township.newest.text  # whoever reviews it sees it
    await cast.township.presses("审核通过（风险消除）")
    await cast.banner.presses("审定通过（风险消除）")
    case = town.case(number)
    assert (case.step, case.exit_kind, str(case.exited_on)) == ("exited", "helped", "2026-10-12")
    (card,) = await cadre.says(f"/cases {number}")
    assert "仍按监测对象监测帮扶" in card.text and "程序已经走完" not in card.text
    await cadre.presses("帮扶措施")
    (due,) = await cadre.says("/quarter")
    assert "2026年第四季度还有1户要排查" in due.text
    await cast.reader.says(f"/cases {number}")
    await cast.reader.presses("时间线")
