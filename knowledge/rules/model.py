"""The nouns of the rules."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.errors import KnowledgeError


class RulesError(KnowledgeError):
    """The files of the rules contradict themselves, or a code is none of theirs."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a clause says, verbatim, and where it stands; title and place as in a Citation."""

    quote: str
    document: str
    locator: str


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a form. `code` is stored and never changes; `hint` is a line for whoever chooses."""

    code: str
    label: str
    rule: Rule | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a case can stand. `number` is its place among the eight of the document, None for others.

    `who` tells the reader who acts; `note` what of it is our reading, "" where the document says it.
    """

    code: str
    label: str
    number: int | None
    rule: Rule | None
    who: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of step that the procedure knows.

    `roles` are names of db.access.Role. `needs` names what has to come with it: "reason", "fields".
    A target "" is the step that is stored as the one before. `note` as in Step.
    """

    action: str
    source: str
    target: str
    roles: tuple[str, ...]
    needs: tuple[str, ...]
    rule: Rule | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RiskHelp:
    """Codes of the measures that a risk calls for by its name; `first`: help may come first (M09)."""

    option: Option
    measures: tuple[str, ...]
    first: bool = False

    @property
    def code(self) -> str:
        return self.option.code


@dataclass(frozen=True, slots=True)
class CapacityHelp:
    """Codes of the measures that a clause gives households of one labour capacity.

    `always`: whatever the risks; else by need only. `excludes`: what the clauses give to others alone.
    """

    option: Option
    measures: tuple[str, ...]
    always: bool = False
    excludes: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.option.code


@dataclass(frozen=True, slots=True)
class Assistance:
    """Which measures go with which risk and capacity.

    Two notes for the reader: `literal`, that the matching is ours; `choose_one`, that one is to be chosen.
    """

    by_risk: tuple[RiskHelp, ...]
    by_capacity: tuple[CapacityHelp, ...]
    literal: str
    choose_one: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Kinds of help for a household, and the clauses behind them; advice, not a decision.

    `note` tells the reader what of it the documents don't say.
    """

    combined: bool
    measures: tuple[Option, ...]
    rules: tuple[Rule, ...]
    note: str = ""
