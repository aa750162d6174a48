"""What the index stores of a unit, and how its text becomes terms.

Words are cut by jieba in Python and separated by spaces; characters, bigrams and pinyin bigrams
are cut by tantivy itself, in Rust.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import tantivy

from knowledge.search.rank import norm_rank
from knowledge.text import normalise, squeeze, syllables

VERSION = 2
"""To be raised with every change of the fields or of the way text becomes terms."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A searchable piece of a document: a clause, a table row, a box. All as printed.

    `clause_id` is unique in the library, `source` the file's path below the library, `title` the
    document's, `heading` the labels and titles above the unit in one string, `text` its own text.
    """

    clause_id: str
    source: str
    label: str
    title: str
    heading: str
    text: str


class EncodedUnit(NamedTuple):
    """A unit as tantivy takes it; a tuple because millions of characters pass between processes."""

    clause_id: str
    source: str
    label: str
    rank: int
    words: str
    squeezed: str
    sounds: str
    heading: str


def encode(unit: Unit, words_of: Callable[[str], str]) -> EncodedUnit:
    """Args: words_of cuts normalised text into words with spaces between them."""
    text = normalise(unit.text)
    squeezed = squeeze(text)
    return EncodedUnit(
        clause_id=unit.clause_id,
        source=unit.source,
        label=unit.label,
        rank=norm_rank(unit.title),
        words=words_of(text),
        squeezed=squeezed,
        sounds=syllables(squeezed),
        heading=squeeze(normalise(unit.title + unit.heading)),
    )


_TOKENIZERS = {
    "words": "whitespace",
    "characters": "unigram",
    "bigrams": "bigram",
    "pinyin": "bigram",
    "heading": "bigram",
}


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("clause_id", "source", "label"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("record", "stamp"):  # see knowledge.search.records
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("rank", fast=True)
    for name, tokenizer in _TOKENIZERS.items():
        builder.add_text_field(name, tokenizer_name=tokenizer, index_option="freq")
    return builder.build()


def to_document(unit: EncodedUnit) -> tantivy.Document:
    return tantivy.Document(
        clause_id=unit.clause_id,
        source=unit.source,
        label=unit.label,
        rank=unit.rank,
        words=unit.words,
        characters=unit.squeezed,
        bigrams=unit.squeezed,
        pinyin=unit.sounds,
        heading=unit.heading,
    )


def register_tokenizers(index: tantivy.Index) -> None:
    """tantivy forgets these when an index is closed."""
    for name, size in (("unigram", 1), ("bigram", 2)):
        ngrams = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(size, size)).build()
        index.register_tokenizer(name, ngrams)
