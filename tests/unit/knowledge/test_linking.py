"""Which named things a question speaks of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.facts import Facts
from knowledge.linking import Link, Linker, tied

LinkNames = Callable[..., list[Link]]
NAMES = (
    ("农村牧区卫生厕所普及率",),
    ("农村牧区集中供水率",),
    ("嘎查村集体经济发展情况", "嘎查村集体经济经济发展情况"),
    ("乡村治理人才培养",),
    ("生产经营人才培养",),
)


@pytest.fixture(scope="session")
def linker() -> Linker:
    return Linker(NAMES, lambda _: True)


@pytest.fixture(scope="session")
def link(facts: Facts, linker: Linker) -> LinkNames:
    return lambda question, carried="": linker.link(facts.understand(question, carried))


@pytest.mark.parametrize(
    ("question", "number"),
    [
        pytest.param("农村牧区卫生厕所普及率归谁考核", 0, id="full-name"),
        pytest.param("集中供水率", 1, id="part"),
        pytest.param("厕所革命归谁考核", 0, id="everyday-word"),
        pytest.param("集体经济发展", 2, id="mended-name"),
        pytest.param("集体经济经济发展", 2, id="printed-name"),
    ],
)
def test_the_name_that_is_meant_comes_first(link: LinkNames, question: str, number: int) -> None:
    assert link(question)[0].number == number


def test_a_name_given_in_full_is_recalled_in_full(link: LinkNames) -> None:
    best = link("农村牧区卫生厕所普及率")[0]
    assert best.coverage == pytest.approx(1.0)
    assert best.recall == pytest.approx(1.0)


def test_a_part_of_a_name_is_recalled_in_part(link: LinkNames) -> None:
    assert 0 < link("供水率")[0].recall < 1


def test_scores_fall(link: LinkNames) -> None:
    scores = [hit.score for hit in link("农村牧区卫生厕所普及率和人才培养")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_a_question_about_something_else_links_to_nothing(link: LinkNames) -> None:
    assert link("火星在哪里") == []


def test_what_is_asked_now_counts_more_than_what_was_asked_before(link: LinkNames) -> None:
    assert link("集中供水率", carried="卫生厕所普及率归谁考核")[0].number == 1


def test_a_follow_up_without_a_name_links_to_what_was_asked_before(link: LinkNames) -> None:
    assert link("几分", carried="卫生厕所普及率归谁考核")[0].number == 0


# --- ties -----------------------------------------------------------------------------------


def test_names_that_fit_equally_well_are_tied(link: LinkNames) -> None:
    assert {hit.number for hit in tied(link("人才培养"))} == {3, 4}


def test_a_clear_winner_is_tied_with_nobody(link: LinkNames) -> None:
    assert [hit.number for hit in tied(link("乡村治理人才培养"))] == [3]


def test_of_nothing_nothing_is_tied() -> None:
    assert tied([]) == []
