"""What a department scores, with sums, and what it is responsible for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.model import Answer, Status

Ask = Callable[..., Answer]
LEVEL = "自治区对盟市的考核"


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        pytest.param("科技厅考核什么", "科技厅考核1项，共2分", id="one-row"),
        pytest.param("民政厅考核哪些指标，一共多少分", "民政厅考核3项，共6分", id="with-a-shared-row"),
        pytest.param("林草局考核几项", "林草局考核2项，共3分", id="asked-how-many"),
        pytest.param("党委宣传部考核哪几项", "党委宣传部考核2项，共3分", id="party-body"),
        pytest.param("宣传部考核哪几项", "党委宣传部考核2项，共3分", id="party-body-by-short-name"),
        pytest.param("统计局考核哪些指标", "统计局考核1项，共2分", id="not-the-survey-office"),
        pytest.param("发改委考核哪些指标", "发展改革委考核2项，共3分", id="two-printed-names"),
        pytest.param("交通厅考核什么", "交通运输厅考核1项，共2分", id="name-of-the-other-annex"),
    ],
)
def test_the_rows_of_a_department_are_counted_and_summed(ask: Ask, question: str, lead: str) -> None:
    assert ask(question).lead.startswith(lead)


def test_every_row_of_a_department_is_shown_and_cited(ask: Ask) -> None:
    answer = ask("水利厅考核哪些指标")
    assert "18. 农业节水" in answer.text and "20. 农村牧区集中供水率" in answer.text
    assert [c.locator for c in answer.citations] == ["附件1 › 附表 第18项", "附件1 › 附表 第20项"]


def test_inferred_rows_are_counted_apart_from_printed_ones(ask: Ask) -> None:
    assert ask("农牧厅考核哪些指标").lead == "农牧厅考核7项，共13.5分，另有8项推断归它。"


def test_inferred_rows_are_listed_under_a_heading_that_says_so(ask: Ask) -> None:
    printed, inferred = ask("农牧厅考核哪些指标").text.split("以下各项考核单位栏为空或错位")
    assert "22. 化肥农药负增长情况（2分）" in printed
    assert "11. 培育农牧业产业化重点龙头企业（1分，推断）" in inferred


@pytest.mark.parametrize("number", [2, 8, 11, 57, 58])
def test_the_doubts_about_inferred_rows_are_told(ask: Ask, number: int) -> None:
    notices = "\n".join(ask("农牧厅考核哪些指标").notices)
    assert f"第{number}" in notices or f"、{number}项" in notices


def test_a_department_printed_in_the_wrong_row_gains_the_right_one(ask: Ask) -> None:
    answer = ask("教育厅考核哪些指标")
    assert answer.lead.startswith("教育厅考核1项，共1分：第27项")
    assert "59. 乡村教师队伍建设（1分，推断）" in answer.text
    assert "高素质农牧民" not in answer.text


@pytest.mark.parametrize("name", ["国家统计局", "调查总队"], ids=["bureau", "survey-office"])
def test_who_only_provides_data_has_no_points(ask: Ask, name: str) -> None:
    lead = ask(f"{name}考核哪些指标").lead
    assert "第42项、第43项、第44项、第45项提供数据" in lead
    assert "分" not in lead.replace("打分", "")


def test_points_shared_with_another_department_are_told(ask: Ask) -> None:
    assert "没有划分各自的分值" in "\n".join(ask("民政厅考核哪些指标，一共多少分").notices)


def test_a_renamed_department_is_told_by_its_printed_name(ask: Ask) -> None:
    answer = ask("乡村振兴局考核哪些指标")
    assert answer.lead.startswith("扶贫办考核6项")
    assert "“乡村振兴局”在文件里写作“扶贫办”" in "\n".join(answer.notices)


def test_the_row_that_two_departments_share_is_named(ask: Ask) -> None:
    answer = ask("民政厅和扶贫办一起考核哪一项")
    assert "共同考核1项：第50项" in answer.lead
    assert "没有划分各自的分值" in "\n".join(answer.notices)


def test_two_departments_asked_for_are_both_answered(ask: Ask) -> None:
    answer = ask("林草局和水利厅分别考核哪些")
    assert "林草局考核2项" in answer.lead and "水利厅考核2项" in answer.lead
    assert len(answer.citations) == 4
    assert LEVEL in "\n".join(answer.notices)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        pytest.param("气象局考核哪些指标", "气象局", id="stands-nowhere"),
        pytest.param("能源局考核哪些指标", "能源局", id="only-responsible-for-measures"),
    ],
)
def test_a_department_without_rows_is_not_found(ask: Ask, question: str, name: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.lead) == (Status.NOT_FOUND, f"考核表里没有{name}考核的指标。")


def test_scores_come_with_the_level_of_the_table(ask: Ask) -> None:
    assert LEVEL in "\n".join(ask("科技厅考核什么").notices)


# --- responsible for ------------------------------------------------------------------------


def test_the_measures_of_a_department_are_counted_and_all_cited(ask: Ask) -> None:
    answer = ask("扶贫办负责哪些措施")
    assert answer.lead == "扶贫办负责16条政策措施。"
    assert len({c.locator for c in answer.citations}) == 16


def test_every_cited_measure_names_the_department(ask: Ask) -> None:
    assert all("自然资源厅" in c.quote for c in ask("自然资源厅负责什么").citations)


def test_responsibility_is_not_mixed_with_scoring(ask: Ask) -> None:
    answer = ask("科技厅负责哪些措施")
    assert "4条政策措施" in answer.lead
    assert LEVEL not in answer.text


def test_a_long_printed_name_counts_for_the_short_one(ask: Ask) -> None:
    answer = ask("人社厅负责哪些政策措施")
    assert "人社厅负责5条" in answer.lead
    assert any("人力资源和社会保障厅" in c.quote for c in answer.citations)


@pytest.mark.parametrize("name", ["审计厅", "水利厅"], ids=["stands-nowhere", "only-scores"])
def test_a_department_without_measures_is_not_found(ask: Ask, name: str) -> None:
    answer = ask(f"{name}负责什么")
    assert (answer.status, answer.lead) == (Status.NOT_FOUND, f"文件里没有写{name}负责的事项。")


def test_measures_are_asked_of_the_department_before(ask: Ask) -> None:
    assert ask("水利厅考核哪些指标", "那负责哪些措施呢").lead == "文件里没有写水利厅负责的事项。"
