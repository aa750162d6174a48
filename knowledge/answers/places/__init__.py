"""Places and the lists they are on: is it on a list, which banner, what a list contains."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answers.compose import Proposal
from knowledge.answers.places.lists import is_banner_list, read_group
from knowledge.answers.places.one_place import LIKELY, propose_one
from knowledge.answers.places.whole_lists import TOWNS, VILLAGES, no_such_list, propose_banners, propose_list
from knowledge.concepts import TERM
from knowledge.facts import Facts
from knowledge.parsing.lists import PLACE
from knowledge.places import Mention
from knowledge.question import Question
from knowledge.text import squeeze

_ABOUT_LISTS = re.compile(
    "示范|重点帮扶|重点村|重点嘎查|帮扶村|帮扶嘎查|整体推进|引领|名单|哪一?类|哪一?种|类别|哪个?旗|哪个?区|归哪|属于?哪|在哪|苏木镇|上榜|入选|是不是|在不在|有没有|重点旗|哪里的|算什么|类型|属于|谁家旗|什么村|什么名单|哪一?片"
)
_CATEGORY = re.compile("类型|哪类|示范|重点|整体推进|哪一?类|哪一?种|类别|算什么|属于什么|归哪类|什么旗|性质")
_LISTING = re.compile("哪|几|多少|名单|都有|列|谁|有什么|叫什么|全部|数量|给我看|看看|查")
_BANNERS = re.compile("旗区|哪[几些个两三四]{1,2}个?旗|旗县|哪些旗|什么旗|几个旗|旗有哪|个旗")
_DESIGNATION_WORDS = re.compile(
    "示范引领|示范|重点帮扶|重点|整体推进|帮扶|引领|嘎查村|嘎查|旗区|苏木镇|苏木乡镇|苏木|村|旗|镇|名单|规划|市里|全市|鄂尔多斯市?|类"
)
_NAMED_KIND = re.compile(
    "示范(?:引领)?的?(?:类|嘎查|村|旗)|(?<!旅游)重点(?:帮扶)?(?:类|嘎查|村|旗|苏木|镇|的)|整体推进|示范引领|重点帮扶"
)
_NAME_ALONE = re.compile(
    r"\s*(?:请问|我们|咱们?|俺们?)?(?P<name>[\u4e00-\u9fff圐圙]{1,12}?(?:嘎查|村|镇|苏木|乡|社区|街道|生活区|园区|示范区|合作区|场|区))"
    r"\s*(?:[。？?]?\s*$|(?:这个?地方)?(?:在|属于|归|是)哪)"
)
_NO_NAME = re.compile("多少|的|是不|几|有|哪|重点|示范|帮扶|推进|引领|名单|什么|怎|谁|(?<=.)和|跟")
_EXCEPT = re.compile("除了|除开|另外还有|还有哪")


def propose(question: Question, facts: Facts) -> Proposal | None:
    """A place on a list, the list of a banner, or a whole list."""
    if not facts.listed or facts.register is None or question.asks_scorer:
        return None
    mentions = _mentions(question, facts)
    villages = [m for m in mentions if m.kind != "banner" and _is_name(m.text) and _is_known(facts, m.text)]
    banners = _banners(mentions, facts)
    designations = _designations(question, facts)
    if villages and (
        question.has(_ABOUT_LISTS) or _is_bare(question, villages) or _is_short(question, villages)
    ):
        return propose_one(question, facts, villages, banners)
    if banners and designations and question.has(_EXCEPT):
        return propose_list(question, facts, designations, 0.9)
    if banners and (designations or _asks_category(question)):
        return propose_banners(question, facts, banners, designations)
    if designations and question.has(_LISTING) and not _asks_rule(question):
        return propose_list(question, facts, designations, 0.89 if _is_all(question) else 0.6)
    if not designations and (kind := _without_list(question, facts)):
        return no_such_list(question, facts, [], [kind])
    return None


def _mentions(question: Question, facts: Facts) -> list[Mention]:
    """The places named; of a follow-up its own, when it has any."""
    assert facts.register is not None
    text, at = _tidied(question), question.carried_from
    mentions = [m for m in facts.register.mentions(text) if not _is_excluded(question, m)]
    mentions = [m for m in mentions if at is not None and m.start < at] or mentions
    alone = [m for m in _by_position(text, facts) if not _is_term(question, m.text)]
    return alone if alone and all(m.text in alone[0].text for m in mentions) else mentions


def _is_name(text: str) -> bool:
    return len(text) >= 2 and not re.fullmatch("[一几两每各]?(?:嘎查村|嘎查|村|苏木|镇|乡)", text)


def _tidied(question: Question) -> str:
    """The question as typed, with the usual slip in the word 嘎查 mended."""
    return re.sub("[噶咖]查|嘎(?:杳|茶|擦)", "嘎查", question.text)


def _is_excluded(question: Question, mention: Mention) -> bool:
    """`别跟前旗的混了`: a place that is named only to be left out."""
    before = question.text[max(0, mention.start - 3) : mention.start]
    return bool(re.search("别[跟和把]|不是$|不要", before))


def _without_list(question: Question, facts: Facts) -> str:
    """A class that has a list of banners but none of villages: 整体推进."""
    banner_lists = [p.designation for _, p in facts.lists if is_banner_list(p)]
    classes = [name.removesuffix("旗区") for name in banner_lists]
    named = next((name for name in classes if name in question.text), "")
    asks = question.has(VILLAGES) and question.has(_LISTING) and not _asks_rule(question)
    return f"{named}嘎查村" if named and asks else ""


def _by_position(text: str, facts: Facts) -> list[Mention]:
    """A name that resembles none in the register, where only a name can stand."""
    found = _NAME_ALONE.match(text)
    if not found or not _is_name(found["name"]) or _NO_NAME.search(found["name"]):
        return []
    tail_of_listed = any(p.name != found["name"] and p.name.endswith(found["name"]) for p in facts.listed)
    if not tail_of_listed and facts.ranker.scorer.index.containing(found["name"]):
        return []
    return [Mention(found["name"], found.start("name"), found.end("name"), "village")]


def _is_term(question: Question, text: str) -> bool:
    """Whether the lexicon knows it as another word for something: 空壳村 is no village's name."""
    return any(c.surface == text and any(s == TERM for _, s in c.alternatives) for c in question.concepts)


def _is_known(facts: Facts, text: str) -> bool:
    """A word without 村 or 嘎查 behind it counts as a place only if it resembles a listed one."""
    return bool(PLACE.search(text)) or bool(facts.list_names.match(text, limit=1, cutoff=LIKELY))


def _is_bare(question: Question, villages: Sequence[Mention]) -> bool:
    """Hardly more than the name was typed."""
    return len(squeeze(question.text)) <= sum(len(m.text) for m in villages) + 3


def _is_all(question: Question) -> bool:
    """Whether hardly anything beside the designation is asked about."""
    rest = _DESIGNATION_WORDS.sub("", question.text)
    return sum(len(c.surface) for c in question.concepts if c.surface in rest) <= 5


def _is_short(question: Question, villages: Sequence[Mention]) -> bool:
    """Little beside the name is asked about, whatever the words."""
    rest = [
        c for c in question.concepts if not any(c.surface in m.text or m.text in c.surface for m in villages)
    ]
    return sum(len(c.surface) for c in rest) <= 4


def _asks_rule(question: Question) -> bool:
    """Lists are not meant when their share, their task or their money is asked."""
    return bool(
        re.search(
            "比例|百分|控制|任务|方面|怎么|如何|支持|干什么|资金|万元|怎么选|条件|标准|政策|占|多少钱|投入",
            question.text,
        )
    )


def _asks_category(question: Question) -> bool:
    return question.has(_CATEGORY) and not _asks_rule(question)


def _banners(mentions: Sequence[Mention], facts: Facts) -> list[list[str]]:
    """For each banner mention the full names it may stand for, those of the documents first."""
    assert facts.register is not None
    known = _document_banners(facts)
    result = []
    for mention in mentions:
        if mention.kind != "banner":
            continue
        if mention.text in known:
            result.append([mention.text])
            continue
        if len(started := [name for name in known if name.startswith(mention.text)]) > 1:
            result.append(started)
            continue
        found = facts.register.find(mention.text, limit=8)
        names = [m.area.name for m in found if m.area.level in ("banner", "league") and m.score >= 80]
        inside = [name for name in dict.fromkeys(names) if name in known]
        result.append(inside or list(dict.fromkeys(names))[:3] or [mention.text])
    return result


def _document_banners(facts: Facts) -> dict[str, None]:
    """Banners named by the lists, read as the register writes them."""
    groups = [read_group(p) for _, p in facts.lists if p.group]
    names = [name for _, p in facts.lists if is_banner_list(p) for name in p.names]
    return dict.fromkeys([*groups, *names])


def _designations(question: Question, facts: Facts) -> list[str]:
    """Designations whose kind and level the question names; the level decides among equals."""
    text = squeeze(question.text)
    names = dict.fromkeys(p.designation for _, p in facts.lists)
    kinds = [k for k in ("示范", "重点", "整体") if k in text]
    found = [n for n in names if any(k in n for k in kinds)]
    if not found or not _NAMED_KIND.search(text):
        return []
    exact = [n for n in found if squeeze(n) in text]
    if exact:
        return exact
    level = _BANNERS if question.has(_BANNERS) and not question.has(VILLAGES) else None
    if level or (re.search("旗", text) and not re.search("村|嘎查|镇|苏木", text)):
        return [n for n in found if n.endswith("旗区")]
    if question.has(TOWNS) and not question.has(VILLAGES):
        return [n for n in found if n.endswith(("苏木镇", "乡镇", "镇"))] or found
    if question.has(VILLAGES):
        return [n for n in found if n.endswith(("村", "嘎查"))]
    return found
