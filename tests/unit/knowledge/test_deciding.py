"""The part of a sentence that answers a question in one line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.concepts import EXACT, Concept
from knowledge.deciding import CUT, MAX_LEAD, deciding_part
from knowledge.facts import Facts
from knowledge.question import Question
from knowledge.scoring import Weighted
from knowledge.wants import Wants

Decide = Callable[[str, str], str]
LONG = (
    "坚持最严格的耕地保护政策，坚决遏制耕地非农化，防止非粮化，苏木乡镇国土空间规划和村庄规划预留不超过百分之五的机动指标，"
    "保障农牧民居住和农村牧区公共公益设施建设，每年专项安排每个脱贫旗县600亩新增建设用地计划指标，"
    "仍不能满足用地需求的由自治区统筹解决，探索空闲土地盘活利用方式。"
)


@pytest.fixture(scope="session")
def decide(facts: Facts) -> Decide:
    def decided(question: str, text: str) -> str:
        understood = facts.understand(question)
        return deciding_part(text, understood, facts.ranker.scorer.weigh(understood.concepts))

    return decided


def stands_in(part: str, text: str) -> bool:
    return all(piece in text for piece in part.split(CUT))


def test_a_short_sentence_is_shown_whole(decide: Decide) -> None:
    text = "到2025年，农村牧区集中供水率达到84%以上。"
    assert decide("集中供水率要到多少", text) == text


def test_of_a_long_sentence_the_part_that_answers_is_shown(decide: Decide) -> None:
    part = decide("每个脱贫旗县每年给多少亩建设用地", LONG)
    assert "600亩" in part
    assert len(part) <= MAX_LEAD + 2 * len(CUT)


def test_what_is_cut_is_marked_at_its_end(decide: Decide) -> None:
    part = decide("每个脱贫旗县每年给多少亩建设用地", LONG)
    assert part.startswith(CUT) or part.endswith(CUT)
    assert stands_in(part, LONG)


def test_of_two_halves_the_one_that_speaks_of_the_question_is_shown(decide: Decide) -> None:
    text = "对风险单一的，实施单项帮扶措施；对风险复杂多样的，因户施策落实综合性帮扶。"
    assert decide("风险复杂多样的怎么帮扶", text) == f"{CUT}对风险复杂多样的，因户施策落实综合性帮扶。"


def test_the_first_half_is_marked_at_its_end(decide: Decide) -> None:
    text = "年度监测包括调查家庭教育情况；季度监测包括调查家庭人均纯收入情况。"
    assert decide("家庭教育情况什么时候查", text) == f"年度监测包括调查家庭教育情况{CUT}"


def test_halves_that_both_speak_of_it_are_shown_together(decide: Decide) -> None:
    text = "卫生厕所由扶贫办负责；卫生厕所由农牧厅负责。"
    assert decide("卫生厕所谁负责", text) == text


def test_one_sentence_without_any_mark_is_cut_to_length(decide: Decide) -> None:
    text = "加强" * 200
    part = decide("怎么加强", text)
    assert len(part) <= MAX_LEAD + len(CUT)
    assert stands_in(part, text)


@given(
    st.text(alphabet="草畜平衡农业节水2025年%，；。：、“”（） ", max_size=400),
    st.sampled_from(list(Wants)),
    st.lists(st.sampled_from(["草畜", "平衡", "节水"]), max_size=3),
)
@settings(max_examples=200, deadline=None)
def test_every_character_shown_stands_in_the_sentence(text: str, wants: Wants, words: list[str]) -> None:
    concepts = tuple(Concept(w, ((w, EXACT),), 0, 2) for w in words)
    question = Question("", "草畜平衡节水", concepts, (2025,), (), frozenset(), wants)
    part = deciding_part(text, question, [Weighted(c, 1.0, {}, {}) for c in concepts])
    assert stands_in(part, text)
    assert len(part) <= MAX_LEAD + 2 * len(CUT)
