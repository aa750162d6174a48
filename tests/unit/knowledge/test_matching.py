"""Names typed by ear, cut short or in another spelling, on names that the documents have."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.matching import How, NameMatcher, parse_name

NAMES = (
    "折家梁村", "长胜店村", "长胜村", "兴胜店村", "王家豪村", "树壕村", "黄介壕嘎查", "黄陶勒盖嘎查",
    "哈达图淖尔村", "敖伦淖尔嘎查", "敖伦其日嘎嘎查", "哈希拉嘎村", "巴音嘎查", "巴音村", "巴音布拉格嘎查",
    "哈沙图村", "哈夏图嘎查", "圐圙嘎查", "脑包湾村", "木呼敖包村", "二罗圪堵村", "三道泉则村",
    "查干呼都嘎音希里村", "独贵塔拉镇", "塔然高勒", "大口村",
)  # fmt: skip


@pytest.fixture(scope="module")
def matcher():
    return NameMatcher(NAMES)


def best(matcher, mention):
    match = matcher.match(mention)[0]
    return match.name, match.how


@pytest.mark.parametrize(
    ("mention", "core", "kind"),
    [
        pytest.param("圐圙嘎查村民委员会", "圐圙", "嘎查", id="committee-of-a-gacha"),
        pytest.param("林家圪堵村村委会", "林家圪堵", "村", id="village-said-twice"),
        pytest.param("敖伦其日嘎嘎查", "敖伦其日嘎", "嘎查", id="core-ends-like-its-suffix"),
        pytest.param("哈希拉嘎村", "哈希拉嘎", "村", id="core-ends-in-ga"),
        pytest.param("嘎查", "嘎查", "", id="suffix-alone-is-a-core"),
        pytest.param("塔然高勒", "塔然高勒", "", id="no-suffix"),
        pytest.param("“折 家 梁”村", "折家梁", "村", id="spaces-and-quotes"),
    ],
)
def test_name_is_taken_apart(mention, core, kind):
    assert parse_name(mention)[1:] == (core, kind)


@pytest.mark.parametrize(
    ("mention", "name", "how"),
    [
        pytest.param("折家梁村", "折家梁村", How.EXACT, id="exact"),
        pytest.param("折家梁", "折家梁村", How.SUFFIX, id="suffix-left-out"),
        pytest.param("圐圙村委会", "圐圙嘎查", How.SUFFIX, id="other-suffix"),
        pytest.param("塔然高勒镇", "塔然高勒", How.SUFFIX, id="suffix-that-the-list-leaves-out"),
        pytest.param("库略嘎查", "圐圙嘎查", How.HOMOPHONE, id="rare-characters-by-sound"),
        pytest.param("kulve嘎查", "圐圙嘎查", How.HOMOPHONE, id="pinyin"),
        pytest.param("佘家梁", "折家梁村", How.HOMOPHONE, id="second-reading-of-a-character"),
        pytest.param("二罗疙堵", "二罗圪堵村", How.HOMOPHONE, id="homophone"),
        pytest.param("树豪村", "树壕村", How.HOMOPHONE, id="hao"),
        pytest.param("黄桃勒盖嘎查", "黄陶勒盖嘎查", How.HOMOPHONE, id="homophone-inside"),
        pytest.param("独贵他拉镇", "独贵塔拉镇", How.HOMOPHONE, id="homophone-in-a-town"),
        pytest.param("长省店", "长胜店村", How.HOMOPHONE, id="near-syllable"),
        pytest.param("哈达图诺尔", "哈达图淖尔村", How.VARIANT, id="nur"),
        pytest.param("巴彦布拉克嘎查", "巴音布拉格嘎查", How.VARIANT, id="two-words-of-mongolian"),
        pytest.param("木呼脑包村", "木呼敖包村", How.VARIANT, id="ovoo"),
        pytest.param("三道泉子村", "三道泉则村", How.VARIANT, id="zi-spoken-ze"),
        pytest.param("哈达图尔村", "哈达图淖尔村", How.FUZZY, id="missing-character"),
        pytest.param("敖伦其日嘎查", "敖伦其日嘎嘎查", How.FUZZY, id="one-ga-left-out"),
        pytest.param("黄陶水盖嘎查", "黄陶勒盖嘎查", How.FUZZY, id="wrong-character"),
        pytest.param("折家家梁村", "折家梁村", How.FUZZY, id="extra-character"),
        pytest.param("折梁家村", "折家梁村", How.FUZZY, id="swapped-characters"),
        pytest.param("查干呼都嘎", "查干呼都嘎音希里村", How.FUZZY, id="beginning-of-a-long-name"),
    ],
)  # fmt: skip
def test_mention_finds_its_name_first(matcher, mention, name, how):
    assert best(matcher, mention) == (name, how)


@pytest.mark.parametrize(
    ("mention", "other"),
    [
        pytest.param("长胜村", "长胜店村", id="name-inside-another"),
        pytest.param("哈沙图", "哈夏图嘎查", id="names-one-character-apart"),
        pytest.param("哈夏图", "哈沙图村", id="and-the-other-way-round"),
    ],
)
def test_name_of_another_place_comes_after_the_one_asked(matcher, mention, other):
    first, *rest = matcher.match(mention)
    assert first.how in (How.EXACT, How.SUFFIX)
    assert other in [match.name for match in rest if match.how is How.FUZZY and match.score < 80]


def test_same_core_with_two_suffixes_gives_both(matcher):
    assert {match.name for match in matcher.match("巴音") if match.how is How.SUFFIX} == {
        "巴音嘎查",
        "巴音村",
    }


def test_exact_name_comes_before_the_other_suffix(matcher):
    assert [match.name for match in matcher.match("巴音村")[:2]] == ["巴音村", "巴音嘎查"]


def test_words_that_only_look_alike_are_not_one_spelling():
    assert NameMatcher(["哈拉嘎查"]).match("哈达嘎查")[0].how is How.FUZZY


def test_piece_of_a_long_title_finds_it():
    titles = ["农村牧区卫生厕所普及率", "村规民约", "乡村卫生健康队伍建设"]
    assert NameMatcher(titles).match("厕所普及率")[0].name == titles[0]


def test_unlike_names_fall_below_the_cutoff(matcher):
    assert matcher.match("防返贫监测") == []


@pytest.mark.parametrize("mention", ["", "？？？", "村" * 5000, "\x00", "\ud800"], ids=ascii)
def test_mention_without_a_name_is_no_error(matcher, mention):
    assert isinstance(matcher.match(mention), list)


def test_empty_list_matches_nothing():
    assert NameMatcher([]).match("折家梁村") == []


def test_limit_and_cutoff_hold(matcher):
    found = matcher.match("长胜村", limit=2, cutoff=60.0)
    assert len(found) == 2
    assert all(match.score >= 60.0 for match in found)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_mention_raises(mention):
    assert all(0 <= match.score <= 100 for match in NameMatcher(NAMES).match(mention, cutoff=0.0))


@given(st.lists(st.text(alphabet="巴音彦嘎查村旗折家梁圐圙ab3 ", min_size=1, max_size=8), max_size=12))
@settings(max_examples=200, deadline=None)
def test_every_name_finds_itself_first(names):
    matcher = NameMatcher(names)
    for name in names:
        if parse_name(name).text:
            first = matcher.match(name, limit=20)[0]
            assert (parse_name(first.name).text, first.how) == (parse_name(name).text, How.EXACT)


@given(st.text(alphabet="巴音彦嘎查村旗折家梁店胜长", min_size=1, max_size=8), st.randoms())
@settings(max_examples=100, deadline=None)
def test_order_of_the_list_does_not_matter(mention, rng):
    shuffled = rng.sample(NAMES, len(NAMES))
    assert NameMatcher(shuffled).match(mention, 50) == NameMatcher(NAMES).match(mention, 50)
