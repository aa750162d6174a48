"""A folder of policy documents, opened for questions."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path

from knowledge import catalogue, corrections, gaps
from knowledge.answers import best_proposal
from knowledge.answers.compose import Proposal
from knowledge.context import Completed, Context, completed
from knowledge.errors import EmptyQueryError, ReadingError
from knowledge.facts import Facts, gather
from knowledge.lexicon import Lexicon
from knowledge.model import Answer, Document, Hit, SourceText, Status
from knowledge.parsing import parse
from knowledge.places import PlaceRegister
from knowledge.reading import READERS, read_file
from knowledge.text import Segmenter, normalise, squeeze

DEFAULT_MAX_BYTES = 100 * 2**20
IN_MEMORY_BYTES = 4 * 2**20  # a larger library is answered from the clauses that the index finds
LONGEST_WITH_CONTEXT = 400  # characters; a longer text is no follow-up
_NOT_DOCUMENTS = ("readme", ".", "_", "~")
_log = logging.getLogger(__name__)


def check_file(path: Path, name: str, *, max_bytes: int = DEFAULT_MAX_BYTES) -> tuple[Document, ...]:
    """Read and parse one file, with everything inconsistent that is found in it.

    Raises:
        ReadingError: the file cannot be read.
    """
    return parse(read_file(path, name, max_bytes=max_bytes))


def document_files(folder: Path) -> list[Path]:
    """The files of a library that a reader exists for, in a stable order."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in READERS and path.is_file() and not path.name.lower().startswith(_NOT_DOCUMENTS)
    )


class KnowledgeBase:
    """Documents with the means to answer from them. Reading is done when it is first needed."""

    def __init__(self, folder: Path, data_dir: Path, max_file_bytes: int, today: dt.date | None) -> None:
        self.folder = folder
        self.data_dir = data_dir
        self._max_file_bytes = max_file_bytes
        self._today = today
        self.problems: tuple[ReadingError, ...] = ()

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
        return cls(folder, data_dir, max_file_bytes, today)

    @cached_property
    def _sources(self) -> tuple[SourceText, ...]:
        read, problems = [], []
        for path in document_files(self.folder):
            try:
                read.append(read_file(path, path.relative_to(self.folder).as_posix(), max_bytes=self._max_file_bytes))
            except ReadingError as error:
                problems.append(error)
        self.problems = tuple(problems)
        return tuple(read)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        parsed = [document for source in self._sources for document in parse(source)]
        return catalogue.apply(catalogue.load(self.folder), parsed)

    @cached_property
    def lexicon(self) -> Lexicon:
        path = self._data_file("lexicon.toml")
        return Lexicon.load(path)

    def _data_file(self, name: str) -> Path:
        """A file of the library itself, else the one that comes with the product."""
        own = self.folder / name
        return own if own.is_file() else Path(__file__).parent / "sources" / name

    @cached_property
    def _segmenter(self) -> Segmenter:
        entries = self.lexicon.entries
        words = [*(w for e in entries for w in e.words), *(e.term for e in entries)]
        return Segmenter(self.data_dir / "jieba", words)

    @cached_property
    def facts(self) -> Facts:
        texts = {source.path: source.text or _joined(source) for source in self._sources}
        documents = self.documents
        names = [name for d in documents for p in d.lists for name in p.names]
        return gather(
            documents,
            corrections.load(self.folder, texts),
            gaps.load(self.folder, texts),
            texts,
            segmenter=self._segmenter,
            lexicon=self.lexicon,
            is_word=self._segmenter.is_word,
            register=PlaceRegister(self._data_file("areas.csv"), names),
            today=self._today,
        )

    def ask(self, question: str, context: Context | None = None) -> tuple[Answer, Context]:
        """Answer a question, with what it leaves out taken from the turn before.

        Returns:
            The answer, and the context for the next turn.
        """
        before = context or Context()
        if not squeeze(normalise(question[:2000])):
            return _unreadable(), before
        if len(question) > LONGEST_WITH_CONTEXT:
            whole = Completed(question)
        else:
            whole = completed(self.lexicon.standardise(normalise(question)), before)
        understood = self.facts.understand(whole.own, whole.carried)
        proposal = best_proposal(understood, self.facts)
        return proposal.answer, _next_context(whole.full, proposal)


def _next_context(question: str, proposal: Proposal) -> Context:
    options = proposal.answer.options if proposal.answer.status is Status.CLARIFY else ()
    return Context(question[:400], proposal.subject[:120], proposal.kind, tuple(options))


def _joined(source: SourceText) -> str:
    lines: list[str] = []
    for block in source.blocks:
        lines += [block.text] if hasattr(block, "text") else ["\t".join(row) for row in block.rows]
    return "\n".join(lines)


def _unreadable() -> Answer:
    lead = "没看懂，请用一句话写下您想问的事。"
    text = f"{lead}\n\n例如：村规民约归谁考核？乌审旗有哪些重点村？2025年集中供水率要到多少？"
    return Answer(Status.NOT_FOUND, lead, text)
