"""Full-text search over the units of a library.

    segmenter = Segmenter(data_dir / "jieba", words=domain_words)
    index, report = refresh(data_dir / "index", segmenter, files, parse)   # the usual way in
    hits = index.search("谁给村规民约打分", limit=10,
                        expansions=[("考核", 0.5)], sources=["办法.md"])

`refresh` (knowledge.search.library) keeps an index in step with a folder of files and is the one
place that decides when it must be built anew. By hand:

    index = SearchIndex.create(folder, segmenter)          # empty; replaces what was there
    index.update({"办法.md": units_of_that_file}, removed=["旧办法.md"])
    index = SearchIndex.open(folder, segmenter)            # IndexStateError: create it anew

`update` replaces all units of each file that it is given. It may run while others search; in other
processes they see the old state until they call `reload`.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy

from knowledge.errors import EmptyQueryError, IndexStateError
from knowledge.model import Hit
from knowledge.search.integrity import require_intact
from knowledge.search.query import QueryBuilder
from knowledge.search.records import (
    Stamp,
    about_document,
    file_document,
    read_stamps,
    require_current,
)
from knowledge.search.schema import (
    EncodedUnit,
    Unit,
    build_schema,
    encode,
    register_tokenizers,
    to_document,
)
from knowledge.text import Segmenter

__all__ = ["EmptyQueryError", "Hit", "IndexStateError", "SearchIndex", "Unit"]

_WRITER_MEMORY_BYTES = 200_000_000
_CANDIDATES = 200
_RANK_WEIGHT = 0.1
"""What one level of norm_rank adds, as a part of the best hit's score. From 0.07 to 0.15 MRR@10
stays within 0.01 of the best; without it, it is 0.04 lower."""

File = tuple[str, Stamp, Iterable[EncodedUnit]]
"""A source, its state, and its units."""


class SearchIndex:
    """An index on disk. Searching is safe from several threads; one writer at a time."""

    def __init__(self, index: tantivy.Index, segmenter: Segmenter) -> None:
        register_tokenizers(index)
        self._index = index
        self._segmenter = segmenter
        self._queries = QueryBuilder(index.schema, segmenter)
        self._searcher = index.searcher()

    @classmethod
    def create(cls, folder: Path, segmenter: Segmenter) -> SearchIndex:
        """Make an empty index, in place of whatever the folder holds."""
        shutil.rmtree(folder, ignore_errors=True)
        with _own_errors(folder):
            folder.mkdir(parents=True)
            index = cls(tantivy.Index(build_schema(), str(folder)), segmenter)
            with index._writing() as writer:
                writer.add_document(about_document(segmenter.fingerprint))
        return index

    @classmethod
    def open(cls, folder: Path, segmenter: Segmenter) -> SearchIndex:
        """Raises IndexStateError: no index, a damaged one, or one made by other code or words."""
        with _own_errors(folder):
            require_intact(folder)
            index = tantivy.Index.open(str(folder))
            require_current(index, segmenter.fingerprint)
            return cls(index, segmenter)

    def stamps(self) -> dict[str, Stamp]:
        """State, when it was indexed, of each file that the index holds."""
        return read_stamps(self._index)

    def reload(self) -> None:
        """Search what has been written since."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def update(self, changed: Mapping[str, Iterable[Unit]], removed: Iterable[str] = ()) -> None:
        """Replace the units of each changed file, forget the removed files, and reload."""
        unknown = Stamp(size=-1, mtime_ns=-1, sha256="-")
        self.write(
            ((source, unknown, map(self._encoded, units)) for source, units in changed.items()),
            removed,
        )

    def _encoded(self, unit: Unit) -> EncodedUnit:
        return encode(unit, lambda text: " ".join(self._segmenter.cut(text)))

    def write(self, files: Iterable[File], removed: Iterable[str] = ()) -> None:
        """Like `update`, with encoded units and their files' states, in one commit."""
        with self._writing() as writer:
            for source in removed:
                writer.delete_documents_by_term("source", source)
            for source, stamp, units in files:
                _replace(writer, source, (file_document(source, stamp), *map(to_document, units)))

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """Commit at the end, or leave everything as it was when the block raises."""
        with _own_errors("being written"):
            # One thread makes one segment, which is faster to search than several.
            writer = self._index.writer(heap_size=_WRITER_MEMORY_BYTES, num_threads=1)
        yield writer
        with _own_errors("being written"):
            writer.commit()
            writer.wait_merging_threads()
            self.reload()

    def search(
        self,
        query: str,
        limit: int = 10,
        expansions: Sequence[tuple[str, float]] = (),
        sources: Collection[str] | None = None,
    ) -> list[Hit]:
        """Rank units for a question.

        Args:
            expansions: further terms with their weight; a word of the question weighs 1.
            sources: files to stay within; all when None.

        Returns:
            At most `limit` hits, best first; `score` is the weighted sum of the BM25 scores of the
            word, bigram, character, pinyin and heading fields, and a bonus for the rank of the
            document (no upper bound).

        Raises:
            EmptyQueryError: nothing searchable is left after normalisation.
            IndexStateError: the index was damaged after it was opened.

        Source: Robertson and Zaragoza (2009), The Probabilistic Relevance Framework.
        """
        searcher = self._searcher
        with _own_errors("being searched"):
            scored = self._queries.build(query, expansions, sources, searcher)
            found = searcher.search(scored, max(limit, _CANDIDATES), count=False).hits
            ranked = _with_rank(found, searcher)[: max(limit, 0)]
            return [_hit(score, searcher.doc(address)) for score, address in ranked]


def _replace(writer: tantivy.IndexWriter, source: str, documents: Iterable[tantivy.Document]) -> None:
    with _own_errors("being written"):
        writer.delete_documents_by_term("source", source)
        for document in documents:
            writer.add_document(document)


def _with_rank(
    found: list[tuple[float, tantivy.DocAddress]], searcher: tantivy.Searcher
) -> list[tuple[float, tantivy.DocAddress]]:
    """Add the bonus of the document's rank. Ties stay in the order of the documents."""
    if not found:
        return []
    bonus = _RANK_WEIGHT * found[0][0]
    ranks = searcher.fast_field_values("rank", [address for _, address in found])
    scored = ((s + bonus * (rank or 0), a) for (s, a), rank in zip(found, ranks, strict=True))
    return sorted(scored, key=lambda pair: -pair[0])


def _hit(score: float, stored: tantivy.Document) -> Hit:
    return Hit(
        source=stored.get_first("source") or "",
        label=stored.get_first("label") or "",
        score=score,
        clause_id=stored.get_first("clause_id") or "",
    )


@contextmanager
def _own_errors(where: object) -> Iterator[None]:
    """tantivy raises ValueError for nearly everything that can go wrong with its files."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise IndexStateError(f"index {where}: {error}; build it anew") from error
