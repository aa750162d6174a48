"""One entry of a file of rules, read so that whatever is wrong in it is named."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from knowledge.rules.model import RulesError

_Value = TypeVar("_Value")


class Entry:
    """A table of a TOML file; `where` says which, for messages. Keys that nobody reads are a mistake."""

    def __init__(self, where: str, content: Mapping[str, Any]) -> None:
        self.where = where
        self._content = content
        self._read: set[str] = set()

    def text(self, key: str, default: str | None = None) -> str:
        return self._value(key, str, "一句话", default)

    def flag(self, key: str) -> bool:
        return self._value(key, bool, "true 或 false", False)

    def number(self, key: str) -> int | None:
        """None when the entry has none."""
        return self._value(key, int, "一个整数", 0) or None

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        texts: list[Any] = self._value(key, list, "方括号里的几个词", default)
        if not all(isinstance(text, str) for text in texts):
            raise self.wrong(f"{key} 里只能写词")
        return tuple(texts)

    def mapping(self, key: str) -> dict[str, str]:
        mapping: dict[str, Any] = self._value(key, dict, "名字和一句话的对照", None)
        if not all(isinstance(text, str) for text in mapping.values()):
            raise self.wrong(f"{key} 里每个名字都要对一句话")
        return mapping

    def entries(self, key: str) -> Iterator[Entry]:
        """The tables of an array; each is named by its code or action."""
        for number, content in enumerate(self._value(key, list, "几个条目", None), 1):
            if not isinstance(content, dict):
                raise self.wrong(f"{key} 的第{number}个不是条目")
            name = content.get("code") or content.get("action") or content.get("locator") or "没有 code"
            yield Entry(f"{self.where}，{key} 第{number}个（{name}）", content)

    def known(self, what: str, names: Collection[str], allowed: Collection[str]) -> None:
        """Refuse names that are none of those allowed."""
        if unknown := [name for name in names if name not in allowed]:
            raise self.wrong(f"没有{what} {'、'.join(unknown)}；可以写：{'、'.join(allowed)}")

    def end(self) -> None:
        """Refuse keys that were not read: mistyped ones, mostly."""
        if unread := self._content.keys() - self._read:
            raise self.wrong(f"不认得 {'、'.join(sorted(unread))}；可以写：{'、'.join(sorted(self._read))}")

    def wrong(self, message: str) -> RulesError:
        return RulesError(f"{self.where}：{message}。")

    def _value(self, key: str, kind: type[_Value], what: str, default: _Value | None) -> _Value:
        self._read.add(key)
        value = self._content.get(key, default)
        if not isinstance(value, kind) or (kind is int and value is True):
            state = "没有写" if value is None else "写得不对"
            raise self.wrong(f"{key} {state}，应当是{what}")
        return value


def read_file(path: Path) -> Entry:
    """Raises RulesError when it is no TOML in UTF-8."""
    try:
        return Entry(path.name, tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulesError(f"{path.name} 读不了：{error}。应当是 UTF-8 的 TOML 文件。") from error
