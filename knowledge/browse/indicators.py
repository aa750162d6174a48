"""Dimensions → indicators, and departments → what they score and are responsible for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from knowledge.answers import department, dimension, indicator
from knowledge.browse.documents import clause_entry
from knowledge.browse.entry import Entry, Said, said
from knowledge.facts import Facts
from knowledge.library import KnowledgeBase
from knowledge.records import Dimension, Indicator

BY_DEPARTMENT = "按部门查"
_WHO = "归谁考核"


def indicators(library: KnowledgeBase) -> list[Entry]:
    """The dimensions, then rows without one table by table, then all departments."""
    if library.is_large:
        return []
    facts = library.facts
    names = _departments(facts)
    by_department = Entry(f"{BY_DEPARTMENT}（{len(names)}个）", below=partial(_by_department, library, names))
    return [*_groups(facts), *([by_department] if names else [])]


def path_of(library: KnowledgeBase, number: int) -> tuple[int, ...] | None:
    """Where among `indicators` the row of this number stands: the group, and the place in it."""
    if library.is_large:
        return None
    for group, rows in enumerate(_rows_of_groups(library.facts)):
        for place, row in enumerate(rows):
            if row.number == number:
                return (group, place) if len(rows) > 1 else (group,)
    return None


def _groups(facts: Facts) -> Iterator[Entry]:
    for found in facts.dimensions:
        yield _group(facts, found.name, found.indicators, partial(_say_dimension, facts, found))
    for rows in _without_dimension(facts):
        yield _group(facts, rows[0].table.title or rows[0].document.title, rows)


def _group(
    facts: Facts, name: str, rows: Sequence[Indicator], answer: Callable[[], Said] | None = None
) -> Entry:
    """Several rows to choose from; a single one is shown at once."""
    label = f"{name}（{len(rows)}项）"
    if len(rows) == 1:
        return Entry(label, name, answer=partial(_say_row, facts, rows[0]))
    return Entry(label, name, below=partial(_rows, facts, rows), answer=answer)


def _rows_of_groups(facts: Facts) -> list[Sequence[Indicator]]:
    """In the order of `_groups`."""
    return [*(d.indicators for d in facts.dimensions), *_without_dimension(facts)]


def _without_dimension(facts: Facts) -> list[list[Indicator]]:
    tables: dict[int, list[Indicator]] = {}
    for row in facts.indicators:
        if not row.dimension:
            tables.setdefault(id(row.table), []).append(row)
    return list(tables.values())


def _rows(facts: Facts, rows: Sequence[Indicator]) -> list[Entry]:
    return [
        Entry(
            f"{row.number} {row.name}" if row.number else row.name,
            counted="项",
            answer=partial(_say_row, facts, row),
        )
        for row in rows
    ]


def _say_row(facts: Facts, row: Indicator) -> Said:
    answer = indicator.answer(facts.understand(_WHO), facts, [row])
    subject = f"第{row.number}项" if row.number else row.name
    return said(subject + _WHO, answer, "indicator", row.name)


def _say_dimension(facts: Facts, found: Dimension) -> Said:
    return said(f"{found.name}有哪些指标", dimension.one(facts, found), "dimension", found.name)


def _departments(facts: Facts) -> list[str]:
    """Those that score or are responsible for something; others are only named."""
    return [name for name in facts.departments.known if any(department.records_of(facts, name))]


def _by_department(library: KnowledgeBase, names: Sequence[str]) -> list[Entry]:
    return [
        Entry(
            name,
            below=partial(_records, library, name),
            answer=partial(_say_department, library.facts, name),
        )
        for name in names
    ]


def _say_department(facts: Facts, name: str) -> Said:
    question = f"{name}考核哪些指标、负责哪些措施"
    return said(question, department.everything(facts, name), "department", name)


def _records(library: KnowledgeBase, name: str) -> list[Entry]:
    rows, measures = department.records_of(library.facts, name)
    return [
        *_rows(library.facts, rows),
        *(clause_entry(library, m.document, m.clause) for m in measures),
    ]
