"""`/export`: the ledger, the statistics, the public notice, as files in the chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from db import audit, cases, exports, files, workflow
from db.access import Action, Role, level_of, may, role_of
from db.cases import known_id
from db.crypto import unseal
from db.days import CHINA, today_of
from db.masking import masked_name, masked_number
from db.models_cases import Case
from db.people import known_id as person_id
from handlers import wording_exporting as wording
from handlers.account import area_path
from handlers.exports import (
    About,
    BannerCounts,
    HelpKind,
    LedgerRow,
    NoticeHead,
    NoticeRow,
    NoticeStage,
    PrivateDataError,
    Statistics,
    ledger_workbook,
    public_notice,
    public_reasons,
    statistics_picture,
    statistics_workbook,
)
from handlers.guards import private
from handlers.turn import Button, Desk, Reply, Turn
from knowledge.rules import Option, rules

Replies = tuple[Reply, ...]
MOST_ROWS = 2000  # in one file: it is made within a turn, and others wait for the database meanwhile
MOST_NOTICE = 200
_NEXT_LEVEL = {0: 4, 2: 4, 4: 6, 6: 9, 9: 12}  # digits of a code: what an area that is too large is cut into
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOTICE_STEPS = {
    Role.VILLAGE_CADRE: ("hearing", NoticeStage.HEARING),
    Role.BANNER_REVIEWER: ("banner_review", NoticeStage.BANNER_REVIEW),
}


@private
def offer(turn: Turn, desk: Desk) -> Replies:
    """`/export`: what there is to have."""
    if not may(desk.person, Action.EXPORT):
        return (Reply(wording.NOT_ALLOWED),)
    buttons = [Button(label, f"export:{kind}") for kind, label in wording.KINDS.items()]
    if desk.person is None or role_of(desk.person) not in _NOTICE_STEPS:
        buttons = [button for button in buttons if button.data != "export:notice"]
    return (Reply(wording.CHOOSE, tuple((button,) for button in buttons)),)


@private
def make(turn: Turn, desk: Desk) -> Replies:
    """`export:KIND[:AREA]`."""
    _, kind, area = [*(turn.button or "").split(":"), "", ""][:3]
    maker = _MAKERS.get(kind)
    if maker is None or not may(desk.person, Action.EXPORT):
        return (Reply(wording.NOT_ALLOWED),)
    if area and level_of(area) is None:
        return (Reply(wording.NOT_ALLOWED),)
    return maker(area, turn, desk)


def _ledger(area: str, turn: Turn, desk: Desk) -> Replies:
    count = exports.count(desk.session, desk.person, area)
    if not count:
        return (Reply(wording.EMPTY),)
    within = area or (desk.person.area if desk.person else "")
    if count > MOST_ROWS and len(within) in _NEXT_LEVEL:
        return (_narrow(area, _NEXT_LEVEL[len(within)], count, desk),)
    content = ledger_workbook(_rows(area, desk), _about(area, desk))
    return (
        _file(
            content,
            wording.ledger_name(_scope(area, desk), today_of(desk.now)),
            _XLSX,
            turn,
            desk,
            wording.LEDGER,
        ),
    )


def _narrow(area: str, digits: int, count: int, desk: Desk) -> Reply:
    """Too many for one file: which part of the area is wanted."""
    parts = exports.by_area(desk.session, desk.person, area, digits)
    rows = tuple(
        (
            Button(
                wording.part(area_path(desk.library.areas, code).rpartition(" ")[2], number),
                f"export:ledger:{code}",
            ),
        )
        for code, number in parts.items()
    )
    return Reply(wording.too_many(count, MOST_ROWS), rows)


def _rows(area: str, desk: Desk) -> Iterator[LedgerRow]:
    labels = {option.code: option.label for options in _labelled() for option in options}
    for case, risks, measures in exports.rows(desk.session, desk.person, area):
        yield _row(case, risks, measures, labels, desk)


def _labelled() -> tuple[tuple[Option, ...], ...]:
    known = rules()
    return known.risks, known.categories, known.capacities, known.sources, known.measures


def _row(
    case: Case, risks: tuple[str, ...], measures: tuple[str, ...], labels: dict[str, str], desk: Desk
) -> LedgerRow:
    names = area_path(desk.library.areas, case.area).split(" ")
    banner, township, village = (*names[1:4], "", "", "")[:3]
    typed = unseal(desk.session, case.place_typed)
    return LedgerRow(
        number=str(case.number), banner=banner, township=township,
        village=wording.unchecked(typed) if typed else village,
        head=masked_name(unseal(desk.session, case.head_name)),
        id_number=masked_number(unseal(desk.session, case.id_number)),
        phone=masked_number(unseal(desk.session, case.phone)),
        size=case.size, category=labels[case.category], risks=tuple(labels[code] for code in risks),
        capacity=labels[case.capacity], source=labels[case.source], step=rules().step(case.step).label,
        step_since=today_of(case.step_since), reported_on=today_of(case.created_at),
        identified_on=case.identified_on, urgent=case.urgent,
        measures=tuple(labels[code] for code in measures), exited_on=case.exited_on,
        exit_kind=wording.EXIT_KINDS.get(case.exit_kind, ""),
    )  # fmt: skip


def _statistics(area: str, turn: Turn, desk: Desk) -> Replies:
    found = _counted(desk)
    if not found.banners:
        return (Reply(wording.EMPTY),)
    content = statistics_workbook(found, _about("", desk))
    name = wording.statistics_name(_scope("", desk), today_of(desk.now))
    return (_file(content, name, _XLSX, turn, desk, wording.STATISTICS),)


def _picture(area: str, turn: Turn, desk: Desk) -> Replies:
    found = _counted(desk)
    if not found.banners:
        return (Reply(wording.EMPTY),)
    content = statistics_picture(found, _about("", desk))
    stored = files.store(
        desk.session,
        chat=turn.chat,
        content=content,
        media_type="image/png",
        name="statistics.png",
        now=desk.now,
    )
    return (Reply(wording.PICTURE, photo=stored),)


def _counted(desk: Desk) -> Statistics:
    steps = [step for step in rules().steps if step.code != "merged"]
    by_step = exports.counts_by_step(desk.session, desk.person)
    by_risk = exports.counts_by_risk(desk.session, desk.person)
    banners = sorted({banner for banner, _ in by_step})
    return Statistics(
        steps=tuple(step.label for step in steps),
        risks=tuple(risk.label for risk in rules().risks),
        banners=tuple(
            BannerCounts(
                code=banner,
                name=area_path(desk.library.areas, banner).rpartition(" ")[2],
                steps=tuple(by_step.get((banner, step.code), 0) for step in steps),
                risks=tuple(by_risk.get((banner, risk.code), 0) for risk in rules().risks),
            )
            for banner in banners
        ),
    )


def _notice(area: str, turn: Turn, desk: Desk) -> Replies:
    """Full names, for the notice board: written into the history of each case."""
    person = desk.person
    if person is None or role_of(person) not in _NOTICE_STEPS:
        return (Reply(wording.NOT_ALLOWED),)
    if not desk.hears_names:
        return (Reply(wording.ON_THE_WEB_ONLY),)
    step, stage = _NOTICE_STEPS[role_of(person)]
    found = exports.at_step(desk.session, person, step, person.area)[:MOST_NOTICE]
    if not found:
        return (Reply(wording.nothing_to_publish(rules().step(step).label)),)
    try:
        content = public_notice([_notice_row(case, desk) for case in found], _notice_head(step, stage, desk))
    except PrivateDataError:
        return (Reply(wording.PRIVATE_DATA),)
    for case in found:
        workflow.lock(desk.session, known_id(case))
        audit.record(
            desk.session, known_id(case), "notice_made", person_id=person_id(person), now=desk.now,
            from_step=case.step, to_step=case.step,
        )  # fmt: skip
    name = wording.notice_name(_scope("", desk), today_of(desk.now))
    return (_file(content, name, _DOCX, turn, desk, wording.NOTICE),)


def _notice_row(case: Case, desk: Desk) -> NoticeRow:
    number = known_id(case)
    risks = cases.risks(desk.session, [number])[number]
    suggestion = rules().suggest(risks, case.capacity)
    return NoticeRow(
        head=unseal(desk.session, case.head_name),
        village=area_path(desk.library.areas, case.area).rpartition(" ")[2],
        category=next(option.label for option in rules().categories if option.code == case.category),
        size=case.size,
        reasons=public_reasons(risks),
        help=HelpKind.COMBINED if suggestion.combined else HelpKind.SINGLE,
    )


def _notice_head(step: str, stage: NoticeStage, desk: Desk) -> NoticeHead:
    assert desk.person is not None
    names = area_path(desk.library.areas, desk.person.area).split(" ")
    banner, township, village = (*names[1:4], "", "", "")[:3]
    rule = rules().step(step).rule
    assert rule is not None  # the steps of a notice are the document's
    return NoticeHead(
        stage=stage, rule=rule, banner=banner, township=township, village=village,
        days=desk.local.notice_days, issued_on=today_of(desk.now),
    )  # fmt: skip


def _file(content: bytes, name: str, media_type: str, turn: Turn, desk: Desk, text: str) -> Reply:
    stored = files.store(
        desk.session, chat=turn.chat, content=content, media_type=media_type, name=name, now=desk.now
    )
    return Reply(text, file=stored)


def _about(area: str, desk: Desk) -> About:
    return About(scope=_scope(area, desk), made_at=desk.now.astimezone(CHINA))


def _scope(area: str, desk: Desk) -> str:
    code = area or (desk.person.area if desk.person else "")
    return area_path(desk.library.areas, code) if code else wording.EVERYWHERE


_MAKERS: dict[str, Callable[[str, Turn, Desk], Replies]] = {
    "ledger": _ledger,
    "statistics": _statistics,
    "picture": _picture,
    "notice": _notice,
}
