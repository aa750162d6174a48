"""Places, the lists they are on, and places that are on none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.model import Answer, Status

Ask = Callable[..., Answer]
NOT_THE_SAME = "旗区类别和村的类别是两回事"


def told(answer: Answer) -> str:
    return "\n".join(answer.notices)


# --- one place ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        pytest.param("海子湾村是重点村吗", "海子湾村是重点帮扶嘎查村，在东胜区名下", id="village"),
        pytest.param("折家梁村是什么类型", "折家梁村是示范引领嘎查村（名单没有写所属旗区）", id="no-banner"),
        pytest.param("锡尼镇是不是重点帮扶苏木镇", "锡尼镇是重点帮扶苏木镇（名单没有写所属旗区）", id="town"),
        pytest.param("伊旗是示范引领旗吗", "伊金霍洛旗是示范引领旗区", id="banner-by-short-name"),
        pytest.param("东胜区是重点帮扶旗区吗", "东胜区是整体推进旗区", id="wrong-premise"),
        pytest.param("扎日格是重点村吗", "扎日格嘎查是重点帮扶嘎查村，在杭锦旗名下", id="without-suffix"),
        pytest.param(
            "圐圙嘎查是重点村吗", "圐圙嘎查是重点帮扶嘎查村，在鄂托克前旗名下", id="rare-characters"
        ),
    ],
)
def test_a_listed_place_is_told_its_list(ask: Ask, question: str, lead: str) -> None:
    assert ask(question).lead == f"{lead}。"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        pytest.param("折家良村", "折家梁村", id="homophone"),
        pytest.param("黄芥壕嘎查", "黄介壕嘎查", id="other-transliteration"),
        pytest.param("王家壕村", "王家豪村", id="misprint-of-the-list"),
        pytest.param("三顷地村", "三倾地村", id="similar-character"),
        pytest.param("七分子村", "七份子村", id="one-stroke"),
        pytest.param("达楞图如", "达楞图如村", id="shortened"),
        pytest.param("独贵他拉镇", "独贵塔拉镇", id="town"),
    ],
)
def test_a_misspelt_listed_place_is_found_and_the_reader_is_told(ask: Ask, asked: str, meant: str) -> None:
    answer = ask(f"{asked}是不是重点帮扶")
    assert answer.lead.startswith(f"{meant}是")
    assert f"按“{meant}”查的（您写的是“{asked}”）" in answer.text


@pytest.mark.parametrize(
    "village", ["火星村", "海流图村", "嘎日迪嘎查"], ids=["made-up", "real", "elsewhere"]
)
def test_a_place_on_no_list_is_not_found(ask: Ask, village: str) -> None:
    answer = ask(f"{village}是不是重点帮扶村")
    assert (answer.status, answer.lead) == (Status.NOT_FOUND, f"名单中没有找到“{village}”。")


def test_not_listed_is_not_called_not_designated(ask: Ask) -> None:
    assert "没列名不等于不是" in ask("海流图村是不是重点帮扶村").text


def test_a_name_shared_by_two_listed_places_is_asked_back(ask: Ask) -> None:
    answer = ask("巴音是不是重点帮扶村")
    assert answer.status is Status.CLARIFY
    assert answer.options == ("巴音嘎查（杭锦旗，重点帮扶嘎查村）", "巴音村（杭锦旗，重点帮扶嘎查村）")


@pytest.mark.parametrize(
    ("reply", "meant"), [("2", "巴音村"), ("巴音嘎查", "巴音嘎查")], ids=["number", "name"]
)
def test_of_two_places_the_reader_chooses(ask: Ask, reply: str, meant: str) -> None:
    assert ask("巴音是不是重点帮扶村", reply).lead.startswith(f"{meant}是重点帮扶嘎查村")


def test_two_places_asked_for_are_both_answered(ask: Ask) -> None:
    answer = ask("巴音嘎查和巴音村都在哪个旗")
    assert answer.lead == "巴音嘎查是重点帮扶嘎查村，在杭锦旗名下；巴音村是重点帮扶嘎查村，在杭锦旗名下。"
    assert "是两个村" in told(answer)


def test_similar_names_on_two_lists_are_not_mixed_up(ask: Ask) -> None:
    lead = ask("长胜村和长胜店村是一个村吗").lead
    assert "长胜村是重点帮扶嘎查村" in lead and "长胜店村是示范引领嘎查村" in lead


def test_a_banner_is_not_guessed_from_the_name_of_a_village(ask: Ask) -> None:
    assert "准格尔旗" not in ask("准格尔召村在哪个旗").lead


def test_the_class_of_a_village_is_told_apart_from_that_of_its_banner(ask: Ask) -> None:
    notices = told(ask("跃进村是重点村吗"))
    assert "乌审旗在规划里是示范引领旗区" in notices and NOT_THE_SAME in notices


def test_a_suffix_missing_in_the_source_is_told(ask: Ask) -> None:
    answer = ask("塔然高勒镇是不是重点帮扶苏木镇")
    assert answer.lead.startswith("塔然高勒是重点帮扶苏木镇")
    assert "没有写“镇”字" in told(answer)


def test_the_regional_key_banner_is_told_apart_from_those_of_the_city(ask: Ask) -> None:
    assert "杭锦旗是自治区重点帮扶旗；达拉特旗、鄂托克旗是市级" in told(ask("达旗是重点帮扶旗区吗"))


# --- where a place is -----------------------------------------------------------------------


def test_a_place_of_the_register_is_told_with_its_path_and_source(ask: Ask) -> None:
    answer = ask("海流图村在哪个旗")
    assert "乌兰察布市 察哈尔右翼中旗 宏盘乡 海流图村" in answer.lead
    assert "据行政区划登记表，2023年" in answer.lead


def test_places_of_the_same_name_are_all_offered(ask: Ask) -> None:
    answer = ask("团结村在哪个旗")
    assert answer.status is Status.CLARIFY
    assert f"有{len(answer.options)}个" in answer.lead
    assert len(set(answer.options)) == len(answer.options) > 20


def test_a_register_entry_is_labelled_beside_the_list(ask: Ask) -> None:
    assert "行政区划登记表（2023年）里同名的地方：鄂尔多斯市 杭锦旗" in ask("胜利村是重点村吗").text


# --- lists ----------------------------------------------------------------------------------


def test_the_list_of_a_banner_is_complete_and_counted(ask: Ask) -> None:
    assert ask("乌审旗有哪些重点帮扶村").lead == (
        "乌审旗重点帮扶嘎查村共6个：布寨嘎查、萨如努图嘎查、跃进村、布日都嘎查、毛布拉格村、陶报嘎查。"
    )


@pytest.mark.parametrize(
    ("banner", "count"),
    [("东胜区", 1), ("达拉特旗", 15), ("准格尔旗", 17), ("伊金霍洛旗", 14), ("杭锦旗", 20), ("鄂托克旗", 7)],
    ids=["dongsheng", "dalad", "jungar", "ejin-horo", "hanggin", "otog"],
)
def test_every_banner_has_its_own_count(ask: Ask, banner: str, count: int) -> None:
    assert f"{banner}重点帮扶嘎查村共{count}个" in ask(f"{banner}有几个重点帮扶村").lead


def test_a_long_list_is_complete_below_the_lead(ask: Ask) -> None:
    text = ask("杭锦旗有哪些重点帮扶村").text
    assert "赛音台格嘎查" in text and "巴音布拉格嘎查" in text


def test_a_misprinted_banner_is_read_and_told(ask: Ask) -> None:
    answer = ask("鄂托克前旗有哪些重点帮扶村")
    assert answer.lead.startswith("鄂托克前旗重点帮扶嘎查村共7个：芒哈图嘎查")
    assert "源文件写作“鄂托克旗前旗”" in told(answer)


def test_the_villages_of_the_front_banner_are_not_those_of_its_namesake(ask: Ask) -> None:
    assert "芒哈图嘎查" not in ask("鄂托克旗有哪些重点帮扶村").text


def test_a_name_that_begins_two_banners_is_asked_back(ask: Ask) -> None:
    answer = ask("鄂托克有哪些重点帮扶村")
    assert (answer.status, answer.options) == (Status.CLARIFY, ("鄂托克旗", "鄂托克前旗"))


def test_the_chosen_banner_is_answered_as_first_asked(ask: Ask) -> None:
    assert "鄂托克前旗重点帮扶嘎查村共7个" in ask("鄂托克有哪些重点帮扶村", "鄂托克前旗").lead


@pytest.mark.parametrize("banner", ["康巴什区", "四子王旗"], ids=["of-the-city", "of-another-league"])
def test_a_banner_without_listed_villages_has_none(ask: Ask, banner: str) -> None:
    answer = ask(f"{banner}有哪些重点帮扶村")
    assert (answer.status, answer.lead) == (Status.NOT_FOUND, f"名单中没有列出{banner}的重点帮扶嘎查村。")


def test_a_list_without_banners_is_not_divided_by_guess(ask: Ask) -> None:
    answer = ask("乌审旗有哪些示范引领嘎查村")
    assert answer.status is Status.NOT_FOUND
    assert "没有写明各村属于哪个旗区" in answer.text


def test_a_class_without_a_list_of_villages_is_not_found(ask: Ask) -> None:
    answer = ask("整体推进嘎查村有哪些")
    assert (answer.status, answer.lead) == (Status.NOT_FOUND, "名单中没有列出整体推进嘎查村。")


def test_the_stated_total_and_the_counted_one_are_both_told(ask: Ask) -> None:
    answer = ask("重点帮扶嘎查村有多少个")
    assert answer.lead == "重点帮扶嘎查村：文件写67个，逐个列名合计87个。"
    assert "相差20个" in told(answer)


def test_all_villages_of_all_banners_are_shown(ask: Ask) -> None:
    text = ask("重点帮扶嘎查村名单").text
    assert all(f"{b}（{n}个）" in text for b, n in (("东胜区", 1), ("杭锦旗", 20), ("鄂托克前旗", 7)))


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        pytest.param(
            "整体推进旗区有哪些",
            "整体推进旗区共4个：东胜区、康巴什区、准格尔旗、鄂托克前旗。",
            id="of-banners",
        ),
        pytest.param("示范引领嘎查村名单", "示范引领嘎查村共20个。", id="villages"),
        pytest.param(
            "重点帮扶苏木镇有哪些",
            "重点帮扶苏木镇共7个：锡尼镇、伊和乌素苏木、巴拉贡镇、呼和木独镇、吉日嘎朗图镇、独贵塔拉镇、塔然高勒。",
            id="towns",
        ),
        pytest.param("重点帮扶村最多的是哪个旗", "数量最多的是杭锦旗重点帮扶嘎查村共20个。", id="most"),
    ],
)
def test_a_whole_list_is_counted(ask: Ask, question: str, lead: str) -> None:
    assert ask(question).lead == lead


@pytest.mark.parametrize(
    ("question", "correction"),
    [("东胜有10个重点村吧", "共1个，不是10个"), ("示范引领村有30个，是哪30个", "共20个，不是30个")],
    ids=["banner", "whole"],
)
def test_a_wrong_number_is_put_right(ask: Ask, question: str, correction: str) -> None:
    assert correction in ask(question).lead


def test_an_inferred_banner_of_the_towns_is_told(ask: Ask) -> None:
    assert "据上下文推断为杭锦旗" in told(ask("重点帮扶苏木镇有哪些"))


# --- follow-ups -----------------------------------------------------------------------------


@pytest.mark.parametrize("reply", ["杭锦旗的呢", "那杭锦旗呢", "杭锦旗呢？"], ids=["of", "then", "bare"])
def test_the_same_is_asked_of_another_banner(ask: Ask, reply: str) -> None:
    assert ask("乌审旗有哪些重点村", reply).lead.startswith("杭锦旗重点帮扶嘎查村共20个")


def test_the_same_is_asked_of_another_village(ask: Ask) -> None:
    assert ask("折家梁村是什么类型", "那海子湾村呢").lead.startswith("海子湾村是重点帮扶嘎查村")
