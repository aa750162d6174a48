"""Numbers as word processors print them before a paragraph."""

from __future__ import annotations

from collections.abc import Callable

DIGITS = "〇一二三四五六七八九"
FORMAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ((1000, "千"), (100, "百"), (10, "十"))
FORMAL_UNITS = ((1000, "仟"), (100, "佰"), (10, "拾"))
ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
MAX_NUMBER = 9999


def chinese(number: int) -> str:
    """`12` → `十二`, `105` → `一百零五`; for 0 ≤ number ≤ 9999."""
    text = _with_units(number, DIGITS, UNITS)
    return text.removeprefix("一") if text.startswith("一十") else text


def printed(number: int, number_format: str) -> str:
    """The number in a format of Word; unknown formats as decimal.

    Source: ECMA-376-1:2016, 17.18.59 ST_NumberFormat.
    """
    if not 0 <= number <= MAX_NUMBER:
        return str(number)
    return FORMATS.get(number_format, str)(number)


def _with_units(number: int, digits: str, units: tuple[tuple[int, str], ...]) -> str:
    if number == 0:
        return "零"
    text = ""
    gap = False  # a zero inside the number, written once: 一千零五
    for value, unit in (*units, (1, "")):
        digit, number = divmod(number, value)
        if digit:
            text += ("零" if gap else "") + digits[digit] + unit
        gap = bool(text) and not digit
    return text


def _digit_by_digit(number: int) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(number))


def _letters(number: int) -> str:
    """a … z, aa, bb …, as Word does."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10) if number else ""


def _roman(number: int) -> str:
    text = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _from(first: str, last: int) -> Callable[[int], str]:
    """Numbers 1 … last as consecutive characters."""
    return lambda number: chr(ord(first) + number - 1) if 1 <= number <= last else str(number)


def _one_of(characters: str) -> Callable[[int], str]:
    return lambda number: characters[(number - 1) % len(characters)] if number else str(number)


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: str(number).translate({ord("0") + i: 0xFF10 + i for i in range(10)}),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "chineseLegalSimplified": lambda number: _with_units(number, FORMAL_DIGITS, FORMAL_UNITS),
    "ideographTraditional": _one_of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _one_of("子丑寅卯辰巳午未申酉戌亥"),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "none": lambda number: "",
}
