"""catalogue.toml: what each document is called, who issued it, when, and until when it holds."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from knowledge.errors import CatalogueError
from knowledge.model import Document

FILE_NAME = "catalogue.toml"
_FIELDS = {"title", "short_names", "number", "issuer", "date", "level", "valid_until", "replaced_by"}


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says of one document; `label` is None when the file holds just one."""

    file: str
    label: str | None
    title: str
    fields: Mapping[str, Any]


def load(folder: Path) -> tuple[Entry, ...]:
    """The catalogue of a library; empty when it has none.

    Raises:
        CatalogueError: not TOML, an unknown field, or a field of the wrong type.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return ()
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CatalogueError(f"文件目录 {path.name} 读不了：{error}。请照文件开头的说明改正。") from error
    entries = content.get("document", [])
    if not isinstance(entries, list):
        raise CatalogueError(f"文件目录 {path.name} 的条目要写成 [[document]]，两层方括号。")
    return tuple(_entry(item, path.name) for item in entries)


def _entry(item: Mapping[str, Any], name: str) -> Entry:
    unknown = set(item) - _FIELDS - {"file", "label"}
    if unknown or not isinstance(item.get("file"), str):
        raise CatalogueError(
            f"文件目录 {name} 的条目 {item.get('file', item)!r}："
            f"{'、'.join(sorted(unknown)) or 'file'} 不对；"
            f"可用的栏有 file、label、{'、'.join(sorted(_FIELDS))}。"
        )
    fields = {key: value for key, value in item.items() if key in _FIELDS and key != "title"}
    for key in ("date", "valid_until"):
        if key in fields and not isinstance(fields[key], dt.date):
            raise CatalogueError(
                f"文件目录 {name} 的条目 {item['file']}：{key} 要写成 2021-04-18 这样的日期。"
            )
    if "short_names" in fields:
        fields["short_names"] = tuple(fields["short_names"])
    return Entry(item["file"], item.get("label"), item.get("title", ""), fields)


def apply(entries: Iterable[Entry], documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents with what the catalogue says of them.

    An entry is matched by file and label, and by title where the file has several unlabelled texts.
    """
    by_file: dict[str, list[Entry]] = {}
    for entry in entries:
        by_file.setdefault(entry.file, []).append(entry)
    return tuple(_apply_one(by_file.get(document.file, []), document) for document in documents)


def _apply_one(entries: list[Entry], document: Document) -> Document:
    for entry in entries:
        if entry.label is not None and entry.label != document.label:
            continue
        if entry.label is None and entry.title and entry.title != document.title:
            continue
        title = entry.title or document.title
        return dataclasses.replace(document, title=title, **entry.fields)
    return document
