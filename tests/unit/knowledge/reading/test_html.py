from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from knowledge.errors import ReadingError
from knowledge.model import Grid, Line, SourceText

Read = Callable[[str, bytes], SourceText]


def blocks(read: Read, body: str) -> list[object]:
    found = read("a.html", f"<meta charset=utf-8><body>{body}".encode()).blocks
    return [block.text if isinstance(block, Line) else block for block in found]


def test_block_elements_and_line_breaks_make_lines(read: Read) -> None:
    assert blocks(read, "<h1>办法</h1><p>第一条 <b>为</b>促进<br>发展。</p>正文") == [
        "办法",
        "第一条 为促进",
        "发展。",
        "正文",
    ]


def test_a_break_in_the_markup_is_no_space_between_chinese_characters(read: Read) -> None:
    assert blocks(read, "<p>农\n  村牧区 2021\n年 new\nline</p>") == ["农村牧区 2021 年 new line"]


def test_scripts_navigation_and_hidden_parts_are_dropped(read: Read) -> None:
    body = (
        "<script>var a='<p>x'</script><style>p{}</style><nav>首页</nav><!-- c --><footer>版权</footer>"
        "<p hidden>甲</p><div style='display: none'>乙</div><p>正文</p>"
    )
    assert blocks(read, body) == ["正文"]


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "utf-8", "nonsense"])
def test_the_bytes_are_decoded_even_if_the_declaration_is_wrong(read: Read, declared: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    page += "<p>淖尔镇的黄芥壕村，适用本办法</p>"
    assert read("a.htm", page.encode("gbk")).blocks == (Line("淖尔镇的黄芥壕村，适用本办法"),)


def test_spans_are_filled(read: Read) -> None:
    table = (
        "<table><caption>表1</caption><tr><th rowspan=2>项目<th colspan=2>分值"
        "<tr><td>甲<td>乙<tr><td rowspan=0>丙<td><p>1</p><p>2</p><td>3</table>"
    )
    rows = (("项目", "分值", "分值"), ("项目", "甲", "乙"), ("丙", "1\n2", "3"))
    assert blocks(read, table) == [Grid(rows, "表1")]


def test_layout_tables_are_text(read: Read) -> None:
    table = "<table><tr><td>左<td><p>第一条</p><table><tr><td>a<td>b</table></table>"
    assert blocks(read, table) == ["左", "第一条", Grid((("a", "b"),))]
    assert blocks(read, "<table><tr><td>专栏1<tr><td>内容</table>") == ["专栏1", "内容"]


def test_numbered_lists_keep_the_numbers_that_a_browser_shows(read: Read) -> None:
    assert blocks(read, "<ol start=3><li>甲<ul><li>乙</ul><li>丙</ol>") == ["3. 甲", "乙", "4. 丙"]


def test_preformatted_lines_stay_lines(read: Read) -> None:
    assert blocks(read, "<pre>第一条\n第二条</pre>") == ["第一条", "第二条"]


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li", "span"])
def test_100_000_nested_elements_are_refused_quickly(read: Read, tag: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ReadingError, match="嵌套超过"):
        read("a.html", (f"<{tag}>" * 100_000 + "深").encode())
    assert time.perf_counter() - started < 5


def test_nesting_deeper_than_the_stack_of_python_is_read(read: Read) -> None:
    assert blocks(read, "<div>" * 5000 + "深" + "</div>" * 5000) == ["深"]


def test_a_table_that_claims_millions_of_cells_is_refused(read: Read) -> None:
    row = "<tr>" + "<td colspan=1000 rowspan=65534>x" * 3
    with pytest.raises(ReadingError, match="单元格"):
        read("a.html", ("<table>" + row * 2000).encode())
