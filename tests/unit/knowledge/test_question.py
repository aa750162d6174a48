"""What a question asks for: kind of answer, years, numbers of rows, documents."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.facts import Facts
from knowledge.library import KnowledgeBase
from knowledge.model import Document
from knowledge.question import Question, document_names, items, named_documents, years
from knowledge.wants import Wants, asking_part, wanted

Understand = Callable[[str], Question]
METHOD = Document("a.txt", "乡村振兴考核办法", "附件1", short_names=("考核办法",))
MEASURES = Document("a.txt", "产业衔接政策措施", "附件2", short_names=("政策措施", "措施"))
PLAN = Document("b.txt", "有效衔接规划", short_names=("规划",))


@pytest.fixture(scope="session")
def understand(facts: Facts) -> Understand:
    return facts.understand


# --- years ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2024年多少", (2024,), id="full"),
        pytest.param("24年多少", (2024,), id="short"),
        pytest.param("到2030要多少", (2030,), id="without-nian"),
        pytest.param("2021年和2025年", (2021, 2025), id="two-in-order"),
        pytest.param("2021-2025年", (2021, 2025), id="range"),
        pytest.param("十四五末要到多少", (2025,), id="end-of-the-plan"),
        pytest.param("规划期末的目标", (2025,), id="end-of-the-period"),
        pytest.param("2024年，还是2024年", (2024,), id="once-each"),
        pytest.param("干满20年", (), id="length-of-time"),
        pytest.param("在村里干了20年", (), id="time-passed"),
        pytest.param("20年以上", (), id="at-least"),
        pytest.param("年均增长", (), id="no-number"),
        pytest.param("共1245个", (), id="count"),
        pytest.param("35岁", (), id="age"),
    ],
)
def test_years_named(text: str, expected: tuple[int, ...]) -> None:
    assert years(text) == expected


# --- numbers of rows ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("第33项归谁考核", (33,), id="arabic"),
        pytest.param("第三十三项归谁考核", (33,), id="chinese"),
        pytest.param("第 33 项", (33,), id="spaced"),
        pytest.param("指标47几分", (47,), id="after-the-word"),
        pytest.param("附表12归谁", (12,), id="row-of-the-annexed-table"),
        pytest.param("第33项和第40项", (33, 40), id="two"),
        pytest.param("35项和36项分别归谁", (35, 36), id="two-without-di"),
        pytest.param("考核表12归谁", (12,), id="bare-number-with-the-table"),
        pytest.param("第四条第六项", (), id="item-of-an-article"),
        pytest.param("识别程序第三步", (), id="step"),
        pytest.param("考核表1.5分的", (), id="points"),
        pytest.param("重点村有87个", (), id="count"),
    ],
)
def test_row_numbers_named(text: str, expected: tuple[int, ...]) -> None:
    assert items(text) == expected


# --- the kind of answer ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("补贴多少钱", Wants.MONEY),
        ("小额信贷最多能贷几万", Wants.MONEY),
        ("衔接资金投多少", Wants.MONEY),
        ("卫生厕所普及率要到百分之几", Wants.PERCENT),
        ("占比多少", Wants.PERCENT),
        ("有多少个嘎查村", Wants.COUNT),
        ("要公示几天", Wants.DAYS),
        ("多长时间能办下来", Wants.DURATION),
        ("一年查几次", Wants.FREQUENCY),
        ("多久查一次", Wants.FREQUENCY),
        ("什么时候印发的", Wants.DATE),
        ("几月几号", Wants.DAY),
        ("多大岁数能领", Wants.AGE),
        ("面积多大", Wants.AREA),
        ("去哪里申请", Wants.OFFICE),
        ("电话多少", Wants.CONTACT),
        ("局长是谁", Wants.CONTACT),
        ("三集一供是什么意思", Wants.DEFINITION),
        ("什么叫边缘户", Wants.DEFINITION),
        ("四个不摘是哪四个", Wants.ENUMERATION),
        ("包括哪些方面", Wants.ENUMERATION),
        ("村规民约归谁考核", Wants.ANYTHING),
        ("能不能先看病后交钱", Wants.ANYTHING),
    ],
    ids=ascii,
)
def test_kind_of_answer_wanted(text: str, kind: Wants) -> None:
    assert wanted(text) is kind


def test_money_in_the_story_is_not_what_is_asked() -> None:
    story = (
        "老汉去年卖羊挣了五万块钱，今年住院把钱花得一分不剩了，"
        "家里没别的进项，村里都知道，请问能不能先住院后交钱？"
    )
    assert wanted(story) is not Wants.MONEY


def test_of_a_long_story_the_part_that_asks_is_kept() -> None:
    story = (
        "我们村有个老汉，家里就两头牛，儿子在外头打工三年没回来过，"
        "房子也漏雨，村里想帮他申请，他算不算监测对象？谢谢"
    )
    assert asking_part(story) == "他算不算监测对象？"


def test_a_short_question_is_kept_whole() -> None:
    assert asking_part("村里立了规矩，归谁考核？") == "村里立了规矩，归谁考核？"


def test_a_long_text_that_asks_nothing_is_kept_whole() -> None:
    text = "严格落实要求，" * 20
    assert asking_part(text) == text


# --- what else is asked ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "scorer"),
    [
        ("村规民约归谁考核", True),
        ("这项谁打分", True),
        ("考核办法第七条", False),
        ("考核结果怎么用", False),
        ("要考虑哪些因素", False),
        ("稳定土地支持政策谁负责", False),
    ],
    ids=ascii,
)
def test_scoring_is_told_apart_from_the_assessment_as_a_thing(
    understand: Understand, text: str, scorer: bool
) -> None:
    assert understand(text).asks_scorer is scorer


def test_a_step_is_read_in_chinese_and_arabic_numerals(understand: Understand) -> None:
    assert understand("第三步是什么").asked_step == understand("第3步是什么").asked_step == 3


def test_years_are_not_counted_among_the_numbers(understand: Understand) -> None:
    assert understand("2025年50万元以上的村占比").numbers == {"50"}


def test_dialect_is_put_into_standard_words(understand: Understand) -> None:
    assert understand("咋申请").text == "怎么申请"


def test_what_is_carried_over_is_marked(facts: Facts) -> None:
    question = facts.understand("那草畜平衡", "村规民约归谁考核")
    assert question.carried_from is not None
    assert question.text[question.carried_from :].endswith("村规民约归谁考核")


def test_of_a_pasted_text_start_and_end_are_looked_at(understand: Understand) -> None:
    text = understand("村规民约" + "啊" * 100_000 + "归谁考核").text
    assert text.startswith("村规民约") and text.endswith("归谁考核")
    assert len(text) < 1000


# --- documents ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("考核办法第七条", {0}, id="short-name"),
        pytest.param("附件2第三条", {1}, id="label"),
        pytest.param("考核办法和规划有什么不同", {0, 2}, id="two"),
        pytest.param("产业衔接政策措施三（五）", {1}, id="full-title"),
        pytest.param("村规民约归谁考核", set(), id="none"),
    ],
)
def test_documents_are_found_by_their_names(text: str, numbers: set[int]) -> None:
    assert named_documents(text, (METHOD, MEASURES, PLAN)) == numbers


def test_the_longest_name_is_taken() -> None:
    assert set(document_names("政策措施三（五）", (METHOD, MEASURES))) == {"政策措施"}


def test_a_name_shared_by_two_documents_means_both() -> None:
    other = Document("c.txt", "土地规划", short_names=("规划",))
    assert named_documents("规划写了什么", (PLAN, other)) == {0, 1}


# --- any text -------------------------------------------------------------------------------


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_text_raises(text: str) -> None:
    assert wanted(text) in Wants
    assert all(isinstance(year, int) for year in years(text))
    assert all(isinstance(number, int) for number in items(text))
    assert asking_part(text) in text or asking_part(text) == ""


def test_understanding_a_question_does_not_change_the_next(library: KnowledgeBase) -> None:
    before = library.facts.understand("村规民约归谁考核")
    library.facts.understand("草畜平衡几分")
    assert library.facts.understand("村规民约归谁考核") == before
