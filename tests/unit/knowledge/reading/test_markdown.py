from __future__ import annotations

from collections.abc import Callable

from knowledge.model import Grid, Line, SourceText

Read = Callable[[str, bytes], SourceText]


def test_a_pipe_table_is_a_grid_and_the_rest_stays_lines(read: Read) -> None:
    text = "# 标题\n<!-- INFO END -->\n| 指标 | 分值 |\n|---|:-:|\n| 科技 | 2 |\n| a\\|b |\n\n第一条"
    assert read("a.md", text.encode()).blocks == (
        Line("# 标题", 0),
        Line("<!-- INFO END -->", 5),
        Grid((("指标", "分值"), ("科技", "2"), ("a|b", ""))),
        Line("", text.index("\n\n") + 1),
        Line("第一条", text.index("第一条")),
    )


def test_a_pipe_without_a_delimiter_row_is_text(read: Read) -> None:
    assert read("a.md", "甲 | 乙\n丙 | 丁".encode()).blocks == (Line("甲 | 乙", 0), Line("丙 | 丁", 6))


def test_a_plain_text_file_has_no_pipe_tables(read: Read) -> None:
    assert len(read("a.txt", b"|a|b|\n|-|-|\n|1|2|").blocks) == 3
