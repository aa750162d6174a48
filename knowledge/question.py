"""What a question asks for: its intents, the kind of answer it wants, years, documents, numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.concepts import Concept
from knowledge.model import Document
from knowledge.parsing.numbering import NUMERAL, numeral_value
from knowledge.text import normalise, squeeze
from knowledge.wants import ASKS, Wants, asking_part

_WHO = re.compile(
    "谁|哪个?部门|哪些部门|哪几?[个家]?(?:部门|单位|厅|局)|什么部门|哪家|哪几家|归口|牵头|单位|部门|归哪|哪个[厅局委]"
)
_SCORES = re.compile(
    "考核|考评|打分|评分|给分|打的?分|考(?![虑察上试研学古取生勤核评古])|哪[个家][^,。?]{0,4}评(?![估议审价优级星比])"
)
# The assessment as a thing, not as somebody's doing.
_ASSESSMENT_NAMES = re.compile(
    "考不考核|考核(?:办法|结果|的?对象|工作|步骤|方式|纪律|评价|表)|绩效考核|实绩考核|年终考核|年底考核"
)
_RESPONSIBLE = re.compile(
    "负责|责任|牵头|主管|谁管|管这|归谁管|谁抓|谁来?落实|谁来?干|哪些部门|哪几个部门|牵扯|分管|管的|的部门|归哪|配合"
)
_POINTS = re.compile("几分|多少分|分值|占分|得分|满分|分数|权重|[占值给加拿打计]\\S{0,2}分|个分|总分")
_ORDER = re.compile("第几(?!步|次|回|天)|排第|序号|编号|几号指标")
_UNIT = re.compile(
    "计量单位|(?<!考核)(?<!责任)单位是什么|什么单位计|按什么(?:单位)?(?:算|计)|单位.{0,3}(?:%|百分)"
)
_DIMENSION = re.compile(
    "哪个?(?:方面|大类|维度|板块|考核项目|栏|部分|块)|哪一(?:类|栏|块|方面)|[算属归].{0,10}(?:栏|方面|这块|那块|大类)"
)
_EITHER_DIMENSION = re.compile("[算属归].{0,14}(?:还是|里|头|吗|不)")
_LIST = re.compile(
    "哪些|哪几|有什么|是什么|都是|列[一出全]|名单|都有|包括|几[个项类种条]|全部|多不多|给列|叫什么|各?是谁|都谁|有谁"
)
_COUNT = re.compile(
    "多少[个户人家项村处所条台座名次种位]|几[个户人家项处所名次种座条位样]|一共|总共|数量|共有|总数|多不多"
)
_FORMULA = re.compile(
    "怎么.{0,10}(?:打分|评分|计分|扣分)|怎么(?:算分|计分|扣分|打分|评分|得分|扣|算的?$|考的|加分|给分)|扣(?:几|多少)|计分|评分(?:标准|办法|细则)|打分标准|扣分|目标值|满分标准|及格|怎么量化|算法|公式|如何(?:计分|打分|评分|计算)|得满分"
)
_NEXT = re.compile(
    "下一步|接下来|之后|后面|完了|完成后|以后|然后|接着|下步|过后|后头|紧跟|跟着|往下|完事|挨着|[查审评报比权开批定]完"
)
_PREVIOUS = re.compile("上一步|前一步|之前|前面|以前|前头|先")
_LAST = re.compile("最后|末尾|收尾|最终")
_FIRST = re.compile("第一步|首先|先要|开头|头一步|起步")
_NTH = re.compile(rf"第([{NUMERAL}\d]+)步")
_YEAR = re.compile(
    r"(?<!\d)(20\d\d)\s*年?|(?<![\d保满用过干要长多期全够近第了])(1\d|2\d|3\d)\s*年(?!级|以上|内|限|龄|全|的?期)"
)
_ITEM = re.compile(
    r"(?:第\s*([\d一二三四五六七八九十]{1,4})\s*(?:项|号|个?指标|行)|(?<![\d第])(\d{1,2})号指标|(?:指标|附表)\s*(?:第)?\s*(\d{1,3})(?!\d|年|分|%)|(?<![\d第])(\d{1,2})\s*(?:项|号)(?:是|谁|归|考|那|和|都|分别|各|的))"
)
_TABLE_NUMBERS = re.compile(r"(?<![\d.第])(\d{1,2})(?![\d.%分年个项条万亿户家元号])")
_RELATIVE_YEARS = {"十四五末": 2025, "十四五期末": 2025, "规划期末": 2025}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood; `text` is normalised, with dialect function words replaced."""

    original: str
    text: str
    concepts: tuple[Concept, ...]
    years: tuple[int, ...]
    items: tuple[int, ...]  # numbers of indicators named (第33项)
    documents: frozenset[int]  # numbers of the documents named; empty when none is
    wants: Wants
    preferred: frozenset[int] = frozenset()  # documents of the level that the question speaks of
    carried_from: int | None = None  # where in `text` starts what was carried over from the turn before

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether the part that asks fits the pattern; of a long story the rest does not count."""
        return bool(pattern.search(self.asking))

    @property
    def asking(self) -> str:
        own = self.text[: self.carried_from]
        if self.carried_from is not None and ASKS.search(own):
            return own
        return asking_part(self.text)

    @property
    def asks_who(self) -> bool:
        return self.has(_WHO)

    @property
    def asks_scorer(self) -> bool:
        return bool(_SCORES.search(_ASSESSMENT_NAMES.sub("", self.asking)))

    @property
    def asks_responsible(self) -> bool:
        return self.has(_RESPONSIBLE)

    @property
    def asks_points(self) -> bool:
        return self.has(_POINTS)

    @property
    def asks_order(self) -> bool:
        return self.has(_ORDER)

    @property
    def asks_unit(self) -> bool:
        return self.has(_UNIT)

    @property
    def asks_dimension(self) -> bool:
        return self.has(_DIMENSION)

    @property
    def asks_either(self) -> bool:
        """`算生态宜居还是乡风文明`: a choice, to be read with the names in it."""
        return self.has(_EITHER_DIMENSION)

    @property
    def asks_list(self) -> bool:
        return self.has(_LIST)

    @property
    def asks_count(self) -> bool:
        return self.has(_COUNT)

    @property
    def asks_formula(self) -> bool:
        return self.has(_FORMULA)

    @property
    def asks_next(self) -> bool:
        return self.has(_NEXT)

    @property
    def asks_previous(self) -> bool:
        return self.has(_PREVIOUS)

    @property
    def asks_last(self) -> bool:
        return self.has(_LAST)

    @property
    def asks_first(self) -> bool:
        return self.has(_FIRST)

    @property
    def asked_step(self) -> int | None:
        found = _NTH.search(self.text)
        return numeral_value(found[1]) if found else None

    @property
    def numbers(self) -> frozenset[str]:
        """Numbers in the question that are no years."""
        return frozenset(
            n for n in re.findall(r"\d+(?:\.\d+)?", self.text) if not n.startswith("20") or len(n) != 4
        )


def years(text: str) -> tuple[int, ...]:
    """Years in order of appearance: `2024年`, `24年`, `十四五末`."""
    found = [int(m[1]) if m[1] else 2000 + int(m[2]) for m in _YEAR.finditer(text)]
    found += [year for words, year in _RELATIVE_YEARS.items() if words in text]
    return tuple(dict.fromkeys(found))


def items(text: str) -> tuple[int, ...]:
    """Indicator numbers named: `第33项`, `指标47`, `35项和36项`."""
    text = re.sub(rf"第[{NUMERAL}\d]+条第[{NUMERAL}\d]+项", "", text)
    values = [next(g for g in m.groups() if g) for m in _ITEM.finditer(text)]
    if not values and re.search("考核表|附表|指标表", text):
        values += _TABLE_NUMBERS.findall(text)
    return tuple(dict.fromkeys(numeral_value(v) for v in values))


def document_names(text: str, documents: Sequence[Document]) -> dict[str, set[int]]:
    """The names in the question by which documents are called, longest first, with their numbers."""
    names = sorted(
        (
            (squeeze(normalise(name)), k)
            for k, d in enumerate(documents)
            for name in (d.title, d.label, *d.short_names)
            if name
        ),
        key=lambda item: -len(item[0]),
    )
    rest = squeeze(text)
    found: dict[str, set[int]] = {}
    for name, number in names:
        if name in found:
            found[name].add(number)
        elif len(name) > 1 and name in rest:
            found[name] = {number}
            rest = rest.replace(name, "□")
    return found


def named_documents(text: str, documents: Sequence[Document]) -> frozenset[int]:
    """Numbers of the documents that the question names by title or short name."""
    return frozenset(number for numbers in document_names(text, documents).values() for number in numbers)
