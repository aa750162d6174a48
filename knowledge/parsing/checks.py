"""Inconsistencies that any document shows by itself: totals, numbering, empty and misplaced cells."""

from __future__ import annotations

import dataclasses
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from knowledge.model import Document, Issue, PlaceList, Row, Table
from knowledge.parsing.numbering import ARTICLE, BOX, CIRCLED, Opener, chinese_numeral, opener

_LEADING_NUMBER = re.compile(r"(\d{1,3})(?=[\s、.．“\u4e00-\u9fff]|$)")
_NUMERIC = re.compile(r"[+-]?\d+(?:\.\d+)?$")
_TOTAL = re.compile("^(?:合计|总计|小计|共计)$")
_RATE = re.compile("率|占比|比例|比重|%|增速|增幅|序号|编号")
_WEIGHT = re.compile("权重")
_POINTS = re.compile("分值|得分|满分")
_DASHES = frozenset(["—", "-", "－", "–", "——", "/", "无"])
_DIGIT = re.compile(r"\d")
_NUMERALS = re.compile(r"[\d一二三四五六七八九十百千零]+")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
MAX_FIRST = 3  # an excerpt may begin at any number; a list that begins at 3 has lost 1 and 2
MAX_NAMED = 5  # missing numbers that a message names


def with_issues(document: Document) -> Document:
    """The document with everything that is found wrong in it, in reading order."""
    found = [*_numbering(document)]
    for table in document.tables:
        found += [*_row_numbers(table), *_cells(table), *_totals(table), *_weights(table)]
    found += _list_totals(document)
    return dataclasses.replace(document, issues=tuple(found))


def number(cell: str) -> Decimal | None:
    """`39.1` → Decimal; None when the cell is no plain number."""
    cell = _THOUSANDS.sub("", unicodedata.normalize("NFKC", cell).strip()).rstrip("%分 ")
    if not _NUMERIC.match(cell):
        return None
    try:
        return Decimal(cell)
    except InvalidOperation:
        return None


def _numbering(document: Document) -> Iterator[Issue]:
    """A number missing from a sequence of sibling clauses, or printed twice."""
    last: dict[tuple[tuple[str, ...], float], int] = {}
    for clause in document.clauses:
        mark = _opener_of(clause.label)
        if mark is None or not mark.number or (mark.rank >= CIRCLED and mark.rank != BOX):
            continue
        runs_on = mark.rank in (ARTICLE, BOX)  # through all chapters
        key = (() if runs_on else clause.path, mark.rank)
        before = last.get(key, 0)
        last[key] = mark.number
        if mark.number == before and runs_on and "之" not in clause.label:
            yield Issue("numbering", clause.locator, f"{_bare(clause.label)}的编号重复")
        elif mark.number > before + 1 and (before or mark.number <= MAX_FIRST):
            missing = range(before + 1, min(mark.number, before + 1 + MAX_NAMED))
            gap = "、".join(_label_like(clause.label, k) for k in missing)
            more = "等" if mark.number > before + 1 + MAX_NAMED else ""
            yield Issue("numbering", clause.locator, f"{_bare(clause.label)}之前缺少{gap}{more}")


@lru_cache(maxsize=4096)
def _opener_of(label: str) -> Opener | None:
    """What a label that stands without its text would open."""
    return opener(label + ("　" if label.startswith("第") else "x"))


def _bare(label: str) -> str:
    return label.rstrip("、")


def _label_like(label: str, value: int) -> str:
    numeral = str(value) if _DIGIT.search(label) else chinese_numeral(value)
    return _NUMERALS.sub(numeral, _bare(label).split("之")[0], count=1)


def _row_numbers(table: Table) -> Iterator[Issue]:
    """Gaps in the numbers of the rows, whether in their own column or in front of the names."""
    column = number_column(table)
    if column is None:
        return
    numbers = [int(found[1]) for row in table.rows if (found := _LEADING_NUMBER.match(row.cells[column]))]
    for before, after in itertools.pairwise(numbers):
        if after > before + 1:
            missing = "、".join(str(k) for k in range(before + 1, after))
            yield Issue("numbering", f"《{table.title}》第{before}项与第{after}项之间", f"缺少序号{missing}")


def number_column(table: Table) -> int | None:
    """The column whose cells start with rising row numbers; None when there is none."""
    for column, name in enumerate(table.header):
        cells = [row.cells[column] for row in table.rows if row.cells[column]]
        found = [_LEADING_NUMBER.match(cell) for cell in cells]
        numbers = [int(f[1]) for f in found if f]
        rising = all(a < b for a, b in itertools.pairwise(numbers))
        named = name in ("序号", "编号") or any(number(c) is None for c in cells)
        if named and len(numbers) >= 3 and len(numbers) * 10 >= len(cells) * 8 and rising:
            return column
    return None


def _cells(table: Table) -> Iterator[Issue]:
    """Empty cells and cells of another type than the rest of their column."""
    for column, name in enumerate(table.header):
        cells = [row.cells[column] for row in table.rows]
        filled = [c for c in cells if c and c not in _DASHES]
        where = f"《{table.title}》“{name or f'第{column + 1}列'}”栏"
        if len(filled) * 2 > len(cells):  # a column that is mostly empty labels groups of rows
            for first, last in _empty_runs(cells):
                rows = f"第{first}行" if first == last else f"第{first}—{last}行"
                yield Issue("empty-cell", f"{where}{rows}", "单元格为空（可能是合并单元格）")
        numeric = sum(number(c) is not None for c in filled)
        for at, cell in enumerate(cells, 1):
            if not cell or len(filled) < 5:
                continue
            if numeric >= 0.8 * len(filled) and number(cell) is None:
                yield Issue("cell-type", f"{where}第{at}行", f"应为数字，印为“{cell}”")
            elif numeric <= 0.2 * len(filled) and number(cell) is not None:
                yield Issue("cell-type", f"{where}第{at}行", f"应为文字，印为“{cell}”")


def _empty_runs(cells: Sequence[str]) -> Iterator[tuple[int, int]]:
    """1-based first and last row of each run of empty cells."""
    first = 0
    for at, cell in enumerate([*cells, "x"], 1):
        if not cell and not first:
            first = at
        elif cell and first:
            yield first, at - 1
            first = 0


def is_total(row: Row) -> bool:
    """Whether a row states sums: 合计 in one of its first cells."""
    return any(_TOTAL.match(re.sub(r"\s+", "", cell)) for cell in row.cells[:3])


def _totals(table: Table) -> Iterator[Issue]:
    """A printed total row that differs from the sum of its column; subtotals count for their group."""
    totals = [row for row in table.rows if is_total(row)]
    if len(totals) != 1:
        yield from _subtotals(table, totals)
        return
    parts = [row for row in table.rows if not is_total(row)]
    yield from _sums(table, totals[0], parts)


def _subtotals(table: Table, totals: Sequence[Row]) -> Iterator[Issue]:
    """`小计` closes the rows above it; a final `合计` is the sum of all rows."""
    group: list[Row] = []
    parts = [row for row in table.rows if not is_total(row)]
    for row in table.rows:
        if row not in totals:
            group.append(row)
        elif any("小计" in cell for cell in row.cells[:3]):
            yield from _sums(table, row, group)
            group = []
        else:
            yield from _sums(table, row, parts)


def _sums(table: Table, total: Row, parts: Sequence[Row]) -> Iterator[Issue]:
    for column, name in enumerate(table.header):
        values = [number(row.cells[column]) for row in parts]
        stated = number(total.cells[column])
        if stated is None or len(values) < 2 or any(v is None for v in values) or _is_share(values, name):
            continue
        actual = sum((v for v in values if v is not None), Decimal(0))
        if actual != stated:
            yield Issue("sum", f"《{table.title}》“{name}”", f"合计印为{stated}，各行相加为{actual}")


def _is_share(values: Sequence[Decimal | None], name: str) -> bool:
    """Rates and row numbers do not add up."""
    return bool(_RATE.search(name)) or values == [Decimal(k) for k in range(1, len(values) + 1)]


def _weights(table: Table) -> Iterator[Issue]:
    """A group's stated weight against the points of the rows printed under it."""
    weight = next((k for k, name in enumerate(table.header) if _WEIGHT.search(name)), None)
    points = next((k for k, name in enumerate(table.header) if _POINTS.search(name)), None)
    if weight is None or points is None or weight == points:
        return
    group: tuple[str, str] | None = None
    actual = Decimal(0)
    for row in table.rows:
        if is_total(row):
            continue
        here = (row.cells[0], row.cells[weight])
        if here[1] and here != group:  # a merged cell that the reader has filled repeats on every row
            yield from _weight_issue(table, group, actual)
            group, actual = (here[0] or (group or ("", ""))[0], here[1]), Decimal(0)
        actual += number(row.cells[points]) or 0
    yield from _weight_issue(table, group, actual)


def _weight_issue(table: Table, group: tuple[str, str] | None, actual: Decimal) -> Iterator[Issue]:
    stated = number(group[1]) if group else None
    if group and stated is not None and stated != actual:
        yield Issue("sum", f"《{table.title}》“{group[0]}”", f"权重印为{stated}，其下各行分值相加为{actual}")


def _list_totals(document: Document) -> Iterator[Issue]:
    """The number a list states against the names that follow it."""
    for listed in document.lists:
        if listed.names and listed.stated is not None and listed.stated != len(listed.names):
            name = f"{listed.designation}{'·' + listed.group if listed.group else ''}"
            message = f"{name}写{listed.stated}个，列名{len(listed.names)}个"
            yield Issue("sum", " › ".join(listed.path), message)
    for heading in (item for item in document.lists if not item.names):
        groups = _groups(document, heading)
        total = sum(len(g.names) for g in groups)
        if groups and heading.stated is not None and total != heading.stated:
            yield Issue(
                "sum",
                " › ".join(heading.path),
                f"{heading.designation}写{heading.stated}个，各组列名合计{total}个",
            )


def _groups(document: Document, heading: PlaceList) -> list[PlaceList]:
    return [p for p in document.lists if p.names and p.group and p.designation == heading.designation]
