"""Questions about a document itself: its number, date, issuer, and how long it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.answers.compose import Proposal, cite, compose
from knowledge.facts import Facts
from knowledge.model import Document, Status
from knowledge.question import Question

_NUMBER = re.compile("文号|几号文|什么号|文件号")
_DATE = re.compile(
    "(?:什么时候|哪年|哪一年|哪天|几月|何时|日期).{0,6}(?:印发|发的|出台|发布|下发|公布|出的)|(?:印发|发布|出台|下发).{0,6}(?:时间|日期|什么时候|哪年|哪天)"
)
_ISSUER = re.compile(
    "谁(?:印发|发的|下发|制定|出台|出的)|哪[个家里].{0,6}(?:印发|发的|下发|制定|出台|出的)|发文(?:单位|机关)|印发(?:单位|机关)"
)
_VALID = re.compile("有效|失效|过期|作废|管到|到哪[一]?年|到什么时候|还管用|废止|期限|规划期")
_DOCUMENT = re.compile("文件|通知|规划|办法|措施|政策")
_OTHER_TOPIC = 6  # characters of concepts beside the document: then it is not about the document


def propose(question: Question, facts: Facts) -> Proposal | None:
    """What the catalogue or the head of a document says about it."""
    asked = next((p for p in (_NUMBER, _DATE, _ISSUER, _VALID) if question.has(p)), None)
    if asked is None or not (question.has(_DOCUMENT) or asked is _NUMBER):
        return None
    rest = [c for c in question.concepts if not asked.search(c.surface) and not _DOCUMENT.search(c.surface)]
    words = [c for c in rest if not re.search("印发|发布|出台|下发|制定|时间|日期|文号|有效|现在", c.surface)]
    named = [facts.documents[k] for k in sorted(question.documents)]
    if sum(len(c.surface) for c in words) > _OTHER_TOPIC or (asked is _VALID and not named and words):
        return None
    documents = named or [d for d in facts.documents if d.date and not d.title.endswith("的通知")]
    documents.sort(key=lambda d: d.valid_until is None)
    lead = "；".join(dict.fromkeys(_said(d, asked) for d in documents))
    quotations = [cite(d, "", d.title) for d in documents]
    answer = compose(facts, Status.ANSWERED, f"{lead}。", body=_card(documents), quotations=quotations)
    return Proposal(0.92, answer, "document")


def _said(document: Document, asked: re.Pattern[str]) -> str:
    name = f"《{document.short_names[0] if document.short_names else document.title}》"
    if asked is _NUMBER:
        return f"{name}{'文号是' + document.number if document.number else '没有印文号'}"
    if asked is _DATE:
        return f"{name}{_day(document)}印发"
    if asked is _ISSUER:
        return f"{name}由{document.issuer}印发" if document.issuer else f"{name}没有写印发单位"
    if document.valid_until:
        return f"{name}管到{document.valid_until.year}年底"
    return f"{name}没有写有效期到哪天，{_day(document)}印发"


def _day(document: Document) -> str:
    d = document.date
    return f"{d.year}年{d.month}月{d.day}日" if d else "没有写哪天"


def _card(documents: Iterable[Document]) -> list[str]:
    return [f"《{d.title}》：{printed(d)}" for d in documents]


def printed(document: Document) -> str:
    """Number, issuer and date, as far as they are known."""
    known = [document.number or "没有印文号", document.issuer or "", _day(document)]
    return "，".join(part for part in known if part)
