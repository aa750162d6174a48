import datetime as dt

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from db import conversations, feedback
from db.feedback import Verdict
from db.models import Feedback, GivenAnswer

Sessions = sessionmaker[Session]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def _answer(
    session: Session, question: str = "问", *, chat: str = "web:a1", earlier: str = ""
) -> GivenAnswer:
    number = feedback.record_answer(
        session, chat=chat, question=question, earlier=earlier, answer=f"{question}的答复",
        status="answered", index_version="v1", now=NOON,
    )  # fmt: skip
    given = feedback.find_answer(session, number, chat=chat)
    assert given is not None
    return given


def test_a_verdict_keeps_question_answer_and_index_version_but_nobody(database: Sessions) -> None:
    with database.begin() as session:
        given = _answer(session, "它多少分", earlier="村规民约归谁考核")
        feedback.judge(session, given, Verdict.OUTDATED, now=NOON)
    with database.begin() as session:
        stored = session.exec(select(Feedback)).one()
    assert (stored.verdict, stored.question, stored.earlier) == ("outdated", "它多少分", "村规民约归谁考核")
    assert (stored.answer, stored.status, stored.index_version) == ("它多少分的答复", "answered", "v1")
    assert not {"person", "person_id", "chat"} & set(Feedback.model_fields)


def test_the_last_verdict_on_an_answer_counts(database: Sessions) -> None:
    with database.begin() as session:
        given = _answer(session)
        for verdict in (Verdict.GOOD, Verdict.BAD, Verdict.WRONG):
            feedback.judge(session, given, verdict, now=NOON)
        assert [stored.verdict for stored in session.exec(select(Feedback))] == [Verdict.WRONG]


def test_an_answer_is_found_only_in_its_own_chat(sessions: Sessions) -> None:
    with sessions.begin() as session:
        given = _answer(session)
        assert given.id is not None
        assert feedback.find_answer(session, given.id, chat="web:a2") is None
        assert feedback.find_answer(session, given.id + 1, chat="web:a1") is None


@pytest.mark.parametrize("number", ["13800138000", "15272419800101123X"])
def test_long_numbers_are_not_kept(sessions: Sessions, number: str) -> None:
    with sessions.begin() as session:
        given = _answer(session, f"打{number}吗", earlier=f"我的号码{number}")
        feedback.judge(session, given, Verdict.WRONG, now=NOON)
        assert number not in given.model_dump_json() + session.exec(select(Feedback)).one().model_dump_json()


def test_complaints_are_grouped_by_question_the_most_frequent_first(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for question, verdict in (
            ("甲", Verdict.WRONG), ("乙", Verdict.WRONG), ("丙", Verdict.GOOD), ("乙", Verdict.UNCLEAR),
        ):  # fmt: skip
            feedback.judge(session, _answer(session, question), verdict, now=NOON)
        feedback.judge(session, _answer(session, "乙", earlier="丁"), Verdict.BAD, now=NOON)
        found = [(c.earlier, c.question, c.verdict, c.times) for c in feedback.complaints(session)]
        assert feedback.count_good(session) == 1
    assert found == [
        ("", "乙", Verdict.UNCLEAR, 2),
        ("", "甲", Verdict.WRONG, 1),
        ("丁", "乙", Verdict.BAD, 1),
    ]


def test_unanswered_questions_are_grouped_by_question(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for question in ("甲", "乙", "乙"):
            conversations.record_unanswered(
                session, question, status="not_found", index_version="v1", now=NOON
            )
        found = [(q.question, q.times) for q in feedback.open_questions(session)]
    assert found == [("乙", 2), ("甲", 1)]
