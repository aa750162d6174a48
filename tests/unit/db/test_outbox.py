import datetime as dt

from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import inbox, outbox
from db.inbox import Incoming
from db.models import Chat, OutboxReply

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
LEASE = dt.timedelta(seconds=60)
Sessions = sessionmaker[Session]


def _put(database: Sessions, chat: str, *replies: str, turn: str) -> None:
    with database.begin() as session:
        inbox.accept(session, [Incoming(turn, chat, "{}")], now=NOON)
        outbox.put(session, chat, replies, turn_id=turn, now=NOON)


def _claim(database: Sessions, now: dt.datetime = NOON, limit: int = 10) -> list[OutboxReply]:
    with database.begin() as session:
        return outbox.claim(session, "telegram", now=now, lease=LEASE, limit=limit)


def _texts(rows: list[OutboxReply]) -> list[str]:
    return [row.reply for row in rows]


def test_replies_are_claimed_by_chat_in_order(database: Sessions) -> None:
    _put(database, "telegram:1", "a", "b", turn="1")
    _put(database, "telegram:2", "c", turn="2")
    _put(database, "telegram:1", "d", turn="3")
    assert _texts(_claim(database)) == ["a", "b", "d", "c"]


def test_claimed_replies_belong_to_one_until_the_lease_ends(database: Sessions) -> None:
    _put(database, "telegram:1", "a", turn="1")
    _claim(database)
    assert _claim(database, NOON + LEASE - SECOND) == []
    assert _texts(_claim(database, NOON + LEASE)) == ["a"]


def test_a_later_reply_waits_for_the_earlier_ones_of_its_chat(database: Sessions) -> None:
    _put(database, "telegram:1", "a", turn="1")
    (first,) = _claim(database)
    _put(database, "telegram:1", "b", turn="2")
    assert _claim(database) == []
    with database.begin() as session:
        outbox.delivered(session, first.seq or 0, message="77", now=NOON)
    assert _texts(_claim(database)) == ["b"]


def test_a_reply_put_off_keeps_its_chat_waiting_and_no_other(database: Sessions) -> None:
    _put(database, "telegram:1", "a", turn="1")
    (first,) = _claim(database)
    with database.begin() as session:
        outbox.put_off(session, [first.seq or 0], until=NOON + SECOND)
    _put(database, "telegram:1", "b", turn="2")
    _put(database, "telegram:2", "c", turn="3")
    assert _texts(_claim(database)) == ["c"]
    assert _texts(_claim(database, NOON + SECOND)) == ["a", "b"]


def test_a_reply_given_up_lets_the_later_ones_pass(database: Sessions) -> None:
    _put(database, "telegram:1", "a", turn="1")
    (first,) = _claim(database)
    with database.begin() as session:
        outbox.give_up(session, first.seq or 0, reason="refused", now=NOON)
    _put(database, "telegram:1", "b", turn="2")
    assert _texts(_claim(database)) == ["b"]


def test_an_unreachable_chat_gets_nothing_until_it_writes_again(database: Sessions) -> None:
    _put(database, "telegram:1", "a", "b", turn="1")
    with database.begin() as session:
        outbox.chat_is_unreachable(session, "telegram:1", reason="blocked", now=NOON)
    assert _claim(database) == []
    with database.begin() as session:
        chat = session.get(Chat, "telegram:1")
        assert chat is not None and chat.unreachable_at == NOON
    _put(database, "telegram:1", "c", turn="2")
    with database.begin() as session:
        chat = session.get(Chat, "telegram:1")
        assert chat is not None and chat.unreachable_at is None
    assert _texts(_claim(database)) == ["c"]


def test_channels_claim_only_their_own(database: Sessions) -> None:
    _put(database, "web:1", "a", turn="1")
    assert _claim(database) == []


def test_no_more_chats_are_claimed_than_wanted(database: Sessions) -> None:
    for number in range(3):
        _put(database, f"telegram:{number}", "a", turn=f"{number}")
    assert [row.chat for row in _claim(database, limit=2)] == ["telegram:0", "telegram:1"]
    assert [row.chat for row in _claim(database, limit=2)] == ["telegram:2"]


def test_what_the_person_has_seen_waits_no_more(database: Sessions) -> None:
    _put(database, "web:1", "a", "b", turn="1")
    with database.begin() as session:
        first, second = outbox.after(session, "web:1", 0)
        outbox.seen(session, "web:1", first.seq or 0, now=NOON)
        assert outbox.depth(session) == 1
        outbox.seen(session, "web:1", second.seq or 0, now=NOON)
        assert outbox.depth(session) == 0


def test_a_chat_is_read_from_where_one_stands(database: Sessions) -> None:
    _put(database, "web:1", "a", "b", turn="1")
    _put(database, "web:2", "c", turn="2")
    with database.begin() as session:
        first, _ = outbox.after(session, "web:1", 0)
        assert _texts(outbox.after(session, "web:1", first.seq or 0)) == ["b"]


def test_a_restart_frees_what_was_claimed(database: Sessions) -> None:
    _put(database, "telegram:1", "a", turn="1")
    _claim(database)
    with database.begin() as session:
        outbox.release(session, "telegram", now=NOON)
    assert _texts(_claim(database)) == ["a"]


def test_telling_another_chat_happens_once_and_names_it(database: Sessions) -> None:
    with database.begin() as session:
        outbox.tell(session, "telegram:9", ["news"], reason="case 1 moved", now=NOON)
        assert outbox.told(session) == {"telegram:9"}
    assert _texts(_claim(database)) == ["news"]


def test_delivered_replies_are_forgotten_and_waiting_ones_are_not(database: Sessions) -> None:
    _put(database, "telegram:1", "a", "b", turn="1")
    with database.begin() as session:
        outbox.delivered(session, _claimed_first(session), message=None, now=NOON)
        outbox.forget(session, before=NOON + LEASE)
        assert _texts(outbox.after(session, "telegram:1", 0)) == ["b"]


def _claimed_first(session: Session) -> int:
    return outbox.claim(session, "telegram", now=NOON, lease=LEASE, limit=1)[0].seq or 0
