"""Whatever is written, parsing loses no text and raises nothing."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.model import Document, Grid, Line, SourceText
from knowledge.parsing import parse
from knowledge.reading.text import lines

OPENERS = [
    "第一章 总则",
    "第二节 目标",
    "第一条 为了",
    "第三条规定的",
    "一、总体要求",
    "二、重点任务",
    "（一）稳定政策。",
]
OPENERS += [
    "(二)优化布局",
    "1.平时监控",
    "（2）压实责任",
    "专栏1：指标",
    "\t专栏2 项目",
    "附表",
    "附件1",
    "附件2：清单",
]
OPENERS += [
    "——坚持",
    "# 标题",
    "## 背景",
    "### 一、任务",
    "<!-- 注 -->",
    "第一部分 概况",
    "① 核实",
    "1.1 范围",
    "##",
]
CELLS = [
    "\t序号",
    "\t2021年",
    "\t指标",
    "\t",
    "\t100",
    "考核项目\t权重\t分值",
    "产业\t10\t5",
    "\t\t6",
    "合计\t10\t11",
]
TEXTS = [
    "",
    " ",
    "乌审旗2个：甲村、乙嘎查。",
    "重点帮扶嘎查村3个。",
    "达拉特旗",
    "（市农牧局负责）",
    "责任单位：甲局、乙局",
]
TEXTS += [
    "二〇二二年九月二十日",
    "2022年13月45日",
    "鄂府发〔2022〕45号",
    "《某某办法》",
    "按照甲甲、乙乙、丙丙的程序办理。",
]
TEXTS += ["为了" * 40 + "。", "各旗区" * 20, "A1"]
_RULES = " \t-—_=*★"
LINE = st.one_of(
    st.sampled_from(OPENERS + CELLS + TEXTS), st.text(st.characters(exclude_characters="\r\n"), max_size=60)
)


def squeezed(text: str) -> str:
    """Without white space, as line joins drop it, and with the brackets that labels are given."""
    return "".join(text.split()).replace("(", "（").replace(")", "）")


def held(documents: tuple[Document, ...]) -> str:
    return squeezed("\n".join(part for document in documents for part in _parts(document)))


def _parts(document: Document) -> Iterator[str]:
    yield f"{document.label}\n{document.title}\n{document.number}"
    for clause in document.clauses:
        yield f"{clause.label}{clause.title}\n{clause.text}"
    for table in document.tables:
        yield "\n".join((table.title, *table.header))
        yield from ("\n".join((row.raw, *row.cells)) for row in table.rows)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINE, max_size=40))
@example(["第一章 总则", "\t2021年", "", "\t序号", "\t\t6"])  # a title of a table that is none
@example(["0", "附件1"])  # a document that is a title only
def test_no_line_is_lost(written: list[str]) -> None:
    text = "\n".join(written)
    documents = parse(SourceText("样本.txt", tuple(lines(text)), text))
    everything = held(documents)
    for line in written:
        if any(mark in line for mark in ("#", "<!--", "附件", "附表", "专栏")) or not line.strip(_RULES):
            continue  # marks of a heading and rules are dropped, and labels are written as one word
        for cell in line.split("\t"):
            assert _is_held(squeezed(cell), everything), line


def _is_held(cell: str, everything: str) -> bool:
    """Labels are rewritten (`1、` → `1.`), so a title stands behind its number."""
    return cell in everything or any(cell[at:] in everything for at in range(1, min(len(cell), 8)))


@settings(max_examples=200, deadline=None)
@given(st.lists(LINE, max_size=40))
def test_offsets_are_ordered_and_inside_the_text(written: list[str]) -> None:
    text = "\n".join(written)
    for document in parse(SourceText("样本.txt", tuple(lines(text)), text)):
        for clause in document.clauses:
            assert clause.start is not None and clause.end is not None
            assert 0 <= clause.start <= clause.end <= len(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=2000))
def test_any_text_is_parsed(text: str) -> None:
    assert parse(SourceText("样本.txt", tuple(lines(text)), text))


CELL = st.one_of(
    st.sampled_from(["", "序号", "2021年", "10", "合计", "专栏1：指标", "一、产业（30分）"]),
    st.text(max_size=8),
)
GRID = st.integers(1, 5).flatmap(lambda n: st.lists(st.tuples(*[CELL] * n), min_size=1, max_size=6))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(LINE.map(Line), GRID.map(lambda rows: Grid(tuple(rows)))), max_size=12))
def test_any_blocks_are_parsed_and_tables_are_rectangles(blocks: list[Line | Grid]) -> None:
    for document in parse(SourceText("样本.docx", tuple(blocks))):
        for table in document.tables:
            assert all(len(row.cells) == len(table.header) for row in table.rows)
