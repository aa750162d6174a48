"""corrections.toml: how a printed defect is to be read, why, how surely, and what the reader is told.

The source is never changed. A correction whose printed text does not stand in the source is refused,
so that it cannot outlive the document it was written for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from knowledge.errors import CorrectionError

FILE_NAME = "corrections.toml"
CONFIDENCES = ("high", "medium", "low")
LONG_ENOUGH = 12  # characters of a quotation that is recognised inside a longer passage
READABLE = ("number", "name", "group", "dimension", "unit", "points", "departments")


@dataclass(frozen=True, slots=True)
class Correction:
    """A reading of table rows: each of `printed` is a piece of one row's line."""

    id: str
    file: str
    printed: tuple[str, ...]
    read: Mapping[str, Any]
    why: str
    confidence: str
    notice: str


@dataclass(frozen=True)
class Notice:
    """Two passages that disagree or are easily confused; shown whenever one of them is quoted."""

    id: str
    file: str
    quotes: tuple[str, ...]
    notice: str

    def touches(self, bare: str) -> bool:
        """Whether a quotation (without white space) contains one of the passages, or is part of one."""
        return any(part in bare or (len(bare) >= LONG_ENOUGH and bare in part) for part in self.bare)

    @cached_property
    def bare(self) -> tuple[str, ...]:
        """The passages without white space."""
        return tuple("".join(part.split()) for part in self.quotes)


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of a library."""

    rows: tuple[Correction, ...] = ()
    notices: tuple[Notice, ...] = field(default=())


def load(folder: Path, texts: Mapping[str, str]) -> Corrections:
    """Read and verify the corrections of a library.

    Args:
        texts: the decoded text of each file, by its path below the library.

    Raises:
        CorrectionError: not TOML, a field is wrong, or a printed text does not stand in its source.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return Corrections()
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CorrectionError(f"勘误 {path.name} 读不了：{error}。请照文件开头的说明改正。") from error
    rows = tuple(_correction(item) for item in _entries(content, "correction"))
    notices = tuple(_notice(item) for item in _entries(content, "notice"))
    for row in rows:
        _verify(row.id, row.file, row.printed, texts)
    for notice in notices:
        _verify(notice.id, notice.file, notice.quotes, texts)
    return Corrections(rows, notices)


def _entries(content: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """The tables `[[kind]]`, each with a list of passages where one is due."""
    entries = content.get(kind, [])
    if not isinstance(entries, list):
        raise CorrectionError(f"勘误的条目要写成 [[{kind}]]，两层方括号。")
    for item in entries:
        passages = item.get("printed" if kind == "correction" else "quotes", [""])
        if (
            not isinstance(passages, list)
            or not all(isinstance(text, str) for text in passages)
            or not passages
        ):
            raise CorrectionError(f'勘误 {item.get("id")}：原文要写成一列引号里的字，如 ["原文"]。')
    return entries


def _correction(item: Mapping[str, Any]) -> Correction:
    read = item.get("read", {})
    if item.get("confidence") not in CONFIDENCES or set(read) - set(READABLE):
        raise CorrectionError(
            f"勘误 {item.get('id')}：confidence 要是 {'、'.join(CONFIDENCES)} 之一，"
            f"read 只能改 {'、'.join(READABLE)}。"
        )
    try:
        return Correction(
            item["id"],
            item["file"],
            tuple(item["printed"]),
            read,
            item["why"],
            item["confidence"],
            item["notice"],
        )
    except KeyError as error:
        raise CorrectionError(f"勘误 {item.get('id')}：缺少 {error}。") from error


def _notice(item: Mapping[str, Any]) -> Notice:
    try:
        return Notice(item["id"], item["file"], tuple(item["quotes"]), item["notice"])
    except KeyError as error:
        raise CorrectionError(f"勘误 {item.get('id')}：缺少 {error}。") from error


def _verify(name: str, file: str, printed: tuple[str, ...], texts: Mapping[str, str]) -> None:
    source = texts.get(file)
    if source is None:
        raise CorrectionError(f"勘误 {name} 说的文件 {file} 不在文件库里；请改文件名或删去这条勘误。")
    for text in printed:
        if text not in source:
            raise CorrectionError(f"勘误 {name} 的“{text}”在 {file} 里找不到；源文件可能换过，请核对后改正。")
