"""Sentences end at full stops and semicolons, not inside brackets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.sentences import sentences

CHINESE = st.text(st.sampled_from("村民。；！？!?;（）()“”』\n \t，a1"), max_size=200)


def test_sentences_keep_their_marks() -> None:
    assert sentences("村规民约由民政厅考核。是吗？是；对！") == [
        "村规民约由民政厅考核。",
        "是吗？",
        "是；",
        "对！",
    ]


def test_a_quotation_keeps_its_closing_mark() -> None:
    assert sentences("他说：“对。”然后走了。") == ["他说：“对。”", "然后走了。"]


def test_brackets_are_not_cut() -> None:
    assert sentences("按职责（甲局；乙局）负责。完。") == ["按职责（甲局；乙局）负责。", "完。"]


def test_a_line_end_ends_a_sentence_even_in_an_open_bracket() -> None:
    assert sentences("一（二；\n三") == ["一（二；", "三"]


@given(st.one_of(CHINESE, st.text(max_size=200)))
def test_nothing_is_lost_but_white_space(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() and sentence for sentence in sentences(text))
