"""The library as lists: whatever can be chosen says what asking for it would have said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from knowledge.answers import clause_number
from knowledge.browse import INDICATORS, LISTS, POLICIES, Entry, path_of_indicator, shelf, walk
from knowledge.errors import ReadingError
from knowledge.library import KnowledgeBase

Open = Callable[..., KnowledgeBase]


def _entries(entry: Entry, *above: str) -> Iterator[tuple[str, Entry]]:
    """All entries below one, each with the labels on the way."""
    for below in entry.below():
        way = (*above, below.label)
        yield " / ".join(way), below
        yield from _entries(below, *way)


@pytest.fixture(scope="module")
def entries(library: KnowledgeBase) -> dict[str, Entry]:
    return dict(_entries(shelf(library)))


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """A library of files that the test writes."""

    def opened(**files: str) -> KnowledgeBase:
        for name, text in files.items():
            path = tmp_path / "library" / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".md").write_text(text, encoding="utf-8")
        return KnowledgeBase.open(tmp_path / "library", tmp_path / "data")

    return opened


def _labels(entry: Entry) -> list[str]:
    return [below.label for below in entry.below()]


def _at(library: KnowledgeBase, *path: int) -> Entry:
    trail = walk(shelf(library), path)
    assert trail is not None
    return trail[-1]


def test_every_answer_is_what_its_question_gets_when_it_is_typed(
    library: KnowledgeBase, entries: dict[str, Entry]
) -> None:
    given = {way: entry.answer() for way, entry in entries.items() if entry.answer}
    asked = {way: said for way, said in given.items() if said.question}
    assert len(given) > 500 and len(asked) > len(given) - 30  # a table, a preamble, a bullet have no name
    assert [way for way, said in asked.items() if library.ask(said.question)[0] != said.answer] == []


def test_a_follow_up_finds_what_the_question_would_have_left(
    library: KnowledgeBase, entries: dict[str, Entry]
) -> None:
    said = [entry.answer() for way, entry in entries.items() if entry.answer and "治理有效" in way]
    assert len(said) > 10
    for one in said:
        _, context = library.ask(one.question)
        assert (one.context.subject, one.context.kind) == (context.subject, context.kind)


def test_every_entry_can_be_told_by_its_label(entries: dict[str, Entry]) -> None:
    assert [way for way, entry in list(entries.items())[3:] if not entry.label.strip()] == []


def test_every_entry_has_an_answer_or_something_below(entries: dict[str, Entry]) -> None:
    assert [way for way, entry in entries.items() if not entry.answer and not entry.below()] == []


def test_every_citation_stands_in_the_documents(entries: dict[str, Entry], printed: str) -> None:
    quotes = [c.quote for e in entries.values() if e.answer for c in e.answer().answer.citations]
    parts = ["".join(part.split()) for quote in quotes for part in quote.split("……")]
    assert len(quotes) > 600
    assert [part for part in parts if part not in printed] == []


def test_a_path_leads_to_its_entry_and_shows_the_way(library: KnowledgeBase) -> None:
    trail = walk(shelf(library), (INDICATORS, 3, 1))
    assert trail is not None
    assert [entry.label for entry in trail] == ["", "", "治理有效（10项）", "33 有村规民约嘎查村比例"]


@pytest.mark.parametrize("path", [(3,), (INDICATORS, 99), (INDICATORS, 3, 1, 0), (POLICIES, 0, 0)])
def test_a_path_that_leads_nowhere_is_none(library: KnowledgeBase, path: tuple[int, ...]) -> None:
    assert walk(shelf(library), path) is None


def test_the_row_of_every_number_has_a_path(library: KnowledgeBase) -> None:
    for row in library.facts.indicators:
        assert row.number is not None
        path = path_of_indicator(library, row.number)
        assert path is not None
        answer = _at(library, *path).answer
        assert answer is not None and answer().answer.lead.startswith(f"第{row.number}项“{row.name}”")
    assert path_of_indicator(library, 63) is None


def test_a_department_lists_what_it_scores_and_is_responsible_for(entries: dict[str, Entry]) -> None:
    entry = next(entry for way, entry in entries.items() if way.endswith("个） / 民政厅"))
    assert _labels(entry) == [
        "33 有村规民约嘎查村比例",
        "38 村民代表会议制度执行情况",
        "50 农村低收入人口常态化帮扶工作",
        "（二）健全动态监测和帮扶机制",
        "（一）强化组织领导",
        "（四）营造良好工作氛围",
    ]


def test_a_banner_that_is_only_classed_has_nothing_below(library: KnowledgeBase) -> None:
    banners = {entry.label: entry for entry in _at(library, LISTS).below()}
    assert _labels(banners["康巴什区"]) == []
    assert _labels(banners["乌审旗"]) == ["重点帮扶嘎查村（6个）"]
    assert _labels(banners["示范引领旗区（2个）"]) == ["伊金霍洛旗", "乌审旗"]


def test_an_article_is_read_with_its_items_and_a_chapter_chosen_from(library: KnowledgeBase) -> None:
    rules = next(entry for entry in _at(library, POLICIES).below() if entry.label == "附件1 考核办法")
    fourth = rules.below()[3]
    assert fourth.answer is not None and not fourth.below()
    assert "（一）" in fourth.answer().answer.text or "(一)" in fourth.answer().answer.text
    measures = next(entry for entry in _at(library, POLICIES).below() if entry.label == "附件2 政策措施")
    second = measures.below()[2]
    assert second.answer is None and len(second.below()) == 4


def test_only_what_is_cut_has_more_to_show(library: KnowledgeBase, entries: dict[str, Entry]) -> None:
    for way, entry in entries.items():
        if entry.answer and (whole := entry.whole()):
            assert len(whole) > clause_number.LONGEST_QUOTE, way
            assert "……\n出处" in entry.answer().answer.text, way


TABLE = """# 考核表

| 内容 | 分值 | 考核单位 |
|---|---|---|
| 甲事项 | 2 | 农牧局 |
| 乙事项 | 3 | 财政局 |
"""


def test_rows_without_numbers_and_dimensions_are_reached_by_their_table(opened: Open) -> None:
    library = opened(table=TABLE)
    assert _labels(_at(library, INDICATORS)) == ["考核表（2项）", "按部门查（2个）"]
    assert _labels(_at(library, INDICATORS, 0)) == ["甲事项", "乙事项"]
    for path in ((INDICATORS, 0, 0), (INDICATORS, 1, 0)):
        answer = _at(library, *path).answer
        assert answer is not None
        assert "“甲事项”" in answer().answer.lead and "None" not in answer().answer.text


def test_a_table_outside_all_clauses_is_an_entry_of_its_own(opened: Open) -> None:
    library = opened(table="# 价格表\n\n| 品名 | 单价（元） |\n|---|---|\n| 饲草 | 800 |\n| 玉米 | 2400 |\n")
    answer = _at(library, POLICIES, 0, 0).answer
    assert answer is not None
    assert "玉米 2400" in answer().answer.text


def test_a_document_of_one_clause_is_that_clause(opened: Open) -> None:
    answer = _at(opened(notice="# 通知\n\n各村明天开会。\n"), POLICIES, 0).answer
    assert answer is not None and "各村明天开会。" in answer().answer.text


def test_an_empty_library_has_three_empty_lists(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    assert [_labels(entry) for entry in shelf(opened()).below()] == [[], [], []]


CLAUSES = "# 办法\n\n第一条 甲。\n\n第二条 乙。\n"


def test_a_large_library_is_listed_by_folder_without_reading_a_file(opened: Open) -> None:
    library = opened(
        **{f"农业__{number:03}号": CLAUSES for number in range(150)}, **{f"{n}号": CLAUSES for n in range(60)}
    )
    for path in library.files.values():
        path.write_bytes(b"\xff\x00 no text")  # would be noticed
    top = _at(library, POLICIES)
    assert library.is_large and len(top.below()) == 61
    folder = next(entry for entry in top.below() if entry.label == "农业（150份）")
    assert _labels(folder)[:2] == ["000号", "001号"]
    with pytest.raises(ReadingError):
        folder.below()[0].below()


def test_a_clause_of_a_large_library_is_quoted_with_its_place(opened: Open) -> None:
    library = opened(**{f"{number:03}号": CLAUSES for number in range(201)})
    answer = _at(library, POLICIES, 200, 1).answer
    assert library.is_large and answer is not None
    (citation,) = answer().answer.citations
    assert (citation.document, citation.locator, citation.quote) == ("办法", "第二条", "第二条 乙。")
    assert path_of_indicator(library, 1) is None
