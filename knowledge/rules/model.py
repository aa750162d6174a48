"""The nouns of the rules."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.errors import KnowledgeError


class RulesError(KnowledgeError):
    """The data of the rules contradicts itself; the message names file, entry and what would be right."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a clause says, verbatim, and where it stands."""

    quote: str
    document: str
    locator: str


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a form. `code` is stored and never changes; `measures` are codes of what may help."""

    code: str
    label: str
    rule: Rule | None = None
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Where a case can stand. `number` is its place among the eight of the document, None for others."""

    code: str
    label: str
    who: str
    number: int | None = None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of step that the procedure knows. `roles` are names of db.access.Role.

    `needs` names what has to come with it: "reason", "fields". A target "" is the step before.
    """

    action: str
    source: str
    target: str
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Kinds of help for a household, and the clauses behind them; advice, not a decision."""

    combined: bool
    measures: tuple[Option, ...]
    rules: tuple[Rule, ...]
