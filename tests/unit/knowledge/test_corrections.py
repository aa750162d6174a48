"""Corrections stand beside the source and cannot outlive it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import corrections
from knowledge.errors import CorrectionError

SOURCES = Path(__file__).parents[3] / "knowledge" / "sources"
ENTRY = """
[[correction]]
id = "X1"
file = "办法.txt"
printed = ["14 生垃圾收运"]
read = { name = "生活垃圾收运" }
why = "漏字"
confidence = "high"
notice = "应为生活垃圾。"
"""
NOTICE = """
[[notice]]
id = "N1"
file = "办法.txt"
quotes = ["67个", "87个"]
notice = "两处不一致。"
"""
TEXTS = {"办法.txt": "14 生垃圾收运\t%\t1\n写67个，列87个。"}


def load(folder: Path, content: str, texts: dict[str, str] = TEXTS) -> corrections.Corrections:
    (folder / corrections.FILE_NAME).write_text(content, "utf-8")
    return corrections.load(folder, texts)


def test_a_library_without_corrections_has_none(tmp_path: Path) -> None:
    assert corrections.load(tmp_path, {}) == corrections.Corrections()


def test_a_reading_keeps_what_is_printed_why_and_how_sure(tmp_path: Path) -> None:
    (row,) = load(tmp_path, ENTRY).rows
    assert (row.printed, row.read, row.confidence) == (("14 生垃圾收运",), {"name": "生活垃圾收运"}, "high")


def test_a_notice_names_all_passages(tmp_path: Path) -> None:
    (notice,) = load(tmp_path, NOTICE).notices
    assert notice.quotes == ("67个", "87个")


@pytest.mark.parametrize("gone", ["14 生垃圾收运", "67个"])
def test_a_correction_is_refused_when_its_printed_text_is_gone(tmp_path: Path, gone: str) -> None:
    texts = {"办法.txt": TEXTS["办法.txt"].replace(gone, "")}
    with pytest.raises(CorrectionError, match="找不到"):
        load(tmp_path, ENTRY + NOTICE, texts)


def test_a_correction_of_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match="不在文件库里"):
        load(tmp_path, ENTRY, {})


@pytest.mark.parametrize(
    "wrong",
    [
        ENTRY.replace('confidence = "high"', 'confidence = "sure"'),
        ENTRY.replace("name =", "title ="),
        ENTRY.replace('why = "漏字"\n', ""),
        NOTICE.replace('quotes = ["67个", "87个"]\n', ""),
        ENTRY.replace('["14 生垃圾收运"]', '"14 生垃圾收运"'),
        ENTRY.replace("[[correction]]", "[correction]"),
        "[[correction]\n",
    ],
    ids=["confidence", "field", "why", "quotes", "list", "brackets", "toml"],
)
def test_a_wrong_entry_is_refused_in_words(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(CorrectionError, match=r"勘误"):
        load(tmp_path, wrong)


def test_every_shipped_correction_stands_in_its_source() -> None:
    texts = {path.name: path.read_text("utf-8") for path in SOURCES.glob("*.txt")}
    loaded = corrections.load(SOURCES, texts)
    ids = [entry.id for entry in (*loaded.rows, *loaded.notices)]
    assert len(ids) == len(set(ids))
    known = {
        *(f"D{n:02}" for n in (1, 2, 3, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 23, 24, 25, 31))
    }
    known |= {*(f"P{n:02}" for n in (2, 3, 4, 5, 8)), *(f"F{n:02}" for n in (1, 2, 4, 5, 9, 10, 11))}
    known |= {*(f"V{n:02}" for n in (1, 2, 3, 4, 5, 6, 7, 11))}
    assert known <= set(ids)
