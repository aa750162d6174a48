"""Gaps: what the documents mention and do not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import gaps
from knowledge.errors import CorrectionError

SOURCES = Path(__file__).parents[3] / "knowledge" / "sources"
ENTRY = """
[[gap]]
about = ["四个不摘"]
asks = ["definition"]
file = "规划.txt"
quote = "严格落实“四个不摘”要求"
lead = "文件没有解释是哪四个。"
"""


def load(folder: Path, content: str, text: str) -> int:
    (folder / gaps.FILE_NAME).write_text(content, "utf-8")
    return len(gaps.load(folder, {"规划.txt": text}))


def test_a_gap_is_loaded_with_its_quote(tmp_path: Path) -> None:
    assert load(tmp_path, ENTRY, "要严格落实“四个不摘”要求。") == 1


def test_a_gap_whose_quote_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match="找不到"):
        load(tmp_path, ENTRY, "落实要求。")


def test_an_unknown_way_of_asking_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match="asks"):
        load(tmp_path, ENTRY.replace("definition", "riddle"), "严格落实“四个不摘”要求")


def test_a_missing_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match="读不了"):
        load(tmp_path, ENTRY.replace('lead = "文件没有解释是哪四个。"\n', ""), "严格落实“四个不摘”要求")


def test_every_shipped_gap_stands_in_its_source() -> None:
    texts = {path.name: path.read_text("utf-8") for path in SOURCES.glob("*.txt")}
    assert len(gaps.load(SOURCES, texts)) > 10
