from __future__ import annotations

import pytest

from knowledge.reading.numerals import FORMATS, chinese, printed


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1005, "一千零五"),
        (1010, "一千零一十"),
        (9999, "九千九百九十九"),
    ],
)
def test_chinese_numbers(number: int, text: str) -> None:
    assert chinese(number) == text


@pytest.mark.parametrize(
    ("number_format", "number", "text"),
    [
        ("decimal", 3, "3"),
        ("decimalZero", 3, "03"),
        ("decimalEnclosedCircleChinese", 3, "③"),
        ("decimalEnclosedCircle", 21, "21"),
        ("decimalFullWidth", 12, "１２"),
        ("chineseCountingThousand", 23, "二十三"),
        ("ideographDigital", 10, "一〇"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 2, "乙"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 27, "aa"),
        ("upperLetter", 2, "B"),
        ("unknown", 5, "5"),
        ("decimal", -1, "-1"),
    ],
)
def test_word_formats(number_format: str, number: int, text: str) -> None:
    assert printed(number, number_format) == text


@pytest.mark.parametrize("number_format", FORMATS)
def test_every_format_prints_every_number(number_format: str) -> None:
    for number in range(10_001):
        assert isinstance(printed(number, number_format), str)
