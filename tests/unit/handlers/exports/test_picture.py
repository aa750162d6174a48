import csv
import datetime as dt
import io
import re
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from handlers import wording_exports
from handlers.exports import About, BannerCounts, Statistics, statistics_picture
from handlers.exports.picture import FONT
from knowledge.rules import rules

AREAS = Path(__file__).resolve().parents[4] / "knowledge/sources/areas.csv"
ABOUT = About("鄂尔多斯市", dt.datetime(2026, 3, 1, 9, 5, tzinfo=dt.timezone(dt.timedelta(hours=8))))
STATISTICS = Statistics(
    steps=("农牧户申请", "走访排查", "农牧户授权"),
    risks=("因病", "因学"),
    banners=(
        BannerCounts("150602", "东胜区", steps=(5, 10, 5), risks=(4, 2)),
        BannerCounts("150626", "乌审旗", steps=(0, 30, 5), risks=(6, 3)),
    ),
)
BLUE, ORANGE, GREY = (47, 109, 181), (181, 100, 47), (107, 119, 133)


def _opened(statistics: Statistics, about: About = ABOUT) -> Image.Image:
    return Image.open(io.BytesIO(statistics_picture(statistics, about))).convert("RGB")


def _bars(image: Image.Image, colour: tuple[int, int, int]) -> list[int]:
    """The lengths of the bars of one colour, from above, in pixels."""
    right_of_labels = image.crop((42 + 390 + 21, 0, image.width, image.height))
    pixels, stride = right_of_labels.tobytes(), 3 * right_of_labels.width
    bar = re.compile(rb"(?:%s){30,}" % re.escape(bytes(colour)))  # no stroke of a letter is as long
    lines = (bar.search(pixels, start, start + stride) for start in range(0, len(pixels), stride))
    return [len(found) // 3 for found, _ in groupby(line and line[0] for line in lines) if found]


def test_bars_are_as_long_as_their_counts_in_the_order_of_the_procedure() -> None:
    first, second, third = _bars(_opened(STATISTICS), BLUE)
    assert first / second == pytest.approx(5 / 40, abs=0.01)
    assert third / second == pytest.approx(10 / 40, abs=0.01)


def test_risks_keep_their_order() -> None:
    first, second = _bars(_opened(STATISTICS), ORANGE)
    assert second / first == pytest.approx(5 / 10, abs=0.01)


def test_banners_come_by_code_whichever_has_more() -> None:
    first, second = _bars(_opened(STATISTICS), GREY)
    assert first / second == pytest.approx(20 / 35, abs=0.01)
    turned = replace(STATISTICS, banners=STATISTICS.banners[::-1])
    assert statistics_picture(turned, ABOUT) == statistics_picture(STATISTICS, ABOUT)


def test_what_has_no_household_gets_no_bar() -> None:
    only = Statistics(("a", "b", "c"), ("d",), (BannerCounts("150602", "东胜区", (0, 7, 0), (0,)),))
    image = _opened(only)
    assert len(_bars(image, BLUE)) == 1
    assert not _bars(image, ORANGE)


def test_one_banner_is_not_compared() -> None:
    assert not _bars(_opened(replace(STATISTICS, banners=STATISTICS.banners[:1])), GREY)


def test_more_banners_than_a_phone_shows_are_left_to_the_workbook() -> None:
    many = tuple(BannerCounts(str(150600 + at), f"第{at}旗", (1, 2, 3), (1, 1)) for at in range(103))
    image = _opened(replace(STATISTICS, banners=many))
    assert not _bars(image, GREY)
    assert image.height < 3 * image.width


def test_a_picture_without_households_says_so_and_is_no_error() -> None:
    empty = replace(STATISTICS, banners=())
    assert _opened(empty).size[0] == 1080
    assert statistics_picture(empty, ABOUT) != statistics_picture(empty, replace(ABOUT, scope="乌审旗"))


def test_a_long_scope_stays_on_the_picture() -> None:
    image = _opened(STATISTICS, replace(ABOUT, scope="内蒙古自治区鄂尔多斯市乌审旗" * 9))
    margin = image.crop((image.width - 42, 0, image.width, image.height))
    assert margin.getcolors() == [(42 * image.height, (255, 255, 255))]


def test_every_area_and_label_can_be_drawn() -> None:
    font = ImageFont.truetype(FONT, 20, layout_engine=ImageFont.Layout.BASIC)
    missing = bytes(font.getmask("\U0010fffd"))
    names = (line[2] for line in csv.reader(AREAS.open(encoding="utf-8")) if len(line) > 2)
    wording = Path(wording_exports.__file__).read_text(encoding="utf-8")
    labels = (option.label for option in (*rules().steps, *rules().risks))
    used = {char for text in (*names, *labels, wording) for char in text if not char.isspace()}
    assert [char for char in sorted(used) if bytes(font.getmask(char)) == missing] == []


def test_the_licence_of_the_font_comes_with_it() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONT.parent / "OFL.txt").read_text(encoding="utf-8")
