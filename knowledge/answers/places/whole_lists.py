"""Lists: of a banner, of a designation, whole and counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answers.compose import Proposal, compose
from knowledge.answers.places.lists import category_of, cite_list, read_group
from knowledge.facts import Facts
from knowledge.model import Answer, Document, PlaceList, Status
from knowledge.question import Question

TOWNS = re.compile("苏木镇|苏木乡镇|苏木|乡镇|镇")
VILLAGES = re.compile("村|嘎查|营子")
_MOST, _MOST_OF = re.compile("最[多少]"), re.compile("最多")
_ASKED_NUMBER = re.compile(r"(\d+)\s*个")


def propose_banners(
    question: Question, facts: Facts, banners: list[list[str]], designations: Sequence[str]
) -> Proposal | None:
    """`乌审旗有哪些重点村`; a short name that may be several banners is asked back."""
    names = banners[0]
    if len(names) > 1 and not _one_is_meant(question, names):
        answer = compose(facts, Status.CLARIFY, "您问的是哪个旗？", options=names)
        return Proposal(0.9, answer, "places", question.text)
    chosen = [group[0] for group in banners]
    village_lists = [d for d in designations if not d.endswith("旗区")]
    if question.has(VILLAGES) or question.has(TOWNS):
        found = [
            (d, p)
            for d, p in facts.lists
            if p.names and read_group(p) in chosen and p.designation in village_lists
        ]
        if found:
            return Proposal(0.91, banner_list(question, facts, found), "places", chosen[0])
        if village_lists or question.has(VILLAGES):
            return no_such_list(question, facts, chosen, village_lists)
    if not designations and not any(category_of(facts, name) for name in chosen):
        return None
    named = [(name, c) for name in chosen if (c := category_of(facts, name))]
    if named:
        return Proposal(0.88, categories(facts, named), "places", chosen[0])
    return no_such_list(question, facts, chosen, designations)


def _one_is_meant(question: Question, names: Sequence[str]) -> bool:
    return any(name in question.text for name in names)


def banner_list(
    question: Question, facts: Facts, found: Sequence[tuple[Document, PlaceList]], before: str = ""
) -> Answer:
    """All names of lists that stand in the groups of banners; `before` opens the lead."""
    leads = []
    for _, listed in found:
        count = len(listed.names)
        named = f"：{'、'.join(listed.names)}" if count <= 8 else ""
        leads.append(
            f"{read_group(listed)}{listed.designation}共{count}个{_not_as_asked(question, count)}{named}"
        )
    body = [f"{read_group(p)}（{len(p.names)}个）：{'、'.join(p.names)}" for _, p in found]
    notices = []
    for _, listed in found:
        if category := category_of(facts, read_group(listed)):
            notices.append(
                f"{read_group(listed)}在规划里是{category.designation}；旗区类别和村的类别是两回事，分别查。"
            )
    quotations = [cite_list(facts, d, p) for d, p in found]
    lead = before + "；".join(leads) + "。"
    return compose(facts, Status.ANSWERED, lead, body=body, quotations=quotations, notices=notices)


def _not_as_asked(question: Question, count: int) -> str:
    found = _ASKED_NUMBER.search(question.text)
    return f"，不是{found[1]}个" if found and int(found[1]) != count and int(found[1]) > 1 else ""


def no_such_list(
    question: Question, facts: Facts, banners: Sequence[str], designations: Sequence[str]
) -> Proposal:
    name = "、".join(banners)
    kind = next(iter(designations), "这一类")
    document, _ = facts.lists[0]
    lead = f"名单中没有列出{name + '的' if name else ''}{kind}。"
    groups = [f"{read_group(p)}{len(p.names)}个" for _, p in facts.lists if p.group]
    body = [f"《{document.title}》列了这些旗区：{'、'.join(groups)}。" if groups else ""]
    if any(d.startswith("示范引领嘎查") for d in designations):
        body = ["示范引领嘎查村的名单没有写明各村属于哪个旗区，不能按旗区列出。"]
    answer = compose(facts, Status.NOT_FOUND, lead, body=body)
    return Proposal(0.86, answer, "places", banners[0] if banners else kind)


def categories(facts: Facts, named: Sequence[tuple[str, PlaceList]]) -> Answer:
    """Which class each banner is, and the villages listed under it."""
    lead = "；".join(f"{name}是{listed.designation}" for name, listed in named) + "。"
    document = facts.lists[0][0]
    body = []
    for name, _ in named:
        villages = [p for _, p in facts.lists if p.names and read_group(p) == name]
        body += [f"{name}另有{p.designation}{len(p.names)}个：{'、'.join(p.names)}" for p in villages]
    quotations = [cite_list(facts, document, listed) for _, listed in named]
    notices = ["旗区类别和嘎查村类别是两回事，请分别查。"] if body else []
    return compose(facts, Status.ANSWERED, lead, body=body, quotations=quotations, notices=notices)


def propose_list(question: Question, facts: Facts, designations: Sequence[str], sure: float) -> Proposal:
    """All names under designations, group by group, and whether they are as many as the text states."""
    found = [(d, p) for d, p in facts.lists if p.designation in designations]
    if not any(p.names for _, p in found):
        return no_such_list(question, facts, [], designations)
    if question.has(_MOST) and (extreme := _extreme(question, found)):
        return Proposal(
            0.9,
            banner_list(
                question, facts, [extreme], "数量最多的是" if question.has(_MOST_OF) else "数量最少的是"
            ),
            "places",
        )
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
        body += [f"{read_group(p) or name}（{len(p.names)}个）：{'、'.join(p.names)}" for p in parts]
    quotations = [cite_list(facts, d, p) for d, p in found[:1]]
    answer = compose(facts, Status.ANSWERED, "；".join(leads) + "。", body=body, quotations=quotations)
    return Proposal(sure, answer, "places", designations[0])


def _extreme(
    question: Question, found: Sequence[tuple[Document, PlaceList]]
) -> tuple[Document, PlaceList] | None:
    """The group with the most or the fewest names."""
    groups = [(d, p) for d, p in found if p.group]
    pick = max if question.has(_MOST_OF) else min
    return pick(groups, key=lambda item: len(item[1].names)) if groups else None
