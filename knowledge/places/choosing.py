"""Which area of a level somebody means who types its name, alone or with those above it in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.matching import How
from knowledge.places.register import Area, PlaceMatch, PlaceRegister

_LOOKED_AT = 60  # names; those of other levels are among them
_SURE = (How.EXACT, How.SUFFIX)


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """The areas that can be meant, best first; `sure` is the one that was named, if just one was."""

    areas: tuple[Area, ...] = ()
    sure: Area | None = None


def areas_meant(register: PlaceRegister, text: str, level: str, limit: int = 8) -> AreaChoice:
    """`text` is a code, or names from large to small, misspelt perhaps (`乌审旗 无定河镇`)."""
    if area := register.by_code.get(text.strip()):
        return AreaChoice((area,), area) if area.level == level else AreaChoice()
    names = _names(register, text)
    if not names:
        return AreaChoice()
    within = names[-2] if len(names) > 1 else None
    found = [m for m in register.find(names[-1], within, _LOOKED_AT) if m.area.level == level]
    return AreaChoice(tuple(match.area for match in found[:limit]), _sure(found))


def _names(register: PlaceRegister, text: str) -> Sequence[str]:
    """The names of a text; those that stand together without a space are told apart."""
    words = text.split()
    mentioned = [mention.text for mention in register.mentions(words[0])] if len(words) == 1 else []
    return mentioned if len(mentioned) > 1 and "".join(mentioned) == words[0] else words


def _sure(found: Sequence[PlaceMatch]) -> Area | None:
    best = [match for match in found if match.score == found[0].score and match.how in _SURE]
    return best[0].area if len(best) == 1 else None
