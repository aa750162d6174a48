"""The dimensions of the assessment: weights, indicators, the whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.model import Answer

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("dimension", "weight", "rows"),
    [
        ("产业兴旺", "18", "12项指标（第1—12项）"),
        ("生态宜居", "16.5", "12项指标（第13—24项）"),
        ("乡风文明", "9", "7项指标（第25—31项）"),
        ("治理有效", "15.5", "10项指标（第32—41项）"),
        ("生活富裕", "7", "4项指标（第42—45项）"),
        ("有效衔接", "20", "7项指标（第46—52项）"),
        ("组织保障", "14", "9项指标（第53—61项）"),
    ],
    ids=["industry", "ecology", "customs", "governance", "living", "transition", "organisation"],
)  # fmt: skip
def test_a_dimension_has_its_weight_and_rows(ask: Ask, dimension: str, weight: str, rows: str) -> None:
    lead = ask(f"{dimension}占多少分").lead
    assert f"{dimension}”权重{weight}分" in lead and rows in lead


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        pytest.param("生态宜居有哪些指标", "12项指标", id="which"),
        pytest.param("有效衔接有几项指标", "7项指标", id="how-many"),
        pytest.param("组织保障考核什么", "9项指标", id="what"),
    ],
)
def test_a_dimension_is_found_without_asking_for_points(ask: Ask, question: str, rows: str) -> None:
    assert rows in ask(question).lead


def test_all_rows_of_a_dimension_are_listed_with_points_and_department(ask: Ask) -> None:
    text = ask("生活富裕占多少分").text
    assert all(f"{number}. " in text for number in (42, 43, 44, 45))


def test_inferred_departments_are_marked_in_the_list(ask: Ask) -> None:
    assert "2. 农牧业综合生产能力（3分，农牧厅，推断）" in ask("产业兴旺占多少分").text


@pytest.mark.parametrize(
    ("dimension", "rows"),
    [("乡风文明", "第25—27项"), ("组织保障", "第53—55项")],
    ids=["customs", "organisation"],
)
def test_rows_printed_in_another_dimension_are_told(ask: Ask, dimension: str, rows: str) -> None:
    (notice,) = ask(f"{dimension}权重多少").notices
    assert notice.startswith(rows) and "栏内" in notice and "推断" in notice


def test_what_a_dimension_examines_is_quoted(ask: Ask) -> None:
    citations = ask("产业兴旺占多少分").citations
    assert citations[0].locator == "附件1 › 第四条 › （一）产业兴旺"


def test_the_seven_dimensions_stand_side_by_side(ask: Ask) -> None:
    answer = ask("考核内容有哪几个方面")
    assert answer.lead == (
        "考核共7个方面：产业兴旺18、生态宜居16.5、乡风文明9、治理有效15.5、生活富裕7、有效衔接20、组织保障14。"
    )


def test_the_total_is_computed_and_the_bonus_stands_apart(ask: Ask) -> None:
    assert ask("总分多少").lead == "7个方面权重合计100分，另有加分项4分（合计为计算所得）。"


@pytest.mark.parametrize(
    ("question", "expected"),
    [("权重最大的是哪个方面", "有效衔接”，20分"), ("权重最小的是哪个方面", "生活富裕”，7分")],
    ids=["largest", "smallest"],
)
def test_the_extreme_weight_is_named(ask: Ask, question: str, expected: str) -> None:
    assert expected in ask(question).lead
