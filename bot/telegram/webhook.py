"""Updates that Telegram brings: answered with 200 only after they have been stored."""

from __future__ import annotations

import hmac
import json
import logging
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.telegram.incoming import read_update
from bot.telegram.polling import Receive

logger = logging.getLogger(__name__)

DEFAULT_PATH = "/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET_FILE = "telegram-webhook-secret"
MAX_BODY_BYTES = 1 << 20
RETRY_AFTER = {"Retry-After": "2"}  # Telegram keeps to it


def webhook_address(configured: str) -> str:
    """The address that Telegram is told; one without a path gets ours."""
    parts = urlsplit(configured)
    return configured if parts.path.strip("/") else urlunsplit(parts._replace(path=DEFAULT_PATH))


def webhook_secret(configured: str, data_dir: Path) -> str:
    """What proves that a request comes from Telegram: configured, else made once and kept."""
    path = data_dir / SECRET_FILE
    if configured:
        return configured
    if not path.is_file():
        made = path.with_name(f"{SECRET_FILE}.{os.getpid()}")
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        made.replace(path)
    return path.read_text(encoding="ascii").strip()


def webhook_route(address: str, secret: str, receive: Receive, is_open: Callable[[], bool]) -> Route:
    """The route that takes updates while `is_open`; at other times Telegram is asked to come again."""

    async def take(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("latin-1"), secret.encode()):
            return Response(status_code=403)
        if not is_open():
            return Response(status_code=503, headers=RETRY_AFTER)
        return await _receive(await _body(request), receive)

    return Route(urlsplit(address).path, take, methods=["POST"])


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413)
    return body


async def _receive(body: bytes, receive: Receive) -> Response:
    try:
        given = json.loads(body)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("update_id"), int):
        return Response(status_code=400)
    update = read_update(given)
    try:
        await receive([update] if update else [])
    except SQLAlchemyError as error:
        logger.warning("Telegram: what comes in cannot be stored (%s)", type(error).__name__)
        return Response(status_code=503, headers=RETRY_AFTER)
    return Response(status_code=200)
