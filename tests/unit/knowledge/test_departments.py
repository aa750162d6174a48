"""Departments as printed, as one body, and as people call them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.departments import DepartmentNames, canonical, same_bodies
from knowledge.facts import Facts
from knowledge.lexicon import Entry, Lexicon

PRINTED = (
    "自治区党委组织部",
    "农牧厅",
    "发改委",
    "消防救援总队",
    "国家统计局内蒙古调查总队（提供数据）",
    "统计局",
)


@pytest.fixture(scope="module")
def names() -> DepartmentNames:
    return DepartmentNames(PRINTED, Lexicon([Entry("departments", "农牧厅", ("农业厅", "畜牧厅"))]))


@pytest.mark.parametrize(
    ("printed", "body"),
    [
        ("自治区党委组织部", "党委组织部"),
        ("组织部", "党委组织部"),
        ("自治区农牧厅", "农牧厅"),
        ("内蒙古银保监局", "银保监局"),
        ("中国人民银行呼和浩特中心支行", "人民银行呼和浩特中心支行"),
        ("发改委", "发展改革委"),
        ("交通厅", "交通运输厅"),
        ("人力资源和社会保障厅", "人社厅"),
        ("国家统计局", "国家统计局内蒙古调查总队"),
        ("内蒙古调查总队提供数据", "国家统计局内蒙古调查总队"),
        ("国家统计局内蒙古调查总队（提供数据）", "国家统计局内蒙古调查总队"),
        ("统计局", "统计局"),
    ],
    ids=ascii,
)
def test_printed_names_of_one_body_are_one(printed: str, body: str) -> None:
    assert canonical(printed) == body


def test_a_body_keeps_its_one_name() -> None:
    assert all(canonical(canonical(name)) == canonical(name) for name in PRINTED)


def test_several_printed_names_are_counted_as_bodies() -> None:
    assert same_bodies(["发改委", "发展改革委", "组织部"]) == {"发展改革委", "党委组织部"}


@pytest.mark.parametrize(
    ("question", "bodies"),
    [
        pytest.param("农牧厅考核哪些", ["农牧厅"], id="printed"),
        pytest.param("组织部考核哪些", ["党委组织部"], id="without-party"),
        pytest.param("发展改革委考核哪些", ["发展改革委"], id="full-for-short"),
        pytest.param("消防救援总队考核哪些", ["消防救援总队"], id="long"),
        pytest.param("消防救缓总队考核哪些", ["消防救援总队"], id="one-character-wrong"),
        pytest.param("畜牧厅考核哪些", ["农牧厅"], id="everyday"),
        pytest.param("组织部和农牧厅分别考核哪些", ["党委组织部", "农牧厅"], id="two-in-order"),
        pytest.param("调查总队考核哪些", ["国家统计局内蒙古调查总队"], id="survey-office"),
        pytest.param("村规民约归谁考核", [], id="none"),
        pytest.param("公安厅考核哪些", [], id="not-in-the-library"),
        pytest.param("", [], id="empty"),
    ],
)
def test_departments_are_found_in_a_question(
    names: DepartmentNames, question: str, bodies: list[str]
) -> None:
    assert [name for name, _ in names.find(question)] == bodies


def test_the_survey_office_is_not_taken_for_the_bureau(names: DepartmentNames) -> None:
    assert [name for name, _ in names.find("国家统计局内蒙古调查总队提供什么")] == [
        "国家统计局内蒙古调查总队"
    ]


def test_the_words_of_the_question_are_given_with_the_body(names: DepartmentNames) -> None:
    assert names.find("畜牧厅考核哪些") == (("农牧厅", "畜牧厅"),)


def test_every_department_of_the_documents_is_found_by_its_name(facts: Facts) -> None:
    missed = [name for name in facts.departments.known if name not in dict(facts.departments.find(name))]
    assert missed == []


@given(text=st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_no_text_raises(names: DepartmentNames, text: str) -> None:
    assert isinstance(canonical(text), str)
    assert isinstance(names.find(text), tuple)
