"""What is said while a form is filled in, whatever the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from handlers.forms import Choice, Form, Kind, Question

NEXT, SKIP, BACK, HELP, CANCEL = "下一步", "跳过", "上一步", "怎么填", "不填了"
LATER, SUBMIT, CONTINUE, ANEW = "以后再填", "提交", "接着填", "重新填一份"
REALLY_CANCEL, GO_ON = "确定放弃", "继续填"
KEEP_TYPED, YES_RIGHT, IT_IS_AN_ANSWER = "就照我写的记", "没错，就是这样", "这是答案，不是提问"
CHOSEN, OPEN = "☑", "☐"
NOT_GIVEN, GIVEN = "（未填）", "（已填）"
FILL_ON_PAGE = "填身份证号、电话（网页）"
PHOTOS_ON_THE_WEB = "照片不在 Telegram 里收。请在网页上登录后再发，别的内容都还在。"
NO_PAGE = "这一项不在 Telegram 里填，可是网页现在打不开。请找管理员，或者到网页对话里填。"
NO_MORE_HELP = "照实填就行；不清楚可以点“跳过”，以后再补。"
NOT_YOURS = "这份表不在您名下，或者已经提交、放弃，或者放得太久清掉了。"
SET_ASIDE = (
    "先放在这里，填过的都存着。什么时候想接着填，在哪台手机、电脑上都行："
    "上报的表发 /report，别的表从那一户里再点一次。"
)
CANCELLED = "好的，这份表放弃了，填过的内容已经删除。"
ASK_TO_CANCEL = "放弃以后，这份表填过的内容就删掉了，找不回来。确定吗？"
EMPTY = "没有看到内容，请再写一次。"
NO_NAME = "姓名里不能有数字、符号和表情。请写姓名，例如：张三、乌云其其格、阿拉腾·巴雅尔。"
NO_NUMBER = "请写一个整数，例如：4。"
NO_MONEY = "请写金额（元），例如：12000，或者1.2万。"
NO_YEAR = "没看懂这个年份。请写四位数字，例如：1968。"
NO_DAY = "没看懂这个日期。请这样写：2026年3月1日，或者：今天、昨天。"
ON_THE_PAGE = "这一项不在聊天里填，请用上面的链接打开网页填。"
PHOTO_KEPT = "照片收到了，跟这份表存在一起（拍摄地点、时间等附加信息已去掉）。"
PLACE_KEPT = "位置收到了，跟这份表存在一起。"
PHOTO_TOO_LARGE = "这张照片超过20MB，收不了。请拍小一点，或者发压缩过的照片，别的内容都还在。"
NO_PHOTO = "这个文件不是能看的照片，没有存。请发 JPG、PNG 或 WebP 格式的照片，别的内容都还在。"
TOO_MANY_PHOTOS = "一份表最多附9张照片，这一张没有存。"
STILL_OPEN = "您的表还没有提交，可以接着填："


def personal_on_page(asked: str, url: str) -> str:
    return f"{asked}\n这一项不在这里写。请点开这个网页填，15分钟内有效，只能用一次：\n{url}"


def too_long(length: int, limit: int) -> str:
    return f"写了{length}个字，最多{limit}个字。请写短一点再发。"


def too_small(least: float) -> str:
    return f"这个数不能小于{least:g}。请再看一下，重新写。"


def too_large(most: float) -> str:
    return f"这个数不能大于{most:g}。请再看一下，重新写。"


def unusual(value: float, label: str) -> str:
    return f"“{label}”写的是{value:g}，比一般的多，没有写错吗？没错请点下面的按钮，写错了就重新写一个数。"


def in_the_future(day: dt.date) -> str:
    return f"{chinese_day(day)}还没到。请写已经过去的日期。"


def year_in_the_future(year: int) -> str:
    return f"{year}年还没到。请再看一下，重新写。"


def choose_one(choices: Sequence[Choice]) -> str:
    return f"请点一个按钮，或者写出来，例如：{choices[0].label}。"


def choose_some(choices: Sequence[Choice]) -> str:
    example = "、".join(choice.label for choice in choices[:2])
    return f"没看懂。请点下面的按钮（可以点几个，再点“{NEXT}”），或者写出来，例如：{example}。"


def chinese_day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def place_unknown(typed: str) -> str:
    return (
        f"行政区划名册里没有找到“{typed}”。写错了就重新写（可以带上苏木乡镇的名字）；"
        f"没写错，就点“{KEEP_TYPED}”，先照写的记下，以后由审核的人核对。"
    )


def place_outside(path: str, scope: str) -> str:
    return (
        f"{path}不在您负责的范围（{scope}）里，不能由您报。"
        "请告诉那里的干部；如果是您的地区登记错了，请找管理员改。"
    )


WHICH_PLACE = "您说的是哪一个？请点选；都不是，请换个写法再发一次。"


def question(form: Form, asked: Question, number: int, of: int, chosen: str) -> str:
    place = f"（{number}/{of}）" if of > 1 else ""
    given = f"\n现在填的是：{chosen}" if chosen else ""
    how = "\n可以选几项，选完点“下一步”。" if asked.kind is Kind.CHOICES else ""
    return f"{place}{asked.ask}{how}{given}"


def answered(label: str, shown: str) -> str:
    return f"{label}：{shown}"


def summary(form: Form, lines: Iterable[str], photos: int, *, place: bool) -> str:
    pictures = ((f"照片：{photos}张",) if photos else ()) + (("位置：已发",) if place else ())
    return "\n".join(
        (f"{form.title}，请看一遍。要改哪一项就点哪一项，没问题请点“{SUBMIT}”。", *lines, *pictures)
    )


def resume(form: Form, day: dt.date, answered_count: int) -> str:
    return f"您在{chinese_day(day)}有一份没写完的{form.title}（已填{answered_count}项）。"


def edit(label: str) -> str:
    return f"改{label}"
