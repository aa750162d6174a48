"""Full-text search over the units of a library.

    segmenter = Segmenter(data_dir / "jieba", words=domain_words)
    index = SearchIndex.create(folder, segmenter)         # empty; replaces what was there
    index.update({"办法.md": units_of_that_file}, removed=["旧办法.md"])
    index = SearchIndex.open(folder, segmenter)           # IndexStateError: create it anew
    hits = index.search("谁给村规民约打分", limit=10,
                        expansions=[("考核", 0.5)], sources=["办法.md"])

`update` replaces all units of each file that it is given and may be called while others search;
they see the old state until they call `reload`. knowledge.search.library keeps an index in step
with a folder of files and decides when it must be built anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import tantivy

from knowledge.errors import EmptyQueryError, IndexStateError
from knowledge.model import Hit
from knowledge.search.query import QueryBuilder
from knowledge.search.schema import Unit, build_schema, encode, register_tokenizers
from knowledge.text import Segmenter

__all__ = ["EmptyQueryError", "Hit", "SearchIndex", "Unit"]

_WRITER_MEMORY_BYTES = 200_000_000


class SearchIndex:
    """An index on disk. Searching is safe from several threads; one writer at a time."""

    def __init__(self, index: tantivy.Index, segmenter: Segmenter) -> None:
        register_tokenizers(index)
        self._index = index
        self._segmenter = segmenter
        self._queries = QueryBuilder(index.schema, segmenter)
        self.reload()

    @classmethod
    def create(cls, folder: Path, segmenter: Segmenter) -> SearchIndex:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return cls(tantivy.Index(build_schema(), str(folder)), segmenter)

    @classmethod
    def open(cls, folder: Path, segmenter: Segmenter) -> SearchIndex:
        """Raises IndexStateError: there is no index, or it is damaged or of another version."""
        try:
            return cls(tantivy.Index.open(str(folder)), segmenter)
        except (OSError, ValueError) as error:
            raise IndexStateError(f"index {folder}: {error}; build it anew") from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def reload(self) -> None:
        """Search what has been written since."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def update(
        self, changed: Mapping[str, Iterable[Unit]], removed: Iterable[str] = ()
    ) -> None:
        """Replace the units of each changed file, forget the removed files, and reload."""
        writer = self._index.writer(heap_size=_WRITER_MEMORY_BYTES, num_threads=1)
        for source in (*changed, *removed):
            writer.delete_documents_by_term("source", source)
        for units in changed.values():
            for unit in units:
                writer.add_document(tantivy.Document(**encode(unit, self._segmenter)))
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
            word, bigram, character and pinyin fields (no upper bound).

        Raises:
            EmptyQueryError: nothing searchable is left after normalisation.

        Source: Robertson and Zaragoza (2009), The Probabilistic Relevance Framework.
        """
        scored = self._queries.build(query, expansions, sources)
        found = self._searcher.search(scored, limit, count=False).hits
        return [self._hit(score, address) for score, address in found]

    def _hit(self, score: float, address: tantivy.DocAddress) -> Hit:
        stored = self._searcher.doc(address)
        return Hit(
            source=stored.get_first("source") or "",
            label=stored.get_first("label") or "",
            score=score,
            clause_id=stored.get_first("clause_id") or "",
        )
