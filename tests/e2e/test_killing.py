"""The short form of `python -m tests.soak`: the whole program, killed again and again while people ask."""

from __future__ import annotations

from pathlib import Path

from tests.soak.killing import ROWS, kill_while_asking

PEOPLE = 3
KILLS = 3


async def test_no_question_is_lost_doubled_or_overtaken_when_the_bot_is_killed(
    tmp_path: Path, database_url: str
) -> None:
    found = await kill_while_asking(
        tmp_path, database_url,
        people=PEOPLE, kills=KILLS, seed=1, seconds_up=0.4, waits_for_leases=False,
    )  # fmt: skip
    assert found.turns == PEOPLE * ROWS
    assert found.kills == KILLS
    assert found.faults == []
