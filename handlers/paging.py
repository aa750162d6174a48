"""Long lists and long texts, one page at a time. Pages are counted from 0, and shown from 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from handlers import wording_browse
from handlers.turn import Button

PER_PAGE = 9  # buttons that a phone shows without scrolling; nine banners, nine ways to an indicator
LABEL_CHARACTERS = 24
PAGE_CHARACTERS = 1200  # of a long text: two or three screens

T = TypeVar("T")


def pages_of(items: Sequence[T]) -> list[Sequence[T]]:
    """At least one page, empty when there is nothing."""
    return [items[at : at + PER_PAGE] for at in range(0, len(items), PER_PAGE)] or [()]


def page_of(position: int) -> int:
    return position // PER_PAGE


def pages_of_text(text: str) -> list[str]:
    """Cut after a sentence or line; every character stands on one of the pages."""
    pages = []
    while len(text) > PAGE_CHARACTERS:
        at = max(text.rfind(mark, PAGE_CHARACTERS // 2, PAGE_CHARACTERS) for mark in "。；！？\n") + 1
        pages.append(text[: at or PAGE_CHARACTERS])
        text = text[at or PAGE_CHARACTERS :]
    return [*pages, text]


def turning(page: int, of: int, data: Callable[[int], str]) -> tuple[Button, ...]:
    """上一页 and 下一页, as far as there are such; `data` is that of the button to a page."""
    before = (Button(wording_browse.previous("页"), data(page - 1)),) if page > 0 else ()
    after = (Button(wording_browse.following("页"), data(page + 1)),) if page + 1 < of else ()
    return before + after


def note(page: int, of: int) -> str:
    """`第2/8页`; "" for a single page."""
    return wording_browse.page(page + 1, of) if of > 1 else ""


def label(text: str) -> str:
    """Short enough for a button on a phone."""
    return cut(text, LABEL_CHARACTERS)


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
