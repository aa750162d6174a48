"""One document in every format: paragraphs and tables with merged cells, as offices write them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import docx
import openpyxl
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle


@dataclass(frozen=True)
class Cells:
    """A table; None continues the cell above it (a vertical merge)."""

    rows: Sequence[Sequence[str | None]]

    def merges(self) -> list[tuple[int, int, int]]:
        """Column, first and last row of each merged cell."""
        found = []
        for column in range(len(self.rows[0])):
            first = 0
            for at in range(1, len(self.rows) + 1):
                if at == len(self.rows) or self.rows[at][column] is not None:
                    if at - 1 > first:
                        found.append((column, first, at - 1))
                    first = at
        return found


Block = str | Cells


def as_text(blocks: Sequence[Block]) -> str:
    return "\n".join(
        block if isinstance(block, str) else "\n".join("\t".join(c or "" for c in row) for row in block.rows)
        for block in blocks
    )


def as_markdown(blocks: Sequence[Block]) -> str:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            lines += [block, ""]
            continue
        head, *body = [[cell or "" for cell in row] for row in block.rows]
        rows = [head, ["---"] * len(head), *body]
        lines += [*("| " + " | ".join(row) + " |" for row in rows), ""]
    return "\n".join(lines)


def as_html(blocks: Sequence[Block]) -> str:
    parts = ["<html><head><meta charset='utf-8'></head><body>"]
    for block in blocks:
        parts.append(f"<p>{block}</p>" if isinstance(block, str) else _html_table(block))
    return "".join([*parts, "</body></html>"])


def _html_table(table: Cells) -> str:
    spans = {(first, column): last - first + 1 for column, first, last in table.merges()}
    rows = []
    for at, row in enumerate(table.rows):
        cells = (
            f"<td rowspan='{spans.get((at, column), 1)}'>{cell}</td>"
            for column, cell in enumerate(row)
            if cell is not None
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def as_docx(blocks: Sequence[Block]) -> bytes:
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block.rows), len(block.rows[0]))
        for at, row in enumerate(block.rows):
            for column, cell in enumerate(row):
                if cell:
                    table.cell(at, column).text = cell
        for column, first, last in block.merges():
            table.cell(first, column).merge(table.cell(last, column))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def as_xlsx(blocks: Sequence[Block]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    at = 1
    for block in blocks:
        if isinstance(block, str):
            sheet.cell(at, 1, block)
            at += 1
            continue
        for offset, row in enumerate(block.rows):
            for column, cell in enumerate(row, 1):
                if cell is not None:
                    sheet.cell(at + offset, column, _typed(cell))
        for column, first, last in block.merges():
            sheet.merge_cells(
                start_row=at + first, end_row=at + last, start_column=column + 1, end_column=column + 1
            )
        at += len(block.rows)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _typed(cell: str) -> str | float | int:
    try:
        return int(cell) if cell.isdecimal() else float(cell)
    except ValueError:
        return cell


def as_pdf(blocks: Sequence[Block]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("text", fontName="STSong-Light", fontSize=12, leading=20, wordWrap="CJK")
    flowables: list[Flowable] = []
    for block in blocks:
        if isinstance(block, str):
            flowables.append(Paragraph(block, style))
            continue
        spans = [("SPAN", (column, first), (column, last)) for column, first, last in block.merges()]
        cells = [[Paragraph(cell or "", style) for cell in row] for row in block.rows]
        grid = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
        flowables.append(Table(cells, repeatRows=1, style=TableStyle([grid, *spans])))
    target = io.BytesIO()
    SimpleDocTemplate(target, pagesize=A4).build(flowables)
    return target.getvalue()


WRITERS = {
    "办法.txt": as_text,
    "办法.md": as_markdown,
    "办法.html": as_html,
    "办法.docx": as_docx,
    "办法.xlsx": as_xlsx,
    "办法.pdf": as_pdf,
}
