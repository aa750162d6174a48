"""gaps.toml: what the documents mention and leave unsaid, so that nobody has to guess it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import CorrectionError
from knowledge.question import Question
from knowledge.wants import Wants, asking_part

FILE_NAME = "gaps.toml"


@dataclass(frozen=True, slots=True)
class Gap:
    """`about`: groups of which each must occur, alternatives within; `asks`: kinds of question."""

    about: tuple[tuple[str, ...], ...]
    asks: frozenset[str]
    file: str
    quote: str
    lead: str

    def is_asked(self, question: Question) -> bool:
        if Wants.ANYTHING not in self.asks and question.wants not in self.asks:
            return False
        asked = asking_part(question.text)
        heard = [asked, *(t for c in question.concepts if c.surface in asked for t, _ in c.alternatives)]
        subject, *rest = self.about
        if not any(word in text for word in subject for text in heard):
            return False
        return all(any(word in asked for word in group) for group in rest)


def load(folder: Path, texts: Mapping[str, str]) -> tuple[Gap, ...]:
    """The gaps of a library; empty when it names none.

    Raises:
        CorrectionError: malformed, or a quote does not stand in its source.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return ()
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        gaps = tuple(
            Gap(
                tuple(tuple(group.split("|")) for group in item["about"]),
                frozenset(item["asks"]),
                item["file"],
                item["quote"],
                item["lead"],
            )
            for item in content.get("gap", [])
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, KeyError) as error:
        raise CorrectionError(f"{path.name} 读不了：{error}。请照文件开头的说明改正。") from error
    for gap in gaps:
        if gap.asks - set(Wants):
            raise CorrectionError(
                f"{path.name}：asks 只能写 {'、'.join(Wants)}，不能写 {'、'.join(gap.asks - set(Wants))}。"
            )
        if gap.quote not in texts.get(gap.file, ""):
            raise CorrectionError(f"{path.name}：“{gap.quote}”在 {gap.file} 里找不到；请核对后改正。")
    return gaps
