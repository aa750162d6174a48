"""HTTP to the Bot API over aiohttp, which needs a third of the time that httpx takes for a small request."""

from __future__ import annotations

import ssl
from typing import Any

import aiohttp
import certifi
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 16
READ_SECONDS = 15.0
CONNECT_SECONDS = 10.0
UPLOAD_SECONDS = 20.0  # python-telegram-bot's own limit for files


class AiohttpRequest(BaseRequest):
    """What python-telegram-bot sends with. A proxy is taken from HTTPS_PROXY, as httpx does.

    Of a message that was made only its number and chat are handed on: we know what we have sent.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            trusted = ssl.create_default_context(cafile=certifi.where())
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, ssl=trusted)
            self._session = aiohttp.ClientSession(
                connector=connector, trust_env=True, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        assert self._session is not None, "not initialised"
        timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=_given(connect_timeout, CONNECT_SECONDS),
            sock_read=_given(read_timeout, READ_SECONDS),
        )
        try:
            async with self._session.request(
                method,
                url,
                data=_body(request_data),
                timeout=timeout,
                headers={"User-Agent": self.USER_AGENT},
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = BaseRequest.parse_json_payload(payload)
        result = answer.get("result")
        if isinstance(result, dict) and "message_id" in result:
            answer["result"] = {key: result[key] for key in ("message_id", "date", "chat") if key in result}
        return answer


def _given(value: Any, default: float) -> float | None:
    return default if isinstance(value, DefaultValue) else value


def _body(data: RequestData | None) -> Any:
    if data is None:
        return None
    files = data.multipart_data
    if not files:
        return data.json_parameters
    form = aiohttp.FormData(quote_fields=False)  # Telegram shows the names as they come
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in files.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form
