import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.masking import masked_name, masked_number


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("其木格", "其**"),
        ("乌云·其其格", "乌*****"),
        ("张", "张*"),
        ("", ""),
    ],
)
def test_of_a_name_the_first_character_is_left(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        pytest.param("150626199001010017", "1506**********0017", id="identity"),
        pytest.param("15062619900101001X", "1506**********001X", id="identity-with-x"),
        pytest.param("150626900101001", "150*********001", id="old-identity"),
        pytest.param("13812345678", "13*******78", id="mobile"),
        pytest.param("6228480402564890018", "6228***********0018", id="bank-card"),
        pytest.param("123", "***", id="short"),
        pytest.param("1" * 30, "1111" + "*" * 22 + "1111", id="long"),
        pytest.param("", "", id="none"),
    ],
)
def test_of_a_number_both_ends_are_left(number: str, shown: str) -> None:
    assert masked_number(number) == shown


@given(st.text("0123456789X", min_size=1, max_size=30))
def test_at_least_half_of_a_number_goes_and_its_length_stays(number: str) -> None:
    shown = masked_number(number)
    assert len(shown) == len(number)
    assert 2 * shown.count("*") >= len(number)
    assert all(there in ("*", digit) for there, digit in zip(shown, number, strict=True))


@given(st.text(min_size=2))
def test_nothing_of_a_name_is_left_but_its_first_character(name: str) -> None:
    assert masked_name(name) == name[0] + "*" * (len(name) - 1)
