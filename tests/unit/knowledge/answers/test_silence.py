"""What the documents mention and leave unsaid."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.model import Answer, Status

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        pytest.param("四个不摘是哪四个", "没有解释是哪四个", id="slogan"),
        pytest.param("两不愁三保障是什么意思", "没有解释它的内容", id="definition"),
        pytest.param("三留守是哪三类人", "没有解释是哪三类", id="kinds"),
        pytest.param("五进活动是哪五进", "没有解释是哪五进", id="activity"),
        pytest.param("慢病是哪4种", "没有写是哪4种", id="diseases"),
        pytest.param("人才新政30条有哪些", "没有写它的内容", id="policy"),
        pytest.param("21个贫困村是哪些", "没有列出是哪21个", id="villages"),
        pytest.param("34个安置区都在哪", "没有列出名称和位置", id="places"),
        pytest.param("监测线是多少钱", "没有写防返贫监测的收入线", id="threshold"),
        pytest.param("边缘易致贫户怎么认定", "没有写各类户的认定标准", id="criteria"),
        pytest.param("什么叫突发严重困难户", "没有写各类户的认定标准", id="what-is"),
        pytest.param("申请监测要交什么材料", "没有写要交哪些材料", id="papers"),
    ],
)
def test_what_is_left_unsaid_is_said_to_be(ask: Ask, question: str, lead: str) -> None:
    answer = ask(question)
    assert answer.status is Status.NOT_FOUND
    assert lead in answer.lead


def test_the_place_where_the_documents_mention_it_is_quoted(ask: Ask) -> None:
    (citation,) = ask("四个不摘是哪四个").citations
    assert citation.quote == "严格落实“四个不摘”要求"
    assert citation.locator.endswith("第一节 健全防止返贫动态监测和帮扶机制")


def test_a_slogan_that_is_explained_is_answered(ask: Ask) -> None:
    answer = ask("三来一保是什么")
    assert answer.status is Status.ANSWERED
    assert "来料加工、来件装配、来样加工、保证收购" in answer.lead


def test_a_rule_that_only_mentions_the_slogan_is_answered(ask: Ask) -> None:
    assert ask("34个安置区的配套基础设施怎么办").status is Status.ANSWERED


def test_how_many_there_are_can_be_answered_where_their_names_cannot(ask: Ask) -> None:
    answer = ask("易地搬迁安置区有几个")
    assert answer.status is Status.ANSWERED
    assert "34个" in answer.lead


@pytest.mark.parametrize(
    ("question", "act"),
    [
        pytest.param("搬迁户的房子能卖吗", "卖", id="sell"),
        pytest.param("草场能不能转让给别人", "转让", id="hand-on"),
        pytest.param("宅基地能继承吗", "继承", id="inherit"),
    ],
)
def test_a_rule_about_a_thing_is_no_leave_to_part_with_it(ask: Ask, question: str, act: str) -> None:
    answer = ask(question)
    assert answer.status is Status.NOT_FOUND
    assert act in answer.lead
