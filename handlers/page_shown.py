"""What the one-time page shows. Its sentences stand in wording_pages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Why a page is not shown."""

    EXPIRED = "expired"
    USED = "used"
    UNKNOWN = "unknown"
    OVER = "over"  # the draft was submitted or given up
    SOMEBODY_ELSE = "somebody_else"  # the browser is signed in as another person
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the page. `typed` and `fault` are those of an attempt that was not stored."""

    code: str
    label: str
    hint: str
    required: bool
    digits: bool
    typed: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class FillPage:
    about: str
    lines: tuple[Line, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class RevealPage:
    """A button that shows the value."""

    text: str


@dataclass(frozen=True, slots=True)
class Saved:
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revealed:
    label: str
    value: str


Shown = FillPage | RevealPage | Saved | Revealed | Refusal
