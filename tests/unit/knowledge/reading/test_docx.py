from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from knowledge.errors import ReadingError
from knowledge.model import Grid, Line, SourceText

Read = Callable[[str, bytes], SourceText]
W = nsdecls("w")


def saved(document: Word) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def texts(source: SourceText) -> list[object]:
    return [block.text if isinstance(block, Line) else block for block in source.blocks]


def level(index: int, number_format: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def define_list(document: Word, *levels: str, list_id: int = 90, more: str = "") -> None:
    """Add a list definition and a list of it; abstract definitions have to stand before lists."""
    root = document.part.numbering_part.element
    root.insert(
        0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{list_id}">{"".join(levels)}</w:abstractNum>')
    )
    add_list(document, list_id, list_id, more)


def add_list(document: Word, list_id: int, definition: int, more: str = "") -> None:
    root = document.part.numbering_part.element
    root.append(
        parse_xml(f'<w:num {W} w:numId="{list_id}"><w:abstractNumId w:val="{definition}"/>{more}</w:num>')
    )


def add_item(document: Word, text: str, index: int = 0, list_id: int = 90) -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {W}><w:ilvl w:val="{index}"/><w:numId w:val="{list_id}"/></w:numPr>')
    )


def test_paragraphs_and_tables_come_in_document_order(read: Read) -> None:
    document = Document()
    document.add_paragraph("第一条 甲")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, "项分乙2", strict=True):
        cell.text = text
    document.add_paragraph("第二条\n丙")
    grid = Grid((("项", "分"), ("乙", "2")))
    assert texts(read("a.docx", saved(document))) == ["第一条 甲", grid, "第二条", "丙"]


def test_merged_cells_are_filled(read: Read) -> None:
    document = Document()
    table = document.add_table(3, 3)
    for number, cell in enumerate(table._cells):
        cell.text = str(number) if number not in (3, 8) else ""
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(2, 1).merge(table.cell(2, 2))
    expected = (("0", "1", "2"), ("0", "4", "5"), ("6", "7", "7"))
    assert texts(read("a.docx", saved(document))) == [Grid(expected)]


def test_a_table_of_one_column_is_a_frame_around_text(read: Read) -> None:
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "专栏1\n内容"
    assert texts(read("a.docx", saved(document))) == ["专栏1", "内容"]


def test_automatic_numbers_of_policy_documents_are_written_out(read: Read) -> None:
    document = Document()
    define_list(
        document,
        level(0, "chineseCountingThousand", "%1、"),
        level(1, "chineseCountingThousand", "（%2）"),
        level(2, "decimal", "%3."),
        level(3, "decimal", "%3.%4"),
    )
    items = [
        ("总则", 0),
        ("目标", 1),
        ("范围", 1),
        ("甲", 2),
        ("5亿元", 2),
        ("小", 3),
        ("附则", 0),
        ("施行", 1),
    ]
    for text, index in items:
        add_item(document, text, index)
    assert texts(read("a.docx", saved(document))) == [
        *("一、总则", "（一）目标", "（二）范围", "1. 甲", "2. 5亿元", "2.1 小", "二、附则", "（一）施行")
    ]


def test_articles_count_on_through_chapters(read: Read) -> None:
    document = Document()
    define_list(
        document,
        level(0, "chineseCountingThousand", "第%1章"),
        level(1, "chineseCountingThousand", "第%2条", '<w:lvlRestart w:val="0"/>'),
    )
    for text, index in [("总则", 0), ("甲", 1), ("乙", 1), ("附则", 0), ("丙", 1)]:
        add_item(document, text, index)
    assert texts(read("a.docx", saved(document))) == [
        *("第一章 总则", "第一条 甲", "第二条 乙", "第二章 附则", "第三条 丙")
    ]


def test_lists_of_one_definition_count_on_unless_they_start_anew(read: Read) -> None:
    document = Document()
    define_list(document, level(0, "decimal", "%1."))
    add_list(document, 91, 90)
    add_list(document, 92, 90, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    for list_id in (90, 91, 92, 92):
        add_item(document, "甲", list_id=list_id)
    assert texts(read("a.docx", saved(document))) == ["1. 甲", "2. 甲", "1. 甲", "2. 甲"]


def test_a_style_carries_the_number_and_a_paragraph_can_refuse_it(read: Read) -> None:
    document = Document()
    define_list(document, level(0, "chineseCountingThousand", "%1、", '<w:suff w:val="nothing"/>'))
    heading = document.styles["Heading 1"].element.get_or_add_pPr()
    heading.append(parse_xml(f'<w:numPr {W}><w:numId w:val="90"/></w:numPr>'))
    document.add_heading("总则", 1)
    add_item(document, "无号", list_id=0)
    document.paragraphs[-1].style = document.styles["Heading 1"]
    document.add_heading("附则", 1)
    assert texts(read("a.docx", saved(document))) == ["一、总则", "无号", "二、附则"]


def test_bullets_are_dropped_but_dashes_stay(read: Read) -> None:
    document = Document()
    define_list(document, level(0, "bullet", "\uf0b7"), level(1, "bullet", "——"))
    add_item(document, "甲", 0)
    add_item(document, "乙", 1)
    assert texts(read("a.docx", saved(document))) == ["甲", "——乙"]


def test_automatic_numbers_in_cells_are_written_out(read: Read) -> None:
    document = Document()
    define_list(document, level(0, "decimal", "%1", '<w:suff w:val="nothing"/>'))
    table = document.add_table(2, 2)
    for row, text in zip(table.rows, "甲乙", strict=True):
        add_item(document, "")
        row.cells[0]._tc.append(document.paragraphs[-1]._p)
        row.cells[1].text = text
    assert texts(read("a.docx", saved(document))) == [Grid((("1", "甲"), ("2", "乙")))]


def test_deleted_text_field_codes_headers_and_contents_are_left_out(read: Read) -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("第一章 总则\t3", style="toc 1")
    paragraph = document.add_paragraph("正文")._p
    paragraph.append(parse_xml(f"<w:del {W}><w:r><w:delText>旧</w:delText></w:r></w:del>"))
    paragraph.append(parse_xml(f"<w:r {W}><w:instrText>PAGE</w:instrText></w:r>"))
    paragraph.append(parse_xml(f"<w:ins {W}><w:r><w:t>新</w:t></w:r></w:ins>"))
    assert texts(read("a.docx", saved(document))) == ["正文新"]


def test_a_text_box_is_read_once_after_its_paragraph(read: Read) -> None:
    document = Document()
    box = f"<w:txbxContent {W}><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent>"
    compatibility = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    drawing = (
        f"<mc:AlternateContent {compatibility}><mc:Choice Requires='wps'>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    document.add_paragraph("正文").runs[0]._r.append(parse_xml(drawing))
    assert texts(read("a.docx", saved(document))) == ["正文", "框"]


def test_content_controls_are_read(read: Read) -> None:
    document = Document()
    control = parse_xml(f"<w:sdt {W}><w:sdtContent/></w:sdt>")
    paragraph = document.add_paragraph("第一条")._p
    document.element.body.insert(0, control)
    control.find(qn("w:sdtContent")).append(paragraph)
    assert texts(read("a.docx", saved(document))) == ["第一条"]


def test_a_document_of_pictures_has_no_text(read: Read) -> None:
    with pytest.raises(ReadingError, match="没有可读的文字；如果内容是图片"):
        read("a.docx", saved(Document()))


def test_a_cell_that_claims_a_thousand_million_columns_is_bounded(read: Read) -> None:
    document = Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "甲", "乙"
    table.cell(0, 0)._tc.get_or_add_tcPr().append(parse_xml(f'<w:gridSpan {W} w:val="1000000000"/>'))
    (grid,) = read("a.docx", saved(document)).blocks
    assert isinstance(grid, Grid)
    assert len(grid.rows[0]) == 1001
