"""How often a person and an address may come. Counted in memory, for this process."""

from __future__ import annotations

import ipaddress
import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request

from bot.config import WebSettings
from bot.web.errors import WebError
from handlers import wording_web

NEW_SESSIONS = RateLimitItemPerMinute(60)  # of one address
SECRETS = RateLimitItemPerMinute(60)  # one-time pages opened from one address: an office has one for all


class Limits:
    def __init__(self, settings: WebSettings) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._turns = RateLimitItemPerMinute(settings.turns_per_minute)
        self._requests = RateLimitItemPerMinute(settings.requests_per_minute)

    async def count_turn(self, chat: str) -> None:
        """Raises WebError when the person sends too fast."""
        await self._count(self._turns, "turn", chat)

    async def count_request(self, request: Request) -> None:
        """Raises WebError when too much comes from the address. This machine itself may do as it likes.

        So a reverse proxy on it that does not say whom it speaks for does not lock everybody out.
        """
        if address := _network(request):
            await self._count(self._requests, "request", address)

    async def count_new_session(self, request: Request) -> None:
        if address := _network(request):
            await self._count(NEW_SESSIONS, "session", address)

    async def count_secret(self, request: Request) -> None:
        """For pages whose address is the key to them."""
        await self.count_request(request)
        if address := _network(request):
            await self._count(SECRETS, "secret", address)

    async def _count(self, item: RateLimitItem, kind: str, key: str) -> None:
        if not await self._limiter.hit(item, kind, key):
            window = await self._limiter.get_window_stats(item, kind, key)
            seconds = max(1, math.ceil(window.reset_time - time.time()))
            raise WebError(429, wording_web.TOO_FAST, retry_after=min(seconds, item.get_expiry()))


def is_local(request: Request) -> bool:
    """Whether it comes from this machine, as far as the proxies that we believe tell."""
    address = _address(request)
    return address is not None and address.is_loopback


def _network(request: Request) -> str:
    """Who counts as one: an IPv4 address, or the /64 that an IPv6 user has; "" for this machine."""
    address = _address(request)
    if address is None or address.is_loopback:
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _address(request: Request) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:  # a Unix socket, or nonsense from a proxy
        return None
    return getattr(address, "ipv4_mapped", None) or address
