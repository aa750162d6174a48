"""The public notice (公示稿). It hangs on a wall: no number, no account, nothing about anybody's health."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from handlers import wording_exports as wording
from handlers.exports.cells import printable
from handlers.exports.rows import NoticeHead, NoticeRow
from handlers.personal_numbers import find
from handlers.wording_exports import PublicReason

_BODY_FONT, _TITLE_FONT, _WESTERN_FONT = "宋体", "黑体", "Times New Roman"
_COLUMNS = {
    wording.SERIAL: Cm(1.2),
    wording.HEAD: Cm(2.2),
    wording.VILLAGE: Cm(3.0),
    wording.SIZE: Cm(2.0),
    wording.CATEGORY: Cm(3.0),
    wording.REASON: Cm(3.0),
    wording.HELP: Cm(2.4),
}
# What is not here (illness, disability, epidemic, no labour, other) tells of health, or might.
_PUBLIC_REASONS = {
    "schooling": PublicReason.SCHOOLING,
    "disaster": PublicReason.ACCIDENT,
    "accident": PublicReason.ACCIDENT,
    "housing": PublicReason.HOUSING,
    "water": PublicReason.HOUSING,
    "business": PublicReason.INCOME,
    "work": PublicReason.INCOME,
    "income_drop": PublicReason.INCOME,
    "expense_rise": PublicReason.EXPENSE,
}
_LONG_NUMBER = re.compile(r"[\d*](?:[ \-.·]?[\d*]){6,}")  # telephone, identity card, bank account, masked too
_CARD_NUMBER = re.compile(r"[\d*]{12,}")  # longer than an office's telephone
_HEALTH = re.compile("因病|因残|因疫|患病|疾病|残疾|大病|重病|慢病|癌")


class PrivateDataError(ValueError):
    """Something that must not be public would have stood in a notice. The message doesn't repeat it."""


def public_reasons(risks: Iterable[str]) -> tuple[PublicReason, ...]:
    """The groups that a notice may name for these risk codes, each once."""
    return tuple(dict.fromkeys(_PUBLIC_REASONS[risk] for risk in risks if risk in _PUBLIC_REASONS))


def public_notice(rows: Sequence[NoticeRow], head: NoticeHead) -> bytes:
    """The notice as .docx, A4.

    Raises:
        PrivateDataError: a text looks like a number of a person, or tells of health.
    """
    document = _blank()
    _write_frame_above(document, head, len(rows))
    _write_table(document, rows)
    _write_frame_below(document, head)
    _refuse_private_data(document, head)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


# --- the page -------------------------------------------------------------------------------


def _blank() -> Docx:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.1)
    section.top_margin = section.bottom_margin = Cm(2.5)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else commas and stops are set as in Taiwan
    document.core_properties.author = ""
    document.core_properties.comments = ""
    _write(section.header.paragraphs[0], wording.NOTICE_DRAFT, 9, WD_ALIGN_PARAGRAPH.RIGHT)
    return document


def _write_frame_above(document: Docx, head: NoticeHead, households: int) -> None:
    title = wording.notice_title(head.stage)
    _write(document.add_paragraph(), title, 22, WD_ALIGN_PARAGRAPH.CENTER, _TITLE_FONT)
    _write(document.add_paragraph(), wording.place(head.banner, head.township, head.village))
    rule = head.rule
    _write_indented(
        document, wording.introduction(head.stage, rule.document, rule.locator, rule.quote, households)
    )
    _write_indented(document, wording.period(head.start, head.days))


def _write_frame_below(document: Docx, head: NoticeHead) -> None:
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(6)
    _write(note, wording.NOT_SAID_NOTE, 10.5)
    _write_indented(document, wording.contact(head.contact))
    for line in (head.issuer or wording.FILL_IN_PLACE, _day(head.issued_on)):
        _write(document.add_paragraph(), line, alignment=WD_ALIGN_PARAGRAPH.RIGHT)


def _day(day: dt.date | None) -> str:
    return wording.chinese_date(day) if day else wording.FILL_IN_DATE


# --- the table ------------------------------------------------------------------------------


def _write_table(document: Docx, rows: Sequence[NoticeRow]) -> None:
    table = document.add_table(rows=1 + len(rows), cols=len(_COLUMNS), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, _COLUMNS.values(), strict=True):
        column.width = width
    _repeat_first_row(table)
    lines = [tuple(_COLUMNS), *(_line(serial, row) for serial, row in enumerate(rows, start=1))]
    for at, (row, line) in enumerate(zip(table.rows, lines, strict=True)):
        for cell, text, width in zip(row.cells, line, _COLUMNS.values(), strict=True):
            cell.width = width
            font = _BODY_FONT if at else _TITLE_FONT
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
            _write(paragraph, text, 10.5, WD_ALIGN_PARAGRAPH.CENTER, font)


def _line(serial: int, row: NoticeRow) -> tuple[str, ...]:
    return (
        str(serial),
        row.head,
        row.village,
        wording.NOT_SAID if row.size is None else str(row.size),
        row.category,
        wording.SEPARATOR.join(row.reasons) or wording.NOT_SAID,
        row.help or wording.NOT_SAID,
    )


def _repeat_first_row(table: Table) -> None:
    """On every page that the table runs over. No row is cut in two by the end of a page."""
    for at, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if at == 0:
            properties.append(OxmlElement("w:tblHeader"))


# --- words ----------------------------------------------------------------------------------


def _write_indented(document: Docx, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(24)  # two characters
    _write(paragraph, text)


def _write(
    paragraph: Paragraph,
    text: str,
    points: float = 12,
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    font: str = _BODY_FONT,
) -> None:
    paragraph.alignment = alignment
    run = paragraph.add_run(printable(text))
    run.font.size = Pt(points)
    _set_font(run, font)


def _set_font(run: Run, font: str) -> None:
    """Word takes the font of Chinese letters from `w:eastAsia`, which python-docx leaves out."""
    run.font.name = _WESTERN_FONT
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


# --- the last check -------------------------------------------------------------------------


def _refuse_private_data(document: Docx, head: NoticeHead) -> None:
    """Look at all that was written. The contact may be an office's telephone, but no longer number."""
    contact = printable(wording.contact(head.contact))
    for where, text in _written(document):
        if _has_number(text, telephone_allowed=text == contact):
            raise PrivateDataError(f"public notice, {where}: a number that may be a person's; leave it out")
        if _HEALTH.search(text):
            raise PrivateDataError(f"public notice, {where}: words about health; leave them out")


def _has_number(text: str, *, telephone_allowed: bool) -> bool:
    """Stricter than `find`, which knows numbers by their check digits: here a mistyped one counts as well."""
    long = _CARD_NUMBER if telephone_allowed else _LONG_NUMBER
    numbers = (number for number in find(text) if not (telephone_allowed and number.kind == "mobile"))
    return bool(long.search(unicodedata.normalize("NFKC", text))) or any(numbers)


def _written(document: Docx) -> Iterator[tuple[str, str]]:
    for at, paragraph in enumerate(document.paragraphs, start=1):
        yield f"paragraph {at}", paragraph.text
    for at, row in enumerate(document.tables[0].rows):
        for title, cell in zip(_COLUMNS, row.cells, strict=True):
            yield f"row {at}, {title}", cell.text
