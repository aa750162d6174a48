"""Other search engines over the same articles: each takes units and returns a search function."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Sequence

import jieba

from knowledge.index import Unit
from knowledge.text import normalise, squeeze

Found = list[tuple[str, str]]
Search = Callable[[str], Found]
LIMIT = 10


def _words(text: str) -> list[str]:
    return [word for word in jieba.lcut_for_search(normalise(text)) if squeeze(word)]


def bm25s_with_jieba(units: Sequence[Unit]) -> Search:
    import bm25s

    engine = bm25s.BM25()
    engine.index([_words(unit.text) for unit in units], show_progress=False)

    def search(question: str) -> Found:
        found, _ = engine.retrieve([_words(question)], k=LIMIT, show_progress=False)
        return [(units[i].source, units[i].label) for i in found[0]]

    return search


def sqlite_fts5_trigram(units: Sequence[Unit]) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE article USING fts5(text, tokenize='trigram')")
    rows = ((number, normalise(unit.text)) for number, unit in enumerate(units))
    database.executemany("INSERT INTO article(rowid, text) VALUES (?, ?)", rows)

    def search(question: str) -> Found:
        text = squeeze(normalise(question))
        trigrams = " OR ".join(f'"{text[i : i + 3]}"' for i in range(len(text) - 2))
        query = f"SELECT rowid FROM article WHERE article MATCH ? ORDER BY rank LIMIT {LIMIT}"
        found = database.execute(query, (trigrams,)) if trigrams else []
        return [(units[i].source, units[i].label) for (i,) in found]

    return search


def whoosh_with_jieba(units: Sequence[Unit]) -> Search:
    from whoosh import fields, index, query
    from whoosh.analysis import SpaceSeparatedTokenizer

    schema = fields.Schema(
        number=fields.STORED, text=fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
    )
    folder = tempfile.TemporaryDirectory()
    made = index.create_in(folder.name, schema)
    writer = made.writer(limitmb=512)
    for number, unit in enumerate(units):
        writer.add_document(number=number, text=" ".join(_words(unit.text)))
    writer.commit()
    searcher = made.searcher()

    def search(question: str) -> Found:
        words = query.Or([query.Term("text", word) for word in _words(question)])
        numbers = [hit["number"] for hit in searcher.search(words, limit=LIMIT)]
        return [(units[i].source, units[i].label) for i in numbers]

    search.folder = folder  # type: ignore[attr-defined]  # lives as long as the function
    return search


PEERS: dict[str, Callable[[Sequence[Unit]], Search]] = {
    "bm25s + jieba": bm25s_with_jieba,
    "SQLite FTS5 trigram": sqlite_fts5_trigram,
    "Whoosh + jieba": whoosh_with_jieba,
}
