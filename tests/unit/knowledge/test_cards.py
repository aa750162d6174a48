"""Cards: ready texts for a few words, each with its place."""

from knowledge.cards import DESCRIPTION_LENGTH, TITLE_LENGTH, cards
from knowledge.library import KnowledgeBase


def test_the_answer_comes_first(library: KnowledgeBase) -> None:
    first = cards(library, "村规民约", 10)[0]
    assert first.title == "第33项“有村规民约嘎查村比例”由民政厅考核，1分。"
    assert "附表 第33项" in first.description


def test_every_card_says_where_its_text_stands_and_asks_nothing_back(library: KnowledgeBase) -> None:
    found = [
        card for words in ("雨露计划", "重点村", "厕所", "教育帮扶") for card in cards(library, words, 10)
    ]
    assert found
    for card in found:
        assert "出处：《" in card.text
        assert "您要看" not in card.text
        assert 0 < len(card.title) <= TITLE_LENGTH + 2
        assert 0 < len(card.description) <= DESCRIPTION_LENGTH + 2


def test_what_fits_several_things_gives_a_card_for_each(library: KnowledgeBase) -> None:
    titles = [card.title for card in cards(library, "队伍建设那项归哪家考", 10)]
    assert any("乡村教师队伍建设" in title for title in titles)
    assert any("乡村卫生健康队伍建设" in title for title in titles)


def test_the_way_to_the_clauses_beside_it_is_left_out(library: KnowledgeBase) -> None:
    answer, _ = library.ask("考核办法第四条")
    first = cards(library, "考核办法第四条", 1)[0]
    assert answer.options
    assert answer.text.startswith(first.text)
    assert "下一条" not in first.text


def test_cards_are_different_and_no_more_than_wanted(library: KnowledgeBase) -> None:
    found = cards(library, "重点村", 3)
    assert len({card.text for card in found}) == len(found) == 3


def test_words_that_stand_nowhere_give_no_card(library: KnowledgeBase) -> None:
    assert cards(library, "哈哈呵呵", 10) == []
    assert cards(library, "？！", 10) == []


def test_a_greeting_gives_no_card(library: KnowledgeBase) -> None:
    assert cards(library, "你好", 10) == []
