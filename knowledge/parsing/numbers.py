"""文号: `鄂府发〔2022〕45号`, `内政办发[2021]3号`, `第12号`."""

from __future__ import annotations

import re
from collections.abc import Sequence

NUMBER = re.compile(
    r"(?:(?:发文字号|文\s*号)[：:])?(?P<number>[\u4e00-\u9fffA-Za-z]{1,15}[〔\[［【（(﹝]\s*(?:19|20)\d\d\s*[〕\]］】）)﹞]\s*第?\s*\d+\s*号)"
)
_REFERS = re.compile("根据|按照|依据|依照|贯彻|落实|印发|转发|废止|关于|以下简称|结合|经|规定")
_LONGEST = 60  # characters of a line that gives a number


def number_of(head: Sequence[str]) -> str | None:
    """The document's own number: alone on a line, else at the end or in brackets of a short line.

    A number inside a sentence is that of another document.
    """
    for line in head:
        for piece in (line, *line.split()):
            if found := NUMBER.fullmatch("".join(piece.split())):
                return found["number"]
    for line in head:
        text = "".join(line.split())
        found = NUMBER.search(text) if len(text) <= _LONGEST else None
        if found and not _REFERS.search(text[: found.end()]) and "《" not in text[: found.start()]:
            return found["number"]
    return None
