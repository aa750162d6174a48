"""The bot, its database, and everybody who talks with it."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections import defaultdict
from pathlib import Path
from typing import TypeVar

import httpx
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, col

from bot.keys import open_database
from db import audit, cases, inbox, outbox
from db.crypto import KEYRING
from db.days import CHINA
from db.models import OutboxReply
from db.models_cases import Case, CaseFile
from db.session import SQLITE_BEGIN, engine_of
from handlers.turn import Reply, plain
from handlers.wording import sorry
from tests.botapi.server import BotApi
from tests.e2e.case_life.people import Page, Phone, Somebody
from tests.e2e.case_life.program import SECONDS, Clock, Program

T = TypeVar("T", bound=Somebody)
TRANSCRIPT = "TRANSCRIPT"
"""An environment variable with the name of a file that the conversation is written to."""
# What a person should never read: codes of ours, Python's words.
_UNREADABLE = re.compile(r"[a-z]+_[a-z]+|\bNone\b|\b(?:True|False)\b|\bvisit\.|[{}]")
_SORRY = sorry("").partition("，没能")[0]
_LINKS = re.compile(r"https?://\S+|/link \w+")


class Town:
    """Nothing happens here that nobody sees: after each thing that somebody does, what was stored for each
    chat is what came there, in that order."""

    def __init__(self, program: Program, api: BotApi, clock: Clock, secrets: tuple[str, ...]) -> None:
        """`secrets` are what must stand nowhere open."""
        self.program, self.api, self.clock, self.secrets = program, api, clock, secrets
        self.people: list[Somebody] = []
        self.told: dict[str, list[str]] = defaultdict(list)
        self.lines: list[str] = []
        self._seen: dict[str, int] = defaultdict(int)
        self._day = ""
        opened = open_database(program.settings)
        beside = engine_of(opened).execution_options(**{SQLITE_BEGIN: "BEGIN"})  # keeps no writer waiting
        self.sessions = sessionmaker(beside, class_=Session, info={KEYRING: opened.kw["info"][KEYRING]})

    # --- people -----------------------------------------------------------------------------

    def phone(self, number: int, name: str) -> Phone:
        return self._joins(Phone(self.api.user(number, name), self.settle, self.note))

    def page(self, name: str) -> Page:
        return self._joins(Page(name, self.program.url, self.settle, self.note))

    def _joins(self, somebody: T) -> T:
        self.people.append(somebody)
        return somebody

    # --- time and the program ---------------------------------------------------------------

    async def restarts(self, *day: int) -> None:
        """Stops the program; starts it again, on that day if one is given."""
        await self.program.stop()
        self.looks_behind()
        self.note("（程序重新启动）")
        if day:
            self.clock.goes_to(*day)
        await self.program.start()
        await self.settle()

    async def settle(self) -> None:
        """Until nothing waits any more and everybody has looked."""
        async with asyncio.timeout(SECONDS):
            while not self._is_heard() or self._waiting():
                self.program.still_runs()
                await asyncio.sleep(0.003)
        for somebody in self.people:
            if somebody.chat:
                await self._look(somebody)

    def _is_heard(self) -> bool:
        return all(one.is_heard(self.api) for one in self.people if isinstance(one, Phone))

    def _waiting(self) -> int:
        on_telegram = select(col(OutboxReply.seq)).where(
            col(OutboxReply.channel) == "telegram", col(OutboxReply.delivered_at).is_(None)
        )
        with self.sessions() as session:
            return inbox.depth(session) or len(session.execute(on_telegram.limit(1)).all())

    async def _look(self, somebody: Somebody) -> None:
        """What is stored may be on its way for a moment, but nothing else may come, and in no other order."""
        told: list[str] = []
        came: list[str] = []
        until = time.monotonic() + SECONDS
        while True:
            with self.sessions() as session:
                stored = outbox.after(session, somebody.chat, self._seen[somebody.chat])
            told += [plain(Reply.from_json(row.reply).text) for row in stored]
            self._seen[somebody.chat] = stored[-1].seq if stored else self._seen[somebody.chat]
            before = len(somebody.got)
            await somebody.catch_up(len(stored))
            came += [message.text for message in somebody.got[before:]]
            if _joined(came) == _joined(told):
                break
            assert time.monotonic() < until, f"{somebody.name}: stored {told}, came {came}"
            await asyncio.sleep(0.01)
        self.told[somebody.chat] += told
        assert not any(text.startswith(_SORRY) for text in told), "something failed: see the log"

    async def uses_page(self, somebody: Somebody, **fields: str) -> str:
        """The one-time page of the newest link, in a browser that nobody is signed in with."""
        link = next(word for word in somebody.newest_with("/p/").text.split() if "/p/" in word)
        somebody.does(f"打开链接，在网页上填：{'、'.join(fields)}" if fields else "打开链接，点“显示”")
        async with httpx.AsyncClient(trust_env=False) as browser:
            offered = await browser.get(link)
            answer = await browser.post(link, data=fields)
            again = await browser.get(link)
        assert (offered.status_code, answer.status_code, again.status_code) == (200, 200, 410)
        await somebody.after()
        return answer.text

    async def photos_are_fetched(self) -> list[CaseFile]:
        async with asyncio.timeout(SECONDS):
            while True:
                with self.sessions() as session:
                    rows = list(session.execute(select(CaseFile)).scalars())
                if rows and all(row.content for row in rows):
                    return rows
                await asyncio.sleep(0.01)

    # --- looking behind ---------------------------------------------------------------------

    def case(self, number: str) -> Case:
        with self.sessions() as session:
            return session.execute(select(Case).where(col(Case.number) == number)).scalar_one()

    def all_cases(self) -> list[Case]:
        with self.sessions() as session:
            return list(session.execute(select(Case).order_by(col(Case.id))).scalars())

    def looks_behind(self) -> None:
        """While the program is stopped, and before it deletes what has become old."""
        stands_open, broken = self.holding_open(), self.broken_chains()
        assert not stands_open, f"in these tables: {stands_open}"
        assert not broken, f"the history of these cases does not hold: {broken}"

    def broken_chains(self) -> list[str]:
        """Numbers of the cases whose history does not hold."""
        with self.sessions() as session:
            rows = session.execute(select(Case)).scalars()
            return [str(c.number) for c in rows if audit.first_fault(session, cases.known_id(c)) is not None]

    def tables(self) -> dict[str, str]:
        """Everything in the database, as text, by table."""
        engine = engine_of(self.sessions)
        with engine.connect() as connection:
            names = inspect(connection).get_table_names()
            rows = {name: connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}
        return {name: "\n".join(map(_row, found)) for name, found in rows.items()}

    def holding_open(self) -> list[tuple[str, str]]:
        """The tables, and the files of SQLite, in which a secret stands open."""
        files = (path for path in self.program.settings.data_dir.glob("policybot.db*"))
        stored = self.tables() | {path.name: path.read_bytes().decode("utf-8", "replace") for path in files}
        return [
            (name, secret) for name, content in stored.items() for secret in self.secrets if secret in content
        ]

    def unreadable(self) -> list[str]:
        """Messages that no cadre understands."""
        texts = [said for chat in self.told.values() for said in chat]
        return [said for said in texts if not said.strip() or _UNREADABLE.search(_LINKS.sub("", said))]

    # --- the transcript ---------------------------------------------------------------------

    def note(self, line: str) -> None:
        day = self.clock().astimezone(CHINA).strftime("%Y年%-m月%-d日")
        if day != self._day:
            self._day = day
            self.lines.append(f"\n══ {day} ══")
        self.lines.append(line)

    def write_transcript(self) -> None:
        """To the screen (`-s` shows it), and to the file that the environment names."""
        whole = "\n".join(self.lines)
        print(whole)
        if path := os.environ.get(TRANSCRIPT):
            Path(path).write_text(whole, encoding="utf-8")

    async def close(self) -> None:
        await self.program.stop()
        for somebody in self.people:
            if isinstance(somebody, Page):
                await somebody.close()
        engine_of(self.sessions).dispose()


def _joined(texts: list[str]) -> str:
    """A long message comes in parts, and spaces at their ends go."""
    return re.sub(r"\s", "", "".join(texts))


def _row(row: object) -> str:
    values = [value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in row]  # type: ignore[attr-defined]
    return repr(values)
