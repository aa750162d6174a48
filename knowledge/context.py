"""What a follow-up question may leave out, and how it is filled in from the turn before."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from typing import Self

from knowledge.question import years
from knowledge.text import squeeze

LONGEST_FOLLOW_UP = 22  # characters
LONGEST_WITH_CONTEXT = 320  # characters; a longer text is no follow-up

_OPENS = re.compile("^(?:那么?就?|再问一?下?|还有|另外|然后|哦|嗯|好的|知道了)[,，]?")
_REFERS = re.compile(
    "^(?:那么?)?(?:它们?|他|这个|那个|这[一]?项|该项|那[一]?项|这[一]?条|该指标|这指标|这事|其中|里头|里面|上面(?:那|这)?个?)的?"
)
_THEN = re.compile("(?:的)?(?:那个|那项|这项|那块|这块|那条|这条|那会儿|那年|那|这)?呢[?？]?$")
_ORDINALS = "一二三四五六七八九十"
_NTH = re.compile(f"^第([{_ORDINALS}])(?:个|项|条)$")
_OF = re.compile("^[^的]{2,6}的[?？]?$")
_END = re.compile("[?？。!！]+$")
_YEAR = re.compile(r"(?:到|在)?(?:20\d\d|(?<!\d)[123]\d)\s*年(?:底|末)?")
_ASKS = re.compile(
    "谁|哪|什么|怎么|几|多少|吗|能不能|是不是|有没有|多久|如何|考核|负责|分值|权重|单位|打分|最后|下一步|往下|接着|第[一二三四五六七八九十]步|占|为什么"
)
_CLAUSE = re.compile(r"第[一二三四五六七八九十\d]+[条章节]|专栏\d+")
_LABELS = re.compile(rf"{_CLAUSE.pattern}|[一二三四五六七八九十]*、?[(（][一二三四五六七八九十\d]+[)）]")
_NO_SUBJECT = re.compile(
    "谁|哪[个家些几一年里]*|什么|怎么|几[个项分]?|多少[个分钱]?|吗|呢|考核|负责|分值|权重|打分|单位|归|由|是|的|给|来|要|到|最后|下一步|"
    "一?步|第[一二三四五六七八九十]|占|分|部门|管|多久|再|一共|总共|合计|往下|接着|自治区|市里|这个|那个|这项|那项|它|比例|目标|底子|基数|排|项|都|有|厅|局|计量|说|了|啊|呀|吧|又|也|还|和|现在|当时|那年"
)


@dataclass(frozen=True, slots=True)
class Context:
    """The turn before: its question in full, what it was about, which kind answered, its choices."""

    question: str = ""
    subject: str = ""
    kind: str = ""
    options: tuple[str, ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises ValueError when the text is not what `to_json` wrote."""
        content = json.loads(text)
        if not isinstance(content, dict) or set(content) != {"question", "subject", "kind", "options"}:
            raise ValueError(f"not a context: {text[:60]}")
        return cls(content["question"], content["subject"], content["kind"], tuple(content["options"]))


@dataclass(frozen=True, slots=True)
class Completed:
    """A question that stands alone: what was typed, and what is carried over from the turn before."""

    own: str
    carried: str = ""
    follows: bool = False  # whether anything was put in or carried over

    @property
    def full(self) -> str:
        """Both in one, for the context of the next turn."""
        return f"{self.own}，{self.carried}" if self.carried else self.own


def completed(text: str, context: Context) -> Completed:
    """Put in what a follow-up leaves out.

    `那2024年呢` takes the question before with its year changed; `它归谁考核` its subject; `乌审旗的呢`
    is its own subject with what was asked before.
    """
    text = text.strip()
    if context.options and (chosen := _chosen(text, context.options)):
        return Completed(chosen, "" if context.kind == "clause" else _END.sub("", context.question))
    if not context.question or not _is_follow_up(text):
        return Completed(text)
    return replace(_filled_in(text, context), follows=True)


def _filled_in(text: str, context: Context) -> Completed:
    rest = _END.sub("", _THEN.sub("", _OPENS.sub("", text))).strip(" ,，。")
    rest = rest.removesuffix("的") if _OF.search(text) else rest
    asks = bool(_ASKS.search(rest))
    if (year := _YEAR.search(rest)) and not _subject(rest.replace(year[0], "")):
        return _other_year(rest, asks, year[0], context)
    if _REFERS.match(rest):
        rest = _REFERS.sub("", rest)
        if not _subject(rest):
            return Completed(f"{context.subject or context.question}，{rest}")
        return Completed(rest, context.question)
    if not _subject(rest):
        carried = context.question if context.kind == "places" else ""
        return Completed(
            f"{context.subject or context.question}，{rest}" if asks else context.question, carried
        )
    carried = _LABELS.sub("", context.question) if _LABELS.search(rest) else context.question
    return Completed(rest, _without_years(carried) if years(rest) else carried)


def _chosen(text: str, options: tuple[str, ...]) -> str:
    """The option that a short reply picks, by number or by its words."""
    number = _NTH.match(text)
    picked = int(text) if text.isdecimal() else _ORDINALS.index(number[1]) + 1 if number else 0
    if 0 < picked <= len(options):
        return options[picked - 1]
    bare = squeeze(text)
    found = [option for option in options if bare and bare in squeeze(option)]
    return found[0] if len(found) == 1 and len(bare) > 1 else ""


def _is_follow_up(text: str) -> bool:
    """Short, and either marked as one (那…, …呢, 它…) or without a subject of its own."""
    bare = squeeze(text)
    if len(bare) > LONGEST_FOLLOW_UP:
        return False
    marked = _OPENS.search(text) or _REFERS.search(text) or _THEN.search(text) or _OF.search(text)
    return bool(marked) or not _subject(_YEAR.sub("", text))


def _subject(text: str) -> str:
    """What is left of a question without its asking words; "" when that is next to nothing."""
    if clause := _CLAUSE.search(text):
        return clause[0]
    rest = _NO_SUBJECT.sub("", squeeze(text))
    return rest if len(rest) >= 2 else ""


def _other_year(rest: str, asks: bool, words: str, context: Context) -> Completed:
    year = next(iter(years(rest)), None)
    if year is None:
        return Completed(context.question)
    subject = _without_years(context.subject or context.question)
    if asks:
        return Completed(f"{year}年{subject}，{rest.replace(words, '')}")
    return Completed(f"{year}年{subject}", _without_years(context.question))


def _without_years(question: str) -> str:
    return re.sub(r"(?:到|在)?20\d\d\s*年|(?<!\d)[123]\d\s*年", "", question)
