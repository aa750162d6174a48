"""Figures of tables by row, year and column."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.model import Answer, Status

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        pytest.param("2025年卫生厕所普及率要到多少", "2025年＞75%", id="target"),
        pytest.param("卫生厕所普及率2021年是多少", "2021年69.2%", id="baseline"),
        pytest.param("十四五末农村牧区生活污水处理率的目标", "2025年＞50%", id="end-of-the-plan"),
        pytest.param("大病专项救治病种2025年多少种", "2025年39", id="count"),
        pytest.param("2024年市本级衔接资金多少", "2024年18320万元", id="city-funds"),
        pytest.param("2024年自治区重点帮扶旗衔接资金计划多少", "2024年4950万元", id="key-banner-funds"),
        pytest.param("教育医疗救助类项目多少个", "67个", id="projects"),
        pytest.param("种养殖加工服务类总投资多少", "39.1亿元", id="investment"),
        pytest.param("村基础设施建设类2023年多少个", "2023年32个", id="projects-of-a-year"),
        pytest.param("返贫人口的目标是什么", "动态清零", id="words-instead-of-a-figure"),
    ],
)
def test_the_asked_cell_leads_with_its_unit(ask: Ask, question: str, figure: str) -> None:
    assert figure in ask(question).lead


def test_the_whole_row_stands_below(ask: Ask) -> None:
    text = ask("2025年卫生厕所普及率要到多少").text
    assert "2021年：69.2；2025年：＞75；属性：预期性" in text


def test_a_row_is_cited_by_box_and_number(ask: Ask) -> None:
    locator = ask("2025年卫生厕所普及率要到多少").citations[0].locator
    assert locator.endswith("专栏1：巩固拓展脱贫攻坚成果同乡村振兴有效衔接主要指标 › 第12项")


def test_the_figure_of_the_city_is_not_given_for_the_key_banner(ask: Ask) -> None:
    assert "18320" not in ask("2024年自治区重点帮扶旗衔接资金计划多少").lead


@pytest.mark.parametrize(
    ("question", "years"),
    [
        pytest.param("2023年卫生厕所普及率是多少", "只列了2021年、2025年", id="between"),
        pytest.param(
            "2024年农村牧区生活污水处理率", "只列了2021年、2025年", id="between-without-asking-word"
        ),
        pytest.param("2026年市本级衔接资金多少", "只列了2021年、2022年、2023年、2024年、2025年", id="after"),
        pytest.param("2020年市本级衔接资金计划是多少", "2020年的数", id="before"),
    ],
)
def test_a_year_that_the_table_does_not_have_is_not_found(ask: Ask, question: str, years: str) -> None:
    answer = ask(question)
    assert answer.status is Status.NOT_FOUND
    assert years in answer.lead


def test_the_years_that_there_are_are_shown_with_the_refusal(ask: Ask) -> None:
    assert "2021年：69.2；2025年：＞75" in ask("2023年卫生厕所普及率是多少").text


def test_a_cell_shared_by_all_years_is_said_to_be_one(ask: Ask) -> None:
    assert "不是单年数值" in "\n".join(ask("返贫人口2025年目标").notices)


@pytest.mark.parametrize(("attribute", "count"), [("约束性", 7), ("预期性", 9)], ids=["binding", "expected"])
def test_rows_are_listed_by_attribute(ask: Ask, attribute: str, count: int) -> None:
    answer = ask(f"{attribute}指标有哪些")
    assert f"{attribute}指标共{count}项" in answer.lead


@pytest.mark.parametrize(
    ("question", "told"),
    [
        pytest.param("十四五项目合计多少", ("1240个", "1245"), id="projects"),
        pytest.param("享受政策脱贫户利益联结2021年多少", ("65%", "60%"), id="baseline"),
        pytest.param("苏木乡镇污水处理率2025年", ("苏木乡镇污水处理率", "建制镇生活污水治理率"), id="names"),
        pytest.param("杭锦旗农牧民收入增幅目标", ("“全区”", "全国农民收入增速"), id="benchmark"),
        pytest.param("村集体经济收入目标", ("超过30%", "达到30%"), id="wording"),
        pytest.param("2024年市本级衔接资金多少", ("91546万元", "计算所得"), id="computed-sum"),
        pytest.param("2024年自治区重点帮扶旗衔接资金计划多少", ("24700万元", "不低于1亿元"), id="scope"),
    ],
)
def test_the_other_figure_of_the_documents_is_told(ask: Ask, question: str, told: tuple[str, str]) -> None:
    notices = "\n".join(ask(question).notices)
    assert all(piece in notices for piece in told)


# --- follow-ups -----------------------------------------------------------------------------


def test_another_year_of_the_same_row(ask: Ask) -> None:
    assert "2025年＞75%" in ask("卫生厕所普及率2021年是多少", "那2025年呢").lead


def test_another_year_twice(ask: Ask) -> None:
    assert "2022年18300万元" in ask("2024年市本级衔接资金多少", "那2023年呢", "2022年呢").lead


def test_a_year_that_is_not_there_is_not_found_in_a_follow_up_either(ask: Ask) -> None:
    answer = ask("2024年市本级衔接资金多少", "那2030年呢")
    assert answer.status is Status.NOT_FOUND
    assert "2030年" in answer.lead


def test_after_a_missing_year_one_that_is_there_can_be_asked(ask: Ask) -> None:
    assert "2025年＞75%" in ask("卫生厕所普及率2023年是多少", "那2025年呢").lead


def test_another_row_of_the_same_year(ask: Ask) -> None:
    assert "2025年＞50%" in ask("2025年卫生厕所普及率要到多少", "那农村牧区生活污水处理率呢").lead
