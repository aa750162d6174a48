"""The spans of a free question that name a place, also a misspelt one and one without a suffix.

What stands in the register is taken wherever it stands. What only resembles a name must sit where
a name sits (before 村 or 嘎查, or between 我们 and 是不是 …) and must resemble one closely, because
ordinary words of these documents end in 村, 旗 and 区 all the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from knowledge.matching import SUFFIXES, NameMatcher, parse_name
from knowledge.places.patterns import (
    BREAK,
    CLAUSE_START,
    CUE,
    FOLLOW_UP,
    GENERIC,
    GOES_ON,
    LEADING,
    LEADS_IN,
    LONGEST,
    NO_LETTER,
    SUFFIX,
    TRAILING,
    Span,
    beginnings,
    end_of_name,
    gaps,
    has_suffix,
    leftmost_longest,
    stands_as_name,
    words_in,
)
from knowledge.places.short_names import ShortNames, place_words
from knowledge.text import normalise_with_offsets

if TYPE_CHECKING:
    from knowledge.places.register import PlaceRegister

_READ = 1000  # characters of a question that are looked at; bounds the time for a pasted page
_CLOSE = 64.0  # one wrong character of three
_CLOSE_UNPROMPTED = 75.0
_CLOSE_UNPROMPTED_SHORT = 90.0  # one homophone of two; anything ends in two such characters
_LONGEST_BARE = 9
_SAME_CORE = 98.0
_BY_EAR = 80.0  # every character sounds the same or nearly so


@dataclass(frozen=True, slots=True)
class Mention:
    """`text` is the question's own spelling from `start` to `end`.

    `kind` is "banner" (leagues, too), "township" or "village", by the suffix or the best match;
    a name without either is taken for a village.
    """

    text: str
    start: int
    end: int
    kind: str


class _Best(NamedTuple):
    score: float
    kind: str
    core: str


_NOTHING = _Best(0.0, "village", "")


class MentionFinder:
    """Finds mentions with the help of a register's names, and of `known` ones beside it."""

    def __init__(self, register: PlaceRegister, short_names: ShortNames, known: Iterable[str]) -> None:
        self._register = register
        self._short_names = short_names
        self._known = NameMatcher(known)

    def mentions(self, question: str) -> list[Mention]:
        """Mentions in reading order, without overlap; none for a text without a place."""
        text, offsets = normalise_with_offsets(question[:_READ])
        prompted = bool(CUE.search(text))
        spans = leftmost_longest(words_in(text, self._common_words))
        if prompted or has_suffix(text, spans) or FOLLOW_UP.match(text):
            # Only now the whole register is needed.
            spans = leftmost_longest(self._exact_spans(text, prompted))
            ends = [0, *(span.end for span in spans)]
            starts = [*(span.start for span in spans[1:]), len(text)]
            spans = [self._widened(text, *each) for each in zip(spans, ends, starts, strict=False)]
            spans += self._resembling(text, spans, prompted)
        return [
            Mention(question[start:end], start, end, span.kind)
            for span in sorted(spans, key=lambda span: span.start)
            if span.kind
            for start, end in [(offsets[span.start], offsets[span.end - 1] + 1)]
        ]

    # --- what stands in the register --------------------------------------------------------

    @cached_property
    def _common_words(self) -> dict[str, str]:
        """Banners, known names and generic words, each with its kind."""
        words = _bare_names(self._known)
        for name in (*self._short_names.full_names, *place_words()["short"]):
            words[name] = "banner"
        words.update((core, "banner") for core in self._short_names.cores if len(core) > 2)
        words.update(dict.fromkeys(place_words()["generic"]["words"], GENERIC))
        return words

    @cached_property
    def _all_words(self) -> dict[str, str]:
        return _bare_names(self._register.matcher()) | self._common_words

    def _exact_spans(self, text: str, prompted: bool) -> Iterator[Span]:
        # Without a hint in the question an unlisted name is more likely an ordinary word.
        yield from words_in(text, self._all_words if prompted else self._common_words)
        for suffix in SUFFIX.finditer(text):
            if not GOES_ON.match(text, suffix.start()):
                yield from self._ending_in(text, suffix)

    def _ending_in(self, text: str, suffix: re.Match[str]) -> Iterator[Span]:
        begin = max(0, suffix.start() - LONGEST)
        *_, last_break = (begin, *(m.end() for m in NO_LETTER.finditer(text, begin, suffix.start())))
        for start in range(last_break, suffix.start()):
            written = text[start : suffix.end()]
            if suffix[0] == "旗" and next(self._short_names.find(written), None):
                yield Span(start, suffix.end(), "banner")
            elif suffix.start() - start > 1 and self._exists(written):
                yield Span(start, suffix.end(), _kind(parse_name(written).level))

    def _exists(self, name: str) -> bool:
        """Whether a place of this core and of this level exists: 锡尼 is a 镇 but no 旗."""
        level = parse_name(name).level
        hits = (*self._register.matcher().same(name), *self._known.same(name))
        return any(parse_name(hit.name).level in (level, "") for hit in hits)

    # --- what resembles a name --------------------------------------------------------------

    def _resembling(self, text: str, taken: list[Span], prompted: bool) -> list[Span]:
        follow_up = FOLLOW_UP.match(text)
        if follow_up and not prompted and not taken:
            start, end = follow_up.span("name")
            best = self._best(text[start:end])
            if best.score >= (_SAME_CORE if end - start == 2 else _BY_EAR):
                return [Span(start, end, best.kind)]
        return [span for start, end in gaps(text, taken) for span in self._in_gap(text, start, end, prompted)]

    def _widened(self, text: str, span: Span, low: int, high: int) -> Span:
        """哈纳乌拉嘎查 is 哈那乌拉嘎查 typed by ear, and not the 乌拉嘎查 that it ends in.

        The name may reach from `low` to `high`, where other spans begin.
        """
        low, high = max(low, span.start - LONGEST), min(high, span.end + LONGEST)
        low = max((m.end() for m in BREAK.finditer(text, low, span.start)), default=low)
        end = end_of_name(text, span, high)
        if (
            span.kind == GENERIC
            or end is None
            or (end == span.end and not text[low : span.start].strip(LEADING))
        ):
            return span
        own = parse_name(text[span.start : span.end]).core
        for begin in beginnings(text, low, end):
            wider = self._best(text[begin:end])
            if begin <= span.start and wider.score >= _CLOSE and wider.core != own:
                return Span(begin, end, wider.kind)
        return span

    def _in_gap(self, text: str, start: int, end: int, prompted: bool) -> Iterator[Span]:
        for span in self._suffixed(text, start, end, prompted):
            yield span
            start = span.end
        if prompted and start < end:
            yield from self._without_suffix(text, start, end)

    def _suffixed(self, text: str, start: int, end: int, prompted: bool) -> Iterator[Span]:
        ends = [m.end() for m in SUFFIX.finditer(text, start, end) if not GOES_ON.match(text, m.start())]
        while ends:
            # The last suffix first: 后炭市社区 is one name. 锡尼镇巴音嘎查 resembles none, and is cut.
            spans = [self._with_suffix(text, start, stop, prompted) for stop in reversed(ends)]
            if prompted:
                spans += [self._unknown(text, start, stop) for stop in reversed(ends)]
            span = next((span for span in spans if span), None)
            if span is None:
                return
            yield span
            start = span.end
            ends = [stop for stop in ends if stop > start]

    def _with_suffix(self, text: str, start: int, end: int, prompted: bool) -> Span | None:
        """The beginning that gives the best match, when that is good enough."""
        begins = [begin for begin in beginnings(text, start, end) if text[begin:end] not in SUFFIXES]
        scored = [(self._best(text[begin:end]), begin) for begin in begins]
        best, begin = max(scored, default=(_NOTHING, start), key=lambda pair: pair[0].score)
        short = len(best.core) < 3
        unprompted = _CLOSE_UNPROMPTED_SHORT if short else _CLOSE_UNPROMPTED
        if best.score < (_CLOSE if prompted else unprompted):
            return None
        return Span(begin, end, best.kind)

    def _unknown(self, text: str, start: int, end: int) -> Span | None:
        """A name like no other, but asked about as one: `龙王沟村是不是示范村`."""
        begin = [*beginnings(text, start, end)][-1]
        name = parse_name(text[begin:end])
        subject = CLAUSE_START.search(text, 0, start) or LEADS_IN.search(text, 0, start)
        if not (subject and stands_as_name(text, start, end)):
            return None
        if text[begin:end] in SUFFIXES or len(name.core) > _LONGEST_BARE or name.core.endswith("个"):
            return None
        return Span(begin, end, _kind(name.level))

    def _without_suffix(self, text: str, start: int, end: int) -> Iterator[Span]:
        while end - start > 2 and text[end - 1] in TRAILING:
            end -= 1
        begin = next((b for b in beginnings(text, start, end) if text[b:end] in self._short_names.cores), -1)
        if begin >= 0:
            yield Span(begin, end, "banner")
        elif stands_as_name(text, start, end):
            yield from self._bare(text, start, end)

    def _bare(self, text: str, start: int, end: int) -> Iterator[Span]:
        subject = CLAUSE_START.search(text, 0, start)
        for begin in beginnings(text, start, end):
            if 2 <= end - begin <= _LONGEST_BARE:
                needed = _CLOSE if subject and end - begin > 2 else _BY_EAR
                best = self._best(text[begin:end])
                if best.score >= needed:
                    yield Span(begin, end, best.kind)
                    return

    def _best(self, mention: str) -> _Best:
        """The best match, in the register or among the known names."""
        found = [(m.score, parse_name(m.name)) for m in self._known.match(mention, 1)]
        found += [(m.score, parse_name(m.area.name)) for m in self._register.find(mention, limit=8)]
        if not found:
            return _NOTHING
        # 巴音 is a village, a township and a street; of equally good ones the village is asked about.
        score, name = max(found, key=lambda pair: (pair[0], _kind(pair[1].level) == "village"))
        return _Best(score, _kind(parse_name(mention).level or name.level), name.core)


def _kind(level: str) -> str:
    return {"league": "banner", "banner": "banner", "township": "township"}.get(level, "village")


def _bare_names(matcher: NameMatcher) -> dict[str, str]:
    """Cores that are long enough to be recognised without their suffix."""
    names = (name for name in matcher.parsed if len(name.core) > 2)
    return {name.core: _kind(name.level) for name in names if name.kind or len(name.core) < 6}
