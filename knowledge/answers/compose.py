"""From a lead, quotations and notices to the answer that is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.facts import Facts
from knowledge.model import Answer, Citation, Clause, Document, Status
from knowledge.records import Figures, Indicator

MAX_LEAD = 120  # characters, by contract
MAX_TEXT = 4096
MAX_QUOTE = 700  # characters of a clause shown whole; longer ones are cut around what decides
TABLE_LEVEL = "本表是自治区对盟市的考核，考核单位都是自治区级部门；旗区、苏木乡镇的考核以本级文件为准。"


@dataclass(frozen=True, slots=True)
class Quotation:
    """A citation with the document it comes from."""

    document: Document
    citation: Citation


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer with how sure its kind is of it (0–1); the surest is given.

    `subject` is what a follow-up question may refer to, in words of the question.
    """

    confidence: float
    answer: Answer
    kind: str
    subject: str = ""


def cite(document: Document, locator: str, quote: str) -> Quotation:
    """A quotation; an annex is cited under its own title with its label in front of the place."""
    place = f"{document.label} › {locator}" if document.label and locator else document.label or locator
    return Quotation(document, Citation(document.title, document.number, place, quote.strip()))


def cite_clause(document: Document, clause: Clause, quote: str = "") -> Quotation:
    return cite(document, clause_locator(clause), quote or clause.text or clause.heading)


def cite_indicator(row: Indicator) -> Quotation:
    return cite(row.document, row.locator, row.quote)


def cite_figures(row: Figures) -> Quotation:
    return cite(row.document, row.locator, row.quote)


def clause_locator(clause: Clause) -> str:
    """Path and heading; the dash of a bulleted principle is no label."""
    return " › ".join(part.lstrip("—") for part in (*clause.path, clause.heading) if part)


def compose(
    facts: Facts,
    status: Status,
    lead: str,
    *,
    body: Iterable[str] = (),
    quotations: Sequence[Quotation] = (),
    notices: Iterable[str] = (),
    options: Sequence[str] = (),
) -> Answer:
    """Put the parts in the order in which they are read, within the length that channels allow."""
    told = list(dict.fromkeys([*notices, *_contradictions(facts, quotations), *_expiry(facts, quotations)]))
    all_quotations = [*quotations, *_other_sides(facts, quotations)]
    lead = shorten(lead, MAX_LEAD)
    parts = [lead]
    if lines := "\n".join(body):
        parts.append(lines)
    parts += [_quotation_block(q) for q in all_quotations]
    if told:
        parts.append("\n".join(f"提示：{notice}" for notice in told))
    if options:
        parts.append(numbered(options))
    return Answer(
        status=status,
        lead=lead,
        text=shorten("\n\n".join(parts), MAX_TEXT),
        citations=tuple(q.citation for q in all_quotations),
        options=tuple(options),
        notices=tuple(told),
    )


def numbered(options: Sequence[str]) -> str:
    """The choices as they stand at the end of an answer."""
    return "\n".join(f"{k}. {option}" for k, option in enumerate(options, 1))


def points_text(row: Indicator) -> str:
    """`2分`, or the words that tell why the points of a row cannot be settled."""
    return f"{row.points}分" if row.points.replace(".", "").isdecimal() else row.points


def _quotation_block(quotation: Quotation) -> str:
    c = quotation.citation
    date = quotation.document.date
    source = "，".join(
        part for part in (c.number or "", f"{date.year}年{date.month}月{date.day}日" if date else "") if part
    )
    return f"原文：{c.quote}\n出处：《{c.document}》{f'（{source}）' if source else ''} {c.locator}".rstrip()


def _contradictions(facts: Facts, quotations: Sequence[Quotation]) -> list[str]:
    return [n.notice for q in quotations for n in facts.notices_for(q.document, q.citation.quote)]


def _other_sides(facts: Facts, quotations: Sequence[Quotation]) -> list[Quotation]:
    """The other passages of a contradiction that a quotation touches, so that both can be read."""
    result: list[Quotation] = []
    shown = "".join("".join(q.citation.quote.split()) for q in quotations)
    for quotation in quotations:
        for notice in facts.notices_for(quotation.document, quotation.citation.quote):
            for part in notice.quotes:
                bare = "".join(part.split())
                if bare not in shown:
                    shown += bare
                    result.append(
                        cite(quotation.document, _place_of(quotation.document, part), _one_line(part))
                    )
    return result


def _place_of(document: Document, part: str) -> str:
    """The locator of the deepest clause or table in which a piece of text stands."""
    bare = "".join(part.split())
    inside = [c for c in document.clauses if bare in "".join(c.text.split())]
    if inside:
        return clause_locator(inside[-1])
    for table in document.tables:
        if any(bare in "".join(row.raw.split()) for row in table.rows):
            return " › ".join(table.path)
    return ""


def _one_line(text: str) -> str:
    return re.sub(r"\s*[\n\t]\s*", "  ", text.strip())


def _expiry(facts: Facts, quotations: Sequence[Quotation]) -> list[str]:
    """What has run out or been replaced, by the day that the library was opened for."""
    result = []
    for document in dict.fromkeys(q.document.title for q in quotations):
        found = next(q.document for q in quotations if q.document.title == document)
        if found.replaced_by:
            result.append(f"《{found.title}》已由{found.replaced_by}代替。")
        elif found.valid_until and facts.today and facts.today > found.valid_until:
            result.append(
                f"《{found.title}》的期限到{found.valid_until.year}年底，已过期，请核对有没有新文件。"
            )
    return result


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut after a sentence or a comma if there is one, marked with `……`."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 2]
    stops = [cut.rfind(mark) for mark in ("。", "；", "，", "、", "\n")]
    at = max(stop for stop in stops) if max(stops) > limit // 2 else len(cut) - 1
    return cut[: at + 1].rstrip("，、\n") + "……"


def cut_at_sentence(text: str, limit: int) -> str:
    """At most `limit` characters, cut after a sentence where there is one, marked with `……`."""
    if len(text) <= limit:
        return text
    at = max(text.rfind(mark, 0, limit - 2) for mark in "。；！？\n")
    return text[: at + 1].rstrip() + "……" if at > limit // 2 else shorten(text, limit)


def quote_around(text: str, sentence: str, limit: int = MAX_QUOTE) -> str:
    """A clause whole if short enough, else the part around the deciding sentence, cuts as `……`."""
    if len(text) <= limit:
        return text
    at = text.find(sentence)
    if at < 0:
        return shorten(text, limit)
    room = max(0, limit - len(sentence))
    start = max(0, at - room // 3)
    end = min(len(text), start + limit)
    start = 0 if start == 0 else (text.find("。", start, at) + 1 or at)
    stop = text.rfind("。", at + len(sentence), end) + 1
    end = len(text) if end == len(text) else (stop or at + len(sentence))
    return ("……" if start else "") + text[start:end].strip() + ("……" if end < len(text) else "")
