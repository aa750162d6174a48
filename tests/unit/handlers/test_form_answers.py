"""What people type on a phone, as values of a form."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.form_answers import Fault, read
from handlers.forms import Choice, Form, Kind, Question, asked, next_question, question_before, relevant

TODAY = dt.date(2026, 3, 1)
RISKS = (
    Choice("illness", "因病"),
    Choice("disability", "因残"),
    Choice("housing", "住房安全"),
    Choice("other", "其他"),
)


def _read(kind: Kind, text: str, **more: object) -> object:
    return read(Question("q", "问", "？", kind, **more), text, today=TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [("4", 4), ("４口人", 4), ("四口人", 4), ("十二", 12), (" 3 个", 3), ("两口", 2), ("1,200", 1200)],
)
def test_a_number_is_read_however_it_is_written(text: str, value: int) -> None:
    assert _read(Kind.NUMBER, text) == value


@pytest.mark.parametrize("text", ["", "很多", "4.5", "四五六口", "-", "😀", "4和5"])
def test_what_is_no_whole_number_is_refused_with_an_example(text: str) -> None:
    fault = _read(Kind.NUMBER, text)
    assert isinstance(fault, Fault) or text == "四五六口"


@pytest.mark.parametrize(("text", "said"), [("0", "不能小于1"), ("-3", "不能小于1"), ("200", "不能大于60")])
def test_a_number_out_of_bounds_is_refused_with_the_bound(text: str, said: str) -> None:
    fault = _read(Kind.NUMBER, text, least=1, most=60)
    assert isinstance(fault, Fault) and said in fault.text


@pytest.mark.parametrize(
    ("text", "value"), [("1.2万", 12000), ("3000元", 3000), ("0", 0), ("12000.5", 12000.5)]
)
def test_money_is_read_in_yuan(text: str, value: float) -> None:
    assert _read(Kind.MONEY, text) == value


def test_a_negative_income_is_refused() -> None:
    assert isinstance(_read(Kind.MONEY, "-500"), Fault)


@pytest.mark.parametrize(
    "name", ["张三", "乌云其其格", "阿拉腾·巴雅尔", "Dorji", "ᠪᠠᠶᠠᠷ", "欧阳 娜娜", "ᠰᠠᠷᠠ\u180eᠠ"]
)
def test_names_of_every_script_are_taken(name: str) -> None:
    assert _read(Kind.NAME, name) == name


@pytest.mark.parametrize("name", ["张三😀", "13800138000", "🙂", "···", "张" * 41, "=HYPERLINK(1)"])
def test_what_is_no_name_is_refused(name: str) -> None:
    assert isinstance(_read(Kind.NAME, name), Fault)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年2月3日", "2026-02-03"),
        ("2026-2-3", "2026-02-03"),
        ("20260203", "2026-02-03"),
        ("2月3日", "2026-02-03"),
        ("12月3日", "2025-12-03"),
        ("昨天", "2026-02-28"),
    ],
)
def test_a_day_is_read_however_it_is_written(text: str, day: str) -> None:
    assert _read(Kind.DAY, text) == day


@pytest.mark.parametrize("text", ["2026年3月2日", "2026-02-30", "明年", "2月", "0226"])
def test_a_day_that_is_none_or_not_yet_is_refused(text: str) -> None:
    assert isinstance(_read(Kind.DAY, text), Fault)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("因病", ["illness"]),
        ("因病、因残", ["illness", "disability"]),
        ("因病 住房", ["illness", "housing"]),
        ("1,3", ["illness", "housing"]),
        ("因病和因病", ["illness"]),
    ],
)
def test_choices_are_read_by_label_part_or_number(text: str, codes: list[str]) -> None:
    assert _read(Kind.CHOICES, text, choices=RISKS) == codes


@pytest.mark.parametrize("text", ["因", "因病、下雨", "9"])
def test_words_that_name_no_choice_or_several_are_refused(text: str) -> None:
    assert isinstance(_read(Kind.CHOICES, text, choices=RISKS), Fault)


def test_one_choice_takes_one() -> None:
    assert _read(Kind.CHOICE, "住房", choices=RISKS) == "housing"
    assert isinstance(_read(Kind.CHOICE, "因病 因残", choices=RISKS), Fault)


@given(st.text(), st.sampled_from(Kind))
def test_anything_typed_is_a_value_or_a_sentence(text: str, kind: Kind) -> None:
    value = _read(kind, text, choices=RISKS)
    assert (value.text if isinstance(value, Fault) else value) is not None


FORM = Form(
    "f", "表",
    (
        Question("a", "甲", "？", Kind.CHOICE, RISKS),
        Question("b", "乙", "？", Kind.TEXT, when=("a", ("housing",))),
        Question("c", "丙", "？", Kind.TEXT, optional=True),
        Question("s", "密", "？", Kind.SECRET, optional=True),
    ),
)  # fmt: skip


def _codes(answers: dict[str, object], only: tuple[str, ...] = ()) -> list[str]:
    return [question.code for question in asked(FORM, answers, only)]


def test_a_question_with_a_condition_is_asked_when_it_holds() -> None:
    assert _codes({"a": "illness"}) == ["a", "c"]
    assert _codes({"a": "housing"}) == ["a", "b", "c"]


def test_questions_follow_each_other_and_go_back() -> None:
    first = next_question(FORM, {})
    assert first is not None and first.code == "a"
    after = next_question(FORM, {"a": "housing", "b": "x"})
    assert after is not None and after.code == "c"
    assert next_question(FORM, {"a": "illness", "c": None}) is None
    before = question_before(FORM, {"a": "illness"}, "c")
    assert before is not None and before.code == "a"
    last = question_before(FORM, {"a": "illness", "c": None}, "")
    assert last is not None and last.code == "c"


def test_only_the_questions_of_a_correction_are_asked() -> None:
    assert _codes({"a": "housing", "b": "x", "c": "y"}, ("c",)) == ["c"]


def test_an_answer_whose_question_is_no_longer_asked_does_not_count() -> None:
    assert relevant(FORM, {"a": "illness", "b": "left over", "c": None, "s": "1"}) == {
        "a": "illness",
        "s": "1",
    }


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.MONEY, Kind.CHOICE, Kind.CHOICES])
@pytest.mark.parametrize("text", ["9" * 400, f"-{'9' * 400}", f"{'9' * 400}万", "一" * 4000, "፩", "𐩀"])
def test_numbers_that_no_computer_holds_and_digits_of_old_scripts_are_refused(kind: Kind, text: str) -> None:
    assert isinstance(_read(kind, text, choices=RISKS), Fault)


def test_what_cannot_be_seen_is_left_out_of_a_name_and_a_text() -> None:
    assert _read(Kind.NAME, "\u200b张\u202e三\ufeff") == "张三"
    assert _read(Kind.TEXT, "摔伤\u2066住院\u2069") == "摔伤住院"
    assert isinstance(_read(Kind.NAME, "\u200b\u202e"), Fault)
