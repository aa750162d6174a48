"""Word documents: paragraphs with their printed numbers, and tables, in document order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import nsmap, qn

from knowledge.model import Grid, Line, SourceText
from knowledge.reading.faults import broken_file
from knowledge.reading.grids import MAX_SPAN, check_size, rectangle
from knowledge.reading.numbering import Numbering
from knowledge.reading.package import open_package

# lxml has no types: an element of the document is Any.
Element = Any
Block = Line | Grid

MATH_TEXT = f"{{{nsmap['m']}}}t"
# A drawing is stored twice, for new and old versions of Word; the second is the fallback.
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
TEXT_BOX = qn("w:txbxContent")
# Not printed: properties, deleted and moved text, field codes, the reading above a character.
NOT_TEXT = frozenset(
    {FALLBACK, TEXT_BOX}
    | {qn(f"w:{tag}") for tag in ("pPr", "rPr", "del", "moveFrom", "instrText", "delText", "rt")}
)
BREAKS = {
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:noBreakHyphen"): "-",
}
PARAGRAPH, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
# Wrappers whose content stands in the place of the wrapper.
TRANSPARENT = frozenset(
    qn(f"w:{tag}") for tag in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
)
CONTENTS_STYLE = re.compile(r"(toc|目录)\s*\d", re.IGNORECASE)


def read(data: bytes, name: str) -> SourceText:
    """Read a .docx file. Headers, footers, notes, comments and the table of contents are left out.

    Raises:
        ReadingError: not a Word document, encrypted, damaged, or a zip bomb.
    """
    package = open_package(data, name)
    with broken_file(name):
        document = Document(package)
        numbering = Numbering(_numbering_root(document.part), document.styles.element)
        blocks = tuple(_Reader(name, numbering).blocks(document.element.body))
    return SourceText(path=name, blocks=blocks)


def _numbering_root(part: Any) -> Element | None:
    for relationship in part.rels.values():
        if relationship.reltype == RELATIONSHIP_TYPE.NUMBERING and not relationship.is_external:
            return getattr(relationship.target_part, "element", None)
    return None


@dataclass(frozen=True, slots=True)
class _Reader:
    name: str
    numbering: Numbering

    def blocks(self, container: Element) -> Iterator[Block]:
        for element in _children(container):
            if element.tag == PARAGRAPH:
                yield from self._paragraph(element)
            elif element.tag == TABLE:
                yield from self._table(element)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        """The lines of a paragraph, then those of the text boxes anchored in it."""
        label = self.numbering.label(paragraph)
        if not CONTENTS_STYLE.match(self.numbering.style_name(paragraph)):
            text = label + "".join(_text(paragraph)).lstrip()
            yield from (Line(line.strip()) for line in text.split("\n") if line.strip())
        for box in _text_boxes(paragraph):
            yield from self.blocks(box)

    def _table(self, table: Element) -> Iterator[Block]:
        """A grid; a table of one column is a frame around text."""
        rows = list(_children(table, ROW))
        cells = [list(_children(row, CELL)) for row in rows]
        if all(len(row) < 2 for row in cells):
            for row in cells:
                for cell in row:
                    yield from self.blocks(cell)
            return
        texts: list[list[str]] = []
        count = 0
        for row, entries in zip(rows, cells, strict=True):
            texts.append(self._row(row, entries, texts[-1] if texts else []))
            count += len(texts[-1])
            check_size(count, self.name)
        filled = rectangle(texts, self.name)
        if filled:
            yield Grid(filled)

    def _row(self, row: Element, cells: list[Element], above: list[str]) -> list[str]:
        """One text a grid column; a cell that continues a vertical merge takes the text above it."""
        texts = [""] * _number(row.find(qn("w:trPr")), "w:gridBefore", default=0)
        for cell in cells:
            properties = cell.find(qn("w:tcPr"))
            text = "\n".join(_block_text(block) for block in self.blocks(cell))
            if _continues(properties):
                text = above[len(texts)] if len(texts) < len(above) else ""
            texts += [text] * _number(properties, "w:gridSpan", default=1)
        return texts


def _children(container: Element, *tags: str) -> Iterator[Element]:
    """Children in order, those of transparent wrappers included; only of the given tags, if any."""
    for element in container.iterchildren():
        if element.tag in TRANSPARENT:
            yield from _children(element, *tags)
        elif not tags or element.tag in tags:
            yield element


def _text(element: Element) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag in (qn("w:t"), MATH_TEXT):
            yield child.text or ""
        elif child.tag in BREAKS:
            yield BREAKS[child.tag]
        elif child.tag not in NOT_TEXT:
            yield from _text(child)


def _text_boxes(element: Element) -> Iterator[Element]:
    for child in element.iterchildren():
        if child.tag == TEXT_BOX:
            yield child
        elif child.tag != FALLBACK:
            yield from _text_boxes(child)


def _continues(properties: Element | None) -> bool:
    merge = properties.find(qn("w:vMerge")) if properties is not None else None
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _number(properties: Element | None, tag: str, *, default: int) -> int:
    entry = properties.find(qn(tag)) if properties is not None else None
    value = entry.get(qn("w:val")) if entry is not None else None
    return default if value is None else min(max(int(value), default), MAX_SPAN)


def _block_text(block: Block) -> str:
    return block.text if isinstance(block, Line) else "\n".join(" ".join(row) for row in block.rows)
