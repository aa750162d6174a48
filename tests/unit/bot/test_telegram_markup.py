"""Texts cut and marked up for Telegram."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.markup import MAX_HTML_BYTES, split, to_html, units
from handlers.turn import bold, plain, spans

marked = st.lists(
    st.tuples(st.text("甲乙。，！”\n <>&\"'𠮷a ", max_size=40), st.booleans()), max_size=12
).map(lambda parts: "".join(bold(text) if strong else text for text, strong in parts))


def flags(text: str) -> list[tuple[str, bool]]:
    """Each visible character with whether it is bold."""
    return [(c, strong) for part, strong in spans(text) for c in part if not c.isspace()]


@given(marked, st.integers(2, 60))
def test_nothing_is_lost_and_no_part_is_too_long(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < units(part) <= limit for part in parts)
    assert [flag for part in parts for flag in flags(part)] == flags(text)


@given(marked)
def test_markup_says_what_the_text_says(text: str) -> None:
    marked_up = to_html(text)
    assert html.unescape(re.sub(r"</?b>", "", marked_up)) == plain(text)
    assert marked_up.count("<b>") == marked_up.count("</b>")


def test_a_text_is_cut_after_its_last_sentence_that_fits() -> None:
    assert split("第一句。第二句。第三句", 9) == ["第一句。第二句。", "第三句"]


def test_a_closing_quotation_mark_stays_with_its_sentence() -> None:
    assert split("他说：“好。”然后走了很远。", 8) == ["他说：“好。”", "然后走了很远。"]


def test_a_list_is_cut_after_a_line() -> None:
    assert [part.strip() for part in split("苏木一\n苏木二\n苏木三", 10)] == ["苏木一\n苏木二", "苏木三"]


def test_a_sentence_that_is_too_long_is_cut_at_a_comma() -> None:
    assert split("很长的一句，还没有完就到头了", 8) == ["很长的一句，", "还没有完就到头了"]


def test_a_short_sentence_at_the_start_does_not_make_a_nearly_empty_part() -> None:
    assert split("好。" + "长" * 30, 20) == ["好。" + "长" * 18, "长" * 12]


def test_a_text_is_not_cut_when_it_just_fits() -> None:
    assert split("甲" * 4096) == ["甲" * 4096]
    assert [len(part) for part in split("甲" * 4097)] == [4096, 1]


def test_parts_stay_within_the_bytes_that_are_taken() -> None:
    parts = split((bold("&") + "&") * 4000)
    assert all(len(to_html(part).encode()) <= MAX_HTML_BYTES for part in parts)
    assert sum(len(plain(part)) for part in parts) == 8000


def test_a_text_that_nobody_can_see_has_no_parts() -> None:
    assert split(" \n" + bold(" ")) == []
