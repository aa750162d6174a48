"""Every sentence of the visit to a household, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.forms import Choice

# --- members --------------------------------------------------------------------------------

MEMBER = "家庭成员"
ASK_NAME = "这位家庭成员叫什么名字？"
HELP_NAME = "写姓名就行，只问这一次。不要写身份证号。"
ASK_RELATION = "是户主的什么人？"
RELATIONS = (
    Choice("head", "户主本人"), Choice("spouse", "配偶"), Choice("child", "子女"),
    Choice("child_in_law", "儿媳女婿"), Choice("grandchild", "孙辈"), Choice("parent", "父母"),
    Choice("grandparent", "祖父母"), Choice("sibling", "兄弟姐妹"), Choice("other", "其他亲属"),
)  # fmt: skip
ASK_SEX = "性别？"
SEXES = (Choice("male", "男"), Choice("female", "女"))
ASK_BIRTH_YEAR = "哪一年出生的？"
HELP_BIRTH_YEAR = "写公历的年份，四位数字，例如：1968。"
ASK_AT_SCHOOL = "现在上学吗？"
AT_SCHOOL = (
    Choice("no", "不上学了"), Choice("yes", "在上学"), Choice("too_young", "还没到上学年龄"),
    Choice("dropped", "该上学，没有上"),
)  # fmt: skip
ASK_DROPPED_WHY = "为什么没有上学？"
ASK_EDUCATION = "上到什么程度？（在上学的，写现在上的）"
EDUCATIONS = (
    Choice("none", "没上过学"), Choice("preschool", "幼儿园"), Choice("primary", "小学"),
    Choice("junior", "初中"), Choice("senior", "高中、中专、职高"), Choice("college", "大专"),
    Choice("university", "本科及以上"),
)  # fmt: skip
ASK_HEALTH = "身体怎么样？"
HELP_HEALTH = "可以点几项，例如：有慢性病，又有残疾。"
HEALTHY = "healthy"
HEALTH = (
    Choice(HEALTHY, "健康"), Choice("chronic", "长期慢性病"), Choice("serious", "大病"),
    Choice("disabled", "残疾"),
)  # fmt: skip
HEALTHY_AND_ILL = "“健康”和别的病一起点了，是不是点错了？没错请点下面的按钮，点错了请改一下再点“下一步”。"
ASK_LABOUR = "能干活吗？"
HELP_LABOUR = "“能干一点”是只能干轻活，或者干不长。上学的孩子不问这一项。"
LABOUR = (Choice("able", "能干活"), Choice("weak", "能干一点"), Choice("none", "干不了活"))
ASK_WORK = "过去一年在哪里干活？"
HELP_WORK = "种地、放牧、打零工都算。干过几个地方的，选时间最长的那个。"
WORK = (
    Choice("none", "没有干活"), Choice("village", "本嘎查村"), Choice("banner", "本旗区"),
    Choice("city", "本盟市别的旗区"), Choice("region", "自治区内别的盟市"), Choice("outside", "自治区外"),
)  # fmt: skip
ASK_MONTHS = "过去一年一共干了几个月？"
ASK_COVERED = "下面哪些有？（都没有就点“跳过”）"
HELP_COVERED = "低保、特困是民政部门定的；公益性岗位指护林员、保洁员这一类。"
COVERED = (
    Choice("medical_insurance", "医疗保险"), Choice("pension", "养老保险"), Choice("minimum", "低保"),
    Choice("destitute", "特困"), Choice("public_post", "公益性岗位"),
)  # fmt: skip

# --- income, expenses, guarantees -----------------------------------------------------------

INCOME = "家庭收入"
ASK_WAGES = "过去一年，全家打工、上班挣的工资一共多少元？没有写0。"
ASK_BUSINESS = "过去一年，种地、养殖、做买卖一共卖了多少元？（没扣本钱）没有写0。"
ASK_COSTS = "种地、养殖、做买卖的本钱一共多少元？没有写0。"
ASK_PROPERTY = "过去一年，土地草场流转费、房租、分红、利息一共多少元？没有写0。"
ASK_TRANSFER = "过去一年，低保金、养老金、各种补贴、儿女给的钱一共多少元？没有写0。"
HELP_INCOME = "全家过去12个月的，说不准就写个大概，例如：12000，或者1.2万。"
COSTS_ABOVE_SALES = "本钱比卖的钱还多，是亏了吗？没写错请点下面的按钮，写错了就重新写一个数。"

EXPENSES = "自付支出"
ASK_OUT_OF_POCKET = "过去一年，看病、上学等按规定报销以后，自己一共掏了多少元？没有写0。"
HELP_OUT_OF_POCKET = "就是“合规自付支出”：报销、补助以后，自己还要出的钱。没有写0。"
ASK_COMPENSATION = "过去一年，保险理赔、救助一共拿到多少元？没有写0。"
ILL_WITHOUT_COST = (
    "这一户报的风险有“因病”，自己掏的钱却是0，对吗？没写错请点下面的按钮，写错了就重新写一个数。"
)

GUARANTEES = "住房、教育、医保、饮水"
ASK_HOUSING = "住房安全吗？"
HOUSING = (Choice("safe", "安全"), Choice("unsafe", "不安全"), Choice("unsure", "拿不准"))
ASK_SCHOOLING = "该上学的孩子都在上学吗？"
SCHOOLING = (
    Choice("all", "都在上学"),
    Choice("not_all", "有没上学的"),
    Choice("no_children", "没有该上学的"),
)
ASK_MEDICAL = "全家都参加医疗保险了吗？"
MEDICAL = (Choice("all", "都参加了"), Choice("not_all", "有没参加的"))
ASK_WATER = "吃水安全吗？"
HELP_WATER = "水够不够、近不近、干不干净，都看一看。"
WATER = (Choice("safe", "安全"), Choice("unsafe", "不安全"), Choice("unsure", "拿不准"))
HELP_UNSURE = "拿不准就选“拿不准”，请住建、水利的人来看过，再改。"


def safe_after_all(label: str) -> str:
    return f"这一户报的风险有“{label}”，这里写的却是安全，对吗？没写错请点下面的按钮，写错了就重新选。"


ALL_AT_SCHOOL = (
    "家庭成员里登记了有孩子该上学没有上，这里写的却是都在上学，对吗？没写错请点下面的按钮，写错了就重新选。"
)

# --- the menu -------------------------------------------------------------------------------

DONE, BEGUN, OPEN = "☑", "◐", "☐"
FINISH_ANYWAY, GO_BACK, FINISH = "仍然完成", "回去补", "走访完成"
NEXT_MEMBER, ADD, DROP, TO_ROSTER, TO_MENU = (
    "加下一个成员",
    "加一个成员",
    "删去一个",
    "看家庭成员",
    "回走访记录",
)
KEEP, DROP_REALLY = "不删了", "确定删去"
NAMELESS = "没填姓名"
NO_SUCH_PIECE = "没有这一项。下面是走访记录："
NO_SUCH_MEMBER = "没有这位家庭成员，可能已经删去了。下面是现在的名单："
ASK_WHOM_TO_DROP = "删去哪一位？只有登记错了，或者已经不是这家的人，才要删。"
SIZE_TAKEN_OVER = "家庭人口改好了。"
CHILD_NOTE = "不满14周岁（按出生年份算），农牧户授权时要由监护人同意。"
NAME_ON_PAGE = "姓名不在这个聊天里问，别的先填；姓名请到网页上填。"
EMPTY_ROSTER = "还没有登记家庭成员。从户主开始，一个一个来。"


def menu(number: str, head: str, lines: Iterable[str]) -> str:
    return "\n".join((f"走访记录：{number} {head}", "一次填一项，分几天填都行，填过的都存着。", *lines))


def piece(mark: str, label: str, shown: str) -> str:
    return f"{mark} {label}：{shown}" if shown else f"{mark} {label}"


def roster_count(known: int, size: int) -> str:
    return f"{known}/{size}人"


def roster(lines: Iterable[str], known: int, size: int) -> str:
    return "\n".join((f"家庭成员（{roster_count(known, size)}）。点一位可以改。", *lines))


def member(name: str, facts: Iterable[str]) -> str:
    """`张**（子女，女，2015年生）`."""
    return f"{name}（{'，'.join(facts)}）"


def born(year: int) -> str:
    return f"{year}年生"


UNDER_14 = "不满14周岁"


def recorded_member(shown: str, left: int) -> str:
    rest = f"还差{left}人。" if left else "人数齐了。"
    return f"记下了：{shown}。{rest}"


def recorded(label: str) -> str:
    return f"记下了：{label}。"


def really_drop(shown: str) -> str:
    return f"从名单里删去{shown}吗？以前填的留在记录里，以后还能查到。"


def dropped(shown: str) -> str:
    return f"从名单里删去了：{shown}。"


def net(yuan: float) -> str:
    return f"全家纯收入{amount(yuan)}"


def per_head(yuan: float, people: int) -> str:
    return f"人均{amount(yuan)}（按{people}口人）"


def paid(out_of_pocket: float, compensation: float) -> str:
    return f"自己掏了{amount(out_of_pocket)}，理赔救助{amount(compensation)}"


def amount(yuan: float) -> str:
    return f"{round(yuan, 2):.10g}元"


# --- before it is finished ------------------------------------------------------------------


def finish_question(lines: Iterable[str]) -> str:
    return "\n".join(("走访记录还有这些没填，或者对不上，请看一下：", *(f"· {line}" for line in lines)))


def not_filled(label: str) -> str:
    return f"“{label}”还没有填"


def size_differs(size: int, known: int) -> str:
    return f"家庭人口报的是{size}人，家庭成员登记了{known}人"


def take_over_size(known: int) -> str:
    return f"家庭人口改成{known}人"


HEAD_MISSING = "家庭成员里没有户主"
TWO_HEADS = "家庭成员里登记了不止一位户主"
NO_NAME_YET = "有家庭成员还没有填姓名"
NOBODY_ABLE = "报的风险有“务工不稳”，可是家庭成员里没有人能干活"
CAPACITY_DIFFERS_NONE = "报的是整户无劳动能力，可是家庭成员里有人能干活"
CAPACITY_DIFFERS_ABLE = "报的是有劳动能力，可是家庭成员里没有人能干活"
ILL_NOBODY = "报的风险有“因病”，可是家庭成员都登记为健康"
ILL_NO_COST = "报的风险有“因病”，可是自己没有掏过钱"
NO_INCOME = "四种收入都是0"
UNINSURED = "写的是全家都参加了医疗保险，可是家庭成员里有人没有点医疗保险"
