"""PDF files with a text layer: lines and ruled tables, without headers, footers and page numbers."""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from knowledge.errors import ReadingError
from knowledge.model import Grid, Line, SourceText
from knowledge.reading.faults import broken_file
from knowledge.reading.grids import rectangle
from knowledge.reading.pdf_furniture import without_furniture
from knowledge.reading.pdf_page import PrintedLine, PrintedPage, PrintedTable, printed_page

MAX_PAGES = 2000
SIGNATURE = b"%PDF-"
SIGNATURE_WITHIN_BYTES = 1024  # Adobe's readers accept bytes before it
STREAM = re.compile(rb"stream\r?\n")
ZLIB_HEADERS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
MAX_STREAM_BYTES = 256_000_000  # an A3 page scanned in colour at 600 dpi has 209 MB
CHUNK_BYTES = 1 << 20
MAX_UNREADABLE_SHARE = 0.2


def read(data: bytes, name: str, max_pages: int = MAX_PAGES) -> SourceText:
    """Read a PDF file.

    Raises:
        ReadingError: encrypted, scanned (no text on most pages), text without character codes, more
            than `max_pages` pages, a decompression bomb, or damaged.
    """
    if SIGNATURE not in data[:SIGNATURE_WITHIN_BYTES]:
        raise ReadingError(f"《{name}》不是 PDF 文件；请检查后缀是否正确，或重新下载。")
    _check_streams(data, name)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each oddity of a font
    with broken_file(name, PdfminerException, MalformedPDFException, PSException, PDFSyntaxError):
        pages = _pages(data, name, max_pages)
    _check_text_layer(pages, name)
    return SourceText(path=name, blocks=tuple(_blocks(without_furniture(pages), name)))


def _pages(data: bytes, name: str, max_pages: int) -> list[PrintedPage]:
    try:
        document = pdfplumber.open(io.BytesIO(data))
    except PdfminerException as error:
        if _needs_password(error):
            raise ReadingError(f"《{name}》已加密；请用密码打开，取消密码后另存，再放入文件库。") from error
        raise
    with document:
        count = len(list(islice(PDFPage.create_pages(document.doc), max_pages + 1)))
        if count > max_pages:
            raise ReadingError(f"《{name}》超过 {max_pages} 页的上限；请拆分成几个文件后再放入文件库。")
        return [_page(page) for page in document.pages]


def _page(page: Page) -> PrintedPage:
    printed = printed_page(page)
    page.close()  # pdfplumber keeps the objects of a page otherwise
    return printed


def _needs_password(error: PdfminerException) -> bool:
    return any(isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError) for cause in error.args)


def _check_streams(data: bytes, name: str) -> None:
    """Refuse decompression bombs: pdfminer unpacks a stream as a whole."""
    for match in STREAM.finditer(data):
        if data[match.end() : match.end() + 2] in ZLIB_HEADERS and _is_bomb(memoryview(data)[match.end() :]):
            raise ReadingError(f"《{name}》解压后过大，疑似压缩炸弹，已拒绝读取；请检查来源。")


def _is_bomb(packed: memoryview) -> bool:
    unpacker = zlib.decompressobj()
    size_bytes = 0
    rest: bytes | memoryview = packed
    try:
        while rest and not unpacker.eof and size_bytes <= MAX_STREAM_BYTES:
            size_bytes += len(unpacker.decompress(rest, CHUNK_BYTES))
            rest = unpacker.unconsumed_tail
    except zlib.error:
        pass  # not deflated after all, or damaged: pdfminer repairs what it can
    return size_bytes > MAX_STREAM_BYTES


def _check_text_layer(pages: Sequence[PrintedPage], name: str) -> None:
    characters = sum(page.characters for page in pages)
    without_text = sum(1 for page in pages if not page.characters and page.has_pictures)
    if not characters or 2 * without_text > len(pages):
        raise ReadingError(f"《{name}》是扫描件，没有文字层；请先做文字识别（OCR）再放入文件库。")
    if sum(page.unreadable for page in pages) > MAX_UNREADABLE_SHARE * characters:
        raise ReadingError(
            f"《{name}》的字体没有文字编码，读出来是乱码；请索取 Word 原件，或做文字识别（OCR）后再放入。"
        )


def _blocks(pages: Sequence[PrintedPage], name: str) -> Iterator[Line | Grid]:
    """The blocks of all pages; a table that goes on at the top of the next page is one table."""
    joined: list[PrintedLine | PrintedTable] = []
    for page in pages:
        first, others = page.items[:1], page.items[1:]
        for item in first:
            last = joined.pop() if joined else None
            if isinstance(item, PrintedTable) and isinstance(last, PrintedTable) and item.continues(last):
                joined.append(last.joined(item))
            else:
                joined += [item] if last is None else [last, item]
        joined += others
    for item in joined:
        yield Line(item.text) if isinstance(item, PrintedLine) else Grid(rectangle(item.rows, name))
