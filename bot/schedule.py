"""What is done from time to time."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery import Delivery
from db import case_retention
from db.retention import forget_old

if TYPE_CHECKING:
    from sqlmodel import Session

    from bot.config import RetentionSettings, Settings
    from handlers.turn import Desk

logger = logging.getLogger(__name__)

HOUSEKEEPING_SECONDS = 3600.0
REMINDING_SECONDS = 900.0


async def housekeeping(delivery: Delivery, settings: Settings, clock: Callable[[], dt.datetime]) -> None:
    """Delete what is older than the settings allow, once an hour, until delivery stops."""
    while not delivery.stopping:
        try:
            more = True
            while more and not delivery.stopping:  # in batches: others have their turn in between
                more = await delivery.in_session(
                    lambda session: _forget_some(session, settings.retention, clock())
                )
        except SQLAlchemyError as error:
            logger.warning("housekeeping is tried again in an hour: %s", type(error).__name__)
        await delivery.wait_until_stopped(HOUSEKEEPING_SECONDS)


def _forget_some(session: Session, allowed: RetentionSettings, now: dt.datetime) -> bool:
    """A batch of everything that is too old. Returns whether there may be more."""
    more = [
        forget_old(session, now=now, days=allowed.messages_days),
        case_retention.forget_drafts(session, now=now, days=allowed.drafts_days),
    ]
    if allowed.closed_cases_days:
        more.append(case_retention.forget_people(session, now=now, days=allowed.closed_cases_days))
    case_retention.forget_links(session, now=now)
    return any(more)


async def reminding(delivery: Delivery, settings: Settings, desk_for: Callable[[Session], Desk]) -> None:
    """Tell people what is due and what is late, four times an hour, each thing once."""
    from handlers.reminders import ReminderTimes, send_due

    given = settings.reminders
    times = ReminderTimes(given.hour, tuple(given.days_before), given.annual)
    while not delivery.stopping:
        try:
            await delivery.in_session(lambda session: send_due(desk_for(session), times))
        except SQLAlchemyError as error:
            logger.warning("reminders are tried again later: %s", type(error).__name__)
        await delivery.wait_until_stopped(REMINDING_SECONDS)
