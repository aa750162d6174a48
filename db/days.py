"""Days as the people here count them."""

from __future__ import annotations

import datetime as dt

CHINA = dt.timezone(dt.timedelta(hours=8))  # no daylight saving time


def today_of(now: dt.datetime) -> dt.date:
    """The day in China."""
    return now.astimezone(CHINA).date()
