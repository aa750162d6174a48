from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.errors import ReadingError
from knowledge.reading import READERS, read_file

LIMIT = 1_000_000


def refusal(path: Path, max_bytes: int = LIMIT) -> str:
    with pytest.raises(ReadingError) as caught:
        read_file(path, path.name, max_bytes=max_bytes)
    return str(caught.value)


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Root may read everything; give that up for one test."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


@pytest.mark.parametrize("suffix", READERS)
def test_an_empty_file_is_called_empty(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"空{suffix}"
    path.touch()
    assert refusal(path) == f"《空{suffix}》是空文件；请检查后重新放入文件库。"


@pytest.mark.parametrize("suffix", READERS)
def test_random_bytes_are_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"坏{suffix}"
    path.write_bytes(bytes(range(256)) * 40)
    assert f"《坏{suffix}》" in refusal(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "找不到文件《a.txt》" in refusal(tmp_path / "a.txt")


def test_a_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    assert "是文件夹" in refusal(tmp_path / "a.txt")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert "不是普通文件" in refusal(tmp_path / "a.txt")


def test_a_file_without_permission_is_named(tmp_path: Path, as_nobody: None) -> None:
    if os.getuid() != 0:
        (tmp_path / "a.txt").touch(mode=0)
    assert "没有权限读取《a.txt》" in refusal(tmp_path / "a.txt")


def test_a_file_of_200_mb_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "大.pdf"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # sparse: takes no room on the disk
    assert "超过 50 MB 的上限" in refusal(path, max_bytes=50 * 2**20)


@pytest.mark.parametrize(
    ("name", "advice"),
    [("a.doc", ".docx"), ("a.xls", ".xlsx"), ("a.ofd", ".pdf"), ("a.jpg", ".txt、.md"), ("a", "无后缀")],
)
def test_an_unknown_format_says_what_to_save_it_as(tmp_path: Path, name: str, advice: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert advice in refusal(tmp_path / name)


def test_the_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    (tmp_path / "A.TXT").write_text("第一条", "utf-8")
    assert read_file(tmp_path / "A.TXT", "A.TXT", max_bytes=LIMIT).text == "第一条"


def test_a_path_with_a_nul_is_refused(tmp_path: Path) -> None:
    assert "无法读取" in refusal(tmp_path / "a\x00.txt")


def test_reading_text_loads_no_library_of_another_format() -> None:
    code = (
        "import sys, knowledge.reading, knowledge.reading.text, knowledge.reading.markdown\n"
        "print(sorted({'pdfplumber', 'openpyxl', 'docx', 'selectolax', 'lxml'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
