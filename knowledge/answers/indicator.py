"""Who scores an indicator, how many points it has, its unit, its number and its dimension."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.answers.compose import TABLE_LEVEL, Proposal, cite_indicator, compose, points_text
from knowledge.concepts import Concept, weak_words
from knowledge.facts import Facts
from knowledge.linking import Link, tied
from knowledge.model import Answer, Status
from knowledge.question import Question
from knowledge.records import Indicator
from knowledge.text import normalise, squeeze

MIN_SCORE = 0.36
BARE_NAME, WHOLE_NAME = 0.3, 0.9  # confidence when only words of a name, or all of a name, are typed
MIN_SPOKEN = 0.25  # when the question plainly speaks of a row of the table (那项, 指标, 考核)
RIVAL_RECALL = 0.35  # part of the best name's recall from which another row is a rival
_ROW = re.compile(r"那\d+(?:\.\d+)?分|那[一]?项|这[一]?项|那个指标|这个指标|指标|第几项|这一?条考核")
_POINTS_ASKED = re.compile(r"(\d+(?:\.\d+)?)\s*分的?")
_WHICH_ROWS = re.compile("哪[些几]|有什么|都是|列")
NAMED_RECALL = 0.3  # part of a row's name from which one of several is spelled out
_CONJUNCTION = re.compile("和|跟|与|、|还有|以及")
_SCORER_ASKED = re.compile("谁|哪个?(?:部门|单位|厅|局|家)|归.{0,6}考")
SHORT_REFERENCE = 0.62  # recall below which a name may just be one of several
MAX_OPTIONS = 6
BLANK = "考核单位栏为空"


def propose(question: Question, facts: Facts) -> Proposal | None:
    """An indicator card, several cards, or a question back when a short name fits several."""
    if not facts.indicators:
        return None
    if listed := _by_points(question, facts):
        return listed
    rows = _by_number(question, facts)
    spoken_of = question.asks_scorer or question.asks_formula or question.has(_ROW)
    if rows:
        return Proposal(0.97, answer(question, facts, rows), "indicator", rows[0].name)
    if question.items and (question.asks_scorer or question.asks_points or question.has(_ROW)):
        return _no_such_row(question, facts)
    subject = _subject(question, facts)
    if not subject:
        return None
    needed = MIN_SPOKEN if spoken_of else MIN_SCORE
    links = [link for link in facts.indicator_links.link(question, subject) if link.score >= needed]
    if links and not _about_assessment(question, facts, links[0]):
        return _bare_name(question, facts, links)
    if not links:
        return None
    candidates = _candidates(links)
    if len(candidates) > 1 and candidates[0].recall < SHORT_REFERENCE:
        return _ask_back(question, facts, [facts.indicators[link.number] for link in candidates])
    best = _each_named(question, facts) or [facts.indicators[links[0].number]]
    if best[0].group and best[0].group in question.text:
        best = [row for row in facts.indicators if row.group == best[0].group]
    confidence = 0.5 + 0.5 * links[0].score
    if question.asks_scorer and (question.asks_who or question.asks_points or links[0].score >= 0.5):
        confidence += 0.12
    if not spoken_of and not (question.asks_points or question.asks_unit or question.asks_order):
        confidence -= 0.2
    return Proposal(confidence, answer(question, facts, best), "indicator", best[0].name)


def _bare_name(question: Question, facts: Facts, links: Sequence[Link]) -> Proposal | None:
    """`村规民约`, nothing else: the row of that name, unless a passage has more to say."""
    typed = squeeze(question.text)
    if whole := [row for row in facts.indicators if squeeze(normalise(row.name)) == typed]:
        return Proposal(WHOLE_NAME, answer(question, facts, whole[:1]), "indicator", whole[0].name)
    if typed != "".join(concept.surface for concept in question.concepts) or links[0].coverage < 0.9:
        return None
    rows = [facts.indicators[link.number] for link in _candidates(links)]
    if len(rows) > 1:
        return Proposal(BARE_NAME, _ask_back(question, facts, rows).answer, "indicator", question.text)
    return Proposal(BARE_NAME, answer(question, facts, rows), "indicator", rows[0].name)


def _by_points(question: Question, facts: Facts) -> Proposal | None:
    """`哪些指标是4分的`: all rows with these points."""
    found = _POINTS_ASKED.search(question.text)
    if not found or not question.has(_WHICH_ROWS):
        return None
    rows = [row for row in facts.indicators if row.points == found[1]]
    if not rows:
        return None
    lead = f"{found[1]}分的指标共{len(rows)}项：{'、'.join(row.item for row in rows)}。"
    body = [f"{row.line}（{scorer(row)}）" for row in rows]
    answer = compose(
        facts, Status.ANSWERED, lead, body=body, quotations=[cite_indicator(rows[0])], notices=[TABLE_LEVEL]
    )
    return Proposal(0.93, answer, "indicator", lead)


def _no_such_row(question: Question, facts: Facts) -> Proposal | None:
    """A number beyond the table: `第63项谁考核`."""
    numbers = [row.number for row in facts.indicators if row.number]
    if not numbers:
        return None
    lead = f"考核表没有第{'、'.join(map(str, question.items))}项，只有第{min(numbers)}—{max(numbers)}项。"
    return Proposal(0.9, compose(facts, Status.NOT_FOUND, lead), "indicator")


def _subject(question: Question, facts: Facts) -> list[Concept]:
    """The concepts without departments: `草畜平衡是林草还是农牧考核的` is about 草畜平衡."""
    words = [word for _, word in facts.departments.find(question.text)]
    rest = [c for c in question.concepts if not any(c.surface in w or w in c.surface for w in words)]
    strong = [c for c in rest if c.surface not in weak_words()]
    return strong or rest


def _by_number(question: Question, facts: Facts) -> list[Indicator]:
    if not question.items:
        return []
    return [row for number in question.items for row in facts.indicators if row.number == number]


def _about_assessment(question: Question, facts: Facts, best: Link) -> bool:
    """Only a question about scoring is answered with a row of the assessment table."""
    if question.asks_formula and best.recall >= SHORT_REFERENCE:
        return True
    if question.asks_points or question.asks_order or question.asks_unit or question.has(_ROW):
        return True
    if question.asks_scorer:
        return question.asks_who or best.score >= 0.5 or best.recall >= 0.5
    if asks_dimension(question, facts) and best.recall > 0.3:
        return True
    return question.asks_who and not question.asks_responsible and best.recall > 0.5


def asks_dimension(question: Question, facts: Facts) -> bool:
    """Whether the dimension of a row is asked, directly or as a choice between two."""
    named = any(d.name[:4] in question.text or d.name[-4:] in question.text for d in facts.dimensions)
    return question.asks_dimension or (question.asks_either and named)


def _candidates(links: Sequence[Link]) -> list[Link]:
    """Rows that the question fits equally well: all its concepts covered, none named much more fully."""
    best = links[0]
    if best.coverage < 0.9:
        return [link for link in tied(links, 0.05) if abs(link.coverage - best.coverage) < 0.03][:MAX_OPTIONS]
    same = [link for link in links if best.coverage - link.coverage < 0.05]
    return [link for link in same if link.recall >= RIVAL_RECALL * best.recall][:MAX_OPTIONS]


def _each_named(question: Question, facts: Facts) -> list[Indicator]:
    """`村规民约和草畜平衡分别归谁考核`: the rows of the names that a conjunction joins; [] for one."""
    bounds = [0, *(m.end() for m in _CONJUNCTION.finditer(question.text)), len(question.text)]
    parts = [[c for c in _subject(question, facts) if a <= c.start < b] for a, b in pairwise(bounds)]
    best = [facts.indicator_links.link(question, part)[:1] for part in parts if part]
    sure = [link[0] for link in best if link and link[0].coverage >= 0.9 and link[0].recall >= NAMED_RECALL]
    rows = list(dict.fromkeys(link.number for link in sure))
    return [facts.indicators[number] for number in rows] if len(rows) > 1 and len(sure) == len(best) else []


def _ask_back(question: Question, facts: Facts, rows: Sequence[Indicator]) -> Proposal:
    options = [f"第{row.number}项 {row.name}" if row.number else row.name for row in rows]
    lead = f"考核表里有{len(rows)}项说法相近，您问的是哪一项？"
    answer = compose(facts, Status.CLARIFY, lead, options=options)
    return Proposal(0.93, answer, "indicator", question.text)


def answer(question: Question, facts: Facts, rows: Sequence[Indicator]) -> Answer:
    """The cards of rows, with what the question asks about them in front."""
    lead = "；".join(_lead(question, facts, row) for row in rows[:3]) + "。"
    body = [line for row in rows for line in card(row, facts)]
    notices = [*(n for row in rows for n in row.notices), TABLE_LEVEL]
    if question.asks_formula:
        lead = f"文件没有规定怎样计分、扣分，只写了：{_lead(question, facts, rows[0])}。"
        return compose(
            facts,
            Status.NOT_FOUND,
            lead,
            body=body,
            quotations=[cite_indicator(r) for r in rows],
            notices=notices,
        )
    return compose(
        facts, Status.ANSWERED, lead, body=body, quotations=[cite_indicator(r) for r in rows], notices=notices
    )


def _lead(question: Question, facts: Facts, row: Indicator) -> str:
    name = row.mention
    if asks_dimension(question, facts) and not question.has(_SCORER_ASKED):
        return f"{name}{_dimension(row)}"
    if question.asks_unit and not question.asks_scorer:
        return f"{name}的计量单位是{row.unit}，{_points(row)}"
    return f"{name}{scorer(row)}，{_points(row)}"


def scorer(row: Indicator) -> str:
    """`由民政厅考核`, or that the cell is empty and what may be inferred."""
    names = "、".join(row.departments)
    if not row.departments:
        return f"{BLANK}，文件没有写明"
    if "departments" not in row.inferred:
        return f"由{names}考核"
    if "提供数据" in names:
        return f"由{names}"
    return f"{BLANK if not row.printed_departments else '考核单位列错位'}，推断为{names}"


def _points(row: Indicator) -> str:
    text = points_text(row)
    if "points" not in row.inferred:
        return text
    if text != row.points:
        return f"{text}（推算）"
    return f"分值印作{text}" if text[:1].isdigit() else text


def _dimension(row: Indicator) -> str:
    if "dimension" in row.inferred and row.dimension != row.printed_dimension:
        return f"推断应属“{row.dimension}”（源表印在“{row.printed_dimension}”栏）"
    return f"属于“{row.dimension}”"


def card(row: Indicator, facts: Facts) -> list[str]:
    """The row as lines to read; what is inferred says so."""
    weight = next(
        (d.weight for d in facts.dimensions if d.table is row.table and d.name == row.dimension), ""
    )
    dimension = row.dimension + (f"（权重{weight}分）" if weight else "")
    if "dimension" in row.inferred and row.dimension != row.printed_dimension:
        dimension += f"（推断；源表印在“{row.printed_dimension}”栏）"
    number = (
        f"第{row.number}项" + ("（编号为推断）" if "number" in row.inferred else "") if row.number else ""
    )
    return [
        f"{number} {row.name}".strip(),
        f"考核项目：{dimension}",
        f"分值：{_points(row)}　单位：{row.unit or '—'}",
        f"考核单位：{'、'.join(row.departments) or '未印出'}"
        + ("（推断）" if "departments" in row.inferred else ""),
    ]
