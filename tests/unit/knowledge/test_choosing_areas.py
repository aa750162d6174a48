from pathlib import Path

import pytest

from knowledge.places import PlaceRegister
from knowledge.places.choosing import areas_meant


@pytest.fixture(scope="module")
def register() -> PlaceRegister:
    return PlaceRegister(Path(__file__).resolve().parents[3] / "knowledge/sources/areas.csv")


@pytest.mark.parametrize(
    ("text", "level", "path"),
    [
        ("乌审旗", "banner", "鄂尔多斯市 乌审旗"),
        ("康巴什", "banner", "鄂尔多斯市 康巴什区"),
        ("东胜", "banner", "鄂尔多斯市 东胜区"),
        ("150626", "banner", "鄂尔多斯市 乌审旗"),
        ("无定河镇", "township", "鄂尔多斯市 乌审旗 无定河镇"),
        ("乌审旗 无定河镇", "township", "鄂尔多斯市 乌审旗 无定河镇"),
        ("乌审旗无定河镇", "township", "鄂尔多斯市 乌审旗 无定河镇"),
        ("鄂托克旗 蒙西镇 巴音温都尔嘎查", "village", "鄂尔多斯市 鄂托克旗 蒙西镇 巴音温都尔嘎查"),
    ],
)
def test_an_area_that_is_named_is_sure(register: PlaceRegister, text: str, level: str, path: str) -> None:
    sure = areas_meant(register, text, level).sure
    assert sure is not None and " ".join(register.path(sure)) == path


@pytest.mark.parametrize(
    ("text", "level", "among"),
    [
        ("乌审期", "banner", "鄂尔多斯市 乌审旗"),
        ("无定合镇", "township", "鄂尔多斯市 乌审旗 无定河镇"),
        ("乌审期 无定合镇", "township", "鄂尔多斯市 乌审旗 无定河镇"),
        ("前旗", "banner", "鄂尔多斯市 鄂托克前旗"),
        ("前旗", "banner", "巴彦淖尔市 乌拉特前旗"),
        ("巴音温都尔嘎查", "village", "巴彦淖尔市 磴口县 沙金套海苏木 巴音温都尔嘎查"),
    ],
)
def test_a_misspelt_or_ambiguous_name_leaves_a_choice(
    register: PlaceRegister, text: str, level: str, among: str
) -> None:
    choice = areas_meant(register, text, level)
    assert choice.sure is None
    assert among in [" ".join(register.path(area)) for area in choice.areas]
    assert {area.level for area in choice.areas} == {level}


@pytest.mark.parametrize("text", ["", " ", "150626103", "999999", "！！", "xyzzy"])
def test_what_names_no_area_of_the_level_offers_none(register: PlaceRegister, text: str) -> None:
    choice = areas_meant(register, text, "banner")
    assert (choice.areas, choice.sure) == ((), None)


def test_choices_are_few(register: PlaceRegister) -> None:
    assert len(areas_meant(register, "东胜村", "village", limit=3).areas) == 3
