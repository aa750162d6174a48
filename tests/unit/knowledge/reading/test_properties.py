"""Whatever stands in a file: a reader returns its content or raises ReadingError."""

from __future__ import annotations

import contextlib
import functools
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas

from knowledge.errors import ReadingError
from knowledge.model import Grid, Line, SourceText
from knowledge.reading import READERS, read_file, text

UNHURRIED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
# What makes random bytes get past the first check of each format.
STARTS = [
    b"",
    b"%PDF-1.4\n",
    b"PK\x03\x04",
    bytes.fromhex("d0cf11e0a1b11ae1"),
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"<table>",
]
MARKUP = ["<table>", "<tr>", "<td rowspan=3>", "<td colspan=2>", "</td>", "</table>", "<ol>", "<li>", "</ol>"]
MARKUP += [
    "<caption>",
    "<pre>",
    "</pre>",
    "<br>",
    "<svg>",
    "<p>",
    "</p>",
    "<!--",
    "-->",
    "<template>",
    "字",
    "\n",
]
MARKDOWN = ["|", "-", "|---|---|", "\n", "\r\n", "甲", " ", "\\|", ":", "<!-- INFO END -->", "#"]


def read(name: str, data: bytes) -> SourceText | None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ReadingError):
        path = Path(folder) / name
        path.write_bytes(data)
        return read_file(path, name, max_bytes=10_000_000)
    return None


@pytest.mark.parametrize("suffix", [*READERS, ".exe"])
@given(start=st.sampled_from(STARTS), data=st.binary(max_size=2000))
@UNHURRIED
def test_arbitrary_bytes_raise_only_reading_errors(suffix: str, start: bytes, data: bytes) -> None:
    source = read(f"a{suffix}", start + data)
    assert source is None or source.blocks


@functools.cache  # the formats store the time of writing
def _docx() -> bytes:
    target = io.BytesIO()
    document = Document()
    document.add_paragraph("第一条", style="List Number")
    document.add_table(2, 2).cell(0, 0).text = "甲"
    document.save(target)
    return target.getvalue()


@functools.cache
def _xlsx() -> bytes:
    target = io.BytesIO()
    book = Workbook()
    book.worksheets[0].append(("甲", 1, 2.5))
    book.worksheets[0].merge_cells("A1:B2")
    book.save(target)
    return target.getvalue()


@functools.cache
def _pdf() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pageCompression=0)
    canvas.drawString(72, 700, "Article 1")
    canvas.grid([100, 200, 300], [100, 200, 300])
    canvas.save()
    return target.getvalue()


@pytest.mark.parametrize(("name", "build"), [("a.docx", _docx), ("a.xlsx", _xlsx), ("a.pdf", _pdf)])
@given(data=st.data())
@UNHURRIED
def test_damaged_files_raise_only_reading_errors(
    name: str, build: Callable[[], bytes], data: st.DataObject
) -> None:
    content = bytearray(build())
    for _ in range(data.draw(st.integers(1, 8))):
        position = data.draw(st.integers(0, len(content) - 1))
        content[position] = data.draw(st.integers(0, 255))
    read(name, bytes(content))


@given(st.lists(st.sampled_from(MARKUP), max_size=40).map("".join))
@UNHURRIED
def test_any_markup_is_read_into_lines_without_ends_and_even_grids(markup: str) -> None:
    source = read("a.html", markup.encode())
    for block in source.blocks if source else ():
        if isinstance(block, Grid):
            assert len({len(row) for row in block.rows}) == 1
        else:
            assert block.text == block.text.strip() != ""
            assert "\n" not in block.text


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff")
        | st.sampled_from("\n\r\t甲"),
        min_size=1,
    )
)
@UNHURRIED
def test_lines_are_the_text_at_their_offsets(content: str) -> None:
    source = read("a.txt", content.encode("utf-8"))
    if source is None:
        assert not content.strip()
        return
    assert source.text == content
    _check_lines(source)


@given(st.lists(st.sampled_from(MARKDOWN), max_size=40).map("".join))
@UNHURRIED
def test_markdown_lines_are_the_text_at_their_offsets(content: str) -> None:
    source = read("a.md", content.encode())
    if source is not None:
        _check_lines(source)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
@UNHURRIED
def test_lines_with_their_ends_are_the_whole_text(content: str) -> None:
    position = 0
    for line in text.lines(content):
        assert content[position : line.start].strip("\r\n") == ""
        assert line.start is not None
        position = line.start + len(line.text)
    assert content[position:] in ("", "\n", "\r", "\r\n")


def _check_lines(source: SourceText) -> None:
    assert source.text is not None
    for line in source.blocks:
        if isinstance(line, Line):
            assert line.start is not None
            assert source.text[line.start : line.start + len(line.text)] == line.text
            assert not set(line.text) & {"\n", "\r"}
