"""Expressions of a kind in running text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.expressions import explains, has_expression
from knowledge.wants import Wants


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Wants.MONEY, "每户奖补200元"),
        (Wants.MONEY, "不低于1.3亿元"),
        (Wants.PERCENT, "达到84%以上"),
        (Wants.PERCENT, "每年提高10个百分点"),
        (Wants.PERCENT, "低于低保标准1.5倍"),
        (Wants.PERCENT, "行政村通硬化路全覆盖"),
        (Wants.COUNT, "34个安置区"),
        (Wants.COUNT, "包括以下七个方面"),
        (Wants.DURATION, "不少于6个月"),
        (Wants.DURATION, "三个工作日内"),
        (Wants.DURATION, "全生命周期20年"),
        (Wants.FREQUENCY, "每年考核1次"),
        (Wants.FREQUENCY, "每季度开展筛查"),
        (Wants.DATE, "2022年底前完成"),
        (Wants.DATE, "自印发之日起施行"),
        (Wants.DAY, "4月18日"),
        (Wants.AREA, "600亩建设用地"),
        (Wants.AGE, "35周岁以下"),
        (Wants.OFFICE, "向苏木乡镇申请"),
        (Wants.CONTACT, "0477-8588888"),
        (Wants.ENUMERATION, "早发现、早干预、早帮扶"),
        (Wants.ANYTHING, "适时推广"),
        (Wants.DEFINITION, "适时推广"),
    ],
    ids=ascii,
)
def test_an_expression_of_the_kind_is_seen(kind: Wants, text: str) -> None:
    assert has_expression(text, kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Wants.MONEY, "给予一定奖补"),
        (Wants.MONEY, "项目1240个"),
        (Wants.PERCENT, "比例酌情提高"),
        (Wants.COUNT, "扶持一批龙头企业"),
        (Wants.DURATION, "及时公示"),
        (Wants.AGE, "老年人"),
        (Wants.AREA, "建设用地指标"),
        (Wants.OFFICE, "按程序办理"),
        (Wants.CONTACT, "内党农牧组发〔2021〕1号"),
        (Wants.DAY, "2021年"),
    ],
    ids=ascii,
)
def test_what_is_no_expression_of_the_kind_is_not(kind: Wants, text: str) -> None:
    assert not has_expression(text, kind)


@pytest.mark.parametrize(
    "text",
    [
        "通过“三来一保”（来料加工、来件装配）的形式",
        "“三来一保”是指来料加工等",
        "建立公益类、经营类和到户类扶贫资产“三来一保”",
    ],
    ids=["brackets", "verb", "listed-before"],
)
def test_a_term_is_explained_beside_it(text: str) -> None:
    assert explains(text, "三来一保")


@pytest.mark.parametrize(
    "text", ["严格落实“三来一保”要求", "别的话", "“三来一保”"], ids=["used", "absent", "alone"]
)
def test_a_term_that_is_only_used_is_not_explained(text: str) -> None:
    assert not explains(text, "三来一保")


@given(st.text(max_size=200), st.sampled_from(list(Wants)))
@settings(max_examples=150, deadline=None)
def test_no_text_raises(text: str, kind: Wants) -> None:
    assert has_expression(text, kind) in (True, False)
    assert explains(text, text[:4]) in (True, False)
