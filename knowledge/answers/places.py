"""Places and the lists they are on: is it on a list, which banner, what a list contains."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answers.compose import Proposal, Quotation, cite, compose
from knowledge.facts import Facts, ListedPlace
from knowledge.matching import How, NameMatch, parse_name
from knowledge.model import Answer, Document, PlaceList, Status
from knowledge.parsing.lists import PLACE
from knowledge.places import Mention, PlaceMatch
from knowledge.question import Question
from knowledge.text import squeeze

SURE = 88.0  # score from which a name is taken as the one meant
LIKELY = 60.0  # score from which a name is offered
MAX_OPTIONS = 8
_ABOUT_LISTS = re.compile(
    "示范|重点帮扶|重点村|重点嘎查|帮扶村|帮扶嘎查|整体推进|引领|名单|哪一?类|哪一?种|类别|哪个?旗|哪个?区|归哪|属于?哪|在哪|苏木镇|上榜|入选|是不是|在不在|有没有|重点旗|哪里的|算什么|类型|属于|谁家旗|什么村|什么名单|哪一?片"
)
_CATEGORY = re.compile("示范|重点|整体推进|哪一?类|哪一?种|类别|算什么|属于什么|归哪类|什么旗|性质")
_LISTING = re.compile("哪|几|多少|名单|都有|列|谁|有什么|叫什么|全部|数量|给我看|看看|查")
_VILLAGES = re.compile("村|嘎查|营子")
_TOWNS = re.compile("苏木镇|苏木乡镇|苏木|乡镇|镇")
_BANNERS = re.compile("旗区|哪[几些个两三四]{1,2}个?旗|旗县|哪些旗|什么旗|几个旗|旗有哪|个旗")
_DESIGNATION_WORDS = re.compile("示范引领|示范|重点帮扶|重点|整体推进|帮扶|引领|嘎查村|嘎查|旗区|苏木镇|苏木乡镇|苏木|村|旗|镇|名单|规划|市里|全市|鄂尔多斯市?|类")
_NAMED_KIND = re.compile("示范(?:引领)?的?(?:类|嘎查|村|旗)|(?<!旅游)重点(?:帮扶)?(?:类|嘎查|村|旗|苏木|镇|的)|整体推进|示范引领|重点帮扶")
_MOST, _MOST_OF = re.compile("最[多少]"), re.compile("最多")
_EXCEPT = re.compile("除了|除开|另外还有|还有哪")
_ASKED_NUMBER = re.compile(r"(\d+)\s*个")


def propose(question: Question, facts: Facts) -> Proposal | None:
    """A place on a list, the list of a banner, or a whole list."""
    if not facts.listed or facts.register is None or question.asks_scorer:
        return None
    mentions = [m for m in facts.register.mentions(_tidied(question)) if not _is_excluded(question, m)]
    villages = [m for m in mentions if m.kind != "banner" and _is_name(m.text) and _is_known(facts, m.text)]
    banners = _banners(mentions, facts)
    designations = _designations(question, facts)
    if villages and (question.has(_ABOUT_LISTS) or _is_bare(question, villages) or _is_short(question, villages)):
        return _single(question, facts, villages, banners)
    if banners and designations and question.has(_EXCEPT):
        return _whole_list(question, facts, designations, 0.9)
    if banners and (designations or _asks_category(question)):
        return _of_banners(question, facts, banners, designations)
    if designations and question.has(_LISTING) and not _asks_rule(question):
        return _whole_list(question, facts, designations, 0.89 if _is_all(question) else 0.6)
    return None


def _is_name(text: str) -> bool:
    return len(text) >= 2 and not re.fullmatch("[一二三四五六七八九十几两每各]?(?:嘎查村|嘎查|村|苏木|镇|乡)", text)


def _tidied(question: Question) -> str:
    """The question as typed, with the usual slip in the word 嘎查 mended."""
    return re.sub("[噶咖]查|嘎(?:杳|茶|擦)", "嘎查", question.original)


def _is_excluded(question: Question, mention: Mention) -> bool:
    """`别跟前旗的混了`: a place that is named only to be left out."""
    before = question.original[max(0, mention.start - 3) : mention.start]
    return bool(re.search("别[跟和把]|不是$|不要", before))


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
    rest = [c for c in question.concepts if not any(c.surface in m.text or m.text in c.surface for m in villages)]
    return sum(len(c.surface) for c in rest) <= 4


def _asks_rule(question: Question) -> bool:
    """Lists are not meant when their share, their task or their money is asked."""
    return bool(re.search("比例|百分|控制|任务|方面|怎么|如何|支持|干什么|资金|万元|怎么选|条件|标准|政策|占|多少钱|投入", question.text))


def _asks_category(question: Question) -> bool:
    return question.has(_CATEGORY) and not _asks_rule(question)


# --- what the question names ----------------------------------------------------------------


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
    groups = [_read_group(p) for _, p in facts.lists if p.group]
    names = [name for _, p in facts.lists if _is_banner_list(p) for name in p.names]
    return dict.fromkeys([*groups, *names])


def _read_group(listed: PlaceList) -> str:
    """`鄂托克旗前旗` is read as `鄂托克前旗`."""
    return re.sub("旗(前|中|后|左|右)旗$", r"\1旗", listed.group)


def _is_banner_list(listed: PlaceList) -> bool:
    return listed.designation.endswith(("旗区", "旗县", "旗县区"))


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
    level = _BANNERS if question.has(_BANNERS) and not question.has(_VILLAGES) else None
    if level or (re.search("旗", text) and not re.search("村|嘎查|镇|苏木", text)):
        return [n for n in found if n.endswith("旗区")]
    if question.has(_TOWNS) and not question.has(_VILLAGES):
        return [n for n in found if n.endswith(("苏木镇", "乡镇", "镇"))] or found
    if question.has(_VILLAGES):
        return [n for n in found if n.endswith(("村", "嘎查"))]
    return found


# --- one place ------------------------------------------------------------------------------


def _single(question: Question, facts: Facts, mentions: Sequence[Mention], banners: list[list[str]]) -> Proposal:
    matches = [(m, _matches(facts, m.text)) for m in mentions]
    sure = [(m, found[0]) for m, found in matches if found and _is_sure(found, _sharing(facts, m.text))]
    if len(sure) == len(matches) and sure:
        places = [place for _, hit in sure for place in _places_named(facts, hit.name, banners)]
        return Proposal(0.9, _membership(question, facts, places, sure), "places", sure[0][1].name)
    for mention, found in matches:
        close = [hit for hit in found if hit.score >= LIKELY]
        if close and not _in_register_only(facts, mention, close):
            return _ask_back(facts, mention, close)
    if sure:
        places = [place for _, hit in sure for place in _places_named(facts, hit.name, banners)]
        return Proposal(0.88, _membership(question, facts, places, sure), "places", sure[0][1].name)
    return _not_listed(question, facts, mentions[0])


def _matches(facts: Facts, text: str) -> list[NameMatch]:
    return facts.list_names.match(text, limit=MAX_OPTIONS, cutoff=LIKELY)


def _sharing(facts: Facts, text: str) -> int:
    """How many listed names contain the core of what was typed."""
    core = parse_name(text).core
    return sum(core in name for name in facts.list_names.names) if len(core) > 1 else 0


def _is_sure(found: Sequence[NameMatch], sharing: int) -> bool:
    """One name stands out: the same name, or the only one that sounds like it."""
    best = found[0]
    if best.how is How.EXACT:
        return True
    rivals = [hit for hit in found[1:] if hit.score >= best.score - 8]
    if best.how in (How.SUFFIX, How.HOMOPHONE, How.VARIANT):
        return not rivals
    return best.score >= 70 and not rivals and sharing < 2


def _in_register_only(facts: Facts, mention: Mention, close: Sequence[NameMatch]) -> bool:
    """Whether the very name exists as another place, so that similar listed names are not meant."""
    assert facts.register is not None
    found = facts.register.find(mention.text, within=_league(facts), limit=3)
    exact = bool(found) and found[0].score >= 98
    return exact and close[0].how is How.FUZZY and close[0].score < 80


def _league(facts: Facts) -> str | None:
    """The league or city that the lists are about, by the title of their document."""
    found = re.search("[\u4e00-\u9fff]{2,5}?(?:市|盟)", facts.listed[0].document.title)
    return found[0] if found else None


def _places_named(facts: Facts, name: str, banners: list[list[str]]) -> list[ListedPlace]:
    places = [place for place in facts.listed if place.name == name]
    wanted = {b for names in banners for b in names}
    inside = [p for p in places if _read_group(p.list) in wanted]
    return inside or places


def _membership(
    question: Question, facts: Facts, places: Sequence[ListedPlace], sure: Sequence[tuple[Mention, NameMatch]]
) -> Answer:
    leads = [_describe(place) for place in places]
    lead = "；".join(leads[:3]) + "。"
    changed = [(m.text, hit) for m, hit in sure if hit.how is not How.EXACT]
    body = [f"按“{hit.name}”查的（您写的是“{text}”）。" for text, hit in changed]
    body += [_register_line(facts, place) for place in places]
    notices = []
    banner = next((_read_group(p.list) for p in places if p.list.group), "")
    if banner and (category := _category_of(facts, banner)):
        notices.append(f"{banner}在规划里是{category.designation.removesuffix('旗区')}旗区；旗区类别和村的类别是两回事。")
    quotations = list(dict.fromkeys(_cite_list(facts, p.document, p.list) for p in places))
    return compose(
        facts, Status.ANSWERED, lead, body=[b for b in body if b], quotations=quotations, notices=notices
    )


def _describe(place: ListedPlace) -> str:
    group = _read_group(place.list)
    where = f"，在{group}名下" if group else ("" if _is_banner_list(place.list) else "（名单没有写所属旗区）")
    kind = place.list.designation
    return f"{place.name}是{kind}{where}"


def _register_line(facts: Facts, place: ListedPlace) -> str:
    """Where the register of areas has a place of this name, labelled as such."""
    assert facts.register is not None
    group = _read_group(place.list) or "鄂尔多斯市"
    found = [m for m in facts.register.find(place.name, within=group, limit=3) if m.score >= 93]
    if not found or len(found) > 3:
        return ""
    paths = "；".join(" ".join(facts.register.path(m.area)) for m in found)
    return f"行政区划登记表（2023年）里同名的地方：{paths}"


def _category_of(facts: Facts, banner: str) -> PlaceList | None:
    return next((p for _, p in facts.lists if _is_banner_list(p) and banner in p.names), None)


def _ask_back(facts: Facts, mention: Mention, close: Sequence[NameMatch]) -> Proposal:
    options = [_option(facts, hit.name) for hit in close]
    lead = f"名单里有{len(options)}个和“{mention.text}”相近的名字，您问的是哪一个？"
    if len(options) == 1:
        lead = f"名单里没有“{mention.text}”，您问的是不是这个？"
    answer = compose(facts, Status.CLARIFY, lead, options=options)
    return Proposal(0.9, answer, "places", mention.text)


def _option(facts: Facts, name: str) -> str:
    place = next(p for p in facts.listed if p.name == name)
    group = _read_group(place.list)
    return f"{name}（{group + '，' if group else ''}{place.list.designation}）"


def _not_listed(question: Question, facts: Facts, mention: Mention) -> Proposal:
    """Not on a list is not the same as not designated; the register tells where the place is."""
    assert facts.register is not None
    found = [m for m in facts.register.find(mention.text, limit=MAX_OPTIONS) if m.score >= LIKELY]
    document = facts.listed[0].document
    lead = f"名单中没有找到“{mention.text}”。"
    body = [f"《{document.title}》的名单里没有这个名字；没列名不等于不是，名字也可能写法不同。"]
    if found:
        body += ["行政区划登记表（2023年）里名字相同或相近的地方："]
        body += [_register_path(facts, m) for m in found]
    options = [_register_path(facts, m) for m in found[:MAX_OPTIONS]] if len(found) > 1 else []
    answer = compose(facts, Status.NOT_FOUND, lead, body=body, options=options)
    return Proposal(0.87, answer, "places", mention.text)


def _register_path(facts: Facts, match: PlaceMatch) -> str:
    assert facts.register is not None
    return " ".join(facts.register.path(match.area))


# --- lists ----------------------------------------------------------------------------------


def _of_banners(
    question: Question, facts: Facts, banners: list[list[str]], designations: Sequence[str]
) -> Proposal | None:
    """`乌审旗有哪些重点村`; a short name that may be several banners is asked back."""
    names = banners[0]
    if len(names) > 1 and not _one_is_meant(question, names):
        answer = compose(facts, Status.CLARIFY, "您问的是哪个旗？", options=names)
        return Proposal(0.9, answer, "places", question.text)
    chosen = [group[0] for group in banners]
    village_lists = [d for d in designations if not d.endswith("旗区")]
    if question.has(_VILLAGES) or question.has(_TOWNS):
        found = [(d, p) for d, p in facts.lists if p.names and _read_group(p) in chosen and p.designation in village_lists]
        if found:
            return Proposal(0.91, _banner_list(question, facts, found), "places", chosen[0])
        if village_lists or question.has(_VILLAGES):
            return _no_such_list(question, facts, chosen, village_lists)
    if not designations and not any(_category_of(facts, name) for name in chosen):
        return None
    categories = [(name, c) for name in chosen if (c := _category_of(facts, name))]
    if categories:
        return Proposal(0.88, _categories(facts, categories), "places", chosen[0])
    return _no_such_list(question, facts, chosen, designations)


def _one_is_meant(question: Question, names: Sequence[str]) -> bool:
    return any(name in question.text for name in names)


def _banner_list(
    question: Question, facts: Facts, found: Sequence[tuple[Document, PlaceList]], before: str = ""
) -> Answer:
    leads = []
    for _, listed in found:
        count = len(listed.names)
        named = f"：{'、'.join(listed.names)}" if count <= 8 else ""
        leads.append(f"{_read_group(listed)}{listed.designation}共{count}个{_not_as_asked(question, count)}{named}")
    body = [f"{_read_group(p)}（{len(p.names)}个）：{'、'.join(p.names)}" for _, p in found]
    notices = []
    for _, listed in found:
        if category := _category_of(facts, _read_group(listed)):
            notices.append(
                f"{_read_group(listed)}在规划里是{category.designation}；旗区类别和村的类别是两回事，分别查。"
            )
    quotations = [_cite_list(facts, d, p) for d, p in found]
    lead = before + "；".join(leads) + "。"
    return compose(facts, Status.ANSWERED, lead, body=body, quotations=quotations, notices=notices)


def _not_as_asked(question: Question, count: int) -> str:
    found = _ASKED_NUMBER.search(question.text)
    return f"，不是{found[1]}个" if found and int(found[1]) != count and int(found[1]) > 1 else ""


def _no_such_list(
    question: Question, facts: Facts, banners: Sequence[str], designations: Sequence[str]
) -> Proposal:
    name = "、".join(banners)
    kind = next(iter(designations), "这一类")
    document, first = facts.lists[0]
    lead = f"名单中没有列出{name}的{kind}。"
    groups = [f"{_read_group(p)}{len(p.names)}个" for _, p in facts.lists if p.group]
    body = [f"《{document.title}》列了这些旗区：{'、'.join(groups)}。" if groups else ""]
    if any(d.startswith("示范引领嘎查") for d in designations):
        body = ["示范引领嘎查村的名单没有写明各村属于哪个旗区，不能按旗区列出。"]
    answer = compose(facts, Status.NOT_FOUND, lead, body=body)
    return Proposal(0.86, answer, "places", banners[0])


def _categories(facts: Facts, categories: Sequence[tuple[str, PlaceList]]) -> Answer:
    lead = "；".join(f"{name}是{listed.designation}" for name, listed in categories) + "。"
    document = facts.lists[0][0]
    body = []
    for name, _ in categories:
        villages = [p for _, p in facts.lists if p.names and _read_group(p) == name]
        body += [f"{name}另有{p.designation}{len(p.names)}个：{'、'.join(p.names)}" for p in villages]
    quotations = [_cite_list(facts, document, listed) for _, listed in categories]
    notices = ["旗区类别和嘎查村类别是两回事，请分别查。"] if body else []
    return compose(facts, Status.ANSWERED, lead, body=body, quotations=quotations, notices=notices)


def _whole_list(question: Question, facts: Facts, designations: Sequence[str], sure: float) -> Proposal:
    found = [(d, p) for d, p in facts.lists if p.designation in designations]
    if not any(p.names for _, p in found):
        return _no_such_list(question, facts, [], designations)
    if question.has(_MOST) and (extreme := _extreme(question, found)):
        return Proposal(0.9, _banner_list(question, facts, [extreme], "数量最多的是" if question.has(_MOST_OF) else "数量最少的是"), "places")
    leads, body = [], []
    for name in dict.fromkeys(p.designation for _, p in found):
        parts = [p for _, p in found if p.designation == name and p.names]
        stated = next((p.stated for _, p in found if p.designation == name and not p.names), None)
        count = sum(len(p.names) for p in parts)
        if stated is not None and stated != count:
            leads.append(f"{name}：文件写{stated}个，逐个列名合计{count}个")
        else:
            named = f"：{'、'.join(parts[0].names)}" if count <= 8 else ""
            leads.append(f"{name}共{count}个{_not_as_asked(question, count)}{named}")
        body += [f"{_read_group(p) or name}（{len(p.names)}个）：{'、'.join(p.names)}" for p in parts]
    quotations = [_cite_list(facts, d, p) for d, p in found[:1]]
    answer = compose(facts, Status.ANSWERED, "；".join(leads) + "。", body=body, quotations=quotations)
    return Proposal(sure, answer, "places", designations[0])


def _extreme(
    question: Question, found: Sequence[tuple[Document, PlaceList]]
) -> tuple[Document, PlaceList] | None:
    """The group with the most or the fewest names."""
    groups = [(d, p) for d, p in found if p.group]
    pick = max if question.has(_MOST_OF) else min
    return pick(groups, key=lambda item: len(item[1].names)) if groups else None


def _cite_list(facts: Facts, document: Document, listed: PlaceList) -> Quotation:
    """A list in a group is quoted under its heading line's place."""
    return cite(document, " › ".join(listed.path), listed.raw)
