"""What stands on each page of a PDF but does not belong to its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.reading.pdf_page import PrintedLine, PrintedPage

# Of the height of a page. Official documents (GB/T 9704) have margins of 37 and 35 mm: 12 %.
MARGIN_SHARE = 0.13
DASH = "[-–—－·•~～|]"
PAGE_NUMBER = re.compile(
    rf"{DASH}*\s*(\d{{1,4}}|[ivxIVX]{{1,6}})\s*{DASH}*"
    r"|第\s*\d{1,4}\s*页\s*([/，,]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*/\s*\d{1,4}"
)
# A number that stands apart, so that “附件1” and “附件2” at the top of two pages stay different.
NUMBER_APART = re.compile(rf"(?<!\S){DASH}*\s*\d{{1,4}}\s*{DASH}*(?!\S)|第\s*\d{{1,4}}\s*页")


def without_furniture(pages: Sequence[PrintedPage]) -> list[PrintedPage]:
    """The pages without page numbers, and without headers and footers: the lines in the margins that
    most pages share, at least two."""
    counts = Counter(key for page in pages for key in {_key(line) for line in _margin_lines(page)})
    repeated = {key for key, count in counts.items() if count > max(1, len(pages) / 2)}
    return [_cleaned(page, repeated) for page in pages]


def _cleaned(page: PrintedPage, repeated: set[str]) -> PrintedPage:
    dropped = [
        line
        for line in _margin_lines(page)
        if PAGE_NUMBER.fullmatch(line.text.strip()) or _key(line) in repeated
    ]
    return replace(page, items=tuple(item for item in page.items if item not in dropped))


def _margin_lines(page: PrintedPage) -> Iterator[PrintedLine]:
    margin = page.height * MARGIN_SHARE
    for item in page.items:
        if isinstance(item, PrintedLine) and (item.bottom < margin or item.top > page.height - margin):
            yield item


def _key(line: PrintedLine) -> str:
    return NUMBER_APART.sub("#", line.text).strip()
