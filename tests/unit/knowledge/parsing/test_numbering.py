"""What opens a numbered unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.parsing.numbering import chinese_numeral, numeral_value, opener


@given(st.integers(1, 9999))
def test_numerals_survive_the_round_trip(value: int) -> None:
    assert numeral_value(chinese_numeral(value)) == value


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("二十三", 23),
        ("一百零二", 102),
        ("一百一十", 110),
        ("一千二百六十", 1260),
        ("两", 2),
        ("二〇二二", 2022),
        ("12", 12),
        ("１２", 12),
        ("", 0),
    ],
)
def test_values_of_numerals(numeral: str, value: int) -> None:
    assert numeral_value(numeral) == value


@pytest.mark.parametrize(
    ("line", "label", "number"),
    [
        ("第一条 为了规范", "第一条", 1),
        ("第五十四条　考核", "第五十四条", 54),
        ("第12条 考核", "第12条", 12),
        ("第 12 条 考核", "第12条", 12),
        ("第十七条之一 考核", "第十七条之一", 17),
        ("第一编 总则", "第一编", 1),
        ("第二部分 重点任务", "第二部分", 2),
        ("第三章 附则", "第三章", 3),
        ("一、总体要求", "一、", 1),
        ("十二、 组织保障", "十二、", 12),
        ("三．保障", "三、", 3),
        ("（二）优化布局", "（二）", 2),
        ("(二)优化布局", "（二）", 2),
        ("( 二 ) 优化布局", "（二）", 2),
        ("1.加强领导", "1.", 1),
        ("1. 加强领导", "1.", 1),
        ("3．加强领导", "3.", 3),
        ("3、加强领导", "3.", 3),
        ("（1）明确目标", "（1）", 1),
        ("(1) 明确目标", "（1）", 1),
        ("1）明确目标", "1）", 1),
        ("2.3 适用范围", "2.3", 3),
        ("② 入户核实", "②", 2),
        ("专栏10：名单", "专栏10", 10),
        ("专栏6 ：政策", "专栏6", 6),
        ("专栏 3  行动", "专栏3", 3),
        ("专栏四 行动", "专栏4", 4),
        ("附表", "附表", 0),
        ("附表2：", "附表2", 2),
        ("——坚持党的领导。", "——", 0),
    ],
)
def test_openers(line: str, label: str, number: int) -> None:
    found = opener(line)
    assert found is not None
    assert (found.label, found.number) == (label, number)


@pytest.mark.parametrize(
    "line",
    [
        "一产供二产",
        "一、二、三产业融合",
        "1.5亿元",
        "3.14万人",
        "2021年",
        "15、20",
        "专栏1列出的指标",
        "附表所列",
        "—",
        "—农牧厅",
        "第一产业项目",
        "第一个百年",
        "（含）",
        "附件所列材料",
    ],
)
def test_text_that_opens_nothing(line: str) -> None:
    assert opener(line) is None


@pytest.mark.parametrize(
    "line", ["第四条规定的程序", "第三条、第四条", "第二章和第三章", "第一条所称村规民约"]
)
def test_references_are_marked(line: str) -> None:
    found = opener(line)
    assert found is not None
    assert found.refers and not found.spaced


@given(st.text())
def test_any_line_opens_something_or_nothing(line: str) -> None:
    found = opener(line.strip())
    assert found is None or (found.label and 0 <= found.rest <= len(line.strip()))
