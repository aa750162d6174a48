"""Kill the bot at random moments while people ask, and look whether anything was lost or doubled."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import outbox
from db.session import engine_of, open_database
from tests.botapi.server import BotApi
from tests.soak.bot_process import BotProcess
from tests.soak.people import TelegramPerson, WebPerson

ROWS = 25  # questions of one person
REPEATED = 5  # of Telegram's updates after each kill
SETTLE_SECONDS = 180
Person = TelegramPerson | WebPerson


@dataclass
class Findings:
    """What went wrong; `repeated` are replies that stand twice in a Telegram chat."""

    turns: int = 0
    kills: int = 0
    lost: list[str] = field(default_factory=list)
    handled_twice: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    shown_twice_on_the_page: list[str] = field(default_factory=list)
    repeated: int = 0

    @property
    def faults(self) -> list[str]:
        return [*self.lost, *self.handled_twice, *self.out_of_order, *self.shown_twice_on_the_page]


async def kill_while_asking(
    data_dir: Path,
    database_url: str,
    *,
    people: int,
    kills: int,
    seed: int,
    seconds_up: float = 1.0,
    waits_for_leases: bool = True,
) -> Findings:
    """Half of `people` ask on Telegram and half on the web, ROWS questions each.

    On PostgreSQL, what a killed process was sending waits for a minute; without `waits_for_leases` that
    minute passes at once.
    """
    chance = random.Random(seed)
    database = open_database(database_url)
    with BotApi() as api:
        bot = BotProcess(data_dir, _environment(api, database_url))
        await bot.start()
        on_telegram = [TelegramPerson(api, 1000 + number) for number in range(people // 2)]
        on_web = [WebPerson([bot], number) for number in range(people - people // 2)]
        await asyncio.gather(*(person.enter() for person in on_web))
        everybody: list[Person] = [*on_telegram, *on_web]
        pause = kills * (seconds_up + 2.0) / ROWS
        asking = [
            asyncio.create_task(_ask(person, pause, random.Random(seed + k)))
            for k, person in enumerate(everybody)
        ]
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0, 2 * seconds_up))
            await bot.kill()
            if not waits_for_leases:
                _let_leases_run_out(database)
            _deliver_again(api)
            await bot.start()
        await asyncio.gather(*asking)
        await _settled(everybody)
        findings = await _judged(everybody, database)
        engine_of(database).dispose()
        findings.kills = kills
        await asyncio.gather(*(person.leave() for person in on_web))
        await bot.stop()
    return findings


def _environment(api: BotApi, database_url: str) -> dict[str, str]:
    return {
        "POLICYBOT_DATABASE__URL": database_url,
        "POLICYBOT_TELEGRAM__TOKEN": api.token,
        "POLICYBOT_TELEGRAM__BASE_URL": api.base_url,
        "POLICYBOT_TELEGRAM__BASE_FILE_URL": api.base_file_url,
    }


def _deliver_again(api: BotApi) -> None:
    """Telegram is not sure any more of what the bot has confirmed."""
    waiting = set(api.pending)
    confirmed = [known for known in list(api.state.updates.known) if known not in waiting]
    for update_id in confirmed[-REPEATED:]:
        api.delivers_again(update_id)


def _let_leases_run_out(database: sessionmaker[Session]) -> None:
    with database.begin() as session:
        outbox.release(session, "telegram", now=dt.datetime.now(dt.UTC))


async def _ask(person: Person, pause: float, chance: random.Random) -> None:
    for number in range(1, ROWS + 1):
        await person.ask(number)
        await asyncio.sleep(chance.uniform(0, 2 * pause))


async def _settled(everybody: list[Person]) -> None:
    """Wait until everybody has the last answer."""
    async with asyncio.timeout(SETTLE_SECONDS):
        for person in everybody:
            while ROWS not in await person.shown():
                await asyncio.sleep(0.1)


async def _judged(everybody: list[Person], database: sessionmaker[Session]) -> Findings:
    findings = Findings(turns=len(everybody) * ROWS)
    for person in everybody:
        shown = await person.shown()
        first = list(dict.fromkeys(shown))
        missing = set(range(1, ROWS + 1)) - set(shown)
        findings.lost += [f"{person.name}: row {row}" for row in sorted(missing)]
        findings.out_of_order += [f"{person.name}: {a} before {b}" for a, b in pairwise(first) if a > b]
        if isinstance(person, WebPerson):
            findings.shown_twice_on_the_page += [person.name] * (len(shown) - len(first))
        else:
            findings.repeated += len(shown) - len(first)
    with database.begin() as session:
        # The count of answers of a chat goes up once in each turn's transaction.
        counted = session.connection().execute(text("SELECT chat, answers FROM conversation"))
        findings.handled_twice = [
            f"{chat}: {answers} answers" for chat, answers in counted if answers != ROWS
        ]
    return findings
