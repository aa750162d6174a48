"""The rules from the files beside this module, checked when they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from knowledge.rules.entry import Entry, read_file
from knowledge.rules.model import Assistance, CapacityHelp, Option, RiskHelp, Rule, Step, Transition
from knowledge.rules.table import Rules

FOLDER = Path(__file__).parent
ROLES = ("village_cadre", "township_reviewer", "banner_reviewer", "administrator")
NEEDS = ("reason", "fields")
ACTIONS = ("pass", "return", "refuse", "appeal", "withdraw", "propose_exit", "merge", "unmerge")
_USED = (
    "single", "combined", "help_first", "exit_standard", "exit_time", "exit_labour", "watched", "after_exit"
)  # fmt: skip
_SAME, _BEFORE = "same", ""  # targets that are no codes of steps
_Clauses = Mapping[str, Rule]
_Coded = TypeVar("_Coded", Option, Step, RiskHelp, CapacityHelp)


@cache
def rules() -> Rules:
    """Read once. Raises RulesError."""
    return read(FOLDER)


def read(folder: Path) -> Rules:
    """The rules of a folder.

    Raises:
        RulesError: a file is missing or malformed, or names something that is not there.
    """
    clauses = _clauses(read_file(folder / "clauses.toml"))
    procedure = read_file(folder / "procedure.toml")
    steps = _unique(procedure, "step", (_step(entry, clauses) for entry in procedure.entries("step")))
    transitions = _transitions(procedure, steps, clauses)
    procedure.end()
    options = read_file(folder / "options.toml")
    lists = {name: _options(options, name, clauses) for name in _LISTS}
    options.end()
    measures, assistance = _assistance(read_file(folder / "assistance.toml"), clauses)
    return Rules(
        clauses=clauses,
        steps=steps,
        transitions=transitions,
        risks=tuple(given.option for given in assistance.by_risk),
        capacities=tuple(given.option for given in assistance.by_capacity),
        measures=measures,
        assistance=assistance,
        **lists,
    )


# --- clauses --------------------------------------------------------------------------------


def _clauses(file: Entry) -> dict[str, Rule]:
    titles = file.mapping("documents")
    found: dict[str, Rule] = {}
    for entry in file.entries("clause"):
        document, locator, quotes = entry.text("document"), entry.text("locator"), entry.mapping("quotes")
        entry.known("文件", [document], titles)
        if twice := found.keys() & quotes.keys():
            raise entry.wrong(f"{'、'.join(twice)} 前面已经有了；每个名字只能用一次")
        found |= {name: Rule(quote, titles[document], locator) for name, quote in quotes.items()}
        entry.end()
    file.end()
    if missing := [name for name in _USED if name not in found]:
        raise file.wrong(f"少了 {'、'.join(missing)}；这几句程序里要用")
    return found


def _rule(entry: Entry, clauses: _Clauses) -> Rule | None:
    name = entry.text("rule", "")
    if name:
        entry.known("条款", [name], clauses)
    return clauses[name] if name else None


# --- the procedure --------------------------------------------------------------------------


def _step(entry: Entry, clauses: _Clauses) -> Step:
    step = Step(
        entry.text("code"), entry.text("label"), entry.number("number"), _rule(entry, clauses),
        entry.text("who"), entry.text("note", ""),
    )  # fmt: skip
    entry.end()
    return step


def _transitions(file: Entry, steps: Sequence[Step], clauses: _Clauses) -> tuple[Transition, ...]:
    known = [step.code for step in steps]
    found: dict[tuple[str, str, str], Transition] = {}
    for entry in file.entries("transition"):
        for move in _expanded(entry, known, clauses):
            key = (move.action, move.source, move.target)
            if key in found:
                raise entry.wrong(f"{move.source} → {move.target} 前面已经有了；角色写在同一条的 roles 里")
            found[key] = move
    return tuple(found.values())


def _expanded(entry: Entry, steps: Sequence[str], clauses: _Clauses) -> list[Transition]:
    """One transition for each source that an entry names."""
    action, sources, target = entry.text("action"), entry.texts("source"), entry.text("target")
    roles, needs = entry.texts("roles"), entry.texts("needs", [])
    entry.known("动作", [action], ACTIONS)
    entry.known("环节", sources, steps)
    entry.known("环节", [target], [*steps, _SAME, _BEFORE])
    entry.known("身份", roles, ROLES)
    entry.known("要求", needs, NEEDS)
    rule, note = _rule(entry, clauses), entry.text("note", "")
    entry.end()
    if not sources or not roles:
        raise entry.wrong("source、roles 都至少要写一个")
    return [
        Transition(action, source, source if target == _SAME else target, roles, needs, rule, note)
        for source in sources
    ]


# --- options --------------------------------------------------------------------------------

_LISTS = (
    "sources", "departments", "categories", "exit_criteria", "annual_headings", "quarterly_headings",
)  # fmt: skip


def _options(file: Entry, name: str, clauses: _Clauses) -> tuple[Option, ...]:
    return _unique(file, name, (_closed(entry, clauses) for entry in file.entries(name)))


def _closed(entry: Entry, clauses: _Clauses) -> Option:
    option = _option(entry, clauses)
    entry.end()
    return option


def _option(entry: Entry, clauses: _Clauses) -> Option:
    return Option(entry.text("code"), entry.text("label"), _rule(entry, clauses), entry.text("hint", ""))


def _assistance(file: Entry, clauses: _Clauses) -> tuple[tuple[Option, ...], Assistance]:
    """The measures, and what is said of who gets which."""
    measures = _options(file, "measures", clauses)
    codes = [measure.code for measure in measures]
    assistance = Assistance(
        _unique(file, "risk", (_risk(entry, codes, clauses) for entry in file.entries("risk"))),
        _unique(file, "capacity", (_capacity(entry, codes, clauses) for entry in file.entries("capacity"))),
        literal=file.text("literal"),
        choose_one=file.text("choose_one"),
    )
    file.end()
    return measures, assistance


def _risk(entry: Entry, measures: Sequence[str], clauses: _Clauses) -> RiskHelp:
    given = RiskHelp(_option(entry, clauses), _codes(entry, "measures", measures), entry.flag("help_first"))
    entry.end()
    return given


def _capacity(entry: Entry, measures: Sequence[str], clauses: _Clauses) -> CapacityHelp:
    given = CapacityHelp(
        _option(entry, clauses), _codes(entry, "measures", measures), entry.flag("always"),
        _codes(entry, "excludes", measures, []),
    )  # fmt: skip
    entry.end()
    return given


def _codes(entry: Entry, key: str, known: Sequence[str], default: list[str] | None = None) -> tuple[str, ...]:
    codes = entry.texts(key, default)
    entry.known("帮扶措施", codes, known)
    return codes


def _unique(file: Entry, name: str, items: Iterable[_Coded]) -> tuple[_Coded, ...]:
    """All of them, when there are some and no two have one code."""
    found: dict[str, _Coded] = {}
    for item in items:
        if item.code in found:
            raise file.wrong(f"{name} 里 {item.code} 写了两次；每个 code 只能用一次")
        if not (item.code.isascii() and item.code.isidentifier()):
            raise file.wrong(f"{name} 里 {item.code!r} 不能作 code；只能用英文小写字母、数字和下划线")
        found[item.code] = item
    if not found:
        raise file.wrong(f"{name} 是空的，至少要有一个")
    return tuple(found.values())
