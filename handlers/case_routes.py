"""The routes and forms of seeing cases and deciding on them."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import case_pages, cases, corrections, decisions, merging, revealing
from handlers.filling import Ledger
from handlers.turn import Handler

ROUTES: Mapping[str, Handler] = {
    "/cases": cases.start,
    "cases:": cases.turn_page,
    "case:": case_pages.open_part,
    "do:": decisions.decide,
    "category:": decisions.categorise,
    "correct:": corrections.start,
    "reveal:": revealing.reveal,
    "/merge": merging.start,
    "merge:": merging.confirm,
    "merge-look:": merging.look,
}
LEDGERS: Mapping[str, Ledger] = {**decisions.LEDGERS, **corrections.LEDGERS}
