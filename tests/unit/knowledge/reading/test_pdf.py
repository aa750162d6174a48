from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable, Sequence

import pytest
from PIL import Image
from reportlab.lib import colors, pdfencrypt
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

from knowledge.errors import ReadingError
from knowledge.model import Grid, Line, SourceText
from knowledge.reading import pdf

Read = Callable[[str, bytes], SourceText]
FONT = "STSong-Light"  # built into PDF readers: nothing is embedded
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
BODY = ParagraphStyle("body", fontName=FONT, fontSize=14, leading=24, wordWrap="CJK", alignment=4)
CELL = ParagraphStyle("cell", fontName=FONT, fontSize=10, wordWrap="CJK")
RULES = ("GRID", (0, 0), (-1, -1), 1, colors.black)


def drawn(*pages: Callable[[Canvas], None], encrypt: object = None) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, encrypt=encrypt)
    for draw in pages:
        canvas.setFont(FONT, 14)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def flowing(
    *parts: Flowable, on_page: Callable[[Canvas, object], None] = lambda canvas, document: None
) -> bytes:
    target = io.BytesIO()
    SimpleDocTemplate(target).build(list(parts), onFirstPage=on_page, onLaterPages=on_page)
    return target.getvalue()


def table(rows: Sequence[Sequence[object]], *style: tuple[object, ...]) -> Table:
    return Table(
        rows,
        colWidths=[60, 60, 120],
        repeatRows=1,
        style=TableStyle([("FONT", (0, 0), (-1, -1), FONT), *style]),
    )


def texts(source: SourceText) -> list[object]:
    return [block.text if isinstance(block, Line) else block for block in source.blocks]


def page_number_and_header(canvas: Canvas, document: object) -> None:
    canvas.setFont(FONT, 10)
    canvas.drawCentredString(300, 800, "鄂尔多斯市人民政府公报")
    canvas.drawCentredString(300, 30, f"— {canvas.getPageNumber()} —")


def test_lines_come_from_top_to_bottom(read: Read) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 600, "第二条 2021年起施行。")
        canvas.drawString(72, 700, "第一条 为促进乡村振兴，制定本办法。")

    assert texts(read("a.pdf", drawn(draw))) == [
        "第一条 为促进乡村振兴，制定本办法。",
        "第二条 2021年起施行。",
    ]


def test_a_wrapped_paragraph_is_one_line_for_each_printed_line(read: Read) -> None:
    text = "第一条 " + "为深入贯彻落实乡村振兴战略，" * 8
    lines = texts(read("a.pdf", flowing(Paragraph(text, BODY))))
    assert len(lines) > 2
    assert "".join(map(str, lines)) == text


def test_merged_cells_are_filled_and_the_table_is_not_repeated_as_text(read: Read) -> None:
    rows = [["项目", "分值", ""], ["产业", "18", "甲"], ["", "", "乙"]]
    merged = [("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 1), (0, 2)), ("SPAN", (1, 1), (1, 2))]
    data = flowing(Paragraph("附表", BODY), table(rows, RULES, *merged), Paragraph("第二条", BODY))
    grid = Grid((("项目", "分值", "分值"), ("产业", "18", "甲"), ("产业", "18", "乙")))
    assert texts(read("a.pdf", data)) == ["附表", grid, "第二条"]


def test_a_table_without_side_rules_keeps_its_outer_columns(read: Read) -> None:
    rows = [["项目", "分值", "单位"], ["产业", "18", "农牧厅"]]
    style = [(rule, (0, 0), (-1, -1), 1, colors.black) for rule in ("INNERGRID", "LINEABOVE", "LINEBELOW")]
    assert texts(read("a.pdf", flowing(table(rows, *style)))) == [
        Grid((("项目", "分值", "单位"), ("产业", "18", "农牧厅")))
    ]


def test_text_wrapped_in_a_cell_is_joined_and_short_lines_stay_lines(read: Read) -> None:
    wrapped = Paragraph("农村牧区人居环境整治提升工作推进情况", CELL)
    rows = [["项目", "计划总投资\n（亿元）", wrapped], ["甲", "1", "乙"]]
    (grid,) = read("a.pdf", flowing(table(rows, RULES))).blocks
    assert isinstance(grid, Grid)
    assert grid.rows[0][2] == "农村牧区人居环境整治提升工作推进情况"


def test_a_table_over_several_pages_is_one_with_one_header(read: Read) -> None:
    rows = [["序号", "分值", "指标"], *([str(number), "2", "甲"] for number in range(1, 101))]
    data = flowing(Paragraph("附表", BODY), table(rows, RULES), on_page=page_number_and_header)
    title, grid = read("a.pdf", data).blocks
    assert title == Line("附表")
    assert isinstance(grid, Grid)
    assert grid.rows == tuple(tuple(row) for row in rows)


def test_page_numbers_and_running_headers_are_dropped(read: Read) -> None:
    data = flowing(*(Paragraph(f"第{n}段", BODY) for n in range(100)), on_page=page_number_and_header)
    assert texts(read("a.pdf", data)) == [f"第{n}段" for n in range(100)]


@pytest.mark.parametrize("number", ["3", "- 3 -", "－3－", "— 3 —", "第3页 共9页", "3/9", "· 3 ·"])
def test_styles_of_page_numbers(read: Read, number: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "第一条")
        canvas.drawCentredString(300, 40, number)

    assert texts(read("a.pdf", drawn(draw))) == ["第一条"]


def test_annex_titles_at_the_top_of_pages_are_no_headers(read: Read) -> None:
    pages = [lambda canvas, n=n: canvas.drawString(72, 790, f"附件{n}") for n in (1, 2, 3)]
    assert texts(read("a.pdf", drawn(*pages))) == ["附件1", "附件2", "附件3"]


def test_a_number_in_the_middle_of_a_page_is_text(read: Read) -> None:
    assert texts(read("a.pdf", drawn(lambda canvas: canvas.drawString(72, 400, "62")))) == ["62"]


def test_a_slanted_watermark_is_left_out(read: Read) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "第一条 为促进乡村振兴")
        canvas.rotate(45)
        canvas.drawString(400, 100, "内部资料")

    assert texts(read("a.pdf", drawn(draw))) == ["第一条 为促进乡村振兴"]


def test_bold_faked_by_printing_twice_is_read_once(read: Read) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "关于印发")
        canvas.drawString(72.3, 700, "关于印发")

    assert texts(read("a.pdf", drawn(draw))) == ["关于印发"]


def picture(canvas: Canvas) -> None:
    canvas.drawInlineImage(Image.new("L", (50, 80), 200), 0, 0, 500, 800)


def test_a_scanned_file_is_named(read: Read) -> None:
    with pytest.raises(ReadingError) as caught:
        read("x.pdf", drawn(picture, picture))
    assert str(caught.value) == "《x.pdf》是扫描件，没有文字层；请先做文字识别（OCR）再放入文件库。"


def test_a_scan_with_a_cover_page_of_text_is_a_scan(read: Read) -> None:
    cover = lambda canvas: canvas.drawString(72, 700, "封面")  # noqa: E731
    with pytest.raises(ReadingError, match="扫描件"):
        read("a.pdf", drawn(cover, picture, picture))


def in_latin(canvas: Canvas) -> None:
    """reportlab forgets to encrypt a string of its Chinese fonts, so encrypted tests are in Latin script."""
    canvas.setFont("Helvetica", 14)
    canvas.drawString(72, 700, "Article 1")


def test_a_password_is_named(read: Read) -> None:
    data = drawn(in_latin, encrypt=pdfencrypt.StandardEncryption("secret"))
    with pytest.raises(ReadingError) as caught:
        read("a.pdf", data)
    assert str(caught.value) == "《a.pdf》已加密；请用密码打开，取消密码后另存，再放入文件库。"


def test_a_file_that_only_forbids_printing_is_read(read: Read) -> None:
    data = drawn(in_latin, encrypt=pdfencrypt.StandardEncryption("", ownerPassword="owner", canPrint=0))
    assert texts(read("a.pdf", data)) == ["Article 1"]


def test_too_many_pages_are_refused(read: Read) -> None:
    data = drawn(*[lambda canvas: canvas.drawString(72, 700, "第一条")] * 4)
    assert len(pdf.read(data, "a.pdf", max_pages=4).blocks) == 4
    with pytest.raises(ReadingError, match="超过 3 页的上限；请拆分"):
        pdf.read(data, "a.pdf", max_pages=3)


def test_thousands_of_pages_are_refused_quickly(read: Read) -> None:
    data = drawn(*[lambda canvas: canvas.drawString(72, 700, "第一条")] * 2001)
    started = time.perf_counter()
    with pytest.raises(ReadingError, match="超过 2000 页的上限"):
        read("a.pdf", data)
    assert time.perf_counter() - started < 5


def test_a_file_of_another_format_is_named(read: Read) -> None:
    with pytest.raises(ReadingError, match="不是 PDF 文件"):
        read("a.pdf", b"PK\x03\x04")


def test_a_file_cut_short_raises_nothing_else(read: Read) -> None:
    data = drawn(lambda canvas: canvas.drawString(72, 700, "第一条"))
    for length in range(20, len(data), 97):
        try:
            read("a.pdf", data[:length])
        except ReadingError as error:
            assert "《a.pdf》" in str(error)


def test_a_stream_that_unpacks_to_gigabytes_is_refused(read: Read) -> None:
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(10_000_000)) for _ in range(30)) + packer.flush()
    data = b"%PDF-1.4\n1 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + bomb + b"\nendstream\nendobj\n"
    with pytest.raises(ReadingError, match="压缩炸弹"):
        read("a.pdf", data)
