"""The statistics as a picture for the chat, readable on a phone when it is shown 360 points wide."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from handlers import wording_exports as wording
from handlers.exports.rows import About, Statistics

FONT = Path(__file__).parent / "fonts/NotoSansCJKsc-Subset.otf"
WIDTH = 1080
_MARGIN, _ROW, _BAR, _GAP = 42, 54, 32, 21
_TITLE, _SECTION, _TEXT, _SMALL = 56, 42, 35, 29
_LABEL_WIDTH, _VALUE_WIDTH = 390, 130
_MAX_BANNERS = 20  # more would make a picture that no phone shows well
_PAPER, _INK, _FAINT, _TRACK = "#FFFFFF", "#1F2933", "#5F6B7A", "#EEF1F5"
_STEP_COLOUR, _RISK_COLOUR, _BANNER_COLOUR = "#2F6DB5", "#B5642F", "#6B7785"


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    size: int
    colour: str = _INK
    space_above: int = 0

    @property
    def height(self) -> int:
        return self.space_above + round(1.45 * self.size)

    def draw(self, canvas: ImageDraw.ImageDraw, top: int) -> None:
        middle = top + self.space_above + (self.height - self.space_above) // 2
        canvas.text((_MARGIN, middle), self.text, self.colour, _font(self.size), anchor="lm")


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    value: int
    longest: int  # the value whose bar takes the whole width
    colour: str
    height: int = _ROW

    def draw(self, canvas: ImageDraw.ImageDraw, top: int) -> None:
        middle = top + self.height // 2
        left = _MARGIN + _LABEL_WIDTH + _GAP
        right = WIDTH - _MARGIN - _VALUE_WIDTH
        end = left + max(3, round((right - left) * self.value / self.longest))
        box = (middle - _BAR // 2, middle + _BAR // 2)
        canvas.text((_MARGIN, middle), _shortened(self.label), _INK, _font(_TEXT), anchor="lm")
        canvas.rectangle((left, box[0], right, box[1]), fill=_TRACK)
        canvas.rectangle((left, box[0], end, box[1]), fill=self.colour)
        canvas.text((WIDTH - _MARGIN, middle), str(self.value), _INK, _font(_TEXT), anchor="rm")


_Line = _Text | _Bar


def statistics_picture(statistics: Statistics, about: About) -> bytes:
    """A PNG of bars by step, risk and banner. Each in the documents' or the codes' order, never by value."""
    lines = tuple(_lines(statistics, about))
    height = sum(line.height for line in lines) + 2 * _MARGIN
    image = Image.new("RGB", (WIDTH, height), _PAPER)
    canvas = ImageDraw.Draw(image)
    top = _MARGIN
    for line in lines:
        line.draw(canvas, top)
        top += line.height
    return _png(image)


def _lines(statistics: Statistics, about: About) -> Iterator[_Line]:
    yield _Text(wording.STATISTICS, _TITLE)
    yield _Text(_shortened(about.scope, WIDTH - 2 * _MARGIN), _TEXT, space_above=6)
    yield _Text(wording.counted(statistics.households, about.made_at), _SMALL, _FAINT)
    if not statistics.households:
        yield _Text(wording.NOTHING_TO_COUNT, _TEXT, space_above=_GAP)
        return
    by_step = zip(statistics.steps, statistics.by_step(), strict=True)
    yield from _section(wording.BY_STEP, by_step, _STEP_COLOUR)
    by_risk = zip(statistics.risks, statistics.by_risk(), strict=True)
    yield from _section(wording.BY_RISK, by_risk, _RISK_COLOUR)
    if 1 < len(statistics.banners) <= _MAX_BANNERS:
        banners = ((banner.name, banner.households) for banner in statistics.banners)
        yield from _section(wording.BY_BANNER, banners, _BANNER_COLOUR)
    yield from _notes(statistics)


def _section(title: str, counts: Iterable[tuple[str, int]], colour: str) -> Iterator[_Line]:
    shown = [(label, value) for label, value in counts if value]
    yield _Text(title, _SECTION, space_above=2 * _GAP)
    longest = max((value for _, value in shown), default=1)
    yield from (_Bar(label, value, longest, colour) for label, value in shown)


def _notes(statistics: Statistics) -> Iterator[_Line]:
    notes = [wording.SEVERAL_RISKS, wording.NO_ZEROES]
    if len(statistics.banners) > 1:
        shown = len(statistics.banners) <= _MAX_BANNERS
        notes.append(wording.CODE_ORDER if shown else wording.MANY_BANNERS)
    for at, note in enumerate(notes):
        yield _Text(note, _SMALL, _FAINT, space_above=0 if at else _GAP)


def _shortened(text: str, width: int = _LABEL_WIDTH) -> str:
    """As much of the text as fits, an ellipsis for the rest."""
    font = _font(_TEXT)
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
