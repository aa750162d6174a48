"""Turns and replies between real databases and a channel of the test's own."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from bot.delivery import Delivery
from bot.sending import Outgoing, RefusedError, TryLaterError, UnreachableError
from db import inbox, outbox
from db.session import open_database
from handlers.errors import TurnFailedError
from handlers.turn import Reply, Turn

Sessions = sessionmaker[Session]
SECONDS = 30


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _echo(turn: Turn, session: Session) -> tuple[Reply, ...]:
    return (Reply(f"re {turn.text}"),)


def _turn(number: int, chat: str = "chat:1", text: str | None = None) -> Turn:
    return Turn(id=f"{chat}/{number}", person=chat, chat=chat, text=text or f"{number}")


class Channel:
    """Takes replies; `troubles` are raised first, one for each call."""

    def __init__(self, *troubles: Exception | None) -> None:
        self.taken: list[Outgoing] = []
        self._troubles = list(troubles)
        self._news = asyncio.Condition()

    async def send(self, outgoing: Outgoing) -> str | None:
        trouble = self._troubles.pop(0) if self._troubles else None
        if trouble is not None:
            raise trouble
        async with self._news:
            self.taken.append(outgoing)
            self._news.notify_all()
        return str(len(self.taken))

    async def has(self, *texts: str) -> None:
        """Wait until exactly these were taken, in this order."""
        async with asyncio.timeout(SECONDS), self._news:
            await self._news.wait_for(lambda: len(self.taken) >= len(texts))
        assert [outgoing.reply.text for outgoing in self.taken] == list(texts)


@asynccontextmanager
async def _running(
    database: Sessions, channel: Channel | None = None, handle: Callable[..., tuple[Reply, ...]] = _echo
) -> AsyncIterator[Delivery]:
    delivery = Delivery(database, handle, _now)
    if channel is not None:
        delivery.add_sender("chat", channel.send)
    running = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        delivery.stop()
        await asyncio.wait_for(running, SECONDS)
        delivery.close()


async def _depths(delivery: Delivery) -> tuple[int, int]:
    return await delivery.in_session(lambda session: (inbox.depth(session), outbox.depth(session)))


async def _settled(delivery: Delivery) -> None:
    """Wait until nothing waits any more."""
    async with asyncio.timeout(SECONDS):
        while await _depths(delivery) != (0, 0):
            await asyncio.sleep(0)


async def test_a_turn_is_handled_and_its_reply_delivered(database: Sessions) -> None:
    channel = Channel()
    async with _running(database, channel) as delivery:
        await delivery.accept([_turn(1)])
        await channel.has("re 1")
        await _settled(delivery)


async def test_a_turn_that_comes_again_is_answered_once(database: Sessions) -> None:
    channel = Channel()
    async with _running(database, channel) as delivery:
        await delivery.accept([_turn(1), _turn(1)])
        await channel.has("re 1")
        await delivery.accept([_turn(1)])
        await delivery.accept([_turn(2)])
        await channel.has("re 1", "re 2")


async def test_turns_that_were_stored_before_a_crash_are_handled_after_it(database: Sessions) -> None:
    crashed = Delivery(database, _echo, _now)  # it never runs
    await crashed.accept([_turn(1), _turn(2)])
    crashed.close()
    channel = Channel()
    async with _running(database, channel):
        await channel.has("re 1", "re 2")


async def test_a_reply_that_was_being_sent_at_a_crash_is_sent_after_it(tmp_path: object) -> None:
    database = open_database(f"sqlite:///{tmp_path}/policybot.db")
    await _leave_claimed(database)
    channel = Channel()
    async with _running(database, channel):
        await channel.has("re 1")


async def _leave_claimed(database: Sessions) -> None:
    crashed = Delivery(database, _echo, _now)
    await crashed.accept([_turn(1)])
    with database.begin() as session:
        row = inbox.claim(session)
        assert row is not None
        outbox.put(session, row.chat, [Reply("re 1").to_json()], turn_id=row.turn_id, now=_now())
        inbox.finish(session, row.seq, now=_now())
    with database.begin() as session:
        assert outbox.claim(session, "chat", now=_now(), lease=dt.timedelta(hours=1), limit=1)
    crashed.close()


async def test_each_chat_keeps_its_order_while_others_pass(database: Sessions) -> None:
    channel = Channel()
    turns = [_turn(number, f"chat:{number % 5}") for number in range(100)]
    async with _running(database, channel) as delivery:
        await asyncio.gather(*(delivery.accept(turns[k::5]) for k in range(5)))
        await _settled(delivery)
    for chat in range(5):
        of_chat = [outgoing.reply.text for outgoing in channel.taken if outgoing.chat == f"chat:{chat}"]
        assert of_chat == [f"re {number}" for number in range(100) if number % 5 == chat]


async def test_replies_put_off_by_the_channel_come_later_and_in_order(database: Sessions) -> None:
    channel = Channel(TryLaterError(0.01), TryLaterError(0.01))
    async with _running(database, channel) as delivery:
        await delivery.accept([_turn(1), _turn(2)])
        await channel.has("re 1", "re 2")


@pytest.mark.parametrize("trouble", [RefusedError("too long"), ZeroDivisionError()], ids=["refused", "a bug"])
async def test_a_reply_that_cannot_be_sent_does_not_block_its_chat(
    database: Sessions, trouble: Exception
) -> None:
    channel = Channel(trouble)
    async with _running(database, channel) as delivery:
        await delivery.accept([_turn(1), _turn(2)])
        await channel.has("re 2")
        await _settled(delivery)


async def test_an_unreachable_chat_is_left_alone_until_it_writes(database: Sessions) -> None:
    channel = Channel(UnreachableError("blocked"))
    async with _running(database, channel) as delivery:
        await delivery.accept([_turn(1)])
        await _settled(delivery)
        await delivery.accept([_turn(2)])
        await channel.has("re 2")


async def test_a_listener_gets_what_is_stored_and_what_comes(database: Sessions) -> None:
    async with _running(database) as delivery:
        await delivery.accept([_turn(1)])
        replies = delivery.replies("chat:1", 0)
        async with asyncio.timeout(SECONDS):
            first = await anext(replies)
            await delivery.accept([_turn(2)])
            second = await anext(replies)
        assert (first.reply.text, second.reply.text) == ("re 1", "re 2")
        again = delivery.replies("chat:1", first.seq)
        assert await anext(again) == second
        await delivery.seen("chat:1", second.seq)
        assert await _depths(delivery) == (0, 0)
        await replies.aclose()
        await again.aclose()


async def test_a_listener_hears_what_is_told_outside_of_a_turn(database: Sessions) -> None:
    async with _running(database) as delivery:
        replies = delivery.replies("chat:1", 0)
        told = asyncio.ensure_future(anext(replies))
        for _ in range(2):  # the listener has looked meanwhile, found nothing, and waits
            await delivery.in_session(lambda session: None)

        def tell(session: Session) -> None:
            outbox.tell(session, "chat:1", [Reply("已收到").to_json()], reason="page", now=_now())

        await delivery.in_session(tell)
        assert (await asyncio.wait_for(told, SECONDS)).reply.text == "已收到"
        await replies.aclose()


async def test_listeners_end_when_delivery_stops(database: Sessions) -> None:
    async with _running(database) as delivery:
        waiting = asyncio.create_task(_all(delivery.replies("chat:1", 0)))
        await delivery.accept([_turn(1)])
        await anext(delivery.replies("chat:1", 0))
        delivery.stop()
        assert len(await asyncio.wait_for(waiting, SECONDS)) <= 1


async def _all(replies: AsyncIterator[Outgoing]) -> list[Outgoing]:
    return [outgoing async for outgoing in replies]


async def test_an_edit_goes_to_the_message_whose_button_was_pressed(database: Sessions) -> None:
    channel = Channel()
    pressed = Turn(id="1", person="chat:1", chat="chat:1", button="x:", message="55")
    async with _running(database, channel, lambda *_: (Reply("a", edit=True), Reply("b", edit=True))) as d:
        await d.accept([pressed])
        await channel.has("a", "b")
    assert [outgoing.edits for outgoing in channel.taken] == ["55", None]


async def test_a_turn_that_met_a_deadlock_is_handled_again(database: Sessions) -> None:
    channel, met = Channel(), []

    def handle(turn: Turn, session: Session) -> tuple[Reply, ...]:
        if not met:
            met.append(turn.id)
            raise _deadlock()
        return _echo(turn, session)

    async with _running(database, channel, handle) as delivery:
        await delivery.accept([_turn(1)])
        await channel.has("re 1")


def _deadlock() -> OperationalError:
    class DeadlockError(Exception):
        sqlstate = "40P01"

    return OperationalError("…", None, DeadlockError())


async def test_two_processes_share_the_work_and_wake_each_other(postgresql_url: str) -> None:
    handled: set[str] = set()

    def handle_in(name: str) -> Callable[..., tuple[Reply, ...]]:
        def handle(turn: Turn, session: Session) -> tuple[Reply, ...]:
            handled.add(name)
            return _echo(turn, session)

        return handle

    turns = [_turn(number, f"chat:{number}") for number in range(200)]
    one, two = Channel(), Channel()
    first, second = open_database(postgresql_url), open_database(postgresql_url)
    async with _running(first, one, handle_in("one")), _running(second, two, handle_in("two")) as other:
        await other.accept(turns)
        await _settled(other)
    assert handled == {"one", "two"}
    sent = [outgoing.reply.text for outgoing in (*one.taken, *two.taken)]
    assert sorted(sent) == sorted(f"re {number}" for number in range(200))


async def test_a_listener_hears_of_replies_that_another_process_stored(postgresql_url: str) -> None:
    idle = Delivery(open_database(postgresql_url), _echo, _now)  # handles nothing, only listens
    hearing = asyncio.create_task(idle._listen())
    replies = idle.replies("chat:1", 0)
    heard = asyncio.create_task(anext(replies))
    async with _running(open_database(postgresql_url)) as busy:
        await busy.accept([_turn(1)])
        outgoing = await asyncio.wait_for(heard, SECONDS)
    assert outgoing.reply.text == "re 1"
    hearing.cancel()
    await replies.aclose()
    idle.close()


async def test_a_turn_that_fails_leaves_nothing_but_an_apology(database: Sessions) -> None:
    channel = Channel()

    def handle(turn: Turn, session: Session) -> tuple[Reply, ...]:
        if turn.text == "1":
            outbox.tell(session, "chat:2", [Reply("must not be seen").to_json()], reason="x", now=_now())
            raise TurnFailedError(Reply("sorry"))
        return _echo(turn, session)

    async with _running(database, channel, handle) as delivery:
        await delivery.accept([_turn(1), _turn(2)])
        await channel.has("sorry", "re 2")
