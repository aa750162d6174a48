"""The rules, and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from knowledge.rules import exits
from knowledge.rules.model import (
    Assistance,
    CapacityHelp,
    Option,
    RiskHelp,
    Rule,
    RulesError,
    Step,
    Suggestion,
    Transition,
)


@dataclass(frozen=True, slots=True)
class Rules:
    """`clauses` are all rules by name; steps and options are in the order in which they are shown."""

    clauses: Mapping[str, Rule]
    steps: tuple[Step, ...]
    transitions: tuple[Transition, ...]
    sources: tuple[Option, ...]
    departments: tuple[Option, ...]
    categories: tuple[Option, ...]
    risks: tuple[Option, ...]
    capacities: tuple[Option, ...]
    measures: tuple[Option, ...]
    exit_criteria: tuple[Option, ...]
    annual_headings: tuple[Option, ...]
    quarterly_headings: tuple[Option, ...]
    assistance: Assistance

    def step(self, code: str) -> Step:
        """Raises RulesError for a code that is none."""
        for step in self.steps:
            if step.code == code:
                return step
        raise RulesError(f"no step {code!r}; there are {', '.join(step.code for step in self.steps)}")

    def allowed(self, step: str, role: str) -> tuple[Transition, ...]:
        """What somebody in that role may do with a case that stands there."""
        return tuple(move for move in self.transitions if move.source == step and role in move.roles)

    def transition(self, step: str, action: str, role: str, target: str | None = None) -> Transition | None:
        """The one that role may make there; without a target the first of that action. None: not allowed."""
        for move in self.allowed(step, role):
            if move.action == action and target in (None, move.target):
                return move
        return None

    def suggest(self, risks: Iterable[str], capacity: str) -> Suggestion:
        """Kinds of help by risk and by labour capacity (M08).

        Raises:
            RulesError: a code that is none.
        """
        chosen = _chosen(self.assistance.by_risk, risks)
        (able,) = _chosen(self.assistance.by_capacity, [capacity])
        combined = len(chosen) > 1
        codes = _measures(chosen, able)
        measures = tuple(option for option in self.measures if option.code in codes)
        clauses = (self.clauses["combined" if combined else "single"] if chosen else None, able.option.rule)
        notes = self.assistance.choose_one if len(chosen) == 1 < len(measures) else ""
        return Suggestion(
            combined, measures, tuple(rule for rule in clauses if rule), notes + self.assistance.literal
        )

    def help_first(self, risks: Iterable[str], urgent: bool) -> Rule | None:
        """The clause that lets help come before the procedure, where it may apply (M09)."""
        may_come_first = any(given.first for given in _chosen(self.assistance.by_risk, risks))
        return self.clauses["help_first"] if urgent and may_come_first else None

    def exit_obstacles(self, facts: exits.ExitFacts) -> tuple[exits.Obstacle, ...]:
        """What stands against an exit (M10, M11)."""
        return tuple(exits.obstacles(facts, self.exit_criteria, self.clauses))

    def watched_after_exit(self, category: str) -> Rule | None:
        """The clause that keeps a household on the watch list after its exit (M12)."""
        return self.clauses["watched"] if category == "unstable" else None

    @property
    def after_exit_rule(self) -> Rule:
        """What becomes of help that runs on after an exit (M12)."""
        return self.clauses["after_exit"]


_Coded = TypeVar("_Coded", RiskHelp, CapacityHelp)


def _chosen(options: tuple[_Coded, ...], codes: Iterable[str]) -> tuple[_Coded, ...]:
    wanted = set(codes)
    if unknown := wanted - {option.code for option in options}:
        known = ", ".join(option.code for option in options)
        raise RulesError(f"no option {', '.join(sorted(unknown))}; there are {known}")
    return tuple(option for option in options if option.code in wanted)


def _measures(risks: Collection[RiskHelp], capacity: CapacityHelp) -> set[str]:
    """By need, what a capacity is given comes in when the risks are several or call for nothing by name."""
    codes = {code for risk in risks for code in risk.measures} - set(capacity.excludes)
    if capacity.always or len(risks) > 1 or not codes:
        codes |= set(capacity.measures)
    return codes
