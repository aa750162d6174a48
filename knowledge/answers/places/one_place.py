"""One place: which list it is on, or that no list names it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answers.compose import Proposal, compose
from knowledge.answers.places.lists import category_of, cite_list, is_banner_list, league, read_group
from knowledge.facts import Facts, ListedPlace
from knowledge.matching import How, NameMatch, parse_name
from knowledge.model import Answer, Status
from knowledge.places import Mention, PlaceMatch
from knowledge.question import Question

SURE = 88.0  # score from which a misspelt name is taken as the one meant
LIKELY = 60.0  # score from which a name is offered
MAX_OPTIONS = 8  # names of the lists that are offered
MOST_NAMES = 80  # names of the register that are offered: a short name with a slip fits dozens
SAME_NAME = 95.0  # score from which a register name is the very same but for 村 or 嘎查
ABOUT_LISTS = re.compile("示范|重点|名单|整体推进|帮扶|引领|哪一?类|类型|入选|上榜")


def propose_one(
    question: Question, facts: Facts, mentions: Sequence[Mention], banners: list[list[str]]
) -> Proposal:
    matches = [(m, _matches(facts, m.text)) for m in mentions]
    sure = [(m, found[0]) for m, found in matches if found and _is_meant(facts, m.text, found)]
    if not question.has(ABOUT_LISTS) and not sure:
        return _not_listed(question, facts, mentions[0])
    if len(sure) == len(matches) and sure:
        places = [place for _, hit in sure for place in _places_named(facts, hit.name, banners)]
        return Proposal(0.9, membership(question, facts, places, sure), "places", sure[0][1].name)
    for mention, found in matches:
        close = [hit for hit in found if hit.score >= LIKELY]
        if close and not _in_register_only(facts, mention, close):
            return _ask_back(facts, mention, close)
    if sure:
        places = [place for _, hit in sure for place in _places_named(facts, hit.name, banners)]
        return Proposal(0.88, membership(question, facts, places, sure), "places", sure[0][1].name)
    return _not_listed(question, facts, mentions[0])


def _matches(facts: Facts, text: str) -> list[NameMatch]:
    return facts.list_names.match(text, limit=MAX_OPTIONS, cutoff=LIKELY)


def _sharing(facts: Facts, text: str) -> int:
    """How many listed names contain the core of what was typed."""
    core = parse_name(text).core
    return sum(core in name for name in facts.list_names.names) if len(core) > 1 else 0


def _is_meant(facts: Facts, text: str, found: Sequence[NameMatch]) -> bool:
    """Whether the best listed name is what was typed, and not another place of the very name typed."""
    if not _is_sure(found, _sharing(facts, text)):
        return False
    return found[0].how is not How.FUZZY or not _in_register(facts, text)[0]


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
    found = facts.register.find(mention.text, within=league(facts), limit=3)
    exact = bool(found) and found[0].score >= 98
    return exact and close[0].how is How.FUZZY and close[0].score < 80


def _places_named(facts: Facts, name: str, banners: list[list[str]]) -> list[ListedPlace]:
    places = [place for place in facts.listed if place.name == name]
    wanted = {b for names in banners for b in names}
    inside = [p for p in places if read_group(p.list) in wanted]
    return inside or places


def membership(
    question: Question, facts: Facts, places: Sequence[ListedPlace], sure: Sequence[tuple[Mention, NameMatch]]
) -> Answer:
    """Which lists places are on; `sure` is how each was written in the question."""
    places = list(dict.fromkeys(places))
    leads = [_describe(place) for place in places]
    lead = "；".join(leads[:3]) + "。"
    changed = [(m.text, hit) for m, hit in sure if hit.how is not How.EXACT]
    body = [f"按“{hit.name}”查的（您写的是“{text}”）。" for text, hit in changed]
    body += [_register_line(facts, place) for place in places]
    if not question.has(ABOUT_LISTS):
        body += [_elsewhere(facts, text, hit.name) for text, hit in changed]
        body += [_same_name(facts, m.text) for m, hit in sure if hit.how is How.EXACT]
    notices = []
    banner = next((read_group(p.list) for p in places if p.list.group), "")
    if banner and (category := category_of(facts, banner)):
        notices.append(
            f"{banner}在规划里是{category.designation.removesuffix('旗区')}旗区；旗区类别和村的类别是两回事。"
        )
    quotations = list(dict.fromkeys(cite_list(facts, p.document, p.list) for p in places))
    return compose(
        facts, Status.ANSWERED, lead, body=[b for b in body if b], quotations=quotations, notices=notices
    )


def _describe(place: ListedPlace) -> str:
    group = read_group(place.list)
    where = f"，在{group}名下" if group else ("" if is_banner_list(place.list) else "（名单没有写所属旗区）")
    kind = place.list.designation
    return f"{place.name}是{kind}{where}"


def _register_line(facts: Facts, place: ListedPlace) -> str:
    """Where the register of areas has a place of this name, labelled as such."""
    assert facts.register is not None
    group = read_group(place.list) or "鄂尔多斯市"
    found = [m for m in facts.register.find(place.name, within=group, limit=3) if m.score >= 93]
    if not found or len(found) > 3:
        return ""
    paths = "；".join(" ".join(facts.register.path(m.area)) for m in found)
    return f"行政区划登记表（2023年）里同名的地方：{paths}"


def _same_name(facts: Facts, text: str) -> str:
    """That the register has other places of this name; "" when there is none."""
    same, _ = _in_register(facts, text)
    return f"登记表里叫这个名字的共{len(same)}个：{'；'.join(same[:MAX_OPTIONS])}" if len(same) > 1 else ""


def _elsewhere(facts: Facts, text: str, name: str) -> str:
    """Other places of the register that a misspelt name may mean; "" when there are none."""
    same, similar = _in_register(facts, text)
    others = [path for path in (*same, *similar) if name not in path]
    return f"名字相同或相近的地方还有：{'；'.join(others)}" if others else ""


def _ask_back(facts: Facts, mention: Mention, close: Sequence[NameMatch]) -> Proposal:
    options = [_option(facts, hit.name) for hit in close]
    lead = f"名单里有{len(options)}个和“{mention.text}”相近的名字，您问的是哪一个？"
    if len(options) == 1:
        lead = f"名单里没有“{mention.text}”，您问的是不是这个？"
    answer = compose(facts, Status.CLARIFY, lead, options=options)
    return Proposal(0.9, answer, "places", mention.text)


def _option(facts: Facts, name: str) -> str:
    place = next(p for p in facts.listed if p.name == name)
    group = read_group(place.list)
    return f"{name}（{group + '，' if group else ''}{place.list.designation}）"


def _not_listed(question: Question, facts: Facts, mention: Mention) -> Proposal:
    """Not on a list is not the same as not designated; the register tells where the place is."""
    same, similar = _in_register(facts, mention.text)
    if not question.has(ABOUT_LISTS) and (same or similar):
        return Proposal(0.87, _where(facts, mention.text, same, similar), "places", mention.text)
    document = facts.listed[0].document
    body = [f"《{document.title}》的名单里没有这个名字；没列名不等于不是，名字也可能写法不同。"]
    options = (same or similar)[:MOST_NAMES] if len(same or similar) > 1 else []
    if same or similar:
        body.append(f"行政区划登记表（2023年）里{'有这个地方' if same else '名字相近的地方'}：")
        body += [] if options else (same or similar)
    lead = f"名单中没有找到“{mention.text}”。"
    return Proposal(
        0.87, compose(facts, Status.NOT_FOUND, lead, body=body, options=options), "places", mention.text
    )


def _where(facts: Facts, text: str, same: Sequence[str], similar: Sequence[str]) -> Answer:
    """Where a place is by the register; of several the reader chooses."""
    if len(same) == 1:
        body = [f"如果不是这里，名字相近的还有：{'；'.join(similar)}"] if similar else []
        return compose(
            facts, Status.ANSWERED, f"“{text}”：{same[0]}（据行政区划登记表，2023年）。", body=body
        )
    options = [*same, *similar]
    if len(options) == 1:
        lead = f"行政区划登记表里没有“{text}”，您问的是不是这个？"
    else:
        lead = f"行政区划登记表里{'同名' if same else '名字相近'}的地方有{len(options)}个，您问的是哪一个？"
    return compose(facts, Status.CLARIFY, lead, options=options)


def _in_register(facts: Facts, text: str) -> tuple[list[str], list[str]]:
    """Places of the very name, and those of similar names."""
    assert facts.register is not None
    found = facts.register.find(text, limit=MOST_NAMES)
    same = dict.fromkeys(_register_path(facts, m) for m in found if m.score >= SAME_NAME)
    similar = dict.fromkeys(_register_path(facts, m) for m in found)
    return list(same), [path for path in similar if path not in same][:MOST_NAMES]


def _register_path(facts: Facts, match: PlaceMatch) -> str:
    assert facts.register is not None
    return " ".join(facts.register.path(match.area))
