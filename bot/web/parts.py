"""What the routes work with."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from starlette.requests import Request
from starlette.routing import BaseRoute

from bot.config import WebSettings
from bot.delivery import Delivery
from bot.web.assets import Assets
from bot.web.limiting import Limits
from bot.web.sessions import Sessions
from knowledge.library import KnowledgeBase


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the web chat is given."""

    delivery: Delivery
    library: KnowledgeBase
    settings: WebSettings
    data_dir: Path
    clock: Callable[[], dt.datetime]
    visitors_may_ask: bool = True
    extra_routes: Sequence[BaseRoute] = ()


@dataclass(frozen=True, slots=True)
class Web:
    """That, and what it makes of it. `streams` counts the open streams of each chat."""

    parts: WebParts
    assets: Assets
    sessions: Sessions
    limits: Limits
    streams: Counter[str] = field(default_factory=Counter)

    @property
    def delivery(self) -> Delivery:
        return self.parts.delivery


def web_of(request: Request) -> Web:
    return cast(Web, request.app.state.web)
