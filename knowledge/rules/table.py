"""The rules as they are written in the files beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.rules import exits
from knowledge.rules.model import Option, Rule, RulesError, Step, Suggestion, Transition

FOLDER = Path(__file__).parent
_LISTS = (
    "sources", "departments", "categories", "risks", "capacities", "measures", "exit_criteria",
    "annual_headings", "quarterly_headings",
)  # fmt: skip
_EARLY_CAUSES = ("disaster", "accident")  # 因灾因意外事故等


@dataclass(frozen=True, slots=True)
class Rules:
    """`clauses` are all rules by name; steps are in the order of the procedure."""

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

    def step(self, code: str) -> Step:
        """Raises KeyError for a code that is none."""
        for step in self.steps:
            if step.code == code:
                return step
        raise KeyError(code)

    def allowed(self, step: str, role: str) -> tuple[Transition, ...]:
        """What somebody in that role may do with a case that stands there."""
        return tuple(move for move in self.transitions if move.source == step and role in move.roles)

    def suggest(self, risks: Sequence[str], capacity: str) -> Suggestion:
        """Kinds of help by risk and by capacity (M08)."""
        chosen = [option for option in self.risks if option.code in risks]
        able = next((option for option in self.capacities if option.code == capacity), None)
        codes = [code for option in chosen for code in option.measures]
        codes += able.measures if able else ()
        combined = len(chosen) > 1
        clauses = (self.clauses["combined" if combined else "single"], able.rule if able else None)
        return Suggestion(
            combined,
            tuple(option for option in self.measures if option.code in codes),
            tuple(rule for rule in clauses if rule),
        )

    def help_first(self, risks: Iterable[str], urgent: bool) -> Rule | None:
        """The clause that lets help come before the procedure, where it may apply (M09)."""
        return self.clauses["help_first"] if urgent and set(_EARLY_CAUSES).intersection(risks) else None

    def exit_obstacles(self, facts: exits.ExitFacts) -> tuple[exits.Obstacle, ...]:
        """What stands against an exit (M10, M11)."""
        return tuple(exits.obstacles(facts, self.exit_criteria, self.clauses))

    def watched_after_exit(self, category: str) -> Rule | None:
        """The clause that keeps a household on the watch list after its exit (M12)."""
        return self.clauses["watched"] if category == "unstable" else None

    @property
    def after_exit(self) -> Rule:
        """What becomes of help that runs on after an exit (M12)."""
        return self.clauses["after_exit"]


@cache
def rules() -> Rules:
    """Read once. Raises RulesError."""
    return read(FOLDER)


def read(folder: Path) -> Rules:
    """The rules of a folder. Raises RulesError where the files contradict themselves."""
    clauses = _clauses(_toml(folder / "clauses.toml"))
    options = _toml(folder / "options.toml")
    procedure = _toml(folder / "procedure.toml")
    lists = {name: tuple(_options(name, options[name], clauses)) for name in _LISTS}
    steps = tuple(_step(given, clauses) for given in procedure["step"])
    _unique("procedure.toml", [step.code for step in steps])
    known = {step.code for step in steps}
    transitions = tuple(
        _transition(given, source, known, clauses)
        for given in procedure["transition"]
        for source in given["source"]
    )
    _require_measures(lists)
    return Rules(clauses=clauses, steps=steps, transitions=transitions, **lists)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulesError(f"{path.name}: not readable as TOML in UTF-8 ({error})") from error


def _clauses(written: dict[str, Any]) -> dict[str, Rule]:
    places, document = written["place"], written["document"]["plan"]
    for name, rule in written["rule"].items():
        if rule["place"] not in places:
            raise RulesError(f"clauses.toml, {name}: no place {rule['place']!r}; there are {sorted(places)}")
    return {
        name: Rule(rule["quote"], document, places[rule["place"]]) for name, rule in written["rule"].items()
    }


def _options(name: str, written: list[dict[str, Any]], clauses: Mapping[str, Rule]) -> Iterable[Option]:
    _unique(f"options.toml, {name}", [given["code"] for given in written])
    for given in written:
        yield Option(given["code"], given["label"], _clause(given, clauses), tuple(given.get("measures", ())))


def _step(given: dict[str, Any], clauses: Mapping[str, Rule]) -> Step:
    return Step(given["code"], given["label"], given["who"], given.get("number"), _clause(given, clauses))


def _transition(
    given: dict[str, Any], source: str, known: set[str], clauses: Mapping[str, Rule]
) -> Transition:
    target = source if given["target"] == "same" else given["target"]
    if unknown := {source, target} - known - {""}:
        raise RulesError(f"procedure.toml, {given['action']}: no step {sorted(unknown)}; there are {known}")
    return Transition(
        given["action"], source, target, tuple(given["roles"]), tuple(given.get("needs", ())),
        _clause(given, clauses),
    )  # fmt: skip


def _clause(given: dict[str, Any], clauses: Mapping[str, Rule]) -> Rule | None:
    name = given.get("rule")
    if name is not None and name not in clauses:
        raise RulesError(f"{given}: no rule {name!r} in clauses.toml; there are {sorted(clauses)}")
    return clauses[name] if name else None


def _unique(where: str, codes: Sequence[str]) -> None:
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise RulesError(f"{where}: each code once, but {sorted(twice)} comes twice")


def _require_measures(lists: Mapping[str, tuple[Option, ...]]) -> None:
    known = {option.code for option in lists["measures"]}
    for option in (*lists["risks"], *lists["capacities"]):
        if unknown := set(option.measures) - known:
            raise RulesError(f"options.toml, {option.code}: no measures {sorted(unknown)}; there are {known}")
