from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import EmptyQueryError, IndexStateError, ReadingError
from knowledge.index import SearchIndex, Unit
from knowledge.model import Clause, Document
from knowledge.search import library
from knowledge.search.library import refresh
from knowledge.search.rank import norm_rank
from knowledge.search.units import units_of
from knowledge.text import Segmenter

TEXTS = {
    "第一条": "考核工作由领导小组办公室组织实施，每年考核一次。",
    "第二条": "村规民约的制定和执行情况由民政厅考核打分。",
    "第三条": "脱贫户住院可以先诊疗后付费，不用交押金。",
    "第四条": "嘎查村集体经济收入达到十万元以上。",
}


def unit(label: str, text: str, source: str = "办法.md", title: str = "考核办法") -> Unit:
    return Unit(f"{source}#{label}", source, label, title, "总则", text)


def units(source: str = "办法.md") -> list[Unit]:
    return [unit(label, text, source) for label, text in TEXTS.items()]


@pytest.fixture(scope="module")
def segmenter(tmp_path_factory: pytest.TempPathFactory) -> Segmenter:
    return Segmenter(tmp_path_factory.mktemp("jieba"), ["村规民约"])


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter) -> SearchIndex:
    made = SearchIndex.create(tmp_path_factory.mktemp("index") / "units", segmenter)
    made.update({"办法.md": units()})
    return made


# --- searching ------------------------------------------------------------------------------


def test_best_hit_is_the_clause_that_answers(index: SearchIndex) -> None:
    assert index.search("村规民约归谁打分")[0].label == "第二条"


def test_hit_names_source_label_and_clause(index: SearchIndex) -> None:
    hit = index.search("先诊疗后付费")[0]
    assert (hit.source, hit.label, hit.clause_id) == ("办法.md", "第三条", "办法.md#第三条")


def test_hits_are_ordered_by_score(index: SearchIndex) -> None:
    scores = [hit.score for hit in index.search("嘎查村考核")]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)


def test_wrong_homophones_still_find_the_clause(index: SearchIndex) -> None:
    assert index.search("吉体京济收如")[0].label == "第四条"


def test_expansions_find_what_the_question_does_not_say(index: SearchIndex) -> None:
    assert index.search("看病", expansions=[("诊疗", 0.5)])[0].label == "第三条"


def test_limit_bounds_the_hits(index: SearchIndex) -> None:
    assert len(index.search("考核", limit=1)) == 1
    assert index.search("考核", limit=0) == []


@pytest.mark.parametrize("query", ["", "。。？！", "\x00\u200b", "   "])
def test_query_without_words_is_refused(index: SearchIndex, query: str) -> None:
    with pytest.raises(EmptyQueryError):
        index.search(query)


def test_text_in_another_script_finds_nothing(index: SearchIndex) -> None:
    assert index.search("ᠮᠣᠩᠭᠣᠯ привет") == []


def test_only_the_beginning_of_an_endless_query_is_searched(index: SearchIndex) -> None:
    assert index.search("村规民约" + "甲乙丙丁" * 25_000)[0].label == "第二条"


@settings(deadline=None)
@given(
    query=st.text(st.characters()),
    expansions=st.lists(st.tuples(st.text(st.characters()), st.floats(0, 1)), max_size=3),
)
def test_no_query_raises_anything_but_our_own_error(
    index: SearchIndex, query: str, expansions: list[tuple[str, float]]
) -> None:
    with contextlib.suppress(EmptyQueryError):
        index.search(query, expansions=expansions)


def test_search_stays_within_the_given_sources(tmp_path: Path, segmenter: Segmenter) -> None:
    made = SearchIndex.create(tmp_path / "i", segmenter)
    made.update({"甲.md": units("甲.md"), "乙.md": units("乙.md")})
    assert {hit.source for hit in made.search("考核", sources=["乙.md"])} == {"乙.md"}
    assert made.search("考核", sources=[]) == []


def test_statute_comes_before_an_equal_clause_of_other_rules(tmp_path: Path, segmenter: Segmenter) -> None:
    made = SearchIndex.create(tmp_path / "i", segmenter)
    text = TEXTS["第一条"]
    made.update(
        {
            "a.md": [unit("第一条", text, "a.md", "考核办法")],
            "b.md": [unit("第一条", text, "b.md", "中华人民共和国考核法")],
        }
    )
    assert [hit.source for hit in made.search("每年考核")] == ["b.md", "a.md"]


@pytest.mark.parametrize(
    ("title", "rank"),
    [
        ("中华人民共和国民法典", 3),
        ("中华人民共和国农村土地承包法(2018修正)", 2),
        ("关于适用《中华人民共和国民法典》的解释（一）", 1),
        ("乡村振兴战略考核办法(修订)", 0),
    ],
)
def test_rank_follows_the_kind_of_norm(title: str, rank: int) -> None:
    assert norm_rank(title) == rank


# --- updating -------------------------------------------------------------------------------


def test_update_replaces_a_file_and_forgets_a_removed_one(tmp_path: Path, segmenter: Segmenter) -> None:
    made = SearchIndex.create(tmp_path / "i", segmenter)
    made.update({"甲.md": units("甲.md"), "乙.md": units("乙.md")})
    made.update({"甲.md": [unit("第九条", "河长制考核", "甲.md")]}, removed=["乙.md"])
    assert [(h.source, h.label) for h in made.search("考核")] == [("甲.md", "第九条")]


def test_reopened_index_answers_the_same(tmp_path: Path, segmenter: Segmenter) -> None:
    made = SearchIndex.create(tmp_path / "i", segmenter)
    made.update({"办法.md": units()})
    assert SearchIndex.open(tmp_path / "i", segmenter).search("押金") == made.search("押金")


def test_missing_index_is_an_error(tmp_path: Path, segmenter: Segmenter) -> None:
    with pytest.raises(IndexStateError):
        SearchIndex.open(tmp_path / "none", segmenter)


def test_index_made_with_other_words_is_an_error(tmp_path: Path, segmenter: Segmenter) -> None:
    SearchIndex.create(tmp_path / "i", segmenter)
    with pytest.raises(IndexStateError, match="wanted"):
        SearchIndex.open(tmp_path / "i", Segmenter(tmp_path, ["别的词"]))


@pytest.mark.parametrize("how", ["cut off", "changed", "emptied", "removed"])
def test_damage_to_any_file_of_the_index_is_found(how: str, tmp_path: Path, segmenter: Segmenter) -> None:
    made = SearchIndex.create(tmp_path / "i", segmenter)
    made.update({"办法.md": units()})
    committed = [p for p in (tmp_path / "i").iterdir() if len(p.stem) == 32]
    assert committed
    for path in committed:
        whole = path.read_bytes()
        _damage(path, how)
        with pytest.raises(IndexStateError):
            SearchIndex.open(tmp_path / "i", segmenter).search("考核")
        path.write_bytes(whole)


def _damage(path: Path, how: str) -> None:
    whole = path.read_bytes()
    half = len(whole) // 2
    match how:
        case "cut off":
            path.write_bytes(whole[:half])
        case "changed":
            path.write_bytes(whole[:half] + bytes([whole[half] ^ 255]) + whole[half + 1 :])
        case "emptied":
            path.write_bytes(b"")
        case "removed":
            path.unlink()


# --- a library ------------------------------------------------------------------------------


def parse_lines(source: str, path: Path) -> Sequence[Unit]:
    text = path.read_text("utf-8")
    if text == "broken":
        raise ReadingError(f"{source} cannot be read")
    return [unit(f"第{k}条", line, source) for k, line in enumerate(text.splitlines(), 1)]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    folder = tmp_path / "library"
    folder.mkdir()
    for name, text in {"甲.md": "河长制考核\n村规民约", "乙.md": "先诊疗后付费"}.items():
        (folder / name).write_text(text, "utf-8")
    return {path.name: path for path in folder.iterdir()}


def test_refresh_builds_and_then_finds_nothing_to_do(
    tmp_path: Path, segmenter: Segmenter, files: dict[str, Path]
) -> None:
    index, first = refresh(tmp_path / "i", segmenter, files, parse_lines)
    assert sorted(first.changed) == sorted(files)
    assert index.search("诊疗")[0].source == "乙.md"
    assert refresh(tmp_path / "i", segmenter, files, parse_lines)[1].changed == ()


def test_refresh_reads_only_what_changed(
    tmp_path: Path, segmenter: Segmenter, files: dict[str, Path]
) -> None:
    refresh(tmp_path / "i", segmenter, files, parse_lines)
    files["甲.md"].write_text("嘎查村集体经济", "utf-8")
    os.utime(files["乙.md"], ns=(1, 1))  # touched, not changed
    index, report = refresh(tmp_path / "i", segmenter, files, parse_lines)
    assert report.changed == ("甲.md",)
    assert index.search("集体经济")[0].source == "甲.md"
    assert index.search("河长制") == []


def test_refresh_forgets_files_that_are_gone(
    tmp_path: Path, segmenter: Segmenter, files: dict[str, Path]
) -> None:
    refresh(tmp_path / "i", segmenter, files, parse_lines)
    del files["乙.md"]
    index, report = refresh(tmp_path / "i", segmenter, files, parse_lines)
    assert report.removed == ("乙.md",)
    assert index.search("诊疗") == []


def test_bad_file_is_reported_and_the_rest_is_served(
    tmp_path: Path, segmenter: Segmenter, files: dict[str, Path]
) -> None:
    files["甲.md"].write_text("broken", "utf-8")
    files["丙.md"] = tmp_path / "nowhere.md"
    index, report = refresh(tmp_path / "i", segmenter, files, parse_lines)
    assert set(report.failed) == {"甲.md", "丙.md"}
    assert index.search("诊疗")[0].source == "乙.md"


def test_damaged_index_is_rebuilt(tmp_path: Path, segmenter: Segmenter, files: dict[str, Path]) -> None:
    refresh(tmp_path / "i", segmenter, files, parse_lines)
    (tmp_path / "i" / "meta.json").write_text("{", "utf-8")
    index, report = refresh(tmp_path / "i", segmenter, files, parse_lines)
    assert "meta.json" in report.rebuilt
    assert index.search("诊疗")[0].source == "乙.md"


def test_two_processes_index_the_same_as_one(
    tmp_path: Path, segmenter: Segmenter, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, _ = refresh(tmp_path / "one", segmenter, files, parse_lines)
    monkeypatch.setattr(library, "_PARALLEL_FROM_BYTES", 0)
    together, _ = refresh(tmp_path / "two", segmenter, files, parse_lines)
    assert together.search("村规民约考核") == alone.search("村规民约考核")


def test_progress_is_shown_when_asked_for(
    tmp_path: Path, segmenter: Segmenter, files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    refresh(tmp_path / "i", segmenter, files, parse_lines, progress=True)
    assert "index: 100%" in capsys.readouterr().err


def test_article_is_one_unit_with_the_items_under_it() -> None:
    def clause(label: str, depth: int, text: str, full_text: str) -> Clause:
        return Clause(label, "", (), text, full_text, None, None, depth)

    document = Document(
        file="a.md",
        title="考核办法",
        clauses=(
            clause("第一条", 1, "包括：", "包括：\n（一）产业"),
            clause("（一）", 2, "产业", "产业"),
            clause("第二条", 1, "实施", "实施"),
        ),
    )
    found = units_of("a.md", [document])
    assert [(u.label, u.text) for u in found] == [("第一条", "包括：\n（一）产业"), ("第二条", "实施")]
