"""A folder of policy documents, opened for questions."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from knowledge import catalogue, corrections, gaps
from knowledge.answers import answered
from knowledge.context import LONGEST_WITH_CONTEXT, Completed, Context, completed
from knowledge.corrections import Corrections
from knowledge.errors import EmptyQueryError, ReadingError
from knowledge.facts import Facts, gather
from knowledge.files import DEFAULT_MAX_BYTES, check_file, document_files
from knowledge.index import SearchIndex
from knowledge.lexicon import Lexicon, ReloadingLexicon
from knowledge.model import Answer, Document, Grid, Hit, SourceText, Status
from knowledge.parsing import parse
from knowledge.places import PlaceRegister
from knowledge.question import named_documents
from knowledge.reading import read_file
from knowledge.search.library import Refreshed, refresh
from knowledge.search.schema import Unit
from knowledge.search.units import units_of
from knowledge.text import Segmenter, normalise, squeeze

_PLAIN = (".txt", ".md", ".html", ".htm")  # of the others the size says nothing about the text
IN_MEMORY_FILES = 200
IN_MEMORY_BYTES = 4 * 2**20  # a larger library is answered from the clauses that the index finds
CLAUSES_READ = 24  # of a large library, for one question
FILES_KEPT = 64  # parsed files of a large library kept in memory
ANSWERS_KEPT = 1024  # the same few questions come from everywhere, some 8 KB each
EXPANSION_WEIGHT = 0.4  # of a lexicon term in a search, against 1 for a word of the question
LONGEST_EXPANSION = 30  # characters; the name of a table row may be as long


__all__ = ["Context", "Explanation", "KnowledgeBase", "check_file"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a word expands to, and the best clauses without and with the expansion."""

    word: str
    terms: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


class KnowledgeBase:
    """Documents with the means to answer from them. Everything is read when it is first needed."""

    def __init__(
        self, folder: Path, data_dir: Path, max_file_bytes: int, progress: bool, today: dt.date | None
    ) -> None:
        self.folder = folder
        self.data_dir = data_dir
        self._max_file_bytes = max_file_bytes
        self._progress = progress
        self._today = today
        self._reloading = ReloadingLexicon(self._data_file("lexicon.toml"))
        self._lexicon_used: Lexicon | None = None
        self._facts: Facts | None = None
        self._answers: Callable[[Completed], tuple[Answer, Context]]
        self._parsed = lru_cache(maxsize=FILES_KEPT)(self._parse_anew)

    @classmethod
    def open(
        cls,
        folder: Path,
        data_dir: Path,
        *,
        max_file_bytes: int = DEFAULT_MAX_BYTES,
        progress: bool = False,
        today: dt.date | None = None,
    ) -> KnowledgeBase:
        """Open a library; `today` marks what has expired (no mark without it)."""
        return cls(folder, data_dir, max_file_bytes, progress, today)

    # --- reading ----------------------------------------------------------------------------

    @cached_property
    def files(self) -> dict[str, Path]:
        return document_files(self.folder)

    @cached_property
    def is_large(self) -> bool:
        """Too large to keep every sentence in memory."""
        plain = [p for p in self.files.values() if p.suffix.lower() in _PLAIN]
        size = sum(path.stat().st_size for path in plain)
        return size > IN_MEMORY_BYTES or len(self.files) > IN_MEMORY_FILES

    @cached_property
    def _read(self) -> tuple[tuple[SourceText, ...], tuple[ReadingError, ...]]:
        read, problems = [], []
        for name, path in self.files.items():
            try:
                read.append(read_file(path, name, max_bytes=self._max_file_bytes))
            except ReadingError as error:
                problems.append(error)
        return tuple(read), tuple(problems)

    @property
    def problems(self) -> tuple[ReadingError, ...]:
        """The files that could not be read; the rest is served."""
        if self.is_large:
            return tuple(ReadingError(reason) for reason in self.indexed.failed.values())
        return self._read[1]

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """All parsed documents, with what the catalogue says of them."""
        parsed = [document for source in self._read[0] for document in parse(source)]
        return catalogue.apply(catalogue.load(self.folder), parsed)

    def documents_in(self, file: str) -> tuple[Document, ...]:
        """The documents of one file; of a large library read when they are wanted.

        Raises:
            ReadingError: the file cannot be read (large libraries; of others it is left out).
        """
        if self.is_large:
            return catalogue.apply(catalogue.load(self.folder), list(self._parsed(file)))
        return tuple(document for document in self.documents if document.file == file)

    def _data_file(self, name: str) -> Path:
        """A file of the library itself, else the one that comes with the product."""
        own = self.folder / name
        return own if own.is_file() else Path(__file__).parent / "sources" / name

    # --- search -----------------------------------------------------------------------------

    @cached_property
    def _segmenter(self) -> Segmenter:
        lexicon = self._reloading.current
        return Segmenter(self.data_dir / "jieba", [*lexicon.words, *(e.term for e in lexicon.entries)])

    @cached_property
    def _indexed(self) -> tuple[SearchIndex, Refreshed]:
        folder = hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()[:16]
        return refresh(
            self.data_dir / "index" / folder,
            self._segmenter,
            self.files,
            self._units,
            self._progress,
        )

    @property
    def indexed(self) -> Refreshed:
        """Bring the index up to date; what was read, removed and skipped."""
        return self._indexed[1]

    def _units(self, name: str, path: Path) -> list[Unit]:
        return units_of(name, parse(read_file(path, name, max_bytes=self._max_file_bytes)))

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """Clauses for a question, best first; none when nothing searchable is left of it."""
        return self._search(question, limit, self._expansions(question))

    def _search(self, question: str, limit: int, expansions: Sequence[tuple[str, float]]) -> list[Hit]:
        try:
            return self._indexed[0].search(question, limit, expansions)
        except EmptyQueryError:
            return []

    def _expansions(self, question: str) -> list[tuple[str, float]]:
        if self.is_large and not (self.folder / "lexicon.toml").is_file():
            return []  # the shipped lexicon speaks of rural policy; in a large library of its own it misleads
        found = self._reloading.current.expansions(normalise(question[:LONGEST_WITH_CONTEXT]))
        terms = dict.fromkeys(e.term for e in found if len(e.term) <= LONGEST_EXPANSION)
        return [(term, EXPANSION_WEIGHT) for term in terms]

    def explain(self, word: str) -> Explanation:
        """What the lexicon makes of a word and how that changes what is found."""
        expansions = self._expansions(word)
        terms = self._reloading.current.terms_of(normalise(word))
        before = tuple(_place(hit) for hit in self._search(word, 5, ()))
        after = tuple(_place(hit) for hit in self._search(word, 5, expansions))
        return Explanation(word, tuple(terms), before, after)

    def warm(self) -> None:
        """Load everything that a first question would wait for."""
        self._segmenter.load()
        _ = self.indexed if self.is_large else self.facts
        self._register.find("圐圙嘎查")
        self._register.mentions("圐圙嘎查在不在名单里")

    # --- answers ----------------------------------------------------------------------------

    @property
    def facts(self) -> Facts:
        """Records of the whole (small) library; worked out anew when the lexicon was edited."""
        lexicon = self._reloading.current
        if self._facts is None or lexicon is not self._lexicon_used:
            texts = {source.path: _text(source) for source in self._read[0]}
            facts = self._gather(self.documents, corrections.load(self.folder, texts), texts)
            self._answers = lru_cache(maxsize=ANSWERS_KEPT)(lambda whole: answered(whole, facts))
            self._facts, self._lexicon_used = facts, lexicon
        return self._facts

    @property
    def citing_facts(self) -> Facts:
        """What a quotation draws on: in a large library there are no records, only today's date."""
        return self._gather((), Corrections(), {}) if self.is_large else self.facts

    def _gather(self, documents: tuple[Document, ...], mended: Corrections, texts: dict[str, str]) -> Facts:
        return gather(
            documents,
            mended,
            gaps.load(self.folder, texts) if texts else (),
            segmenter=self._segmenter,
            lexicon=self._reloading.current,
            register=self._register,
            today=self._today,
        )

    @property
    def areas(self) -> PlaceRegister:
        """The register of areas."""
        return self._register

    @cached_property
    def _register(self) -> PlaceRegister:
        names = [] if self.is_large else [name for d in self.documents for p in d.lists for name in p.names]
        return PlaceRegister(self._data_file("areas.csv"), names)

    def ask(self, question: str, context: Context | None = None) -> tuple[Answer, Context]:
        """Answer a question, with what it leaves out taken from the turn before.

        Returns:
            The answer, and the context for the next turn.
        """
        before = context or Context()
        if not squeeze(normalise(question[:LONGEST_WITH_CONTEXT])):
            return _unreadable(), before
        whole = self._complete(question, before)
        if self.is_large:
            return answered(whole, self._facts_near(whole.full))
        _ = self.facts  # an edited lexicon makes the answers anew
        return self._answers(whole)

    def leans_on(self, question: str, before: Context) -> bool:
        """Whether the question leaves something out that is taken from the turn before."""
        return self._complete(question, before) != self._complete(question, Context())

    def _complete(self, question: str, before: Context) -> Completed:
        if len(question) > LONGEST_WITH_CONTEXT:
            return Completed(question)
        return completed(self._reloading.current.standardise(normalise(question)), before)

    def _facts_near(self, question: str) -> Facts:
        """Of a large library, only the clauses that the index finds for the question."""
        wanted: dict[str, set[str]] = {}
        for hit in self.search(question, CLAUSES_READ):
            wanted.setdefault(hit.source, set()).add(hit.clause_id)
        found = [d for source, ids in wanted.items() for d in self._narrowed(source, ids, question)]
        return self._gather(catalogue.apply(catalogue.load(self.folder), found), Corrections(), {})

    def _narrowed(self, source: str, ids: set[str], question: str) -> Iterable[Document]:
        """The documents of a file with just the clauses found; whole where the question names one."""
        for number, document in enumerate(self._parsed(source)):
            if named_documents(normalise(question), [document]):
                yield document
                continue
            kept = tuple(c for k, c in enumerate(document.clauses) if f"{source}#{number}.{k}" in ids)
            if kept or any(i.startswith(f"{source}#{number}.t") for i in ids):
                yield dataclasses.replace(document, clauses=kept, procedures=())

    def _parse_anew(self, source: str) -> tuple[Document, ...]:
        return parse(read_file(self.files[source], source, max_bytes=self._max_file_bytes))


def _text(source: SourceText) -> str:
    if source.text is not None:
        return source.text
    blocks = source.blocks
    return "\n".join(
        "\n".join("\t".join(row) for row in b.rows) if isinstance(b, Grid) else b.text for b in blocks
    )


def _place(hit: Hit) -> str:
    return f"{hit.source} {hit.label}".strip()


def _unreadable() -> Answer:
    lead = "没看懂，请用一句话写下您想问的事。"
    text = f"{lead}\n\n例如：村规民约归谁考核？乌审旗有哪些重点村？2025年集中供水率要到多少？"
    return Answer(Status.NOT_FOUND, lead, text)
