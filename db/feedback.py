"""Verdicts on answers, and what they and the unanswered questions add up to. Nobody's name is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from db.conversations import MAX_QUESTION_CHARACTERS
from db.models import Feedback, GivenAnswer, Unanswered
from db.privacy import without_long_numbers


class Verdict(StrEnum):
    GOOD = "good"
    BAD = "bad"  # no reason was given
    WRONG = "wrong"
    NOT_FOUND = "not_found"
    OUTDATED = "outdated"
    UNCLEAR = "unclear"


REASONS = (Verdict.WRONG, Verdict.NOT_FOUND, Verdict.OUTDATED, Verdict.UNCLEAR)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A question whose answers were found bad, with the latest of them; `verdict` is the latest, too."""

    id: int
    question: str
    earlier: str
    verdict: Verdict
    answer: str
    status: str
    times: int
    latest: dt.datetime


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the documents did not answer."""

    id: int
    question: str
    earlier: str
    times: int
    latest: dt.datetime


def record_answer(
    session: Session,
    *,
    chat: str,
    question: str,
    earlier: str,
    answer: str,
    status: str,
    index_version: str,
    now: dt.datetime,
) -> int:
    """Keep an answer, so that a verdict can be given on it, and return its id."""
    row = {
        "chat": chat,
        "question": without_long_numbers(question)[:MAX_QUESTION_CHARACTERS],
        "earlier": without_long_numbers(earlier)[:MAX_QUESTION_CHARACTERS],
        "answer": without_long_numbers(answer),
        "status": status, "index_version": index_version, "given_at": now,
    }  # fmt: skip
    number: int | None = session.connection().execute(_RECORD, row).scalar_one()
    assert number is not None
    return number


_RECORD = insert(GivenAnswer).returning(col(GivenAnswer.id))  # made once: this is done for every answer


def find_answer(session: Session, answer_id: int, *, chat: str) -> GivenAnswer | None:
    """The answer, if it was given in this chat and is still kept."""
    given = session.get(GivenAnswer, answer_id)
    return given if given and given.chat == chat else None


def judge(session: Session, given: GivenAnswer, verdict: Verdict, *, now: dt.datetime) -> None:
    """Store the verdict in the place of an earlier one on the same answer."""
    assert given.id is not None
    wanted = select(Feedback).where(col(Feedback.given_answer_id) == given.id)
    stored = session.execute(wanted).scalar_one_or_none() or Feedback(
        verdict=verdict, question=given.question, earlier=given.earlier, answer=given.answer,
        status=given.status, index_version=given.index_version, given_answer_id=given.id, given_at=now,
    )  # fmt: skip
    stored.verdict, stored.given_at = verdict, now
    session.add(stored)


def complaints(session: Session) -> list[Complaint]:
    """Bad answers, one entry a question, those that most people complained about first."""
    bad = select(Feedback).where(col(Feedback.verdict) != Verdict.GOOD)
    groups = _grouped(session.execute(bad.order_by(col(Feedback.id))).scalars().all())
    return [
        Complaint(
            _id(last), last.question, last.earlier, Verdict(last.verdict), last.answer, last.status,
            times, last.given_at,
        )
        for last, times in groups
    ]  # fmt: skip


def open_questions(session: Session) -> list[OpenQuestion]:
    """Questions without an answer, those asked most often first."""
    rows = session.execute(select(Unanswered).order_by(col(Unanswered.id))).scalars().all()
    return [
        OpenQuestion(_id(last), last.question, last.earlier, times, last.asked_at)
        for last, times in _grouped(rows)
    ]


def count_good(session: Session) -> int:
    wanted = select(func.count()).select_from(Feedback).where(col(Feedback.verdict) == Verdict.GOOD)
    return int(session.execute(wanted).scalar_one())


def _grouped(rows: Sequence[Any]) -> list[tuple[Any, int]]:
    """The last row of each question and how many there are, the most frequent first."""
    last: dict[tuple[str, str], Any] = {}
    times: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.earlier, row.question)
        last[key] = row
        times[key] = times.get(key, 0) + 1
    return sorted(((last[key], times[key]) for key in last), key=lambda group: (-group[1], _id(group[0])))


def _id(row: Feedback | Unanswered) -> int:
    assert row.id is not None
    return row.id
