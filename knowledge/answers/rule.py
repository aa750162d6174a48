"""The rule that answers a question in free words: the deciding sentence first, its clause below."""

from __future__ import annotations

import re

from knowledge.answers import figures
from knowledge.answers.compose import Proposal, Quotation, cite_clause, cite_figures, compose, quote_around
from knowledge.deciding import deciding_part
from knowledge.expressions import explains, has_expression
from knowledge.facts import Facts
from knowledge.model import Answer, Status
from knowledge.passages import HARD_KINDS, Ranked
from knowledge.question import Question
from knowledge.scoring import Weighted
from knowledge.text import squeeze
from knowledge.wants import LONG_QUESTION, Wants

MIN_COVERAGE = 0.17
MIN_LONG_COVERAGE = 0.1  # in a long story most words are beside the point
FIGURE_KINDS = frozenset({Wants.MONEY, Wants.AMOUNT, Wants.PERCENT, Wants.COUNT})
NEARLY = 0.6  # part of the best coverage from which a passage with a figure is preferred
MIN_FIGURE_COVERAGE = 0.35
STRICT_KINDS = frozenset(
    {Wants.MONEY, Wants.DURATION, Wants.DAYS, Wants.AGE, Wants.AREA, Wants.OFFICE, Wants.CONTACT, Wants.DAY}
)  # in the sentence itself
SECOND_BEST = 0.8  # a second passage is shown from this part of the best score
BESIDE_SLOGAN = 9  # characters
_QUOTED_TERM = re.compile('[“"]([^”"]{2,16})[”"]')


def propose(question: Question, facts: Facts) -> Proposal:
    """Always proposes: the best passage, or that the documents do not say."""
    ranked, weighted = facts.ranker.rank(question)
    if not ranked:
        return Proposal(0.1, nothing(facts, question, []), "rule")
    ranked = _with_wanted_kind_first(question, ranked)
    best = ranked[0]
    if reason := _not_said(question, facts, ranked):
        return Proposal(0.5, nothing(facts, question, ranked[:2], reason), "rule", question.text)
    confidence = 0.3 + 0.5 * min(best.score, 1.1)
    return Proposal(confidence, _answer(question, facts, ranked, weighted), "rule", question.text)


def _with_wanted_kind_first(question: Question, ranked: list[Ranked]) -> list[Ranked]:
    """Asked for a figure, the best passage that has one, if it speaks of the question nearly as well."""
    if question.wants not in HARD_KINDS or has_expression(ranked[0].passage.text, question.wants):
        return ranked
    for at, hit in enumerate(ranked[1:8], 1):
        near = hit.coverage >= NEARLY * ranked[0].coverage
        if near and hit.coverage >= MIN_FIGURE_COVERAGE and has_expression(hit.passage.text, question.wants):
            return [hit, *ranked[:at], *ranked[at + 1 :]]
    return ranked


def _not_said(question: Question, facts: Facts, ranked: list[Ranked]) -> str:
    """Why the best passage does not answer; "" if it does."""
    best = ranked[0]
    needed = MIN_LONG_COVERAGE if len(question.text) > LONG_QUESTION else MIN_COVERAGE
    if question.wants in HARD_KINDS:
        needed *= 1.2
    if best.coverage < needed:
        return "文件里没有找到这方面的规定"
    text = best.passage.text
    around = text if question.wants in STRICT_KINDS else _with_neighbours(facts, best)
    if question.wants in HARD_KINDS and not has_expression(around, question.wants):
        return f"文件提到了这件事，但没有写{_KIND_NAMES[question.wants]}"
    if year := _missing_year(question, ranked):
        return f"文件没有写{year}年的数"
    if head := _missing_head(question, facts, text):
        return f"文件里没有关于“{head}”的规定"
    if question.wants in (Wants.DEFINITION, Wants.ENUMERATION) and (term := _unexplained(question, facts)):
        return f"文件只提了“{term}”，没有解释它的内容"
    return ""


def _missing_year(question: Question, ranked: list[Ranked]) -> int | None:
    """A year asked for a figure that no good passage speaks of, though they speak of other years."""
    good = [hit.passage.text for hit in ranked[:6] if hit.coverage >= 0.95 * ranked[0].coverage]
    if question.wants not in FIGURE_KINDS or not re.search(r"20\d\d", good[0]):
        return None
    return next((y for y in question.years if not any(_speaks_of(text, y) for text in good)), None)


def _speaks_of(text: str, year: int) -> bool:
    """Whether a year stands in the text, alone or within a span (`2021年—2025年`)."""
    spans = re.findall(r"(20\d\d)年?\s*[—-]+\s*(20\d\d)", text)
    return str(year) in text or any(int(a) <= year <= int(b) for a, b in spans)


def _with_neighbours(facts: Facts, hit: Ranked) -> str:
    """The sentence with the one before and the one after it in its clause."""
    sentences = facts.ranker.siblings(hit.passage)
    at = sentences.index(hit.passage.text)
    return "".join(sentences[max(0, at - 1) : at + 2])


def _missing_head(question: Question, facts: Facts, text: str) -> str:
    """A benefit or charge that is asked about and that the passage does not speak of."""
    bare = squeeze(text)
    for concept in question.concepts:
        is_benefit = any(head in concept.surface for head in BENEFITS) or concept.surface.endswith(
            ("费", "金")
        )
        if concept.focus == 1 and is_benefit:
            index = facts.ranker.scorer.index
            is_named = any(alternative in bare for alternative, _ in concept.alternatives)
            somewhere = any(index.containing(alternative) for alternative, _ in concept.alternatives)
            if not is_named and not (somewhere and concept.surface.endswith(("费", "金"))):
                return concept.surface
    if (act := _ACT_ALLOWED.search(question.text)) and act["act"] not in bare:
        return act["act"]
    if question.has(_REIMBURSED) and "报销" not in bare:
        return "报销"
    if question.has(_PAID) and not re.search("缴|保费|交费|收费", bare):
        return "缴费标准"
    return ""


# What may be done with property: a rule about the property that does not name the act says nothing of it.
_ACT_ALLOWED = re.compile(
    "(?:能|让|准|可以)(?:不能)?[^,。?]{0,2}?(?P<act>卖|出租|转租|转让|过户|抵押|继承)(?:掉|了|给[^,。?]{0,3})?(?:吗|不|么|$)"
)
_PAID = re.compile("[交缴][^,。?]{0,4}(?:多少|几)(?:钱|元|块)?")
_REIMBURSED = re.compile("报销|能报|报多少|给报|报百分")


# Money that a person gets or pays. Named in a question, the passage must name it too.
BENEFITS = (
    "补贴",
    "津贴",
    "奖补",
    "补偿",
    "工资",
    "报酬",
    "报销",
    "保费",
    "安家费",
    "养老金",
    "抚恤",
    "罚款",
    "学费",
    "押金",
    "利息",
    "利率",
)
_KIND_NAMES = {
    Wants.DAY: "日期",
    Wants.DATE: "时间",
    Wants.MONEY: "金额",
    Wants.AMOUNT: "数额",
    Wants.PERCENT: "比例",
    Wants.COUNT: "数目",
    Wants.DURATION: "时限",
    Wants.DAYS: "几天之内办完",
    Wants.FREQUENCY: "多久一次",
    Wants.AGE: "年龄",
    Wants.AREA: "面积",
    Wants.OFFICE: "到哪里办",
    Wants.CONTACT: "联系方式",
}


def _unexplained(question: Question, facts: Facts) -> str:
    """A slogan of the documents (a term in quotation marks there) that nothing explains.

    Only when hardly more than the slogan is asked about: `四个不摘是什么`.
    """
    text = squeeze(question.text)
    for term in _slogans(facts):
        known = any(term in c.surface and len(c.alternatives) > 1 for c in question.concepts)
        if squeeze(term) in text and len(text) - len(term) <= BESIDE_SLOGAN and not known:
            sentences = [p.text for p in facts.ranker.passages if term in p.text]
            if not any(explains(sentence, term) for sentence in sentences):
                return term
    return ""


def _slogans(facts: Facts) -> list[str]:
    found = {t for p in facts.ranker.passages for t in _QUOTED_TERM.findall(p.text)}
    return sorted(found, key=len, reverse=True)


def _answer(question: Question, facts: Facts, ranked: list[Ranked], weighted: list[Weighted]) -> Answer:
    best = ranked[0]
    lead = deciding_part(best.passage.text, question, weighted)
    quotations: list[Quotation] = []
    for hit in ranked[:4]:
        if hit is not best and hit.score < SECOND_BEST * best.score:
            break
        clause = facts.ranker.clause(hit.passage)
        quotation = cite_clause(
            facts.documents[hit.passage.document], clause, quote_around(clause.text, hit.passage.text)
        )
        if quotation not in quotations and len(quotations) < 3:
            quotations.append(quotation)
    body = []
    if row := figures.same_subject(question, facts):
        quotations.append(cite_figures(row))
        body = figures.row_lines(row)
    return compose(facts, Status.ANSWERED, lead, body=body, quotations=quotations)


def nothing(
    facts: Facts, question: Question, nearest: list[Ranked], reason: str = "文件里没有找到这方面的规定"
) -> Answer:
    """Silence where the source is silent; the closest headings, so that the reader can look himself."""
    lead = f"{reason}。"
    places = []
    for hit in nearest:
        clause = facts.ranker.clause(hit.passage)
        document = facts.documents[hit.passage.document]
        places.append(f"《{document.title}》{clause.heading}")
    body = (
        ["最接近的条款：", *dict.fromkeys(places)]
        if places
        else ["可以换个说法再问，或发“帮助”看看能问什么。"]
    )
    return compose(facts, Status.NOT_FOUND, lead, body=body)
