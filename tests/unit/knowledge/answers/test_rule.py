"""Rules in free words: the deciding sentence first, its clause below; silence where there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.model import Answer, Status

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("question", "decides"),
    [
        pytest.param("住院先诊疗后付费适用哪些人", "实行县域内住院先诊疗后付费政策", id="words-of-the-rule"),
        pytest.param("家里老人住院花了十几万能先看病后交钱吗", "先诊疗后付费", id="everyday-words"),
        pytest.param("当月识别当月能消除风险吗", "不得当月识别、当月标注风险消除", id="prohibition"),
        pytest.param("收入稳定几个月才能消除风险", "不少于6个月", id="duration"),
        pytest.param("整户没有劳动能力能消除风险吗", "暂不标注风险消除", id="second-half-of-the-clause"),
        pytest.param("弄虚作假会怎么样", "给予通报批评", id="consequence"),
        pytest.param("扶贫资产确权什么时候完成", "2022年底前", id="date"),
        pytest.param("每个脱贫旗县每年给多少亩建设用地", "600亩", id="area"),
        pytest.param("全市粮食作物保险覆盖率要达到多少", "98%以上", id="share"),
        pytest.param("光伏电站全生命周期是多少年", "20年全生命周期", id="years"),
        pytest.param("低保提高补助最多多少", "不超过当地低保标准30%", id="at-most"),
        pytest.param("考核多久一次", "每年考核1次", id="how-often"),
        pytest.param("季度监测查什么", "家庭合规性自付支出情况", id="list"),
        pytest.param("监测有哪几种发现方式", "农牧户自主申报、基层干部排查", id="four-channels"),
        pytest.param("C级D级的房子怎么办", "纳入年度危房改造计划", id="letters"),
        pytest.param("三集一供是什么意思", "集中土地、集体管理", id="term-explained-in-place"),
        pytest.param("整户没劳动能力的咋消除风险", "暂不标注风险消除", id="dialect"),
    ],
)
def test_the_deciding_sentence_leads(ask: Ask, question: str, decides: str) -> None:
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert decides in answer.lead


def test_in_a_long_story_the_question_counts(ask: Ask) -> None:
    story = (
        "我们村有个老汉，儿子在外头打工，家里养了三十只羊，去年冬天又遇上雪灾，今年春天住院花了十几万，"
        "现在钱还没凑齐，村里人都知道他家的情况，他家是边缘易致贫户，住院的时候能不能先看病后付费？"
    )
    assert "先诊疗后付费" in ask(story).lead


def test_the_place_of_a_rule_is_its_whole_path(ask: Ask) -> None:
    citation = ask("收入稳定几个月才能消除风险").citations[0]
    assert citation.locator.split(" › ") == [
        "第三章 扎实巩固拓展脱贫攻坚成果",
        "第一节 健全防止返贫动态监测和帮扶机制",
        "三、严格把握退出质量关口",
        "（二）风险消除要求",
    ]


def test_a_sentence_cut_by_a_page_break_is_whole(ask: Ask) -> None:
    quotes = "".join("".join(c.quote.split()) for c in ask("以工代赈方式促进谁就业增收").citations)
    assert "促进农村牧区低收入群体就业增收" in quotes


# --- both figures of a contradiction --------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        pytest.param("十四五衔接项目一共多少个", ("1240个", "1245"), id="projects"),
        pytest.param("产业项目814个占比多少", ("814个", "652+159=811"), id="industry-projects"),
        pytest.param("紧密型利益联结机制2021年的基数是多少", ("65%", "60%"), id="baseline"),
        pytest.param("杭锦旗农牧民收入增速要高于什么", ("“全区”", "全国农民收入增速"), id="benchmark"),
        pytest.param("50万元以上的村占比要到多少", ("超过30%", "达到30%"), id="wording"),
        pytest.param("重点村控制在全市嘎查村的多少以内", ("87个约占11.8%", "67个约占9.1%"), id="cap"),
        pytest.param("脱贫群众人均纯收入年均增长多少", ("超过30%", "约24%"), id="growth"),
    ],
)
def test_where_the_documents_disagree_both_figures_are_told(
    ask: Ask, question: str, figures: tuple[str, str]
) -> None:
    notices = "\n".join(ask(question).notices)
    assert all(figure in notices for figure in figures)


@pytest.mark.parametrize(
    ("question", "pieces"),
    [
        pytest.param("十四五衔接项目一共多少个", ("1240个", "1245"), id="projects"),
        pytest.param("紧密型利益联结机制2021年的基数是多少", ("60%的基础上", "65"), id="baseline"),
        pytest.param("杭锦旗农牧民收入增速要高于什么", ("高于全国农民", "高于全区"), id="benchmark"),
    ],
)
def test_both_sides_of_a_contradiction_are_quoted(ask: Ask, question: str, pieces: tuple[str, str]) -> None:
    quotes = "\n".join(c.quote for c in ask(question).citations)
    assert all(piece in quotes for piece in pieces)


@pytest.mark.parametrize(
    ("question", "figure", "notice"),
    [
        pytest.param("每年扶持多少个嘎查村发展集体经济", "497个", "不是鄂尔多斯的数", id="villages"),
        pytest.param("每年向脱贫旗县下拨多少资金", "100亿元", "不是鄂尔多斯的数", id="funds"),
        pytest.param("每年投入杭锦旗多少衔接资金", "1亿元", "口径不同", id="key-banner"),
        pytest.param("产业项目资金比例不低于多少", "55%", "产业项目个数的占比", id="funds-or-count"),
    ],
)
def test_a_figure_of_another_level_or_scope_is_told_apart(
    ask: Ask, question: str, figure: str, notice: str
) -> None:
    answer = ask(question)
    assert figure in answer.lead
    assert notice in "\n".join(answer.notices)


# --- what the documents do not say ----------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        pytest.param("公益岗位工资多少", "金额", id="wage"),
        pytest.param("玉米补贴一亩多少钱", "金额", id="subsidy"),
        pytest.param("危房改造补助多少钱", "金额", id="housing-grant"),
        pytest.param("脱贫人口小额贷款能贷多少", "金额", id="loan"),
        pytest.param("旗区审定公示要公示几天", "几天之内办完", id="publicity"),
        pytest.param("防返贫一共要几天办完", "几天之内办完", id="all-steps"),
        pytest.param("你们村书记叫什么", "联系方式", id="name"),
        pytest.param("识别程序每步几天办完", "几天之内办完", id="steps"),
        pytest.param("乡村振兴局电话多少", "联系方式", id="phone"),
        pytest.param("家庭医生电话是多少", "联系方式", id="doctor-phone"),
    ],
)
def test_a_kind_of_fact_that_is_missing_is_named(ask: Ask, question: str, missing: str) -> None:
    answer = ask(question)
    assert answer.status is Status.NOT_FOUND
    assert answer.lead == f"文件提到了这件事，但没有写{missing}。"


@pytest.mark.parametrize(
    "question", ["教师节放假几天", "民政厅厅长是谁", "asdfghjkl", "Who scores village rules?"], ids=ascii
)
def test_what_no_document_speaks_of_is_not_found(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is Status.NOT_FOUND
    assert answer.citations == ()


def test_the_closest_clauses_are_named_without_quoting_them(ask: Ask) -> None:
    answer = ask("公益岗位工资多少")
    assert "最接近的条款：\n《" in answer.text
    assert answer.citations == ()


@pytest.mark.parametrize("year", [2021, 2030])
def test_the_figure_of_one_year_is_not_given_for_another(ask: Ask, year: int) -> None:
    answer = ask(f"{year}年集中供水率是多少")
    assert (answer.status, answer.lead) == (Status.NOT_FOUND, f"文件没有写{year}年的数。")
