"""What a follow-up question may leave out, and how it is filled in from the turn before."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Self

from knowledge.question import years
from knowledge.text import squeeze

MAX_CARRIED = 80  # characters of a question that are carried over

_FOLLOWS = re.compile("^(?:那么?|那就|再问|还有|另外|然后|哦|嗯|好的|知道了)[,，]?|呢[?？]?$|^(?:它|他|这个|该|这项|那个|这一项|上面|这条|其中|里面|前面)")
_PRONOUN = re.compile("^(?:那么?)?(?:它们?|他|这个|那个|这项|该项|这一项|那一项|这一条|这条|上面(?:那|这)个?|该指标|这指标|这事)的?")
_LEADING = re.compile("^(?:那么?|那就|再问一?下?|还有|另外|然后|哦|嗯|好的|知道了)[,，]?")
_TRAILING = re.compile("(?:的)?(?:那个|这个|那项|这项|那块|这块|那|这)?呢[?？]?$|[?？]$")
_YEAR_ONLY = re.compile(r"^(?:到|在)?(?:20\d\d|\d\d)\s*年(?:底|末)?(?:的|那年)?$")
_ASKS = re.compile(
    "谁|哪|什么|怎么|几|多少|吗|能不能|是不是|有没有|多久|如何|考核|负责|分值|权重|单位|打分|最后|下一步|第[一二三四五六七八九十\\d]步"
)
_QUESTION_PART = re.compile(
    "(?:是|要|应|得|能|会|由|归|有|给|都|该|到|达到|一共|总共|分别|具体)*(?:谁|哪[个家些几一]?|什么|怎么|几|多少|如何|多久|百分之几|吗|呢)"
)


@dataclass(frozen=True, slots=True)
class Context:
    """The turn before: its question as understood, what it was about, and which kind answered."""

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


def completed(text: str, context: Context) -> str:
    """The question with what it leaves out put in from the turn before; itself if it stands alone.

    `那2024年呢` takes the question before with its year changed, `它归谁考核` its subject, `乌审旗的呢`
    its question with another place or thing.
    """
    text = text.strip()
    if context.options and (chosen := _chosen(text, context.options)):
        return f"{chosen} {_asking_part(context.question)}"
    if not context.question or not _is_follow_up(text):
        return text
    rest = _TRAILING.sub("", _LEADING.sub("", text)).strip(" ,，。")
    if _PRONOUN.match(rest) or (_ASKS.search(rest) and not _has_own_subject(rest)):
        return f"{context.subject or context.question}，{_PRONOUN.sub('', rest)}"
    if _YEAR_ONLY.match(rest):
        return _with_year(context.question, rest)
    if _ASKS.search(rest):
        return rest
    return f"{rest}{_asking_part(context.question)}"


def _chosen(text: str, options: tuple[str, ...]) -> str:
    """The option that a short reply picks, by number or by its words."""
    if text.isdecimal() and 0 < int(text) <= len(options):
        return options[int(text) - 1]
    bare = squeeze(text)
    found = [option for option in options if bare and bare in squeeze(option)]
    return found[0] if len(found) == 1 and len(bare) > 1 else ""


def _is_follow_up(text: str) -> bool:
    bare = squeeze(text)
    if len(bare) > 24:
        return False
    return bool(_FOLLOWS.search(text)) or not _has_own_subject(bare)


def _has_own_subject(text: str) -> bool:
    """Whether anything but asking words is left."""
    rest = re.sub(
        "谁|哪[个家些几一年里]*|什么|怎么|几[个项分]?|多少[个分钱]?|吗|呢|考核|负责|分值|权重|打分|单位|归|由|是|的|给|来|要|到|最后|下一步|"
        "一?步|第[一二三四五六七八九十]|占|分|部门|管|多久|比例|目标|排|项|都|有|厅|局|计量|说|了|啊|呀|吧|又|也|还|和",
        "",
        squeeze(text),
    )
    return len(rest) >= 2


def _with_year(question: str, year_text: str) -> str:
    year = next(iter(years(year_text)), None)
    if year is None:
        return question
    if re.search(r"20\d\d\s*年", question):
        return re.sub(r"20\d\d(?=\s*年)", str(year), question)
    return f"{year}年{question}"


def _asking_part(question: str) -> str:
    """What a question asks, without what it asks about: from its first asking word on."""
    tail = question[-MAX_CARRIED:]
    found = _QUESTION_PART.search(tail)
    years_named = "".join(re.findall(r"(?:到)?20\d\d年", tail))
    asking = tail[found.start() :] if found else ""
    return years_named + asking
