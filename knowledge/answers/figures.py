"""Figures of tables: plan targets by year, funds by year, projects by class."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answers.compose import Proposal, Quotation, cite_clause, cite_figures, compose
from knowledge.facts import Facts
from knowledge.linking import Link
from knowledge.model import Answer, Status
from knowledge.parsing.tables import YEAR
from knowledge.question import Question
from knowledge.records import Figures
from knowledge.text import normalise, squeeze
from knowledge.wants import Wants

MIN_SCORE = 0.42
SAME_SUBJECT = 0.55
_ASKS_VALUE = re.compile(
    "多少|几|率|比例|占比|目标|要求|计划|安排|总投资|资金|达到|到多|基数|底数|水平|约束|预期|属性|现状|哪年|哪一年|增速|高[于过]|清零|病种"
)
_ATTRIBUTE = re.compile("约束性|预期性|属性")


def propose(question: Question, facts: Facts) -> Proposal | None:
    """The row of a table that the question names, with the cell it asks for first."""
    if not facts.figures or not question.has(_ASKS_VALUE) or question.wants in (Wants.CONTACT, Wants.AGE):
        return None
    if question.has(_ATTRIBUTE) and (listed := _by_attribute(question, facts)):
        return listed
    links = [link for link in facts.figure_links.link(question) if _near(question, facts, link)]
    if not links or question.asks_scorer or (question.asks_points and not question.years):
        return None
    links = [link for link in links if _fits(question, facts.figures[link.number])]
    if not links:
        return None
    link = links[0]
    row = facts.figures[link.number]
    missing = _missing_years(question, row)
    confidence = 0.4 + 0.55 * min(1.0, link.score) + (0.06 if question.years else 0)
    if question.years and not missing and not _said_in_text(question, facts):
        confidence += 0.15  # only the table has a figure for this year
    if missing:
        return Proposal(confidence, _no_such_year(facts, row, missing), "figures", row.label)
    rows = [row, *_also_named(question, facts, links)]
    return Proposal(min(confidence, 0.96), _answer(question, facts, rows), "figures", row.label)


def _said_in_text(question: Question, facts: Facts) -> bool:
    """Whether the best sentence speaks of the year asked for."""
    ranked, _ = facts.ranker.rank(question)
    return bool(ranked) and any(str(year) in ranked[0].passage.text for year in question.years)


def _near(question: Question, facts: Facts, link: Link) -> bool:
    """Whether the row is what is asked: most of the question in it, or its name in the question."""
    row = facts.figures[link.number]
    columns = any(_column_named(name, question) for name, _ in row.cells if not YEAR.match(name))
    needed = MIN_SCORE - (0.08 if columns else 0)
    return link.score >= needed and (link.coverage >= 0.5 or link.recall >= 0.6)


_PIECES = re.compile("多少[个项]|几[个项]")
_PEOPLE = re.compile("多少[户人名次家村]|几[户人名家]|多少个村|几个村")


def _fits(question: Question, row: Figures) -> bool:
    """Whether the row can hold what is counted: money, pieces, or anything else but people."""
    names = "".join([row.label, row.table.title, *(name for name, _ in row.cells)])
    if question.has(_PEOPLE):
        return False
    if question.has(_PIECES) and not re.search("投资|多少[钱万亿]", question.text):
        return "个" in names
    return question.wants is not Wants.MONEY or "元" in names


def _missing_years(question: Question, row: Figures) -> list[int]:
    columns = "".join(name for name, _ in row.cells if YEAR.match(name))
    return [year for year in question.years if columns and str(year) not in columns]


def _also_named(question: Question, facts: Facts, links: Sequence[Link]) -> list[Figures]:
    first = facts.figures[links[0].number]
    rows = [facts.figures[k.number] for k in links[1:3] if k.recall > 0.75 and links[0].recall > 0.75]
    return [
        row
        for row in rows
        if row.label != first.label and _spelled(row, question) and _spelled(first, question)
    ]


def _spelled(row: Figures, question: Question) -> bool:
    bare = squeeze(normalise(re.sub(r"[（(].*?[）)]", "", row.label)))
    return bare[-5:] in squeeze(question.text)


def _no_such_year(facts: Facts, row: Figures, missing: Sequence[int]) -> Answer:
    columns = "、".join(name for name, _ in row.cells if YEAR.match(name))
    lead = f"文件没有“{row.label}”{'、'.join(map(str, missing))}年的数，只列了{columns}。"
    return compose(facts, Status.NOT_FOUND, lead, body=row_lines(row), quotations=[cite_figures(row)])


def _by_attribute(question: Question, facts: Facts) -> Proposal | None:
    """`哪些是约束性指标`: all rows whose attribute column says so."""
    wanted = next((w for w in ("约束性", "预期性") if w in question.text), None)
    rows = [f for f in facts.figures if wanted and any(cell == wanted for _, cell in f.cells)]
    links = facts.figure_links.link(question)
    if not rows or (links and links[0].recall > 0.6):
        return None
    lead = f"{wanted}指标共{len(rows)}项：{'、'.join(r.label for r in rows)}。"
    if len(lead) > 115:
        lead = f"{wanted}指标共{len(rows)}项（合计为计算所得）。"
    body = [f"{r.number}. {r.label}" if r.number else r.label for r in rows]
    answer = compose(facts, Status.ANSWERED, lead, body=body, quotations=[cite_figures(r) for r in rows[:1]])
    return Proposal(0.85, answer, "figures", wanted or "")


def _answer(question: Question, facts: Facts, rows: Sequence[Figures]) -> Answer:
    lead = "；".join(_lead(question, row) for row in rows) + "。"
    body = [line for row in rows for line in row_lines(row)]
    notices = []
    if any(row.shared_years for row in rows):
        notices.append("该指标各年共用一格，是全过程要求，不是单年数值。")
    quotations: list[Quotation] = [cite_figures(row) for row in rows]
    quotations += _related_text(question, facts, rows[0])
    return compose(facts, Status.ANSWERED, lead, body=body, quotations=quotations, notices=notices)


def _lead(question: Question, row: Figures) -> str:
    cells = _asked_cells(question, row)
    values = "，".join(f"{_bare(name)}{_with_unit(cell, name, row)}" for name, cell in cells)
    if row.shared_years:
        values = cells[0][1]
    title = _bare(row.label) if row.number is not None else _title(row)
    return f"{title}：{values}"


def _bare(name: str) -> str:
    """A name without the unit in brackets behind it; the unit stands behind the figure."""
    return re.sub(r"[（(](?:%|≥|个|万元|亿元)[）)]$", "", name)


def _title(row: Figures) -> str:
    subject = re.sub(
        r"20\d\d年?[-—]20\d\d年?|[（(][^（）()]*[）)]|项目实施及计划$|计划表?$|[“”]", "", row.table.title
    )
    return f"{subject}·{row.label}" if len(subject) + len(row.label) < 45 else row.label


def _with_unit(cell: str, column: str, row: Figures) -> str:
    found = re.search(r"[（(]([^（）()]{1,4})[）)]$", column)
    unit = found[1] if found else row.unit
    if unit == "≥" or not re.fullmatch(r"[＞＜≥≤>]?\d+(?:\.\d+)?", cell):
        return cell
    if not unit and YEAR.match(column):
        unit = _unit_of_years(row)
    return f"{cell}{unit}"


def _unit_of_years(row: Figures) -> str:
    """Years of a table whose total column is counted (个) carry that unit."""
    first = next((name for name, _ in row.cells if not YEAR.match(name)), "")
    found = re.search(r"[（(](个|户|人|处)[）)]$", first)
    return found[1] if found else ""


def _asked_cells(question: Question, row: Figures) -> list[tuple[str, str]]:
    """The cells of the years or columns asked for; without any, all years or all columns."""
    by_year = [(n, c) for n, c in row.cells if any(str(year) in n for year in question.years)]
    by_column = [(n, c) for n, c in row.cells if not YEAR.match(n) and _column_named(n, question)]
    if by_year or by_column:
        return [*by_column, *by_year]
    others = [(n, c) for n, c in row.cells if not YEAR.match(n)]
    if len(others) > 2:
        return others
    return [(n, c) for n, c in row.cells if YEAR.match(n)] or list(row.cells)


def _column_named(column: str, question: Question) -> bool:
    name = squeeze(normalise(re.sub(r"[（(].*", "", column)))
    text = squeeze(question.text)
    if name in text:
        return True
    if name == "属性" and re.search("约束|预期", text):
        return True
    if (
        "总数" in name
        and re.search("个数|总数|多少个", text)
        and (not question.years or re.search("[总一]共", text))
    ):
        return True
    if "总投资" in name and re.search("投多少|投[了入]?几|投入|盘子", text):
        return True
    for word in ("总投资", "专项资金", "总数", "属性"):
        if word in name and (
            word in text
            or (
                word == "总数"
                and (re.search("[总一]共|合计", text) or (question.asks_count and not question.years))
            )
        ):
            return True
    return "总投资" in name and "投资" in text


def same_subject(question: Question, facts: Facts) -> Figures | None:
    """The row of a table that speaks of the same as a question answered from running text."""
    links = facts.figure_links.link(question)
    if not links or links[0].score < SAME_SUBJECT or not _fits(question, facts.figures[links[0].number]):
        return None
    return facts.figures[links[0].number]


def row_lines(row: Figures) -> list[str]:
    """The row in a line to read, all columns."""
    values = "；".join(f"{name}：{cell}" for name, cell in row.cells)
    return [f"{row.label} — {values}"]


def _related_text(question: Question, facts: Facts, row: Figures) -> list[Quotation]:
    """The sentence of the running text that says the same or more, when it is near."""
    ranked, _ = facts.ranker.rank(question)
    if not ranked or ranked[0].score < 0.75 or ranked[0].passage.factor < 1:
        return []
    hit = ranked[0]
    return [
        cite_clause(facts.documents[hit.passage.document], facts.ranker.clause(hit.passage), hit.passage.text)
    ]
