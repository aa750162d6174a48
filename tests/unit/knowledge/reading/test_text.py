from __future__ import annotations

import codecs
from collections.abc import Callable

import pytest

from knowledge.errors import ReadingError
from knowledge.model import Line, SourceText

Read = Callable[[str, bytes], SourceText]

TEXT = "第一条 为促进乡村振兴，制定本办法。\r\n\r\n第二条 圐圙村适用。\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    ],
    ids=["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be", "utf-32"],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_encodings_give_the_same_text_and_offsets(read: Read, name: str, data: bytes) -> None:
    source = read(name, data)
    assert source.text == TEXT
    assert source.blocks == (
        Line("第一条 为促进乡村振兴，制定本办法。", 0),
        Line("", 20),
        Line("第二条 圐圙村适用。", 22),
    )


def test_the_name_below_the_library_becomes_the_path(read: Read) -> None:
    assert read("a.txt", b"x").path == "a.txt"


def test_gbk_characters_beyond_gb2312_are_read(read: Read) -> None:
    text = "黄芥壕村、朱镕基、淖尔、圐圙补隆"
    assert read("a.txt", text.encode("gbk")).text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", "為促進鄉村振興，制定本辦法，請各單位遵照執行。"),
        ("shift_jis", "これは日本語の文章です。よろしくお願いします。"),
        ("koi8_r", "Настоящий закон регулирует отношения."),
    ],
)
def test_other_encodings_are_refused_and_not_misread(read: Read, encoding: str, text: str) -> None:
    with pytest.raises(ReadingError, match="编码无法识别；请用记事本打开，另存为 UTF-8"):
        read("a.txt", text.encode(encoding))


def test_damaged_utf16_is_refused(read: Read) -> None:
    with pytest.raises(ReadingError, match="编码无法识别"):
        read("a.txt", codecs.BOM_UTF16_LE + "第一条".encode("utf-16-le") + b"\x00")


def test_binary_data_named_txt_is_refused(read: Read) -> None:
    with pytest.raises(ReadingError, match="不是文本文件"):
        read("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


def test_only_white_space_is_no_text(read: Read) -> None:
    with pytest.raises(ReadingError, match="没有可读的文字"):
        read("a.txt", "\u3000\n\n\u3000".encode())
