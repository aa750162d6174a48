"""Tables as rectangles of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.errors import ReadingError

MAX_CELLS = 2_000_000  # a few bytes of HTML can ask for 65,534 × 1,000 cells
MAX_SPAN = 1000  # as in HTML, "algorithm for processing rows"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the file stores it, in the top left corner of the positions it covers."""

    text: str
    rows: int = 1
    columns: int = 1


def spread(rows: Sequence[Sequence[Cell]], name: str) -> tuple[tuple[str, ...], ...]:
    """Write each cell's text into all positions it covers; short rows are padded with "".

    A row span ends with the table.

    Raises:
        ReadingError: more than MAX_CELLS cells.
    """
    placed: list[dict[int, str]] = [{} for _ in rows]
    count = 0
    for index, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in placed[index]:
                column += 1
            width = min(max(cell.columns, 1), MAX_SPAN)
            covered = placed[index : index + max(cell.rows, 1)]
            count += width * len(covered)
            check_size(count, name)
            for target in covered:
                for offset in range(width):
                    target.setdefault(column + offset, cell.text)
            column += width
    return rectangle([_in_order(row) for row in placed], name)


def rectangle(rows: Sequence[Sequence[str]], name: str) -> tuple[tuple[str, ...], ...]:
    """Rows of equal length, without rows and columns that are empty throughout."""
    width = max((len(row) for row in rows), default=0)
    check_size(width * len(rows), name)
    used = sorted({index for row in rows for index, text in enumerate(row) if text})
    kept = [row for row in rows if any(row)]
    return tuple(tuple(row[index] if index < len(row) else "" for index in used) for row in kept)


def check_size(cells: int, name: str) -> None:
    """
    Raises:
        ReadingError: more than MAX_CELLS cells.
    """
    if cells > MAX_CELLS:
        raise ReadingError(f"《{name}》里的表格超过 {MAX_CELLS} 个单元格；请拆分表格后再放入文件库。")


def _in_order(row: dict[int, str]) -> list[str]:
    return [row.get(index, "") for index in range(max(row, default=-1) + 1)]
