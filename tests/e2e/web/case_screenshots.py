"""The pictures of a household that is reported and seen through, for docs/user-guide.zh-CN.md."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, expect

from db import codes
from db.access import Role
from tests.e2e.web.browser import Phone
from tests.webserver import WebServer

VILLAGE, TOWNSHIP, BANNER = "150626104205", "150626104", "150626"
LONG = {"viewport": {"width": 360, "height": 900}, "device_scale_factor": 2}
COLOURS = 64
ABLE, STORY = "有劳动能力", "户主三月修羊圈时摔伤，住院自己花了四万，家里没有别的收入。"


@dataclass(frozen=True, slots=True)
class _Office:
    """Somebody with a phone in hand, signed in."""

    phone: Phone
    folder: Path

    async def says(self, text: str, *, hears: str) -> None:
        await self.phone.says(text)
        await self.hears(hears)

    async def taps(self, label: str, *, hears: str) -> None:
        await self.phone.taps(label)
        await self.hears(hears)

    async def marks(self, label: str) -> None:
        """One of several choices."""
        await self.phone.taps(f"☐ {label}")
        await expect(self.phone.theirs.last.get_by_role("button", name=f"☑ {label}")).to_be_visible()

    async def taps_one_with(self, part: str, *, hears: str) -> None:
        await self.phone.page.get_by_role("button", name=part).last.tap()
        await self.hears(hears)

    async def hears(self, text: str) -> None:
        """At the end of the talk: further up the same may have been said before."""
        await expect(self.phone.theirs.last).to_contain_text(text)

    async def picture(self, name: str) -> None:
        if await (down := self.phone.page.locator("#down")).is_visible():
            await down.tap()
        await self.phone.page.wait_for_timeout(500)  # for the page to settle
        taken = Image.open(BytesIO(await self.phone.page.screenshot())).convert("RGB")
        taken.quantize(COLOURS).save(self.folder / f"{name}.png", optimize=True)  # a third of the size


async def take_cases(browser: Browser, server: WebServer, folder: Path) -> None:
    """A case from its report to the refusal of an exit that comes too early."""

    async def office(role: Role, area: str, name: str) -> _Office:
        phone = await Phone.take(browser, server.url, color_scheme="light", **LONG)
        code = server.in_session(
            lambda session: codes.invite(
                session, role=role, area=area, name=name, created_by=None, now=server.clock()
            )
        )
        await phone.open(f"/in/{code}")
        await phone.taps("登录并开始")
        await phone.hears("您好")
        return _Office(phone, folder)

    cadre = await office(Role.VILLAGE_CADRE, VILLAGE, "巴图")
    township = await office(Role.TOWNSHIP_REVIEWER, TOWNSHIP, "李四")
    banner = await office(Role.BANNER_REVIEWER, BANNER, "王五")
    await _report(cadre, "report")
    await _again(cadre)
    await _look(township)
    await _open(cadre)
    await cadre.taps("已申请", hears="走访排查")
    await _visit(cadre)
    await _consent(cadre)
    await _hearing(cadre)
    await _review(township, banner)
    await _help(cadre)
    await _after(cadre)
    for person in (cadre, township, banner):
        await person.phone.context.close()


async def _fill(cadre: _Office, name: str, size: str) -> None:
    await cadre.says("/report", hears="户主叫什么名字")
    await cadre.says(name, hears="家里几口人")
    await cadre.says(size, hears="遇到了什么风险")
    await cadre.marks("因病")


async def _report(cadre: _Office, name: str) -> None:
    await _fill(cadre, "乌云其其格", "4")
    await cadre.marks("因意外事故")
    await cadre.picture("case-report")
    await cadre.taps("下一步", hears="劳动能力怎么样")
    await cadre.taps(ABLE, hears="用自己的话说说")
    await cadre.says(STORY, hears="情况紧急吗")
    await cadre.taps("紧急", hears="请看一遍")
    await cadre.picture("case-summary")
    await cadre.taps("提交", hears="上报成功")
    await cadre.picture("case-receipt")


async def _again(cadre: _Office) -> None:
    """The same household once more."""
    await _fill(cadre, "乌云其其格", "4")
    await cadre.taps("下一步", hears="劳动能力怎么样")
    await cadre.taps(ABLE, hears="用自己的话说说")
    await cadre.taps("跳过", hears="情况紧急吗")
    await cadre.taps("不紧急", hears="请看一遍")
    await cadre.taps("提交", hears="可能是同一户")
    await cadre.picture("case-same")
    await cadre.taps_one_with("是同一户", hears="补充好了")


async def _look(township: _Office) -> None:
    await township.hears("有新的补充")
    await township.taps("查看", hears="接下来")


async def _open(person: _Office) -> None:
    await person.says("/cases", hears="监测户")
    await person.taps_one_with("全部", hears="点一户看详情")
    await person.taps_one_with("乌****", hears="编号")


async def _visit(cadre: _Office) -> None:
    await cadre.taps("走访记录", hears="一次填一项")
    await cadre.picture("case-visit")
    await cadre.taps("家庭成员", hears="还没有登记")
    await cadre.taps("加一个成员", hears="性别")
    await cadre.taps("女", hears="哪一年出生")
    await cadre.says("1968", hears="上到什么程度")
    await cadre.taps("小学", hears="身体怎么样")
    await cadre.marks("长期慢性病")
    await cadre.taps("下一步", hears="能干活吗")
    await cadre.taps("能干一点", hears="在哪里干活")
    await cadre.taps("没有干活", hears="下面哪些有")
    await cadre.marks("医疗保险")
    await cadre.taps("下一步", hears="请看一遍")
    await cadre.taps("提交", hears="记下了")
    await cadre.taps("回走访记录", hears="一次填一项")
    await cadre.taps("走访完成", hears="还有这些没填")
    await cadre.picture("case-visit-check")
    await cadre.taps("仍然完成", hears="农牧户授权")


async def _consent(cadre: _Office) -> None:
    await cadre.taps("农牧户授权", hears="谁同意的")
    await cadre.picture("case-consent")
    await cadre.taps_one_with("户主", hears="怎么同意的")
    await cadre.taps("签字", hears="同意和哪些部门")
    await cadre.taps("这些部门都可以", hears="哪一天同意")
    await cadre.taps("今天", hears="请看一遍")
    await cadre.taps("提交", hears="授权记下了")
    await cadre.taps("已授权", hears="民主评议")


async def _hearing(cadre: _Office) -> None:
    await cadre.says("/export", hears="要导出哪一种")
    await cadre.picture("case-export")
    await _open(cadre)
    await cadre.taps("评议通过", hears="苏木乡镇审核")


async def _review(township: _Office, banner: _Office) -> None:
    await township.hears("轮到您办")
    await township.picture("case-to-do")
    await township.taps("退回到走访排查", hears="哪几项要改")
    await township.picture("case-return")
    await township.taps("不填了", hears="确定吗")
    await township.taps("确定放弃", hears="放弃了")
    await _open(township)
    await township.taps("审核通过", hears="数据比对")
    await banner.hears("轮到您办")
    await banner.taps("比对完成", hears="旗区审定公示")
    await banner.taps("审定通过", hears="录入系统")
    await banner.taps("定类别", hears="哪一类")
    await banner.taps("突发严重困难户", hears="类别定好了")
    await banner.taps("已录入", hears="帮扶跟踪")
    await banner.taps("时间线", hears="的时间线")
    await banner.picture("case-timeline")


async def _help(cadre: _Office) -> None:
    await cadre.hears("程序走完了")
    await _open(cadre)
    await cadre.picture("case-card")
    await cadre.taps("提出风险消除", hears="怎么消除的")
    await cadre.taps("自然消除", hears="哪些已经达到")
    await cadre.marks("收入持续稳定")
    await cadre.taps("下一步", hears="请看一遍")
    await cadre.taps("提交", hears="现在还不能标注")
    await cadre.picture("case-exit")


async def _after(cadre: _Office) -> None:
    await cadre.says("/quarter", hears="户要排查")
    await cadre.picture("case-quarter")
    await cadre.taps_one_with("乌****", hears="家里几口人")
    await _open(cadre)
    await cadre.taps("显示户主姓名", hears="为什么要看")
    await cadre.picture("case-reveal")
