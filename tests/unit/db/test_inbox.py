import datetime as dt
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import inbox, outbox
from db.inbox import Incoming

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
Sessions = sessionmaker[Session]


def _accept(database: Sessions, *turns: tuple[str, str]) -> None:
    with database.begin() as session:
        inbox.accept(session, [Incoming(turn, chat, "{}") for turn, chat in turns], now=NOON)


def _handle(database: Sessions) -> str | None:
    """Claim and finish the next turn; its id."""
    with database.begin() as session:
        row = inbox.claim(session)
        if row is None:
            return None
        inbox.finish(session, row.seq, now=NOON)
        return row.turn_id


def test_turns_are_handled_in_the_order_in_which_they_came(database: Sessions) -> None:
    _accept(database, ("1", "a"), ("2", "b"))
    _accept(database, ("3", "a"))
    assert [_handle(database) for _ in range(4)] == ["1", "2", "3", None]


def test_a_turn_that_comes_again_is_handled_once(database: Sessions) -> None:
    _accept(database, ("1", "a"), ("1", "a"))
    assert _handle(database) == "1"
    _accept(database, ("1", "a"))
    assert _handle(database) is None


def test_a_turn_whose_transaction_fails_waits_again(database: Sessions) -> None:
    _accept(database, ("1", "a"))
    with pytest.raises(ZeroDivisionError), database.begin() as session:
        row = inbox.claim(session)
        assert row is not None
        inbox.finish(session, row.seq, now=NOON)
        raise ZeroDivisionError
    assert _handle(database) == "1"


def test_the_waiting_turns_are_counted(database: Sessions) -> None:
    _accept(database, ("1", "a"), ("2", "a"))
    _handle(database)
    with database.begin() as session:
        assert inbox.depth(session) == 1


def test_a_chat_in_work_keeps_its_later_turns_waiting_and_lets_other_chats_pass(
    postgresql_url: str, request: pytest.FixtureRequest
) -> None:
    from db.session import open_database

    database = open_database(postgresql_url)
    _accept(database, ("1", "a"), ("2", "a"), ("3", "b"))
    with database.begin() as session:
        first = inbox.claim(session)
        assert first is not None and first.turn_id == "1"
        assert _handle(database) == "3"
        assert _handle(database) is None
        inbox.finish(session, first.seq, now=NOON)
    assert _handle(database) == "2"


def test_a_turn_can_be_stored_while_another_one_of_its_chat_is_in_work(postgresql_url: str) -> None:
    from db.session import open_database

    database = open_database(postgresql_url)
    _accept(database, ("1", "a"))
    with database.begin() as session:
        assert inbox.claim(session) is not None
        stored = threading.Thread(target=_accept, args=(database, ("2", "a")), daemon=True)
        stored.start()
        stored.join(timeout=20)
        assert not stored.is_alive()


def test_many_at_work_handle_every_turn_once_and_each_chat_in_order(database: Sessions) -> None:
    turns = [(f"{number}", f"chat{number % 7}") for number in range(140)]
    _accept(database, *turns)
    handled: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        with database() as probe:
            waiting = inbox.depth(probe)
        while waiting:
            with database.begin() as session:
                row = inbox.claim(session)
                if row is not None:
                    inbox.finish(session, row.seq, now=NOON)
                    with lock:  # still in the transaction: nobody can handle the next of this chat before
                        handled.append(row.turn_id)
            with database.begin() as session:
                waiting = inbox.depth(session)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(handled, key=int) == [turn for turn, _ in turns]
    for chat in range(7):
        of_chat = [turn for turn in handled if int(turn) % 7 == chat]
        assert of_chat == sorted(of_chat, key=int)


def test_handled_turns_are_forgotten_and_waiting_ones_are_not(database: Sessions) -> None:
    _accept(database, ("1", "a"), ("2", "a"))
    _handle(database)
    with database.begin() as session:
        inbox.forget(session, before=NOON + dt.timedelta(days=1))
        assert [row.turn_id for row in inbox.of_chat(session, "a", since=NOON)] == ["2"]


def test_what_people_say_is_sealed_and_what_was_stored_before_there_were_keys_is_read(
    database: sessionmaker[Session],
) -> None:
    with database.begin() as session:
        inbox.accept(session, [Incoming("1", "a", '{"text": "乌云其其格"}')], now=NOON)
        outbox.put(session, "a", ['{"text": "乌云其其格"}'], turn_id="1", now=NOON)
        lying = session.connection().execute(
            text("SELECT turn FROM inbox_turn UNION SELECT reply FROM outbox_reply")
        )
        assert "乌云" not in "".join(lying.scalars())
        session.connection().execute(
            text("UPDATE outbox_reply SET reply = :reply"), {"reply": '{"text": "从前"}'}
        )
    with database.begin() as session:
        waiting = inbox.claim(session)
        assert waiting is not None and waiting.turn == '{"text": "乌云其其格"}'
        assert [due.reply for due in outbox.after(session, "a", 0)] == ['{"text": "从前"}']
