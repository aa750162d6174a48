"""A case as it is shown: the card with its buttons, and its short form in news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from db import case_history, case_lists, cases, entries, measures, personal, workflow
from db.access import Action, may
from db.crypto import unseal
from db.days import today_of
from db.masking import masked_name
from db.models import Person
from db.models_cases import Case
from handlers import casework, wording_decisions, wording_exit
from handlers import wording_cases as wording
from handlers.account import area_path
from handlers.form_exit import EXIT
from handlers.form_view import in_rows
from handlers.turn import Button, Desk, Reply, bold
from knowledge.matching import parse_name
from knowledge.rules import Option, Step, Transition, rules

Rows = tuple[tuple[Button, ...], ...]
VISIT_FIELD = "visit."  # in front of the form of a piece, where fields of forms stand together
EXIT_STEPS = ("exit_township", "exit_banner", "exited")
CATEGORY_STEPS = ("comparison", "banner_review", "registration")


def show(case: Case, desk: Desk, *, note: str = "", edit: bool = False) -> Reply:
    """The card, with a word before it why it is shown."""
    text = "\n".join(_lines(case, desk))
    return Reply(f"{note}\n\n{text}" if note else text, _buttons(case, desk), edit=edit)


def show_short(case: Case, desk: Desk, reader: Person, *, note: str) -> Reply:
    """For a message to somebody else, with what that person may do."""
    text = "\n".join(filter(None, (note, *_opening(case, desk), _risks(case, desk), _exit_check(case, desk))))
    look = (Button(wording_decisions.LOOK, f"case:{case.number}"),)
    return Reply(text, (*decisions(case, reader), look))


def summary(case: Case, desk: Desk) -> str:
    """Enough to tell it from others."""
    return "\n".join((*_opening(case, desk), _risks(case, desk)))


def head(case: Case, desk: Desk) -> str:
    return masked_name(unseal(desk.session, case.head_name))


def village(case: Case, desk: Desk) -> str:
    """In short, without 委员会; as typed where the register does not have it."""
    typed = unseal(desk.session, case.place_typed)
    return typed or short_place(area_path(desk.library.areas, case.area).rpartition(" ")[2])


def short_place(name: str) -> str:
    """`巴音高勒嘎查村委员会` as people say it."""
    parts = parse_name(name)
    return f"{parts.core}{parts.kind}"


def step_of(case: Case) -> Step:
    return rules().step(case.step)


def label(options: tuple[Option, ...], code: str) -> str:
    return next((option.label for option in options if option.code == code), code)


# --- the card -------------------------------------------------------------------------------


def _opening(case: Case, desk: Desk) -> tuple[str, ...]:
    path = area_path(desk.library.areas, case.area)
    return (
        bold(wording.card_head(str(case.number), head(case, desk), urgent=case.urgent)),
        wording.place(path, unseal(desk.session, case.place_typed)),
        wording.step(step_of(case), today_of(case.step_since)),
    )


def _lines(case: Case, desk: Desk) -> list[str]:
    known = rules()
    department = label(known.departments, case.department) if case.department else ""
    lines = [
        *_opening(case, desk),
        wording.STILL_WATCHED if _is_watched_on(case) else wording.next_to_act(step_of(case)),
        _due(case, desk),
        wording.household(case.size, label(known.capacities, case.capacity)),
        _risks(case, desk),
        wording.category_and_source(
            label(known.categories, case.category), label(known.sources, case.source), department
        ),
        _advice(case, desk),
        _help(case, desk),
        _exit_check(case, desk),
        wording.counts(
            case_lists.count_reports(desk.session, case), case_lists.count_photos(desk.session, case)
        ),
        *_joined(case, desk),
        "" if case.identified_on else wording.LEAD_ONLY,
    ]
    return [line for line in lines if line]


def _risks(case: Case, desk: Desk) -> str:
    return wording.risks_of(label(rules().risks, code) for code in _risk_codes(case, desk))


def _risk_codes(case: Case, desk: Desk) -> tuple[str, ...]:
    number = cases.known_id(case)
    return cases.risks(desk.session, [number])[number]


def _due(case: Case, desk: Desk) -> str:
    if case.due_on is None or not cases.is_open(case):
        return ""
    return wording.due(case.due_on, overdue=case.due_on < today_of(desk.now))


def _advice(case: Case, desk: Desk) -> str:
    if not cases.is_open(case):
        return ""
    suggestion = rules().suggest(_risk_codes(case, desk), case.capacity)
    advice = wording.suggested(suggestion.measures) if suggestion.measures else ""
    return "\n".join(filter(None, (advice, wording.help_first() if case.help_first else "")))


def _help(case: Case, desk: Desk) -> str:
    given = [
        wording.measure(label(rules().measures, row.measure), row.started_on, row.ended_on)
        for row in measures.of_case(desk.session, case)
    ]
    return wording.help_so_far(given) if given else ""


def _is_watched_on(case: Case) -> bool:
    return case.step == "exited" and rules().watched_after_exit(case.category) is not None


def _exit_check(case: Case, desk: Desk) -> str:
    """What was filled in for the exit, for those who decide on it and afterwards."""
    found = entries.newest(desk.session, cases.known_id(case), EXIT) if case.step in EXIT_STEPS else None
    if found is None:
        return ""
    kind = next(
        (choice.label for choice in wording_exit.KINDS if choice.code == found.answers.get("kind")), ""
    )
    since = found.answers.get("stable_since")
    met, of = len(found.answers.get("criteria") or ()), len(rules().exit_criteria)
    return wording_exit.checked(kind, dt.date.fromisoformat(since) if since else None, met, of)


def _joined(case: Case, desk: Desk) -> list[str]:
    lines = []
    if others := case_lists.merged_into(desk.session, case):
        lines.append(wording.joined(str(other.number) for other in others))
    into = desk.session.get(Case, case.merged_into) if case.merged_into else None
    if into and may(desk.person, Action.SEE_CASES, into.area):
        lines.append(wording.joined_to(str(into.number)))
    return lines


# --- its buttons ----------------------------------------------------------------------------


def decisions(case: Case, person: Person | None) -> Rows:
    """What the person may do now. Merging begins with two numbers, so it has no button."""
    offered = [move for move in workflow.offered(case, person) if move.action != "merge"]
    return in_rows([_decision(case, move, offered) for move in offered])


def _decision(case: Case, move: Transition, offered: list[Transition]) -> Button:
    several = sum(1 for other in offered if other.action == move.action) > 1
    text = wording_decisions.button(move.action, move.source, rules().step(move.target) if several else None)
    if move.action == "propose_exit":
        return Button(text, f"exit:{case.number}")
    if move.action == "pass" and move.source == "visit":  # what is missing is asked about first
        return Button(text, f"visit:{case.number}:done:{case.version}")
    data = f"do:{move.action}:{case.number}:{case.version}"
    return Button(text, f"{data}:{move.target}" if several else data)


def corrections(case: Case, fields: Sequence[str]) -> Rows:
    """The ways to correct these fields: the report's, and the pieces of the visit."""
    of_visit = [field for field in fields if field.startswith(VISIT_FIELD)]
    report = (Button(wording_decisions.CORRECT, f"correct:{case.number}:{case.version}"),)
    visit = (Button(wording_decisions.CORRECT_VISIT, f"visit:{case.number}"),)
    return tuple(filter(None, (report if len(of_visit) < len(fields) else (), visit if of_visit else ())))


def _buttons(case: Case, desk: Desk) -> Rows:
    number = case.number
    looks = [Button(wording.TIMELINE, f"case:{number}:log:0"), Button(wording.CLAUSE, f"case:{number}:rule")]
    if may(desk.person, Action.REVEAL, case.area):
        looks += _open_looks(case, desk)
    others = [Button(str(o.number), f"case:{o.number}") for o in case_lists.merged_into(desk.session, case)]
    return (
        *_to_correct(case, desk),
        *decisions(case, desk.person),
        *in_rows(_work(case, desk)),
        *in_rows(looks),
        *in_rows(others),
        (Button(wording.TO_OVERVIEW, "cases:"),),
    )


def _to_correct(case: Case, desk: Desk) -> Rows:
    """What was asked for, for the reporter and whoever acts where it was returned to."""
    acts = any(move.action == "pass" for move in workflow.offered(case, desk.person))
    reported = desk.person is not None and desk.person.id == case.reported_by
    if not may(desk.person, Action.REPORT, case.area) or not (acts or reported):
        return ()
    asked = case_history.to_correct(desk.session, case)
    return corrections(case, asked.detail["fields"]) if asked else ()


def _work(case: Case, desk: Desk) -> list[Button]:
    """What a step wants done besides the decision."""
    passes = any(move.action == "pass" for move in workflow.offered(case, desk.person))
    work = casework.buttons(case, desk.person)
    if passes and case.step in CATEGORY_STEPS:
        work.append(Button(wording.CHOOSE_CATEGORY, f"category:{case.number}:{case.version}"))
    return work


def _open_looks(case: Case, desk: Desk) -> list[Button]:
    """For those who may see what is masked for others."""
    photos = case_lists.count_photos(desk.session, case)
    looks = [Button(wording.STORY, f"case:{case.number}:story")]
    looks += [Button(wording.PHOTOS, f"case:{case.number}:photos")] if photos else []
    return looks + [
        Button(wording.reveal(field), f"reveal:{case.number}:{field}")
        for field in personal.Field
        if personal.value(desk.session, case, field)
    ]
