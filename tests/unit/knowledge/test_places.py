"""Places of the shipped register, asked as cadres type them."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.matching import How
from knowledge.places import PlaceRegister
from knowledge.places.register import RegisterError

AREAS = Path(__file__).parents[3] / "knowledge" / "sources" / "areas.csv"
ORDOS, HANGGIN = "1506", "150625"
# Villages of the plan that the register does not have, or spells differently.
KNOWN = ("黄介壕嘎查", "三倾地村", "王家豪村", "塔然高勒", "圐圙嘎查", "折家梁村")


@pytest.fixture(scope="module")
def register():
    return PlaceRegister(AREAS, KNOWN)


def names(matches):
    return [match.area.name for match in matches]


def spans(register, question):
    return [(mention.text, mention.kind) for mention in register.mentions(question)]


# --- the register ---------------------------------------------------------------------------


def test_nothing_is_read_before_the_first_question(tmp_path):
    PlaceRegister(tmp_path / "missing.csv")


def test_missing_register_names_the_file(tmp_path):
    with pytest.raises(RegisterError, match=r"missing\.csv"):
        PlaceRegister(tmp_path / "missing.csv").find("伊旗")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"code,name\n15,x\n",
        b"code,level,name,parent_code\n15,planet,x,\n",
        b"\xff\xfe",
        b"code,level,name,parent_code\n1\n",
    ],
    ids=["empty", "other-columns", "unknown-level", "not-utf-8", "short-row"],
)
def test_damaged_register_is_refused(tmp_path, content):
    path = tmp_path / "areas.csv"
    path.write_bytes(content)
    with pytest.raises(RegisterError, match=r"areas\.csv"):
        _ = PlaceRegister(path).by_code


def test_register_is_complete(register):
    assert len(register.by_code) == 15938


def test_path_runs_from_the_league_down(register):
    town = register.find("锡尼镇", within=HANGGIN)[0].area
    assert register.path(town) == ("鄂尔多斯市", "杭锦旗", "锡尼镇")


def test_children_of_a_league_are_its_banners(register):
    banners = {area.name for area in register.children(register.by_code[ORDOS])}
    assert len(banners) == 9
    assert {"东胜区", "杭锦旗", "伊金霍洛旗", "鄂托克前旗", "鄂托克旗"} < banners


# --- finding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("short", "banner"),
    [
        ("伊旗", "伊金霍洛旗"), ("准旗", "准格尔旗"), ("达旗", "达拉特旗"), ("鄂旗", "鄂托克旗"),
        ("杭旗", "杭锦旗"), ("乌旗", "乌审旗"), ("鄂前旗", "鄂托克前旗"), ("四王旗", "四子王旗"),
        ("科左后旗", "科尔沁左翼后旗"), ("土右旗", "土默特右旗"), ("东乌旗", "东乌珠穆沁旗"),
        ("锡盟", "锡林郭勒盟"), ("伊盟", "鄂尔多斯市"), ("东胜", "东胜区"), ("康巴什", "康巴什区"),
        ("伊金霍落旗", "伊金霍洛旗"), ("乌申旗", "乌审旗"),
    ],
    ids=ascii,
)  # fmt: skip
def test_short_name_finds_its_banner_first(register, short, banner):
    assert names(register.find(short))[0] == banner


def test_short_name_of_several_banners_finds_all(register):
    found = register.find("前旗")
    assert {"鄂托克前旗", "乌拉特前旗", "察哈尔右翼前旗", "科尔沁右翼前旗"} <= set(names(found))
    assert len({match.score for match in found[:4]}) == 1


def test_short_name_without_its_direction_is_not_the_banner_with_one(register):
    assert "鄂托克前旗" not in names(register.find("鄂旗"))


def test_equal_names_at_different_places_all_come(register):
    villages = [match for match in register.find("团结村", limit=1) if match.score >= 98]
    assert len({register.path(match.area) for match in villages}) == len(villages) > 1


def test_within_a_banner_by_code_name_and_short_name(register):
    by_code, by_name, by_short = (
        register.find("巴音", within=banner) for banner in (HANGGIN, "杭锦旗", "杭旗")
    )
    assert by_code == by_name == by_short
    assert [register.path(match.area)[1] for match in by_code] == ["杭锦旗"] * len(by_code)
    assert {"巴音嘎查村", "巴音村委会"} <= set(names(by_code))


def test_within_an_unknown_banner_finds_nothing(register):
    assert register.find("巴音", within="没有这个旗") == register.find("巴音", within="99") == []


def test_homophone_is_said_to_be_one(register):
    match = register.find("折家良村", within=ORDOS)[0]
    assert (match.area.name[:3], match.how) == ("折家梁", How.HOMOPHONE)


def test_town_of_the_name_comes_before_the_village(register):
    assert register.find("锡尼镇")[0].area.level == "township"


def test_every_sampled_name_finds_its_area_exactly(register):
    for area in random.Random(7).sample(list(register.by_code.values()), 150):
        found = register.find(area.name)
        assert found[0].how is How.EXACT
        assert area in [match.area for match in found if match.score == 100.0]


def test_same_question_same_answer_from_a_new_register(register):
    again = PlaceRegister(AREAS, KNOWN)
    for mention in ("水村", "新X村", "巴音", "哈达图诺尔"):
        assert again.find(mention) == register.find(mention)


# --- mentions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "mentions"),
    [
        ("折家梁村在名单里算哪一类", [("折家梁村", "village")]),
        ("折家梁是不是示范村", [("折家梁", "village")]),
        ("我们折家良是不是示范村", [("折家良", "village")]),
        ("库略嘎查是重点不", [("库略嘎查", "village")]),
        ("名单里有没有库略", [("库略", "village")]),
        ("巴音是不是重点帮扶村", [("巴音", "village")]),
        ("那黄介壕呢", [("黄介壕", "village")]),
        ("我们黄芥豪归哪个苏木管", [("黄芥豪", "village")]),
        ("独贵他拉镇在不在重点帮扶苏木镇里头", [("独贵他拉镇", "township")]),
        ("巴音嘎查和巴音村是一回事吗，都在哪个旗", [("巴音嘎查", "village"), ("巴音村", "village")]),
        ("敏盖村是示范村还是重点帮扶村", [("敏盖村", "village")]),
        ("达拉特旗的王家壕村", [("达拉特旗", "banner"), ("王家壕村", "village")]),
        ("锡泥镇巴音嘎查在哪", [("锡泥镇", "township"), ("巴音嘎查", "village")]),
        ("杭锦闹尔村在哪个旗", [("杭锦闹尔村", "village")]),
        ("哈纳乌拉嘎查在哪个旗", [("哈纳乌拉嘎查", "village")]),
        ("准格尔召是哪个旗的", [("准格尔召", "village")]),
        ("准格尔有几个重点村", [("准格尔", "banner")]),
        ("东胜几个重点帮扶村", [("东胜", "banner")]),
        ("伊旗不是示范引领旗吗，咋还有重点帮扶村", [("伊旗", "banner")]),
        ("乌审旗的呢", [("乌审旗", "banner")]),
        ("鄂尔多斯城镇化率是多少", [("鄂尔多斯", "banner")]),
        ("跃进村在哪个旗", [("跃进村", "village")]),
        ("虎啸沟滩村是不是示范村", [("虎啸沟滩村", "village")]),
    ],
    ids=ascii,
)  # fmt: skip
def test_mentions_of_a_question(register, question, mentions):
    assert spans(register, question) == mentions


@pytest.mark.parametrize(
    "question",
    [
        "村规民约归谁考核",
        "嘎查村绿化覆盖率",
        "自治区文件里咋说的",
        "苏木乡镇审核以后是哪一步",
        "嘎查村集体经济发展情况哪个部门考核",
        "旗县级以上文明村占比归哪个厅考核",
        "边缘户怎么识别",
        "建设社会主义新农村",
        "重点帮扶苏木镇是哪7个",
        "听说市里示范引领嘎查村定了30个，是哪30个",
        "整体推进的旗区有哪几个",
        "自治区重点帮扶旗2025年市本级衔接资金计划是多少万",
        "恩格尔系数在考核表里排第几项",
        "那农业保险呢",
        "我们村是不是重点帮扶村",
        "脱贫村和贫困村有啥不一样",
        "全面胜利",
    ],
    ids=ascii,
)
def test_policy_words_are_no_places(register, question):
    assert spans(register, question) == []


@pytest.mark.parametrize(
    "question", ["", "？", "村", "旗" * 3000, "归哪个旗" * 500, "\ud800村", "12345"], ids=ascii
)
def test_odd_question_is_no_error(register, question):
    assert isinstance(register.mentions(question), list)


@given(st.text(alphabet="折家梁巴音嘎查村旗镇是不重点在哪个的我们伊呢？、 “”\u3000Ａ\x00", max_size=40))
@settings(max_examples=200, deadline=None)
def test_mentions_lie_in_the_question_in_order(question):
    end = 0
    for mention in _SHARED.mentions(question):
        assert mention.text == question[mention.start : mention.end] != ""
        assert mention.start >= end
        end = mention.end


@given(st.text(max_size=50))
@settings(max_examples=200, deadline=None)
def test_no_text_raises(text):
    _SHARED.mentions(text)
    _SHARED.find(text, limit=3)


_SHARED = PlaceRegister(AREAS, KNOWN)
