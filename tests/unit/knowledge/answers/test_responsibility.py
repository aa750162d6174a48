"""Who is responsible for a measure: the departments printed at the end of its clause."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.model import Answer

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("question", "departments"),
    [
        pytest.param("发展乡村旅游业由哪些部门负责", "自治区文旅厅、交通厅", id="by-title"),
        pytest.param("电商综合示范谁负责", "自治区商务厅、财政厅、扶贫办", id="by-part-of-the-title"),
        pytest.param("光伏扶贫谁牵头", "自治区扶贫办、能源局", id="other-verb"),
        pytest.param("政策措施三（四）谁负责", "自治区扶贫办、能源局", id="by-label"),
        pytest.param(
            "健全动态监测和帮扶机制由谁负责",
            "自治区扶贫办、民政厅、人社厅、财政厅、银保监局",
            id="not-the-indicator",
        ),
    ],
)
def test_the_departments_of_a_measure_come_in_printed_order(
    ask: Ask, question: str, departments: str
) -> None:
    assert f"由{departments}负责" in ask(question).lead


def test_a_single_department_is_said_to_be_alone(ask: Ask) -> None:
    assert ask("稳定土地支持政策谁负责").lead == "“稳定土地支持政策”由自治区自然资源厅单独负责。"


def test_a_list_too_long_for_the_lead_is_counted_there_and_complete_below(ask: Ask) -> None:
    answer = ask("强化组织领导由哪些部门负责")
    assert "等21家单位负责" in answer.lead
    assert "供销合作社、能源局、林草局、地方金融监管局" in answer.text


def test_the_quotation_ends_with_the_departments(ask: Ask) -> None:
    (citation,) = ask("稳定土地支持政策谁负责").citations
    assert citation.quote.endswith("(自治区自然资源厅负责)")
    assert citation.locator == "附件2 › 二、保持产业扶贫主要政策稳定 › （四）稳定土地支持政策"


def test_a_follow_up_asks_the_same_of_another_measure(ask: Ask) -> None:
    answer = ask("稳定土地支持政策谁负责", "那稳定金融信贷政策呢")
    assert "人民银行呼和浩特中心支行" in answer.lead
