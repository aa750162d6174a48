"""Rows of the assessment table: who scores, how many points, and what the printed table tore."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.model import Answer, Status

Ask = Callable[..., Answer]
UNNUMBERED = {59, 60}


def told(answer: Answer) -> str:
    return "\n".join(answer.notices)


# --- finding the row ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("有村规民约嘎查村比例由哪个部门考核", id="full-name"),
        pytest.param("村规民约归谁考核", id="part-of-the-name"),
        pytest.param("第33项归谁考核", id="number"),
        pytest.param("第三十三项谁打分", id="chinese-number"),
        pytest.param("33号指标归谁考核", id="number-of-an-indicator"),
        pytest.param("村里立的规矩归谁考核", id="everyday-words"),
        pytest.param("村规民约咋考核，归谁家管", id="dialect"),
        pytest.param("村规民约归农牧厅考核对吧", id="wrong-premise"),
        pytest.param("村归民约归谁考核", id="wrong-homophone"),
    ],
)
def test_a_row_is_found_however_it_is_called(ask: Ask, question: str) -> None:
    assert "第33项“有村规民约嘎查村比例”由民政厅考核，1分" in ask(question).lead


def test_a_row_is_cited_under_the_title_of_its_annex(ask: Ask) -> None:
    (citation,) = ask("村规民约归谁考核").citations
    assert citation.document == "内蒙古自治区实施乡村振兴战略考核办法"
    assert citation.number == "内党农牧组发〔2021〕1号"
    assert citation.locator == "附件1 › 附表 第33项"


def test_the_quotation_is_the_printed_row(ask: Ask) -> None:
    (citation,) = ask("村规民约归谁考核").citations
    assert citation.quote.split() == ["33", "有村规民约嘎查村比例", "%", "1", "民政厅"]


def test_every_row_says_at_which_level_it_is_scored(ask: Ask) -> None:
    assert "自治区对盟市的考核" in told(ask("村规民约归谁考核"))


def test_points_keep_their_decimals(ask: Ask) -> None:
    assert "1.5分" in ask("畜禽粪污综合利用率多少分").lead


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        pytest.param("草畜平衡和农业节水归谁考核", ("林草局", "水利厅"), id="two-names"),
        pytest.param("第35项和第40项分别归谁考核", ("党委组织部", "信访局"), id="two-numbers"),
    ],
)
def test_two_rows_asked_for_are_both_answered(ask: Ask, question: str, rows: tuple[str, str]) -> None:
    answer = ask(question)
    assert all(department in answer.lead for department in rows)
    assert len(answer.citations) == 2


def test_a_short_name_that_fits_several_rows_is_asked_back(ask: Ask) -> None:
    answer = ask("文化谁考核")
    assert answer.status is Status.CLARIFY
    assert answer.options == (
        "第31项 农村牧区公共文化服务和活动情况",
        "第25项 综合文化服务中心行政嘎查村覆盖率",
    )


def test_every_row_of_the_table_is_found_by_its_number(ask: Ask) -> None:
    leads = {number: ask(f"第{number}项归谁考核").lead for number in range(1, 63)}
    assert {number for number, lead in leads.items() if not lead.startswith(f"第{number}项“")} == set()


@pytest.mark.parametrize("number", [0, 63, 99, 620])
def test_a_number_beyond_the_table_is_not_found(ask: Ask, number: int) -> None:
    assert ask(f"第{number}项是什么").status is Status.NOT_FOUND


def test_how_far_the_table_goes_is_told(ask: Ask) -> None:
    assert ask("第63项谁考核").lead == "考核表没有第63项，只有第1—62项。"


def test_rows_of_equal_points_are_listed_with_their_count(ask: Ask) -> None:
    assert ask("4分的指标有哪些").lead == "4分的指标共4项：第47项、第49项、第50项、第62项。"


@pytest.mark.parametrize("question", ["村规民约怎么打分", "草畜平衡怎么算分", "亮点工作怎么加分"], ids=ascii)
def test_a_scoring_formula_is_not_made_up(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is Status.NOT_FOUND
    assert answer.lead.startswith("文件没有规定怎样计分")


def test_without_a_formula_the_row_is_shown_all_the_same(ask: Ask) -> None:
    assert "民政厅" in ask("村规民约怎么打分").text


# --- empty and torn cells -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "department"),
    [*((number, "农牧厅") for number in (2, 4, 5, 8, 9, 11)), (47, "扶贫办")],
)
def test_a_department_read_into_an_empty_cell_is_called_inferred(
    ask: Ask, number: int, department: str
) -> None:
    answer = ask(f"第{number}项归谁考核")
    assert f"考核单位栏为空，推断为{department}" in answer.lead
    assert f"{number}" in told(answer) and "为空" in told(answer)


def test_an_inferred_department_does_not_stand_in_the_quotation(ask: Ask) -> None:
    assert "农牧厅" not in ask("第11项归谁考核").citations[0].quote


def test_the_other_reading_of_an_empty_cell_is_told(ask: Ask) -> None:
    assert "也可能与第1项同为科技厅" in told(ask("农牧业综合生产能力归谁考核"))


@pytest.mark.parametrize("number", [8, 9])
def test_a_cell_between_two_departments_is_said_to_be_undecidable(ask: Ask, number: int) -> None:
    notices = told(ask(f"第{number}项谁考核"))
    assert "统计局" in notices and "无法确定" in notices


@pytest.mark.parametrize("number", [42, 43, 44, 45])
def test_who_only_provides_data_is_not_said_to_score(ask: Ask, number: int) -> None:
    answer = ask(f"第{number}项谁考核")
    assert "国家统计局内蒙古调查总队（提供数据）" in answer.lead
    assert "总队考核" not in answer.lead


def test_the_survey_office_is_told_apart_from_the_statistics_bureau(ask: Ask) -> None:
    assert "与第7项的统计局不是同一单位" in told(ask("恩格尔系数归谁考核"))


# --- rows 57 to 62 --------------------------------------------------------------------------


@pytest.mark.parametrize("number", [57, 58])
def test_points_that_cannot_be_told_apart_are_given_as_a_sum(ask: Ask, number: int) -> None:
    answer = ask(f"第{number}项多少分")
    assert "合计3分" in answer.lead
    assert "农牧厅" in answer.lead and "推断" in answer.lead


def test_a_department_printed_one_row_too_high_is_not_taken_for_this_row(ask: Ask) -> None:
    answer = ask("第58项谁考核")
    assert "教育厅" not in answer.lead
    assert "“教育厅”应对应“乡村教师队伍建设”" in told(answer)


def test_the_row_below_gets_the_department_printed_above_it(ask: Ask) -> None:
    answer = ask("乡村教师队伍建设归谁考核")
    assert "推断为教育厅" in answer.lead
    assert "1分印在“考核单位”栏" in told(answer)


@pytest.mark.parametrize("number", sorted(UNNUMBERED))
def test_a_number_that_was_never_printed_is_called_inferred(ask: Ask, number: int) -> None:
    answer = ask(f"第{number}项是什么")
    assert f"源表没有印第{number}项编号" in told(answer)
    assert "（编号为推断）" in answer.text


def test_points_that_were_never_printed_are_called_worked_out(ask: Ask) -> None:
    answer = ask("乡村卫生健康队伍建设多少分")
    assert "1分（推算）" in answer.lead
    assert "1分按合计推算" in told(answer)


def test_a_department_printed_in_its_place_is_not_called_inferred(ask: Ask) -> None:
    assert "由卫健委考核" in ask("乡村卫生健康队伍建设谁考核").lead


def test_the_stray_four_is_not_the_points_of_row_61(ask: Ask) -> None:
    answer = ask("乡村人才政策支持多少分")
    assert "2分" in answer.lead
    assert "错印高了一行" in told(answer)


def test_the_bonus_is_counted_apart_from_the_hundred(ask: Ask) -> None:
    answer = ask("亮点工作加几分")
    assert "4分" in answer.lead
    assert "加分项，另计4分" in told(answer)


# --- names, units, dimensions ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "read", "as_printed"),
    [
        pytest.param(14, "生活垃圾收运", "生垃圾收运", id="missing-character"),
        pytest.param(37, "集体经济发展", "集体经济经济发展", id="doubled-word"),
        pytest.param(49, "特色种养业", "特色产业养殖业", id="other-wording"),
        pytest.param(55, "农牧业农村牧区比例", "农牧业农牧区比例", id="shortened"),
    ],
)
def test_a_mended_name_is_shown_beside_the_printed_one(
    ask: Ask, number: int, read: str, as_printed: str
) -> None:
    answer = ask(f"第{number}项叫什么")
    assert read in answer.lead
    assert as_printed in answer.citations[0].quote
    assert "源文件" in told(answer)


def test_a_doubtful_name_is_left_as_printed_and_told(ask: Ask) -> None:
    answer = ask("第51项叫什么")
    assert "扶贫项目资金监管管理工作" in answer.lead
    assert "扶贫资金资产监管" in told(answer)


def test_a_percent_for_an_area_is_doubted(ask: Ask) -> None:
    answer = ask("人均居住建筑面积的计量单位是什么")
    assert "计量单位是%" in answer.lead
    assert "与“面积”不符" in told(answer)


def test_a_unit_is_told_when_the_row_is_named_in_part(ask: Ask) -> None:
    assert "第40项“农村牧区信访工作情况”的计量单位是%" in ask("信访工作的计量单位是什么").lead


@pytest.mark.parametrize("number", [27, 32, 34, 40, 55])
def test_a_unit_that_does_not_fit_is_doubted(ask: Ask, number: int) -> None:
    assert "计量单位按源表照录" in told(ask(f"第{number}项计量单位是什么"))


@pytest.mark.parametrize(
    ("number", "dimension"), [(25, "乡风文明"), (26, "乡风文明"), (53, "组织保障"), (54, "组织保障")]
)
def test_a_dimension_read_from_the_weights_is_called_inferred(ask: Ask, number: int, dimension: str) -> None:
    answer = ask(f"第{number}项属于哪个方面")
    assert f"推断应属“{dimension}”" in answer.lead
    assert "按权重" in told(answer)


def test_a_dimension_that_does_not_fit_the_subject_is_told(ask: Ask) -> None:
    answer = ask("公共设施管护情况属于哪个方面")
    assert "属于“乡风文明”" in answer.lead
    assert "归类仅供参考" in told(answer)


def test_two_printed_names_of_one_body_are_told(ask: Ask) -> None:
    assert "“发改委”即“发展改革委”" in told(ask("易地扶贫搬迁后续帮扶归谁考核"))


def test_points_shared_by_two_departments_are_not_split(ask: Ask) -> None:
    answer = ask("低收入人口常态化帮扶谁考核，各占几分")
    assert "民政厅、扶贫办考核，4分" in answer.lead
    assert "没有划分各自的分值" in told(answer)


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        pytest.param("村规民约", "第33项", id="words-of-a-name"),
        pytest.param("书记主任一肩挑", "第35项", id="word-of-the-lexicon"),
        pytest.param("嘎查村党支部书记兼任村委会主任占比", "第35项", id="whole-name"),
    ],
)
def test_a_bare_name_is_enough(ask: Ask, typed: str, row: str) -> None:
    assert ask(typed).lead.startswith(row)


def test_a_bare_word_with_a_rule_of_its_own_gets_the_rule(ask: Ask) -> None:
    assert "改厕" in ask("厕所改造").text
