"""A question as the things it is about, with what may stand for them in the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.concepts import EXACT, Concept, ConceptReader, focused, stopwords, weak_words
from knowledge.facts import Facts
from knowledge.lexicon import Entry, Lexicon
from knowledge.scoring import CoverageScorer
from knowledge.substrings import SubstringIndex
from knowledge.text import Segmenter, normalise
from knowledge.wants import ASKS

Read = Callable[[str], tuple[Concept, ...]]
LEXICON = Lexicon([Entry("indicators", "农村牧区卫生厕所普及率", ("厕所革命", "改厕"))])
TEXTS = ("农村牧区卫生厕所普及率", "有村规民约嘎查村比例", "草畜平衡")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> ConceptReader:
    words = [*LEXICON.words, "村规民约", "草畜平衡"]
    return ConceptReader(Segmenter(tmp_path_factory.mktemp("jieba"), words), LEXICON, SubstringIndex(TEXTS))


@pytest.fixture(scope="module")
def read(reader: ConceptReader) -> Read:
    return lambda text: reader.read(normalise(text))


def surfaces(concepts: Iterable[Concept]) -> list[str]:
    return [concept.surface for concept in concepts]


def meanings(concepts: Iterable[Concept]) -> set[str]:
    return {text for concept in concepts for text, _ in concept.alternatives}


def test_asking_words_are_no_concepts(read: Read) -> None:
    assert surfaces(read("草畜平衡归谁")) == ["草畜平衡"]


@pytest.mark.parametrize("question", ["", "？？？", "谁", "是什么呢", "2025"], ids=ascii)
def test_a_question_without_a_subject_has_no_concepts(read: Read, question: str) -> None:
    assert read(question) == ()


def test_everyday_words_may_stand_for_a_term_of_the_documents(read: Read) -> None:
    (concept,) = read("改厕")
    assert "农村牧区卫生厕所普及率" in dict(concept.alternatives)


def test_the_words_as_typed_count_most(read: Read) -> None:
    (concept,) = read("改厕")
    assert concept.alternatives[0] == ("改厕", EXACT)
    assert all(strength < EXACT for _, strength in concept.alternatives[1:])


@pytest.mark.parametrize("misspelt", ["村归民约", "村规民月"], ids=["second", "last"])
def test_a_misspelt_word_may_stand_for_what_sounds_like_it(read: Read, misspelt: str) -> None:
    assert "村规民约" in meanings(read(misspelt))


def test_pinyin_may_stand_for_what_it_spells(read: Read) -> None:
    assert "村规民约" in meanings(read("cunguiminyue归谁"))


def test_a_word_of_the_documents_is_taken_as_written(read: Read) -> None:
    assert meanings(read("草畜平衡")) == {"草畜平衡"}


def test_concepts_come_in_order_of_their_place(read: Read) -> None:
    concepts = read("改厕和草畜平衡还有村规民约")
    assert [c.start for c in concepts] == sorted(c.start for c in concepts)


def test_a_concept_knows_its_place_in_the_question(facts: Facts) -> None:
    text = "一肩挑和草畜平衡分别归谁考核"
    assert all(text[c.start : c.end] == c.surface for c in facts.reader.read(text))


def test_weak_words_are_no_stopwords() -> None:
    assert "工作" in weak_words()
    assert not weak_words() & stopwords()


# --- long stories ---------------------------------------------------------------------------


def test_in_a_short_question_all_counts_in_full() -> None:
    concepts = (Concept("养羊", (("养羊", EXACT),), 0, 2), Concept("补贴", (("补贴", EXACT),), 5, 7))
    assert focused("养羊的有，补贴吗？", concepts, ASKS, 45) == concepts


def test_in_a_story_what_is_asked_counts_more_than_what_is_told() -> None:
    story = "老汉养了三十只羊，去年遇上雪灾，羊死了一半，今年又住了院，他能不能先看病后交钱？"
    told, asked = (Concept(w, ((w, EXACT),), story.index(w), story.index(w) + 2) for w in ("雪灾", "看病"))
    first, second = focused(story, (told, asked), ASKS, 20)
    assert first.focus < second.focus == 1.0


def test_a_story_that_asks_nothing_counts_in_full() -> None:
    story = "老汉养了三十只羊，去年遇上雪灾，羊死了一半，今年又住了院。"
    told = (Concept("雪灾", (("雪灾", EXACT),), story.index("雪灾"), story.index("雪灾") + 2),)
    assert focused(story, told, ASKS, 20) == told


# --- how well texts cover them --------------------------------------------------------------


def concept(text: str, *others: tuple[str, float]) -> Concept:
    return Concept(text, ((text, EXACT), *others), 0, len(text))


def best(scorer: CoverageScorer, *concepts: Concept) -> int:
    return scorer.score(scorer.weigh(concepts))[0].number


def test_the_text_with_more_concepts_scores_higher() -> None:
    scorer = CoverageScorer(["草畜平衡", "草畜平衡和农业节水", "农业节水"])
    assert best(scorer, concept("草畜平衡"), concept("农业节水")) == 1


def test_a_rare_concept_weighs_more_than_a_frequent_one() -> None:
    scorer = CoverageScorer(["嘎查村绿化", "嘎查村规划", "嘎查村道路", "草畜平衡"])
    assert best(scorer, concept("嘎查村"), concept("草畜平衡")) == 3


def test_the_word_itself_scores_higher_than_what_it_may_mean() -> None:
    scorer = CoverageScorer(["卫生厕所普及率", "厕所革命"])
    assert best(scorer, concept("厕所革命", ("卫生厕所普及率", 0.9))) == 1


def test_coverage_of_everything_is_one() -> None:
    scorer = CoverageScorer(["草畜平衡", "农业节水"])
    (hit,) = scorer.score(scorer.weigh([concept("草畜平衡")]))
    assert hit.coverage == pytest.approx(1.0)
    assert hit.matched == (0,)


def test_what_stands_only_in_the_context_counts_in_part() -> None:
    scorer = CoverageScorer(["每户二百元", "每户三百元"], ["厕所改造", "危房改造"])
    scored = scorer.score(scorer.weigh([concept("每户"), concept("危房")]))
    assert scored[0].number == 1
    assert 0 < scored[0].coverage < 1


def test_a_subject_that_stands_nowhere_lowers_the_coverage() -> None:
    scorer = CoverageScorer(["草畜平衡", "农业节水"])
    (hit,) = scorer.score(scorer.weigh([concept("草畜平衡"), concept("火星移民")]))
    assert hit.coverage < 0.7


def test_nothing_is_scored_without_concepts() -> None:
    assert CoverageScorer(["草畜平衡"]).score([]) == []


@given(text=st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_text_raises(reader: ConceptReader, text: str) -> None:
    normal = normalise(text)
    assert all(0 <= c.start < c.end <= len(normal) for c in reader.read(normal))
