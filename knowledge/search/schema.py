"""What the index stores of a unit, and how its text becomes terms.

Words are cut by jieba in Python and separated by spaces; characters, bigrams and pinyin bigrams
are cut by tantivy itself, in Rust.
"""

from __future__ import annotations

from dataclasses import dataclass

import tantivy

from knowledge.text import Segmenter, normalise, squeeze, syllables

VERSION = 1
"""To be raised with every change of the fields or of the way text becomes terms."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A searchable piece of a document: a clause, a table row, a box.

    `clause_id` is unique in the library, `source` the file's path below the library, `heading` the
    document's title and the titles above the unit in one string, `text` its own text. All as
    printed; the index normalises.
    """

    clause_id: str
    source: str
    label: str
    heading: str
    text: str


EncodedUnit = dict[str, str]
"""Field name → text ready for tantivy's tokenisers."""


def encode(unit: Unit, segmenter: Segmenter) -> EncodedUnit:
    text = normalise(unit.text)
    squeezed = squeeze(text)
    return {
        "clause_id": unit.clause_id,
        "source": unit.source,
        "label": unit.label,
        "words": " ".join(segmenter.cut(text)),
        "characters": squeezed,
        "bigrams": squeezed,
        "pinyin": syllables(squeezed),
    }


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("clause_id", "source", "label"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    tokenizers = {
        "words": "whitespace",
        "characters": "unigram",
        "bigrams": "bigram",
        "pinyin": "bigram",
    }
    for name, tokenizer in tokenizers.items():
        builder.add_text_field(name, tokenizer_name=tokenizer, index_option="freq")
    return builder.build()


def register_tokenizers(index: tantivy.Index) -> None:
    """tantivy forgets these when an index is closed."""
    for name, size in (("unigram", 1), ("bigram", 2)):
        ngrams = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(size, size)).build()
        index.register_tokenizer(name, ngrams)
