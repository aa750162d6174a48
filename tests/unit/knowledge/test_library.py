"""A folder of documents, opened for questions: small, large, damaged, edited while open."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from knowledge.errors import CatalogueError, CorrectionError, ReadingError
from knowledge.files import check_file, document_files
from knowledge.library import IN_MEMORY_FILES, KnowledgeBase
from knowledge.model import Status

CLEAN = """村庄清洁奖补办法

第一条 为了做好村庄清洁工作，制定本办法。

第二条 村庄清洁由嘎查村民委员会负责。

第三条 每户奖补二百元，由财政局发放。

第四条 连续三年评为清洁户的，奖补300元。
"""
HERDS = """草场轮牧管理规定

第一条 轮牧草场由嘎查统一划区。

第二条 轮牧期间围栏损坏的，牧户应当在5日内修复。
"""
LEXICON = '[measures]\n"村庄清洁" = ["扫院子"]\n'
TOPICS = ("灌溉", "防火", "放牧", "养老", "修路", "供暖", "疫苗", "粮库", "风电", "湿地")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "documents"
    path.mkdir()
    (path / "clean.txt").write_text(CLEAN, "utf-8")
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all libraries here, as on a server with several."""
    return tmp_path_factory.mktemp("data")


def lead(folder: Path, data: Path, question: str) -> str:
    return KnowledgeBase.open(folder, data).ask(question)[0].lead


# --- files ----------------------------------------------------------------------------------


def test_a_file_put_into_the_folder_is_answerable_without_any_settings(folder: Path, data: Path) -> None:
    answer, _ = KnowledgeBase.open(folder, data).ask("连续三年评为清洁户的奖补多少钱")
    assert "奖补300元" in answer.lead
    assert (answer.citations[0].document, answer.citations[0].locator) == ("村庄清洁奖补办法", "第四条")


def test_a_second_file_is_answered_from_as_well(folder: Path, data: Path) -> None:
    (folder / "herds.md").write_text(HERDS, "utf-8")
    library = KnowledgeBase.open(folder, data)
    assert "5日内修复" in library.ask("围栏坏了几天修好")[0].lead
    assert "嘎查村民委员会" in library.ask("村庄清洁由谁负责")[0].lead


def test_files_in_folders_below_are_found(folder: Path, data: Path) -> None:
    (folder / "more" / "deeper").mkdir(parents=True)
    (folder / "more" / "deeper" / "herds.txt").write_text(HERDS, "utf-8")
    assert set(document_files(folder)) == {"clean.txt", "more/deeper/herds.txt"}
    assert "统一划区" in lead(folder, data, "轮牧草场由谁划区")


@pytest.mark.parametrize(
    "name", ["README.md", ".hidden.txt", "~$draft.docx", "_old.txt", "photo.jpg", "list.csv"]
)
def test_what_is_no_document_is_left_alone(folder: Path, name: str) -> None:
    (folder / name).write_text(HERDS, "utf-8")
    assert set(document_files(folder)) == {"clean.txt"}


def test_an_empty_folder_has_nothing_to_say(tmp_path: Path, data: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    answer, _ = KnowledgeBase.open(empty, data).ask("村庄清洁由谁负责")
    assert answer.status is Status.NOT_FOUND


def test_a_document_in_another_encoding_is_read(folder: Path, data: Path) -> None:
    (folder / "herds.txt").write_bytes(HERDS.encode("gb18030"))
    assert "5日内修复" in lead(folder, data, "围栏损坏几日内修复")


# --- damage ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("broken.docx", b"no zip at all", id="broken-docx"),
        pytest.param("broken.pdf", b"%PDF-1.4 nothing follows", id="broken-pdf"),
        pytest.param("empty.txt", b"", id="empty"),
        pytest.param("broken.xlsx", b"PK\x03\x04 cut off", id="broken-xlsx"),
    ],
)
def test_an_unreadable_file_among_good_ones_is_named_and_the_rest_is_served(
    folder: Path, data: Path, name: str, content: bytes
) -> None:
    (folder / name).write_bytes(content)
    library = KnowledgeBase.open(folder, data)
    assert "嘎查村民委员会" in library.ask("村庄清洁由谁负责")[0].lead
    (problem,) = library.problems
    assert name in str(problem)


def test_an_unreadable_file_does_not_stop_the_search(folder: Path, data: Path) -> None:
    (folder / "broken.docx").write_bytes(b"no zip at all")
    library = KnowledgeBase.open(folder, data)
    assert [hit.label for hit in library.search("村庄清洁由谁负责", 1)] == ["第二条"]
    assert set(library.indexed.failed) == {"broken.docx"}


def test_a_file_that_is_too_large_is_named(folder: Path, data: Path) -> None:
    (folder / "large.txt").write_text("第一条 " + "村庄清洁。" * 2000, "utf-8")
    library = KnowledgeBase.open(folder, data, max_file_bytes=10_000)
    assert "嘎查村民委员会" in library.ask("村庄清洁由谁负责")[0].lead
    assert ["large.txt" in str(problem) for problem in library.problems] == [True]


def test_good_files_have_no_problems(folder: Path, data: Path) -> None:
    assert KnowledgeBase.open(folder, data).problems == ()


def test_checking_an_unreadable_file_is_an_error_that_names_it(folder: Path) -> None:
    (folder / "broken.docx").write_bytes(b"no zip at all")
    with pytest.raises(ReadingError, match=r"broken\.docx"):
        check_file(folder / "broken.docx", "broken.docx")


def test_a_correction_of_words_that_are_not_in_the_source_is_refused(folder: Path, data: Path) -> None:
    (folder / "corrections.toml").write_text(
        '[[notice]]\nid = "N1"\nfile = "clean.txt"\nquotes = ["每户奖补二千元"]\nnotice = "疑有误"\n', "utf-8"
    )
    with pytest.raises(CorrectionError, match="每户奖补二千元"):
        KnowledgeBase.open(folder, data).ask("每户奖补多少")


def test_a_catalogue_that_cannot_be_read_is_an_error_of_its_own(folder: Path, data: Path) -> None:
    (folder / "catalogue.toml").write_text("[[document]\n", "utf-8")
    with pytest.raises(CatalogueError, match=r"catalogue\.toml"):
        KnowledgeBase.open(folder, data).ask("每户奖补多少")


# --- a library's own settings ---------------------------------------------------------------


def test_a_notice_of_the_library_is_told_with_its_passage(folder: Path, data: Path) -> None:
    (folder / "corrections.toml").write_text(
        '[[notice]]\nid = "N1"\nfile = "clean.txt"\nquotes = ["每户奖补二百元"]\n'
        'notice = "金额以当年通知为准。"\n',
        "utf-8",
    )
    answer, _ = KnowledgeBase.open(folder, data).ask("村庄清洁每户奖补由谁发放")
    assert "金额以当年通知为准。" in answer.notices


def test_the_catalogue_names_number_and_end_of_a_document(folder: Path, data: Path) -> None:
    (folder / "catalogue.toml").write_text(
        '[[document]]\nfile = "clean.txt"\ntitle = "村庄清洁奖补办法"\nshort_names = ["清洁办法"]\n'
        'number = "某发〔2020〕3号"\nvalid_until = 2022-12-31\n',
        "utf-8",
    )
    library = KnowledgeBase.open(folder, data, today=dt.date(2023, 1, 1))
    answer, _ = library.ask("清洁办法第三条")
    assert answer.citations[0].number == "某发〔2020〕3号"
    assert any("已过期" in notice for notice in answer.notices)


@pytest.mark.parametrize(
    ("today", "marked"),
    [(dt.date(2022, 12, 31), False), (dt.date(2023, 1, 1), True), (None, False)],
    ids=["last-day", "day-after", "no-day"],
)
def test_a_document_is_expired_from_the_day_after_its_end(
    folder: Path, data: Path, today: dt.date | None, marked: bool
) -> None:
    (folder / "catalogue.toml").write_text(
        '[[document]]\nfile = "clean.txt"\ntitle = "村庄清洁奖补办法"\nvalid_until = 2022-12-31\n', "utf-8"
    )
    answer, _ = KnowledgeBase.open(folder, data, today=today).ask("村庄清洁由谁负责")
    assert any("已过期" in notice for notice in answer.notices) is marked


def test_a_replaced_document_is_marked_at_any_time(folder: Path, data: Path) -> None:
    (folder / "catalogue.toml").write_text(
        '[[document]]\nfile = "clean.txt"\ntitle = "村庄清洁奖补办法"\nreplaced_by = "《新办法》"\n', "utf-8"
    )
    answer, _ = KnowledgeBase.open(folder, data).ask("村庄清洁由谁负责")
    assert "《村庄清洁奖补办法》已由《新办法》代替。" in answer.notices


# --- the lexicon ----------------------------------------------------------------------------


def edit(path: Path, content: str) -> None:
    """Write, with a time of change that differs however fast the test runs."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(content, "utf-8")
    os.utime(path, ns=(before + 2_000_000_000, before + 2_000_000_000))


def test_a_word_added_while_the_library_is_open_is_known_to_the_next_question(
    folder: Path, data: Path
) -> None:
    edit(folder / "lexicon.toml", '[measures]\n"奖补" = ["给钱"]\n')
    library = KnowledgeBase.open(folder, data)
    before, _ = library.ask("扫院子")
    edit(folder / "lexicon.toml", LEXICON)
    after, _ = library.ask("扫院子")
    assert before.status is Status.NOT_FOUND
    assert "村庄清洁" in after.lead


def test_a_word_taken_out_is_forgotten(folder: Path, data: Path) -> None:
    edit(folder / "lexicon.toml", LEXICON)
    library = KnowledgeBase.open(folder, data)
    library.ask("扫院子")
    edit(folder / "lexicon.toml", '[measures]\n"奖补" = ["给钱"]\n')
    assert library.ask("扫院子")[0].status is Status.NOT_FOUND


def test_a_lexicon_broken_while_open_leaves_the_last_good_one(folder: Path, data: Path) -> None:
    edit(folder / "lexicon.toml", LEXICON)
    library = KnowledgeBase.open(folder, data)
    library.ask("扫院子")
    edit(folder / "lexicon.toml", "[measures\n")
    assert "村庄清洁" in library.ask("扫院子")[0].lead


# --- search and explain ---------------------------------------------------------------------


def test_search_finds_the_clause_first(folder: Path, data: Path) -> None:
    (hit, *_) = KnowledgeBase.open(folder, data).search("每户奖补多少，谁发放")
    assert (hit.source, hit.label) == ("clean.txt", "第三条")


def test_search_gives_no_more_than_asked_for(folder: Path, data: Path) -> None:
    assert len(KnowledgeBase.open(folder, data).search("村庄清洁奖补", 2)) == 2


def test_scores_of_a_search_fall(library: KnowledgeBase) -> None:
    scores = [hit.score for hit in library.search("农村牧区住房安全", 10)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "question",
    ["", "   ", "？！。", "\x00\u200b", "😀"],
    ids=["empty", "blank", "punctuation", "control", "emoji"],
)
def test_a_search_with_nothing_searchable_finds_nothing(library: KnowledgeBase, question: str) -> None:
    assert library.search(question) == []


def test_a_lexicon_word_is_explained_with_its_term_and_the_hits(folder: Path, data: Path) -> None:
    edit(folder / "lexicon.toml", LEXICON)
    explanation = KnowledgeBase.open(folder, data).explain("扫院子")
    assert explanation.terms == ("村庄清洁",)
    assert explanation.before == ()
    assert "clean.txt 第二条" in explanation.after


def test_a_word_for_a_long_name_leads_to_its_row(library: KnowledgeBase) -> None:
    explanation = library.explain("一肩挑")
    assert "附表 第35行" not in "".join(explanation.before)
    assert explanation.after[0].endswith("附表 第35行")


def test_an_unknown_word_is_explained_by_nothing(library: KnowledgeBase) -> None:
    explanation = library.explain("火星")
    assert explanation.terms == ()
    assert explanation.before == explanation.after


# --- opening --------------------------------------------------------------------------------


def test_opening_reads_nothing(tmp_path: Path) -> None:
    KnowledgeBase.open(tmp_path / "missing", tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_warming_up_changes_no_answer(folder: Path, data: Path) -> None:
    cold, _ = KnowledgeBase.open(folder, data).ask("村庄清洁由谁负责")
    library = KnowledgeBase.open(folder, data)
    library.warm()
    assert library.ask("村庄清洁由谁负责")[0] == cold


def test_opened_again_the_answers_and_hits_are_the_same(folder: Path, data: Path) -> None:
    first, again = KnowledgeBase.open(folder, data), KnowledgeBase.open(folder, data)
    assert first.ask("每户奖补由谁发放")[0] == again.ask("每户奖补由谁发放")[0]
    assert first.search("奖补") == again.search("奖补")


def test_opened_again_only_what_changed_is_read(folder: Path, data: Path) -> None:
    _ = KnowledgeBase.open(folder, data).indexed
    (folder / "herds.txt").write_text(HERDS, "utf-8")
    refreshed = KnowledgeBase.open(folder, data).indexed
    assert refreshed.changed == ("herds.txt",)


def test_a_file_taken_away_is_no_longer_found(folder: Path, data: Path) -> None:
    (folder / "herds.txt").write_text(HERDS, "utf-8")
    _ = KnowledgeBase.open(folder, data).indexed
    (folder / "herds.txt").unlink()
    assert KnowledgeBase.open(folder, data).search("轮牧围栏") == []


def test_two_libraries_in_one_data_folder_do_not_mix(folder: Path, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "herds.txt").write_text(HERDS, "utf-8")
    one, two = KnowledgeBase.open(folder, data), KnowledgeBase.open(other, data)
    assert {hit.source for hit in one.search("由谁负责")} == {"clean.txt"}
    assert {hit.source for hit in two.search("由嘎查负责")} == {"herds.txt"}
    assert {hit.source for hit in one.search("由谁负责")} == {"clean.txt"}


# --- a large library ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, data: Path) -> KnowledgeBase:
    """More files than are kept in memory, one rule each that no other has."""
    folder = tmp_path_factory.mktemp("large")
    for number in range(IN_MEMORY_FILES + 5):
        topic = TOPICS[number % len(TOPICS)]
        (folder / f"rule{number:03}.txt").write_text(
            f"{topic}第{number}号管理规定\n\n第一条 为了做好{topic}工作，制定本规定。\n\n"
            f"第二条 {topic}编号{number}的费用由村集体承担。\n",
            "utf-8",
        )
    (folder / "clean.txt").write_text(CLEAN, "utf-8")
    (folder / "herds.txt").write_text(HERDS, "utf-8")
    (folder / "broken.docx").write_bytes(b"no zip at all")
    return KnowledgeBase.open(folder, data)


def test_many_files_make_a_library_large(large: KnowledgeBase) -> None:
    assert large.is_large


def test_few_files_make_it_small(library: KnowledgeBase) -> None:
    assert not library.is_large


def test_much_text_makes_it_large(folder: Path, data: Path) -> None:
    (folder / "much.txt").write_text("第一条 村庄清洁。\n" * 250_000, "utf-8")
    assert KnowledgeBase.open(folder, data).is_large


@pytest.mark.parametrize(
    ("question", "answer", "title"),
    [
        pytest.param("围栏损坏几日内修复", "5日内修复", "草场轮牧管理规定", id="rule"),
        pytest.param("连续三年评为清洁户的奖补多少钱", "奖补300元", "村庄清洁奖补办法", id="money"),
        pytest.param("草场轮牧管理规定第二条", "第二条 轮牧期间", "草场轮牧管理规定", id="clause-by-number"),
    ],
)
def test_a_large_library_is_answered_from_its_index(
    large: KnowledgeBase, question: str, answer: str, title: str
) -> None:
    found, _ = large.ask(question)
    assert found.status is Status.ANSWERED
    assert answer in found.lead
    assert found.citations[0].document == title


def test_what_a_large_library_does_not_contain_is_not_found(large: KnowledgeBase) -> None:
    assert large.ask("火星移民补贴多少钱一个月")[0].status is Status.NOT_FOUND


def test_a_follow_up_works_in_a_large_library(large: KnowledgeBase) -> None:
    _, context = large.ask("草场轮牧管理规定第一条")
    assert large.ask("下一条", context)[0].lead.startswith("第二条 轮牧期间围栏损坏")


def test_an_unreadable_file_of_a_large_library_is_named(large: KnowledgeBase) -> None:
    assert large.ask("围栏损坏几日内修复")[0].status is Status.ANSWERED
    (problem,) = large.problems
    assert "broken.docx" in str(problem)


def test_warming_a_large_library_brings_its_index_up_to_date(large: KnowledgeBase) -> None:
    large.warm()
    assert set(large.indexed.failed) == {"broken.docx"}


@pytest.mark.parametrize("question", ["", "？？？", "村" * 100_000], ids=["empty", "punctuation", "long"])
def test_odd_text_is_answered_by_a_large_library(large: KnowledgeBase, question: str) -> None:
    answer, _ = large.ask(question)
    assert len(answer.lead) <= 120
    assert answer.text.startswith(answer.lead)
