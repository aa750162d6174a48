"""Rows of tables as records: indicators with points and departments, and figures by column.

What is printed stays beside what is read; every field that is read otherwise is named in `inferred`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.corrections import Correction
from knowledge.model import Clause, Document, Row, Table
from knowledge.parsing.checks import is_total
from knowledge.parsing.checks import number as as_number
from knowledge.parsing.columns import roles_of
from knowledge.parsing.headers import YEAR

_NUMBERED = re.compile(r"(\d{1,3})[\s、.．]*(?=\S)(.+)")
_DASH = frozenset("—-－–")
_UNIT = re.compile(r"[（(]([^（）()]{1,6})[）)]$")
_POINTS_OF_DIMENSION = re.compile(r"[（(]\s*(?:共|权重)?\s*(\d+(?:\.\d+)?)\s*(?:分|%)\s*[）)]$")
_DIMENSION_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])\s*")
_POINTS_MARK = re.compile(r"(?<=\d)\s*分$")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of an assessment table. `points` is text because a source may leave it undecided."""

    document: Document
    table: Table
    number: int | None
    name: str
    printed_name: str
    dimension: str
    printed_dimension: str
    unit: str
    points: str
    departments: tuple[str, ...]
    printed_departments: tuple[str, ...]
    quote: str
    group: str = ""
    inferred: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()

    @property
    def mention(self) -> str:
        """As a sentence names it: `第33项“有村规民约嘎查村比例”`."""
        return f"第{self.number}项“{self.name}”" if self.number else f"“{self.name}”"

    @property
    def item(self) -> str:
        """As short as it can be named: `第33项`."""
        return f"第{self.number}项" if self.number else self.mention

    @property
    def line(self) -> str:
        """As a list names it: `33. 有村规民约嘎查村比例`."""
        return f"{self.number}. {self.name}" if self.number else self.name

    @property
    def locator(self) -> str:
        *above, last = self.table.path or ("",)
        place = " › ".join((*above, last.split(" ")[0]))
        return (f"{place} 第{self.number}项" if self.number else f"{place} {self.name}").strip()


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of indicators with the weight printed for it ("" for a bonus row)."""

    document: Document
    table: Table
    name: str
    weight: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A row of a table of figures: a plan target by year, a fund by year, projects by class."""

    document: Document
    table: Table
    number: int | None
    label: str
    unit: str
    cells: tuple[tuple[str, str], ...]  # column name → cell as printed, the label's column left out
    quote: str
    shared_years: bool = False  # one printed cell stands for all years

    @property
    def locator(self) -> str:
        place = " › ".join(self.table.path)
        if self.number is not None:
            return f"{place} › 第{self.number}项"
        same = not self.table.title or self.table.title in place
        return f"{place} › {self.label}" if same else f"{place} › {self.table.title} › {self.label}"

    def value(self, column: str) -> str | None:
        """The cell of the column whose name contains `column` (`2024` finds `2024年`)."""
        return next((cell for name, cell in self.cells if column in name), None)


def indicators(document: Document, corrections: Iterable[Correction]) -> tuple[Indicator, ...]:
    """The rows of every assessment table (one with points and names) of a document."""
    found: list[Indicator] = []
    readings = [c for c in corrections if c.file == document.file]
    for table in document.tables:
        roles = roles_of(table)
        if {"name", "points"} <= set(roles):
            found += _indicator_rows(document, table, roles, readings)
    return tuple(found)


def _indicator_rows(
    document: Document, table: Table, roles: dict[str, int], readings: Sequence[Correction]
) -> Iterator[Indicator]:
    dimension = ""
    for row in table.rows:
        if is_total(row):
            continue
        if section := _section(row):
            dimension = section
            continue
        cells = {part: row.cells[column] for part, column in roles.items()}
        dimension = _bare_dimension(cells.get("dimension", "")) or dimension
        number, name = _split_number(cells.get("number", ""), cells["name"])
        matching = [c for c in readings if any(_stands_in(p, row) for p in c.printed)]
        read = {key: value for c in matching for key, value in c.read.items()}
        if not name and "name" not in read:
            continue
        printed = _departments(cells.get("department", ""))
        inferred = set(read) - {"group"}
        if tuple(read.get("departments", ())) == printed:
            inferred.discard("departments")
        yield Indicator(
            document=document,
            table=table,
            number=read.get("number", number),
            name=read.get("name", name),
            printed_name=name or _longest(row),
            dimension=read.get("dimension", dimension),
            printed_dimension=dimension,
            unit=read.get("unit", cells.get("unit", "")),
            points=read.get("points", _POINTS_MARK.sub("", cells["points"])),
            departments=tuple(read.get("departments", printed)),
            printed_departments=printed,
            quote=re.sub(r"\s*\t\s*", "  ", row.raw.strip()),
            group=read.get("group", ""),
            inferred=frozenset(inferred),
            notices=tuple(c.notice for c in matching),
        )


def _section(row: Row) -> str:
    """`一、产业兴旺（20分）` across the table names the dimension of the rows below; "" for other rows."""
    spanned = len(set(row.cells)) == 1 and len(row.cells) > 2
    alone = bool(row.cells[0]) and not any(row.cells[1:]) and bool(_DIMENSION_NUMBER.match(row.cells[0]))
    return _bare_dimension(row.cells[0]) if spanned or alone else ""


def _bare_dimension(cell: str) -> str:
    return _DIMENSION_NUMBER.sub("", _POINTS_OF_DIMENSION.sub("", cell)).strip()


def _stands_in(printed: str, row: Row) -> bool:
    return printed.strip() in row.raw


def _longest(row: Row) -> str:
    return max(row.cells, key=len)


def _split_number(number_cell: str, name_cell: str) -> tuple[int | None, str]:
    if number_cell.strip().isdecimal():
        return int(number_cell), name_cell.strip()
    if found := _NUMBERED.match(name_cell):
        return int(found[1]), found[2].strip()
    return None, name_cell.strip()


def _departments(cell: str) -> tuple[str, ...]:
    names = (part.strip() for part in re.split(r"[、，,;；/]", cell))
    return tuple(n for n in names if n and n not in _DASH and as_number(n) is None)


def dimensions(rows: Sequence[Indicator]) -> tuple[Dimension, ...]:
    """Groups of indicators by the dimension they are read as, in order, with the printed weight."""
    grouped: dict[tuple[int, str], list[Indicator]] = {}
    for row in rows:
        if row.dimension:
            grouped.setdefault((id(row.table), row.dimension), []).append(row)
    return tuple(
        Dimension(group[0].document, group[0].table, name, _weight(group[0].table, name), tuple(group))
        for (_, name), group in grouped.items()
    )


def _weight(table: Table, dimension: str) -> str:
    """The weight in its own column, or in brackets behind the name: `产业兴旺（20分）`."""
    roles = roles_of(table)
    for row in table.rows:
        cell = row.cells[roles["dimension"]] if "dimension" in roles else ""
        if _section(row):
            cell = row.cells[0]
        if _bare_dimension(cell) != dimension:
            continue
        if "weight" in roles and row.cells[roles["weight"]]:
            return _POINTS_MARK.sub("", row.cells[roles["weight"]])
        if found := _POINTS_OF_DIMENSION.search(cell):
            return found[1]
    return ""


def points_sum(rows: Iterable[Indicator]) -> str:
    """The sum of decided points, written without needless zeros."""
    total = sum((as_number(row.points) or Decimal(0) for row in rows), Decimal(0))
    return f"{total.normalize():f}"


def figures(document: Document) -> tuple[Figures, ...]:
    """The rows of every table that is not an assessment table and has figures or years as columns."""
    found: list[Figures] = []
    for table in document.tables:
        if not {"name", "points"} <= set(roles_of(table)) and _has_figures(table):
            found += _figure_rows(document, table)
    return tuple(found)


def _has_figures(table: Table) -> bool:
    cells = (cell for row in table.rows for cell in row.cells[1:])
    return any(YEAR.match(name) for name in table.header) or any(
        as_number(cell) is not None for cell in cells
    )


def _figure_rows(document: Document, table: Table) -> Iterator[Figures]:
    roles = roles_of(table)
    label_column = roles.get("name", 1 if roles.get("number") == 0 else 0)
    years = [k for k, name in enumerate(table.header) if YEAR.match(name)]
    for row in table.rows:
        label = row.cells[label_column]
        if not label:
            continue
        number = row.cells[roles["number"]] if "number" in roles else ""
        cells = [
            (name or f"第{k + 1}列", row.cells[k])
            for k, name in enumerate(table.header)
            if k != label_column and k != roles.get("number") and row.cells[k]
        ]
        year_cells = {row.cells[k] for k in years}
        printed = row.raw.split("\n")
        own_unit = row.cells[roles["unit"]] if "unit" in roles else ""
        unit = _UNIT.search(label) or _UNIT.search(table.title)
        yield Figures(
            document=document,
            table=table,
            number=int(number) if number.isdecimal() else None,
            label=label,
            unit=own_unit if own_unit not in _DASH and own_unit else unit[1] if unit else "",
            cells=tuple(cells),
            quote="  ".join(part.strip() for part in printed if part.strip()),
            shared_years=len(years) > 1 and len(year_cells) == 1 and len(printed) < len(table.header),
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """A clause with the departments responsible for it, as printed."""

    document: Document
    clause: Clause


def measures(document: Document) -> tuple[Measure, ...]:
    """The clauses of a document that name responsible departments."""
    return tuple(Measure(document, clause) for clause in document.clauses if clause.departments)
