"""General vocabulary: how people say it → how rules say it (everyday.tsv, edited by people)."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources


@cache
def _vocabulary() -> dict[str, tuple[str, ...]]:
    text = resources.files(__package__).joinpath("everyday.tsv").read_text("utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if line)
    return {said: tuple(written.split()) for said, written in pairs}


@cache
def _any_entry() -> re.Pattern[str]:
    longest_first = sorted(_vocabulary(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def formal_terms(squeezed: str) -> list[str]:
    """Terms of the rules for the everyday words of a question, longest match first.

    Args:
        squeezed: the question, normalised and without punctuation.
    """
    found = _any_entry().findall(squeezed)
    terms = (term for said in found for term in _vocabulary()[said])
    return [term for term in dict.fromkeys(terms) if term not in squeezed]
