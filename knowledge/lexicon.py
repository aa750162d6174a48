"""The words by which people call what the documents call otherwise (sources/lexicon.toml).

Three kinds of table: `dialect` holds function words, which `standardise` replaces; `keep` holds
the words inside which it must not; every other section maps a term of the documents (or a place)
to the words that `expansions` finds. Words match without regard to Latin case.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Self

from knowledge.errors import LexiconError

SECTIONS = (
    *("indicators", "targets", "measures", "steps", "risks", "groups", "departments"),
    *("places", "topics", "speech", "dialect", "keep"),
)
REPLACED = frozenset({"dialect", "keep"})  # applied by `standardise`, never expanded
SINGLE_CHARACTERS = frozenset({"speech", "dialect"})

_FULL_PLACE_NAME = (("places", ""),)  # means nothing else, but covers the short names inside it

Stamp = tuple[int, int]  # mtime in ns, size in bytes

_CHARS = r'[^"\\\x00-\x1f\x7f]+'
_COMMENT = r" *(?:#[^\x00-\x1f\x7f]*)?"
_ENTRY_LINE = re.compile(rf'"({_CHARS})" = \["({_CHARS}(?:", "{_CHARS})*)"\]{_COMMENT}')
_SECTION_LINE = re.compile(rf"\[([A-Za-z_]+)\]{_COMMENT}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the file: a term as it stands in the documents, and what people say for it."""

    section: str
    term: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """`word` stands at text[start:end] and means `term`."""

    word: str
    term: str
    section: str
    start: int
    end: int


class Lexicon:
    """All entries of one version of the file, ready to be matched."""

    def __init__(self, entries: Iterable[Entry], stamp: Stamp | None = None) -> None:
        self.entries = tuple(entries)
        self.stamp = stamp
        self._meanings = _meanings(self.entries)
        places = (entry.term for entry in self.entries if entry.section == "places")
        self._by_head = _by_head({*self._meanings, *places}, 2)
        self._standard = _standard_forms(self.entries)
        self._dialect = _by_head(self._standard, 1)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file.

        Raises:
            LexiconError: unreadable, not TOML, or against the rules at its head; the message
                names the file, the line and what to do.
        """
        stamp = _stamp(path)
        text = _read(path)
        return cls(_entries(_parse(text, path), text, path), stamp)

    def changed(self, path: Path) -> bool:
        """Whether the file is another one than was loaded (by its mtime and size)."""
        return _stamp(path) != self.stamp

    @property
    def words(self) -> tuple[str, ...]:
        """What people say, each word once, in the order of the file; for the tokeniser."""
        return tuple(dict.fromkeys(chain.from_iterable(e.words for e in self.entries if e.section != "keep")))

    def terms_of(self, word: str) -> tuple[str, ...]:
        """Every term that a word may mean, dialect included; empty when the word is unknown."""
        wanted = _fold(word)
        found = (e.term for e in self.entries if e.section != "keep" and wanted in e.words)
        return tuple(dict.fromkeys(found))

    def expansions(self, text: str) -> tuple[Expansion, ...]:
        """Find the words of the lexicon in a normalised text.

        Returns:
            By place, longer words first. Words of different terms may overlap; a word inside a
            longer one of the same term is left out, and so is a short place name inside a full one
            (前旗 in 鄂托克前旗). Offsets are code points of `text`.
        """
        reached: dict[str, int] = {}
        found = []
        for word, start in self._occurrences(_fold(text)):
            end = start + len(word)
            meanings = self._meanings.get(word, _FULL_PLACE_NAME)
            new = [meaning for meaning in meanings if reached.get(_rival(*meaning), -1) < end]
            reached.update((_rival(*meaning), end) for meaning in new)
            found += [Expansion(text[start:end], term, name, start, end) for name, term in new if term]
        return tuple(found)

    def standardise(self, text: str) -> str:
        """Put standard words for dialect function words, left to right, longest first."""
        standard, start = [], 0
        while start < len(text):
            word = self._dialect_word_at(text, start) if text[start] in self._dialect else text[start]
            standard.append(self._standard.get(word, word))
            start += len(word)
        return "".join(standard)

    def _dialect_word_at(self, text: str, start: int) -> str:
        candidates = self._dialect[text[start]]
        return next((word for word in candidates if text.startswith(word, start)), text[start])

    def _occurrences(self, text: str) -> Iterator[tuple[str, int]]:
        for start in range(len(text)):
            for word in self._by_head.get(text[start : start + 2], ()):
                if text.startswith(word, start):
                    yield word, start
            if text[start] in self._meanings:
                yield text[start], start


class ReloadingLexicon:
    """The lexicon as the file stands now; an edit needs no restart."""

    def __init__(self, path: Path) -> None:
        """Raises LexiconError: the very first version must be sound."""
        self._path = path
        self._lexicon = Lexicon.load(path)
        self._tried = self._lexicon.stamp

    @property
    def current(self) -> Lexicon:
        """The newest sound version. A broken edit is logged once and the old one stays."""
        stamp = _stamp(self._path)
        if stamp != self._tried:
            self._tried = stamp
            self._reload()
        return self._lexicon

    def _reload(self) -> None:
        try:
            self._lexicon = Lexicon.load(self._path)
        except LexiconError as error:
            _log.warning("词库未更新，继续使用原来的词库：%s", error)


def _rival(section: str, term: str) -> str:
    """What a match competes for: its term, or any place."""
    return section if section == "places" else term


def _meanings(entries: Iterable[Entry]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Word → every (section, term) it may stand for, in file order."""
    meanings: dict[str, tuple[tuple[str, str], ...]] = {}
    for entry in entries:
        if entry.section not in REPLACED:
            meaning = ((entry.section, entry.term),)
            for word in entry.words:
                meanings[word] = meanings.get(word, ()) + meaning
    return meanings


def _by_head(words: Iterable[str], length: int) -> dict[str, list[str]]:
    """First characters → the words that begin with them, longest first; shorter words are left out."""
    heads: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= length:
            heads[word[:length]].append(word)
    return heads


def _standard_forms(entries: Iterable[Entry]) -> dict[str, str]:
    """Dialect word → standard word; a word of `keep` → itself."""
    forms = {}
    for entry in entries:
        if entry.section in REPLACED:
            for word in entry.words:
                forms[word] = entry.term if entry.section == "dialect" else word
    return forms


def _fold(text: str) -> str:
    """Lower case of the same length (`İ`.lower() has two characters; it stays as it is)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _stamp(path: Path) -> Stamp | None:
    """None when there is no such file."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LexiconError(f"{path}：打不开（{error.strerror}）。请检查文件是否存在、可读。") from error
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}：第{error.start}字节起不是 UTF-8。请用 UTF-8 另存。") from error


def _parse(text: str, path: Path) -> Mapping[str, object]:
    try:
        return _parse_plain(text) or tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LexiconError(
            f"{path}：不合 TOML 格式：{error}。"
            "请看该行的引号、逗号、方括号是否成对，同一分类里有没有写了两遍的词条。"
        ) from error


def _parse_plain(text: str) -> dict[str, dict[str, list[str]]] | None:
    """Read the file when every line is written as its head asks, else None.

    tomllib needs 33 ms for 8,900 words, these patterns 4; both return the same.
    """
    tables: dict[str, dict[str, list[str]]] = {}
    table: dict[str, list[str]] = {}
    for line in text.split("\n"):
        if match := _ENTRY_LINE.fullmatch(line):
            if match[1] in table or not tables:
                return None
            table[match[1]] = match[2].split('", "')
        elif match := _SECTION_LINE.fullmatch(line):
            if match[1] in tables:
                return None
            table = tables[match[1]] = {}
        elif not re.fullmatch(_COMMENT, line):
            return None
    return tables


def _entries(tables: Mapping[str, object], text: str, path: Path) -> Iterator[Entry]:
    for section, table in tables.items():
        if section not in SECTIONS or not isinstance(table, dict):
            choices = "、".join(f"[{name}]" for name in SECTIONS)
            raise LexiconError(f"{path}：没有分类 [{section}]。请用其中之一：{choices}。")
        for term, words in table.items():
            folded = _folded(words)
            if problem := _problem(section, term, folded):
                where = f"第{_line_of(text, section, term)}行，[{section}] “{term}”"
                raise LexiconError(f"{path}：{where}：{problem}")
            yield Entry(section, term, folded)


def _folded(words: object) -> tuple[str, ...]:
    """In lower case; empty unless it is a list of strings."""
    if not isinstance(words, list) or {*map(type, words)} != {str}:
        return ()
    return tuple("\n".join(words).lower().split("\n"))


def _problem(section: str, term: str, words: tuple[str, ...]) -> str | None:
    """What is wrong with an entry and what to do about it, or None."""
    if not words:
        return '等号右边应是一组带引号的词，如 ["词一", "词二"]。'
    if "" in (everything := (term, *words)) or tuple(map(str.strip, everything)) != everything:
        return "有一个词是空的，或者首尾有空格。请去掉。"
    if len(set(words)) < len(words):
        return f"“{max(words, key=words.count)}”写了两遍。请删去一个。"
    if term in words:
        return f"“{term}”解释成它自己。请从右边删去。"
    if section not in SINGLE_CHARACTERS and min(map(len, words)) == 1:
        return f"“{min(words, key=len)}”只有一个字，会到处误中。请写成两个字以上。"
    return None


def _line_of(text: str, section: str, term: str) -> int:
    """Line of an entry, counted from 1; of its section where the key is written otherwise."""
    lines = text.splitlines()
    head = next((n for n, line in enumerate(lines) if line.startswith(f"[{section}]")), 0)
    for number, line in enumerate(lines[head:], head + 1):
        if line.lstrip().startswith((f'"{term}"', f"'{term}'", f"{term} ", f"{term}=")):
            return number
    return head + 1
