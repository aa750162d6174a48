import datetime as dt
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.personal_numbers import Found, find, masked
from knowledge.library import KnowledgeBase

ID = "150602196001010012"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
MONGOLIAN = str.maketrans("0123456789", "᠐᠑᠒᠓᠔᠕᠖᠗᠘᠙")


def _kinds(text: str) -> list[str]:
    return [number.kind for number in find(text)]


# --- ID cards -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        ID,
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002×",
        "150602 19600101 0012",
        "1506-0219-6001-0100-12",
        "1506 0219 6001 0100 12",
        "150602—19600101—0012",
        "1 5 0 6 0 2 1 9 6 0 0 1 0 1 0 0 1 2",
        "110105 19491231 002 X",
        ID.translate(FULL_WIDTH),
        ID.translate(MONGOLIAN),
        "150602600101001",
        "150602 600101 001",
    ],
)
def test_an_id_number_is_found_however_it_is_written(written: str) -> None:
    assert find(written) == (Found("id", 0, len(written)),)
    assert find(f"户主{written}，4口人") == (Found("id", 2, 2 + len(written)),)


@pytest.mark.parametrize(
    "number",
    [
        "150602196001010017",  # check digit
        "150602196013010019",  # month 13
        "150602196002300016",  # 30 February
        "150602186001010018",  # the year 1860
        f"{ID}9",
        f"9{ID}",
        "150602601301001",  # month 13
        "990602600101001",  # no such province
        "1506026001010",
    ],
)
def test_a_number_that_cannot_be_an_id_number_is_none(number: str) -> None:
    assert "id" not in _kinds(number)


# --- bank cards and telephones --------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "6222021234567890128",
        "6222 0212 3456 7890 128",
        "4111-1111-1111-1111",
        "4111111111111111",
        "4222222222222",
    ],
)
def test_a_bank_card_is_found_in_one_piece_or_by_fours(written: str) -> None:
    assert find(f"卡号{written}。") == (Found("card", 2, 2 + len(written)),)


@pytest.mark.parametrize(
    "number", ["6222021234567890129", "622202123456", "62220212345678901280", "x4111 11"]
)
def test_a_number_that_cannot_be_a_bank_card_is_none(number: str) -> None:
    assert find(number) == ()


@pytest.mark.parametrize(
    "written",
    [
        "13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678", "+86 138 1234 5678",
        "＋86-13812345678", "8613812345678", "0086 13812345678", "１３８１２３４５６７８", "19912345678",
    ],
)  # fmt: skip
def test_a_mobile_number_is_found_with_and_without_prefix(written: str) -> None:
    assert find(f"电话{written}") == (Found("mobile", 2, 2 + len(written)),)


@pytest.mark.parametrize(
    "text",
    [
        "0477-8123456", "04778123456", "8123456", "12345678901", "12812345678", "138123456789",
        "1381234567", "9913812345678", "13800000000元", "13800000000 万元", "￥13812345678", "13812345678.50",
    ],
)  # fmt: skip
def test_landlines_sums_and_parts_of_longer_numbers_are_left_alone(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "内乡振组发〔2021〕3号",
        "内党农牧组发〔2021〕1号，2021年4月18日",
        "个案260000015",
        "260000015 260000023",
        "2021 2022 2023 2024 2025",
        "2021-2025年，2021.03.01—2021.12.31",
        "第33项 1 2 3 4 5 6 7 8 9 10 11 12",
        "150602 150603 150621 150622",  # codes of banners
        "150602001201",  # of a village
        "年收入12345678元，4口人",
        "/link abcdefghijklmnopqrstuvwx27",
    ],
)
def test_what_cadres_write_every_day_is_left_alone(text: str) -> None:
    assert masked(text) == text


def test_nothing_in_the_documents_is_taken_for_a_number_of_a_person(library: KnowledgeBase) -> None:
    found = [
        clause.text[number.start : number.end]
        for document in library.documents
        for clause in document.clauses
        for number in find(clause.text)
    ]
    assert found == []


def test_several_numbers_are_found_in_their_order() -> None:
    text = f"张三 {ID} 13812345678，卡6222021234567890128；李四13987654321"
    assert _kinds(text) == ["id", "mobile", "card", "mobile"]
    assert (
        masked(text) == "张三 〔身份证号已隐去〕 〔手机号已隐去〕，卡〔银行卡号已隐去〕；李四〔手机号已隐去〕"
    )


# --- whatever stands around -----------------------------------------------------------------


@st.composite
def _ids(draw: st.DrawFn) -> str:
    region = draw(st.integers(110000, 659999))
    born = draw(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
    digits = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    # Another way to the check digit than the product's: the whole, digit by digit, is 1 modulo 11.
    total = sum(int(digit) * 2**power for power, digit in zip(range(17, 0, -1), digits, strict=True))
    return digits + "0123456789X"[(1 - total) % 11]


@st.composite
def _written(draw: st.DrawFn, number: st.SearchStrategy[str]) -> str:
    gaps = st.sampled_from(["", "", "", " ", "-", "　", "—", " -"])
    written = "".join(digit + draw(gaps) for digit in draw(number)).strip(" -　—")
    alphabet = draw(st.sampled_from([{}, FULL_WIDTH, MONGOLIAN]))
    return written.translate(alphabet).replace("X", draw(st.sampled_from("XxＸｘ")))


_AROUND = st.text() | st.text(alphabet="0123456789 -+年元户xX，.", max_size=30)


@settings(deadline=None)
@given(before=_AROUND, number=_written(_ids()), after=_AROUND)
@example(before="138 1234 ", number="1506 0219 6001 0100 12", after="")
@example(before="1 ", number=ID, after=" 5")
@example(before="电话", number=ID, after="x")
def test_a_valid_id_number_is_found_in_any_text_and_none_of_it_stays(
    before: str, number: str, after: str
) -> None:
    before, after = re.sub(r"\d+$", "", before), re.sub(r"^\d+", "", after)
    text = before + number + after
    start, end = len(before), len(before) + len(number)
    [hidden] = [one for one in find(text) if one.start <= start and end <= one.end]
    assert number not in masked(text) or number in text[: hidden.start] + text[hidden.end :]
    assert find(masked(text)) == ()


@settings(deadline=None)
@given(before=_AROUND, rest=st.integers(0, 10**9 - 1), second=st.integers(3, 9), after=_AROUND)
def test_a_mobile_number_is_found_in_any_text(before: str, rest: int, second: int, after: str) -> None:
    before, after = re.sub(r"[\d¥￥$\s]+$", "", before), re.sub(r"^[\d\s元万亿块.．]+", "", after)
    number = f"1{second}{rest:09}"
    assert any(
        one.start <= len(before) and len(before) + 11 <= one.end for one in find(before + number + after)
    )


@settings(deadline=None)
@given(text=_AROUND)
def test_found_numbers_stand_in_the_text_apart_and_in_order(text: str) -> None:
    places = [place for one in find(text) for place in (one.start, one.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
    assert all(sum(map(str.isdecimal, text[one.start : one.end])) >= 11 for one in find(text))
