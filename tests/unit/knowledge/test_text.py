from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.cutting import BulkCutter
from knowledge.text import (
    Segmenter,
    normalise,
    normalise_with_offsets,
    pinyin,
    squeeze,
    syllables,
)

ANY_TEXT = st.text(st.characters())  # with surrogates and control characters
CHINESE = st.text(
    st.sampled_from("村规民约归谁考核乡村振兴第一书记的和鄂尔多斯市abc12.，%-圐圙"), max_size=40
)


@pytest.fixture(scope="module")
def segmenter(tmp_path_factory: pytest.TempPathFactory) -> Segmenter:
    return Segmenter(tmp_path_factory.mktemp("jieba"), ["驻村第一书记", "村规民约"])


@pytest.fixture(scope="module")
def bulk(segmenter: Segmenter) -> BulkCutter:
    return BulkCutter(segmenter.tokenizer)


def test_width_case_quotes_and_dashes_are_folded() -> None:
    assert normalise("“ＡＢ”　—〔2021〕１号？") == '"ab" -[2021]1号?'


def test_radicals_of_pdf_text_layers_become_characters() -> None:
    assert normalise("⼀⻓⺠") == "一长民"


def test_control_and_private_use_characters_are_dropped() -> None:
    assert normalise("考\x00\u200b\ue000\ud800核\n") == "考核 "


def test_normalising_twice_changes_nothing_for_any_character() -> None:
    once = normalise("".join(map(chr, range(sys.maxunicode + 1))))
    assert normalise(once) == once


@given(ANY_TEXT)
def test_each_normalised_character_comes_from_its_offset(text: str) -> None:
    normalised, offsets = normalise_with_offsets(text)
    assert len(offsets) == len(normalised)
    assert all(normalised[i] in normalise(text[at]) for i, at in enumerate(offsets))


def test_squeeze_keeps_letters_digits_and_han() -> None:
    assert squeeze("第3条_ 考核，abc。") == "第3条考核abc"


def test_homophones_have_equal_syllables() -> None:
    assert syllables("村规民约") == syllables("村归民月") != syllables("村规民主")


def test_pinyin_is_toneless_and_none_for_other_characters() -> None:
    assert pinyin("绿村a") == ["lv", "cun", None]


@given(ANY_TEXT)
def test_pinyin_has_one_entry_for_each_character(text: str) -> None:
    assert len(pinyin(text)) == len(text)


def test_domain_words_stay_whole_and_their_parts_are_found_too(segmenter: Segmenter) -> None:
    assert {"驻村第一书记", "第一", "书记"} <= set(segmenter.cut("驻村第一书记是谁"))


def test_punctuation_is_no_word(segmenter: Segmenter) -> None:
    assert segmenter.cut(" ,. -- ") == []


@given(text=ANY_TEXT)
def test_cutting_never_raises(segmenter: Segmenter, text: str) -> None:
    segmenter.cut(normalise(text))


@given(text=CHINESE | ANY_TEXT)
def test_bulk_cutter_finds_the_same_words_as_jieba(segmenter: Segmenter, bulk: BulkCutter, text: str) -> None:
    normalised = normalise(text)
    assert bulk.words(normalised).split() == segmenter.cut(normalised)


def test_dictionary_is_kept_in_the_given_folder_and_read_again(tmp_path: Path) -> None:
    Segmenter(tmp_path, ["嘎查达"]).load()
    assert [p.suffix for p in tmp_path.iterdir()] == [".dictionary"]
    assert "嘎查达" in Segmenter(tmp_path, ["嘎查达"]).cut("嘎查达是谁")


def test_damaged_dictionary_is_built_anew(tmp_path: Path) -> None:
    segmenter = Segmenter(tmp_path)
    (tmp_path / f"{segmenter.fingerprint}.dictionary").write_bytes(b"broken")
    assert segmenter.cut("考核工作") == ["考核", "工作"]


def test_other_words_have_another_fingerprint(tmp_path: Path) -> None:
    assert Segmenter(tmp_path, ["嘎查达"]).fingerprint != Segmenter(tmp_path).fingerprint
