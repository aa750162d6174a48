"""Whether an answer is what a question expects (the files: questions/README.md)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.model import Answer, Citation, Status

QUESTIONS = Path(__file__).parent / "questions"
TODO = "todo"  # the status of an exported question that nobody has completed yet
MAX_LEAD, MAX_TEXT = 120, 4096

_DROPPED = re.compile(r"[\s\"'“”‘’「」『』《》〈〉\-‐‑–—―_*`|│]+")
_LABEL = re.compile(
    r"第[一二三四五六七八九十百零\d]+[章节条项款]|\([一二三四五六七八九十\d]+\)|专栏\d+|附[表件]\d*|"
    r"[一二三四五六七八九十]+|\d+(?:\.\d+)?|[^\d一二三四五六七八九十()]+"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what its last answer must be."""

    id: str
    kind: str
    turns: tuple[str, ...]
    expect: Mapping[str, Any]


def questions(path: Path) -> Iterator[Asked]:
    """The questions of a file, one JSON object a line; those are left out that are still to be completed."""
    return (asked for asked in _all_questions(path) if asked.expect["status"] != TODO)


def unfinished(path: Path) -> int:
    """How many questions of a file are left out."""
    return sum(asked.expect["status"] == TODO for asked in _all_questions(path))


def _all_questions(path: Path) -> Iterator[Asked]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            item = json.loads(line)
            yield Asked(item["id"], item["kind"], tuple(item["turns"]), item["expect"])


def bare(text: str) -> str:
    """NFKC, without white space, quotation marks and dashes; how both sides are compared."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text)).lower()


def faults(expect: Mapping[str, Any], answer: Answer) -> list[str]:
    """What the answer lacks or has too much; an empty list is a pass."""
    lead, text = bare(answer.lead), bare(answer.text) + bare(answer.lead)
    refused = expect["status"] == Status.NOT_FOUND
    found = [] if answer.status == expect["status"] else [f"status {answer.status}, not {expect['status']}"]
    found += [f"lead has {len(answer.lead)} characters"] if len(answer.lead) > MAX_LEAD else []
    found += [f"text has {len(answer.text)} characters"] if len(answer.text) > MAX_TEXT else []
    found += [f"lead lacks {s}" for s in expect["lead"] if bare(s) not in lead]
    found += [f"text lacks {s}" for s in expect["all"] if bare(s) not in text]
    found += [f"text lacks any of {g}" for g in expect["any"] if not any(bare(s) in text for s in g)]
    found += [f"has {s}" for s in expect["none"] if bare(s) in (text if refused else lead)]
    found += _citation_faults(expect, answer)
    options = [bare(o) for o in answer.options]
    return found + [f"no option has {s}" for s in expect["options"] if not any(bare(s) in o for o in options)]


_TITLES = {"衔接政策措施": "政策措施"}


def _citation_faults(expect: Mapping[str, Any], answer: Answer) -> Iterator[str]:
    wanted = expect["doc"] and _TITLES.get(expect["doc"], expect["doc"])
    first = bare(answer.citations[0].document) if answer.citations else ""
    if wanted and expect["status"] == Status.ANSWERED and wanted not in first:
        yield f"first citation is not of {expect['doc']}"
    for place in expect["locator"]:
        if not any(_in_order(place, c.locator) for c in answer.citations):
            yield f"no locator has {place}"


def _in_order(wanted: str, locator: str) -> bool:
    """Whether the labels of `wanted` (`三（一）`) stand in the locator in this order."""
    at, locator = 0, bare(locator)
    for label in _LABEL.findall(bare(wanted)):
        found = locator.find(label, at)
        if found < 0:
            return False
        at = found + len(label)
    return True


def is_supported(citation: Citation, sources: str) -> bool:
    """Whether every part of a quotation stands in the (bare) sources."""
    return all(bare(part) in sources for part in re.split(r"…+", citation.quote))
