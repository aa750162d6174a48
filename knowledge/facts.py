"""Everything that answers draw on, worked out once for a library."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from knowledge import records
from knowledge.concepts import ConceptReader, focused
from knowledge.corrections import Corrections, Notice
from knowledge.departments import DepartmentNames
from knowledge.gaps import Gap
from knowledge.lexicon import Lexicon
from knowledge.linking import CARRIED, Linker
from knowledge.matching import NameMatcher
from knowledge.model import Document, PlaceList, Procedure
from knowledge.passages import PassageRanker
from knowledge.places import PlaceRegister
from knowledge.question import Question, document_names, items, years
from knowledge.records import Dimension, Figures, Indicator, Measure
from knowledge.substrings import SubstringIndex
from knowledge.text import Segmenter, normalise
from knowledge.wants import ASKS, LONG_QUESTION, wanted

# Words by which a question means the documents of one level, without naming one.
_LEVEL_WORDS = {
    "自治区": re.compile("自治区(?!级|重点|星级|乡村振兴重点)|全区|区里(?!头)|内蒙"),
    "盟市": re.compile("市里|全市|我市|咱们?市|本市|鄂尔多斯"),
}
_NOT_SUBJECT = re.compile("[“”]|十四五|全市|20\\d\\d年?|实施及计划|计划表?|（.*?）")  # of a table title
MAX_QUESTION = 320  # characters that are looked at; a longer text is a paste, its start and end count


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A name on a list of a document."""

    document: Document
    list: PlaceList
    name: str


@dataclass(frozen=True)
class Facts:
    """Records of all documents with the means to find them; built by `gather`."""

    documents: tuple[Document, ...]
    corrections: Corrections
    gaps: tuple[Gap, ...]
    indicators: tuple[Indicator, ...]
    dimensions: tuple[Dimension, ...]
    figures: tuple[Figures, ...]
    measures: tuple[Measure, ...]
    lists: tuple[tuple[Document, PlaceList], ...]
    listed: tuple[ListedPlace, ...]
    procedures: tuple[tuple[Document, Procedure], ...]
    departments: DepartmentNames
    ranker: PassageRanker
    reader: ConceptReader
    lexicon: Lexicon
    indicator_links: Linker
    figure_links: Linker
    measure_links: Linker
    list_names: NameMatcher
    register: PlaceRegister | None
    today: dt.date | None

    def understand(self, text: str, carried: str = "") -> Question:
        """Read a question: normalised, standard words for dialect, concepts with their alternatives.

        Args:
            carried: what a follow-up leaves out, from the turn before; it counts half.
        """
        if len(text) > MAX_QUESTION:
            text = text[: MAX_QUESTION // 2] + "\n" + text[-MAX_QUESTION // 2 :]
        own = self.lexicon.standardise(normalise(text)).strip()
        normal = f"{own},{self.lexicon.standardise(normalise(carried)).strip()}" if carried else own
        concepts = focused(normal, self.reader.read(normal), ASKS, LONG_QUESTION)
        names = document_names(normal, self.documents)
        levels = {level for level, words in _LEVEL_WORDS.items() if words.search(normal)}
        spans = [(m.start(), m.end()) for name in names for m in re.finditer(re.escape(name), normal)]
        others = tuple(c for c in concepts if not any(a <= c.start and c.end <= b for a, b in spans))
        concepts = others or concepts
        if carried:
            concepts = tuple(replace(c, focus=CARRIED) if c.start >= len(own) else c for c in concepts)
        return Question(
            original=text,
            text=normal,
            concepts=concepts,
            years=years(normal),
            items=items(normal),
            documents=frozenset(number for numbers in names.values() for number in numbers),
            preferred=frozenset(k for k, d in enumerate(self.documents) if d.level in levels),
            wants=wanted(normal),
            carried_from=len(own) if carried else None,
        )

    def notices_for(self, document: Document, quote: str) -> list[Notice]:
        """Known contradictions that a quotation touches."""
        bare = "".join(quote.split()).replace("……", "")
        return [n for n in self.corrections.notices if n.file == document.file and n.touches(bare)]


def gather(
    documents: tuple[Document, ...],
    corrections: Corrections,
    gaps: tuple[Gap, ...],
    *,
    segmenter: Segmenter,
    lexicon: Lexicon,
    register: PlaceRegister | None,
    today: dt.date | None,
) -> Facts:
    """Work out all records of a library's documents."""
    is_word = segmenter.is_word
    indicators = tuple(i for d in documents for i in records.indicators(d, corrections.rows))
    figures = tuple(f for d in documents for f in records.figures(d))
    measures = tuple(m for d in documents for m in records.measures(d))
    listed = tuple(ListedPlace(d, p, name) for d in documents for p in d.lists for name in p.names)
    ranker = PassageRanker(documents, is_word)
    known = [*ranker.scorer.index.texts, *(i.name for i in indicators), *(f.label for f in figures)]
    printed = [
        *(name for i in indicators for name in (*i.departments, *i.printed_departments)),
        *(name for m in measures for name in m.clause.departments),
    ]
    return Facts(
        documents=documents,
        corrections=corrections,
        gaps=gaps,
        indicators=indicators,
        dimensions=records.dimensions(indicators),
        figures=figures,
        measures=measures,
        lists=tuple((d, p) for d in documents for p in d.lists),
        listed=listed,
        procedures=tuple((d, p) for d in documents for p in d.procedures),
        departments=DepartmentNames(printed, lexicon),
        ranker=ranker,
        reader=ConceptReader(segmenter, lexicon, SubstringIndex(known)),
        lexicon=lexicon,
        indicator_links=Linker(
            [(i.name, i.printed_name, i.group + i.name if i.group else "") for i in indicators], is_word
        ),
        figure_links=Linker([_figure_forms(f) for f in figures], is_word),
        measure_links=Linker([(m.clause.title or m.clause.text[:30],) for m in measures], is_word),
        list_names=NameMatcher([place.name for place in listed]),
        register=register,
        today=today,
    )


def _figure_forms(row: Figures) -> tuple[str, ...]:
    if row.number is not None:
        return (row.label,)
    if row.label in ("合计", "总计", "总数"):
        return (_NOT_SUBJECT.sub("", row.table.title) + "总", row.table.title + row.label, row.label)
    return (row.table.title + row.label, row.label)
