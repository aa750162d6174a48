"""How a question is cut around the names of places: its function words, its cues, its suffixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.matching import SUFFIXES

GENERIC = ""  # the kind of a word that is no name
LONGEST = 12
SUFFIX = re.compile(
    "嘎查村民委员会|嘎查村委员会|嘎查村委会|嘎查委员会|嘎查村|嘎查|村村民委员会|村民委员会|村村委会|村委会|村委|村"
    "|社区居委会|居民委员会|居委会|社区|街道办事处|街道办|街道|苏木|镇|乡|自治旗|旗|区|县|市|盟"
)
# After these a 村 or 旗 belongs to the next word: 村规, 旗委.
GOES_ON = re.compile(
    "村(?:规|民(?!委)|庄|级|集|容|貌|史|医|务|支|两|干|部|组|屯|落|子|小)|[旗区县市镇乡]级|市场|市民"
)
# Words between which a name stands. Single characters only where hardly any name has them.
BREAK = re.compile(
    r"[^0-9a-z\u4e00-\u9fff]+|我们|你们|他们|咱们|我们这|请问|麻烦|听说|是不是|是否|算不算|在不在|有没有|属不属于|属于|不属于"
    r"|上没上|入没入|能不能|是重点|是示范|不是|还是|或者|以及|哪一?类|哪一?个|哪些|哪里|哪儿|哪|什么|多少|几个|为什么|怎么|咋"
    r"|一回事|名单|一个|一共|总共|还有|就|重点|示范|帮扶|整体推进|扶持|引领|归|属|是|吗|呢|啊|呀|啥|甚|谁|与|跟|叫|查一下|查下|查查|有|在|的|算|没"
    r"|不(?=$|[^0-9a-z\u4e00-\u9fff])"
)
NO_LETTER = re.compile(r"[\W_]")
PREDICATE = re.compile(
    "(?:是不是|是否|是重点|是示范|算不算|在不在|有没有|属不属于|属于|不属于|上没上|入没入|能不能|不是|是|算|属|归|在|哪|咋|名单|重点|示范|有)"
)
CLAUSE_START = re.compile(r"(?:^|[\W_]|我们|你们|他们|咱们|请问|听说|麻烦|旗|镇|苏木|市|区)$")
LEADS_IN = re.compile("(?:有没有|有|叫|查一下|查下|查查|名单里?|是|还是|或者|以及|跟|与|、)$")
CUE = re.compile(
    "(?:示范|重点|帮扶|引领|整体推进|扶持)[^,。?？]{0,6}(?:村|嘎查|旗|苏木|镇|名单)|名单|是重点|是示范|上榜|入选"
    "|哪个?(?:旗|苏木|镇|乡|盟|市|区|县|村|嘎查|街道)|(?:归|属于?)哪(?!个?(?:部门|厅|局|委|单位|机构|家|口))|在哪|哪儿|哪里"
)
FOLLOW_UP = re.compile("^那?(?P<name>[^的]{2,10}?)(?:的)?呢[?？]?$")
LEADING = "我你他咱那这就请问在到把和跟与及归里头说"
TRAILING = "是在归有的吗呢吧啊呀不没了么里上那这都也和到"


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets in the normalised question; `kind` as in Mention, or GENERIC."""

    start: int
    end: int
    kind: str


def leftmost_longest(spans: Iterable[Span]) -> list[Span]:
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.kind)):
        if not chosen or span.start >= chosen[-1].end:
            chosen.append(span)
    return chosen


def gaps(text: str, taken: list[Span]) -> Iterator[tuple[int, int]]:
    """The stretches between what is taken and the words that no name has."""
    start = 0
    for stop in (*taken, Span(len(text), len(text), "")):
        for broken in BREAK.finditer(text, start, stop.start):
            yield start, broken.start()
            start = broken.end()
        yield start, stop.start
        start = stop.end


def beginnings(text: str, start: int, end: int) -> Iterator[int]:
    """Where a name may begin: at once, or after leading function words."""
    yield start
    while end - start > 2 and text[start] in LEADING:
        start += 1
        yield start


def end_of_name(text: str, span: Span, high: int) -> int | None:
    """Where the name ends that the span is in: at its own suffix, or at the last one behind it."""
    if text[span.start : span.end].endswith(SUFFIXES):
        return span.end
    broken = BREAK.search(text, span.end, high)
    ends = [m.end() for m in SUFFIX.finditer(text, span.end, broken.start() if broken else high)]
    return ends[-1] if ends else None


def stands_as_name(text: str, start: int, end: int) -> bool:
    """Whether something is asked about the words from start to end."""
    return bool(PREDICATE.match(text, end) or LEADS_IN.search(text, 0, start))


def words_in(text: str, words: dict[str, str]) -> Iterator[Span]:
    for start in range(len(text)):
        for end in range(start + 2, min(start + LONGEST, len(text)) + 1):
            kind = words.get(text[start:end])
            if kind is not None:
                yield Span(start, end, kind)


def has_suffix(text: str, taken: list[Span]) -> bool:
    return any(SUFFIX.search(text, start, end) for start, end in gaps(text, taken))
