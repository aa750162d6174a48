"""What a department scores, with the sum of points, and which measures it is responsible for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.answers import responsibility
from knowledge.answers.compose import (
    TABLE_LEVEL,
    Proposal,
    Quotation,
    cite,
    cite_clause,
    cite_indicator,
    compose,
    points_text,
)
from knowledge.concepts import weak_words
from knowledge.departments import same_bodies
from knowledge.facts import Facts
from knowledge.model import Answer, Status
from knowledge.parsing.lists import departments_quote
from knowledge.question import Question
from knowledge.records import Indicator, Measure, points_sum

_REVERSE = re.compile(
    "有没有责任|有没有份|参与|涉及|有份|挂|哪[一几]?[条项]|(?:考核|打分|评分|考|负责|管|牵头|承担|挂).{0,8}(?:哪|什么|几|多少|哪些|全|列|内容|事)|名下|哪[几些].{0,6}(?:指标|项|条|措施)|几个指标|几项|"
    "考核的(?:指标|项目|内容)|考核的?是|有什么考核|多不多|(?:哪些|几[项条个]).{0,8}(?:归|由|是)|一共|共?多少分|总共"
)
_NAMES_IN_LEAD = 3
TOPIC_RECALL = 0.35
_TOGETHER = re.compile("一块|一起|共同|两家|合着|联合")
_EACH = re.compile("各|分别|都|和|跟|与")
_BOTH = re.compile("指标.*(?:措施|政策)|(?:措施|政策).*指标")
_BODY = re.compile(
    r"[^的是哪个谁几什么由归给被把那这和跟与，。？\s]{2,6}?(?:局|厅|委|总队)(?=在|考|给|打|的|是|负|名|有|管|都|一)"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """What an answer says of one department."""

    lead: str
    body: list[str]
    quotations: list[Quotation]
    notices: list[str]


def propose(question: Question, facts: Facts) -> Proposal | None:
    """A department's indicators or measures, when the question names the department and no row."""
    found = facts.departments.find(question.text)
    if not found:
        return _unknown(question, facts)
    if not question.has(_REVERSE) and not (
        question.asks_scorer and (question.asks_list or question.has(_TOGETHER))
    ):
        return None
    if (
        len(found) > 1
        and question.has(_TOGETHER)
        and (shared := _shared_rows(facts, [name for name, _ in found]))
    ):
        return shared
    if len(found) > 1 and question.has(_EACH):
        return _each(question, facts, [name for name, _ in found])
    name, word = found[0]
    if topic := _topic(question, facts, name, word):
        return Proposal(0.9, responsibility.answer(facts, topic), "responsibility", topic.clause.title)
    rows, measures = records_of(facts, name)
    scores = question.asks_scorer or question.asks_points or bool(re.search("指标|附表", question.asking))
    if re.search("负责.{0,4}考核|考核.{0,4}负责", question.asking):
        measures = []
    wants_measures = question.asks_responsible or bool(re.search("措施|政策|条款", question.asking))
    if question.has(_BOTH):
        pass
    elif scores and not (wants_measures and not question.asks_scorer):
        measures = []
    elif wants_measures:
        rows = []
    if not rows and not measures:
        return _nothing(facts, name, scores)
    confidence = 0.86 if _subject_is_department(question, word) else 0.55
    return Proposal(confidence, _joined(facts, [_part(name, rows, measures, word)]), "department", name)


def everything(facts: Facts, name: str) -> Answer:
    """All that a department scores and is responsible for; `name` is one of `facts.departments.known`."""
    return _joined(facts, [_part(name, *records_of(facts, name))])


def records_of(facts: Facts, name: str) -> tuple[list[Indicator], list[Measure]]:
    """The rows that a department scores, and the measures it is responsible for."""
    rows = [i for i in facts.indicators if name in same_bodies(i.departments)]
    return rows, [m for m in facts.measures if name in same_bodies(m.clause.departments)]


def _unknown(question: Question, facts: Facts) -> Proposal | None:
    """A body that neither scores nor is responsible for anything in the documents."""
    body = _BODY.search(question.text)
    asked = question.asks_scorer or question.asks_responsible
    if not body or not asked or not question.has(_REVERSE):
        return None
    if facts.ranker.scorer.index.containing(body[0]):
        return None
    return _nothing(facts, body[0], scores=question.asks_scorer)


def _topic(question: Question, facts: Facts, name: str, word: str) -> Measure | None:
    """The measure of this department that the question is about, if it names one."""
    if question.asks_scorer or _subject_is_department(question, word):
        return None
    concepts = [c for c in question.concepts if c.surface not in word and word not in c.surface]
    for link in facts.measure_links.link(question, concepts):
        measure = facts.measures[link.number]
        if name in same_bodies(measure.clause.departments) and link.recall >= TOPIC_RECALL:
            return measure
    return None


def _shared_rows(facts: Facts, names: Sequence[str]) -> Proposal | None:
    """Rows that several departments score together."""
    rows = [i for i in facts.indicators if set(names) <= same_bodies(i.departments)]
    if not rows:
        return None
    lead = f"{'、'.join(names)}共同考核{len(rows)}项：" + "、".join(
        f"{r.mention}（{points_text(r)}）" for r in rows
    )
    notices = [*(n for r in rows for n in r.notices), TABLE_LEVEL]
    answer = compose(
        facts, Status.ANSWERED, lead + "。", quotations=[cite_indicator(r) for r in rows], notices=notices
    )
    return Proposal(0.93, answer, "department", names[0])


def _each(question: Question, facts: Facts, names: Sequence[str]) -> Proposal:
    """Several departments asked for at once: all of their rows."""
    rows = [[i for i in facts.indicators if name in same_bodies(i.departments)] for name in names]
    parts = [_part(name, found, []) for name, found in zip(names, rows, strict=True) if found]
    if not parts:
        return _nothing(facts, "、".join(names), scores=True)
    return Proposal(0.88, _joined(facts, parts), "department", names[0])


def _subject_is_department(question: Question, word: str) -> bool:
    """Whether hardly anything but the department's name is asked about."""
    others = [c for c in question.concepts if c.surface not in word and word not in c.surface]
    return sum(len(c.surface) for c in others if c.surface not in weak_words()) <= 8


def _nothing(facts: Facts, name: str, scores: bool) -> Proposal:
    what = "考核表里没有" if scores else "文件里没有写"
    lead = f"{what}{name}{'考核的指标' if scores else '负责的事项'}。"
    return Proposal(0.9, compose(facts, Status.NOT_FOUND, lead), "department", name)


def _part(name: str, rows: Sequence[Indicator], measures: Sequence[Measure], word: str = "") -> _Part:
    """All that an answer says of one department; `word` is what the question calls it."""
    printed = [
        r for r in rows if "departments" not in r.inferred or name in same_bodies(r.printed_departments)
    ]
    inferred = [r for r in rows if r not in printed]
    leads = (_scores_lead(name, printed, inferred), _measures_lead(name, rows, measures))
    ordered = (*printed, *inferred)
    notices = [*_renamed(name, word), *([TABLE_LEVEL] if rows else [])]
    notices += [notice for row in ordered if _tells(row) for notice in row.notices]
    return _Part(
        "，".join(lead for lead in leads if lead) + "。",
        _body(name, printed, inferred, measures),
        [*(cite_indicator(row) for row in ordered), *(_cite_measure(m) for m in measures)],
        notices,
    )


def _joined(facts: Facts, parts: Sequence[_Part]) -> Answer:
    """One answer of the parts; each department is quoted once in the text, its rest only cited."""
    answer = compose(
        facts,
        Status.ANSWERED,
        "".join(part.lead for part in parts),
        body=[line for part in parts for line in ([part.lead] if len(parts) > 1 else []) + part.body],
        quotations=[quotation for part in parts for quotation in part.quotations[:1]],
        notices=[notice for part in parts for notice in part.notices],
    )
    return replace(answer, citations=tuple(q.citation for part in parts for q in part.quotations))


def _body(
    name: str, printed: Sequence[Indicator], inferred: Sequence[Indicator], measures: Sequence[Measure]
) -> list[str]:
    body = [f"{row.line}（{points_text(row)}{_inferred(row)}）" for row in printed]
    if inferred:
        body += [f"以下各项考核单位栏为空或错位，推断为{name}："]
        body += [f"{row.line}（{points_text(row)}，推断）" for row in inferred]
    if body and measures:
        body += ["负责的政策措施："]
    return body + [f"{_short_place(m)} {m.clause.title}" for m in measures]


def _cite_measure(measure: Measure) -> Quotation:
    place = cite_clause(measure.document, measure.clause).citation.locator
    quote = departments_quote(measure.clause.text)
    return cite(measure.document, place.removeprefix(measure.document.label + " › "), quote)


def _renamed(name: str, word: str) -> list[str]:
    """Told when the question calls the body by another name than the documents."""
    if word in name:
        return []
    return [f"“{word}”在文件里写作“{name}”；机构后来可能改过名，以现在的为准。"]


def _tells(row: Indicator) -> bool:
    """Whether the row's notices matter for who scores it and with how many points."""
    return bool(row.inferred - {"name", "dimension"}) or len(row.departments) > 1


def _inferred(row: Indicator) -> str:
    """What of a row with a printed department is read and not printed."""
    parts = [word for key, word in (("number", "编号"), ("points", "分值")) if key in row.inferred]
    return f"，{'、'.join(parts)}为推断" if parts else ""


def _scores_lead(name: str, printed: Sequence[Indicator], inferred: Sequence[Indicator]) -> str:
    if not printed and not inferred:
        return ""
    rows = sorted([*printed, *inferred], key=lambda row: row.number or 0)
    if all("提供数据" in "".join(row.departments) for row in rows):
        listed = "、".join(row.item for row in rows)
        return f"{name}为{listed}提供数据，表中没有写由它打分"
    if not printed:
        listed = "、".join(row.mention for row in inferred[:_NAMES_IN_LEAD])
        return f"表中没有印出{name}考核的项，推断有{len(inferred)}项：{listed}"
    named = ""
    if len(printed) <= _NAMES_IN_LEAD:
        named = "：" + "、".join(row.mention for row in printed)
    lead = f"{name}考核{len(printed)}项，共{points_sum(printed)}分{named}"
    return lead + (f"，另有{len(inferred)}项推断归它" if inferred else "")


def _measures_lead(name: str, rows: Sequence[Indicator], measures: Sequence[Measure]) -> str:
    if not measures:
        return ""
    named = (
        "：" + "、".join(f"{_short_place(m)}{m.clause.title}" for m in measures) if len(measures) <= 3 else ""
    )
    return f"{'' if rows else name}负责{len(measures)}条政策措施{named}"


def _short_place(measure: Measure) -> str:
    """`二（四）`: the labels of the path alone."""
    labels = [part.split("、")[0] for part in measure.clause.path if "、" in part[:4]]
    return "".join(labels) + measure.clause.label
