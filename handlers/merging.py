"""`/merge`: an administrator joins two cases of one household, after a look at both."""

from __future__ import annotations

from db import merging, people, workflow
from db.access import Action, may
from db.merging import NotMergeableError
from db.models_cases import Case
from db.people import known_id
from db.workflow import StaleCaseError, TransitionError
from handlers import case_access, case_news, case_view, notify, wording_cases
from handlers import wording_decisions as wording
from handlers.case_access import Replies, count
from handlers.guards import private
from handlers.turn import Button, Desk, Reply, Turn


@private
def start(turn: Turn, desk: Desk) -> Replies:
    """`/merge A B`: what A into B would be; `/merge` alone: which cases look like one household."""
    if not may(desk.person, Action.MERGE_CASES):
        return (Reply(wording.NOT_YOUR_MERGE),)
    numbers = (turn.text or "").split()[1:]
    if not numbers:
        return (_likely(desk),)
    if len(numbers) != 2:
        return (Reply(wording.HOW_TO_MERGE),)
    case, into = (case_access.find(desk, number) for number in numbers)
    if case is None or into is None:
        return (Reply(wording_cases.NO_SUCH_CASE),)
    return (_preview(case, into, desk),)


@private
def look(turn: Turn, desk: Desk) -> Replies:
    """`merge-look:A:B`."""
    if not may(desk.person, Action.MERGE_CASES):
        return (Reply(wording.NOT_YOUR_MERGE),)
    _, first, second = [*(turn.button or "").split(":"), "", ""][:3]
    case, into = case_access.find(desk, first), case_access.find(desk, second)
    if case is None or into is None:
        return (Reply(wording_cases.NO_SUCH_CASE),)
    return (_preview(case, into, desk),)


def _likely(desk: Desk) -> Reply:
    pairs = merging.likely(desk.session, desk.person)
    rows = tuple(
        (
            Button(
                wording.pair(str(case.number), str(into.number), case_view.head(into, desk)),
                f"merge-look:{case.number}:{into.number}",
            ),
        )
        for case, into in pairs
    )
    return Reply(f"{wording.LIKELY if rows else wording.NONE_LIKELY}\n{wording.HOW_TO_MERGE}", rows)


@private
def confirm(turn: Turn, desk: Desk) -> Replies:
    """`merge:A:B:VERSION_OF_A:VERSION_OF_B`."""
    if not may(desk.person, Action.MERGE_CASES):
        return (Reply(wording.NOT_YOUR_MERGE),)
    _, first, second, *versions = [*(turn.button or "").split(":"), "", "", "", ""][:5]
    case, into = case_access.find(desk, first), case_access.find(desk, second)
    seen = tuple(count(version) or 0 for version in versions)
    if case is None or into is None:
        return (Reply(wording_cases.NO_SUCH_CASE),)
    return (_merge(case, into, (seen[0], seen[1]), desk),)


def _preview(case: Case, into: Case, desk: Desk) -> Reply:
    if case.id == into.id:
        return Reply(wording.SAME_CASE)
    if not any(move.action == "merge" for move in workflow.offered(case, desk.person)):
        return case_view.show(case, desk, note=wording.NOT_NOW)
    really = Button(wording.REALLY_MERGE, f"merge:{case.number}:{into.number}:{case.version}:{into.version}")
    text = wording.merge_preview(case_view.summary(case, desk), case_view.summary(into, desk))
    return Reply(text, ((really,), (Button(wording_cases.TO_OVERVIEW, "cases:"),)))


def _merge(case: Case, into: Case, seen: tuple[int, int], desk: Desk) -> Reply:
    assert desk.person is not None  # may() looked
    try:
        merging.merge(desk.session, case, into, actor=desk.person, expected_versions=seen, now=desk.now)
    except StaleCaseError:
        again = _preview(case, into, desk)
        return Reply(f"{wording.CHANGED_SINCE}\n\n{again.text}", again.buttons)
    except NotMergeableError:
        return Reply(wording.SAME_CASE if case.id == into.id else wording.INTO_CLOSED)
    except TransitionError:
        return case_view.show(case, desk, note=wording.NOT_NOW)
    _tell(case, into, desk)
    undo = Button(wording.UNDO, f"do:unmerge:{case.number}:{case.version}")
    look = Button(wording.LOOK, f"case:{into.number}")
    return Reply(wording.merged(str(case.number), str(into.number)), ((undo, look),), edit=True)


def _tell(case: Case, into: Case, desk: Desk) -> None:
    """Those who act on what remains, and both reporters."""
    assert desk.person is not None
    reporters = (people.get(desk.session, number) for number in (case.reported_by, into.reported_by))
    note = wording.merged(str(case.number), str(into.number))
    told = {known_id(person): person for person in (*notify.in_charge(desk, into), *filter(None, reporters))}
    may_know = [
        person
        for number, person in told.items()
        if number != desk.person.id and may(person, Action.SEE_CASES, into.area)
    ]
    news = {known_id(person): case_view.show_short(into, desk, person, note=note) for person in may_know}
    case_news.send(news, into, desk)
