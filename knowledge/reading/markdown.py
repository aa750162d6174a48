"""Markdown: text whose pipe tables are tables. Headings and comments stay lines for the parser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.model import Grid, Line, SourceText
from knowledge.reading import text as plain
from knowledge.reading.grids import rectangle

DELIMITER = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


def read(data: bytes, name: str) -> SourceText:
    """Read a Markdown file; the rows of a table carry no offsets, all other lines do."""
    text = plain.decode(data, name)
    lines = tuple(plain.lines(text))
    return SourceText(path=name, blocks=tuple(_blocks(lines, name)), text=text)


def _blocks(lines: Sequence[Line], name: str) -> Iterator[Line | Grid]:
    index = 0
    while index < len(lines):
        length = _table_length(lines, index)
        if length:
            rows = [_cells(line.text) for line in lines[index : index + length]]
            del rows[1]  # the delimiter row
            yield Grid(rectangle([row[: len(rows[0])] for row in rows], name))
        else:
            yield lines[index]
        index += length or 1


def _table_length(lines: Sequence[Line], start: int) -> int:
    """Number of lines of the table whose header is at `start`; 0 if there is none.

    Source: GitHub Flavored Markdown 0.29, section 4.10 (header and delimiter row have the same
    number of cells; the table ends at a line that is no row).
    """
    if start + 1 >= len(lines) or "|" not in lines[start].text:
        return 0
    delimiter = lines[start + 1].text.strip()
    if "|" not in delimiter or not DELIMITER.fullmatch(delimiter):
        return 0
    header = _cells(lines[start].text)
    if len(header) != len(_cells(delimiter)) or not any(header):
        return 0
    end = start + 2
    while end < len(lines) and "|" in lines[end].text:
        end += 1
    return end - start


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in UNESCAPED_PIPE.split(inner)]
