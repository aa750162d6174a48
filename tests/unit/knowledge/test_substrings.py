"""Finding strings in many short texts, as written and as they sound."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.substrings import SoundIndex, SubstringIndex
from knowledge.text import normalise, squeeze, syllables

TEXTS = ("有村规民约嘎查村比例", "草畜平衡", "农村牧区卫生厕所普及率（%）", "“四好农村路”建设情况", "", "村")
letters = st.text(alphabet="村规民约比例草畜", max_size=8)


@pytest.fixture(scope="module")
def index() -> SubstringIndex:
    return SubstringIndex(TEXTS)


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ("村规民约", {0}),
        ("村", {0, 2, 3, 5}),
        ("农村", {2, 3}),
        ("普及率%", set()),
        ("好农村路建设", {3}),
        ("规村", set()),
        ("村民约", set()),
        ("草畜平衡了", set()),
    ],
    ids=["span", "character", "pair", "punctuation", "over-quotes", "reversed", "gap", "longer"],
)
def test_where_a_string_stands(index: SubstringIndex, needle: str, found: set[int]) -> None:
    assert index.containing(needle) == found


def test_the_empty_string_stands_nowhere(index: SubstringIndex) -> None:
    assert index.containing("") == frozenset()


def test_pairs_of_two_texts_do_not_make_a_string() -> None:
    assert SubstringIndex(["甲乙", "乙丙"]).containing("甲乙丙") == frozenset()


def test_scattered_pairs_of_one_text_do_not_make_a_string() -> None:
    assert SubstringIndex(["甲乙丁乙丙"]).containing("甲乙丙") == frozenset()


def test_a_text_with_most_pairs_is_similar(index: SubstringIndex) -> None:
    assert index.similar("村规民约比例") == {0: 0.8}


def test_a_text_with_few_pairs_is_not_similar(index: SubstringIndex) -> None:
    assert index.similar("村规很多很长的话") == {}


def test_known_are_characters_and_pairs_that_stand_somewhere(index: SubstringIndex) -> None:
    assert index.knows("草") and index.knows("草畜")
    assert not index.knows("草规") and not index.knows("丙")


@given(st.lists(letters, max_size=6), letters)
@settings(max_examples=100, deadline=None)
def test_the_index_finds_what_a_plain_search_finds(texts: list[str], needle: str) -> None:
    expected = {n for n, text in enumerate(texts) if needle and needle in squeeze(normalise(text))}
    assert SubstringIndex(texts).containing(needle) == expected


# --- sounds ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sounds() -> SoundIndex:
    return SoundIndex(["折家梁村", "村规民约", "村规民约比例"])


@pytest.mark.parametrize(
    ("misspelt", "heard"),
    [("村归民约", "村规民约"), ("折家良村", "折家梁村"), ("村规民约", "村规民约")],
    ids=["policy", "place", "right"],
)
def test_what_sounds_alike_is_found(sounds: SoundIndex, misspelt: str, heard: str) -> None:
    assert sounds.alike(misspelt) == (heard,)


@pytest.mark.parametrize(
    "misspelt", ["草畜平衡", "约比例村", "", "abc"], ids=["absent", "over-two-texts", "empty", "latin"]
)
def test_what_sounds_like_nothing_is_not_found(sounds: SoundIndex, misspelt: str) -> None:
    assert sounds.alike(misspelt) == ()


def test_the_most_frequent_of_several_comes_first() -> None:
    assert SoundIndex(["示范", "师范", "示范", "是烦"]).alike("十饭")[0] == "示范"


@given(letters)
@settings(max_examples=100, deadline=None)
def test_what_is_heard_has_the_same_sound(needle: str) -> None:
    heard = SoundIndex(["村规民约", "草畜比例", "存归敏月"]).alike(needle)
    assert all(syllables(text) == syllables(needle) for text in heard)
