"""From a request to its answer: token, faults, the method itself, refusals."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable
from typing import Any

from tests.botapi import methods_bot, methods_messages, methods_queries  # noqa: F401 (they register methods)
from tests.botapi.control import Control
from tests.botapi.faults import BadGateway, DropAfter, DropBefore, Fault, FloodLimit, Slow, Unauthorized
from tests.botapi.http import HANG_UP, Request, Response, arguments_of
from tests.botapi.refusals import RefusalError, bad_request, too_many_requests
from tests.botapi.state import METHODS, Arguments, State

BAD_GATEWAY = Response(
    502,
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>"
    b"</center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n",
    "text/html",
)


class Dispatcher:
    def __init__(self, state: State, control: Control | None = None) -> None:
        self._control = control
        self._state = state
        self._calls = f"/bot{state.token}/"
        self._files = f"/file/bot{state.token}/"

    def __call__(self, request: Request) -> Response | Awaitable[Response]:
        with self._state.changed:
            if request.path.startswith(self._calls):
                return self._call(request.path[len(self._calls) :].lower(), request)
            if request.path.startswith(self._files):
                return self._download(request.path[len(self._files) :])
        if self._control and (response := self._control(request)):
            return response
        if request.path.startswith(("/bot", "/file/bot")):
            return _refused(RefusalError(401, "Unauthorized"))
        return _refused(RefusalError(404, "Not Found"))

    def _call(self, name: str, request: Request) -> Response | Awaitable[Response]:
        try:
            values = arguments_of(request)
        except ValueError:
            return _refused(bad_request("can't parse JSON object"))
        if self._state.recording:
            self._state.record(name, values)
        fault = self._state.faults.next(name, str(values.get("chat_id", "")))
        match fault:
            case FloodLimit(seconds):
                return _refused(too_many_requests(seconds))
            case BadGateway():
                return BAD_GATEWAY
            case Unauthorized():
                return _refused(RefusalError(401, "Unauthorized"))
            case DropBefore():
                return HANG_UP
        response = self._carry_out(name, Arguments(values))
        return response if fault is None else _after(fault, response)

    def _carry_out(self, name: str, args: Arguments) -> Response | Awaitable[Response]:
        function = METHODS.get(name)
        if function is None:
            return _refused(RefusalError(404, "Not Found: method not found"))
        try:
            result = function(self._state, args)
        except RefusalError as refusal:
            return _refused(refusal)
        finally:
            self._state.changed.notify_all()
        return _awaited(result) if inspect.isawaitable(result) else _accepted(result)

    def _download(self, path: str) -> Response | Awaitable[Response]:
        """The faults of "download" are those of files."""
        fault = self._state.faults.next("download")
        if isinstance(fault, BadGateway):
            return BAD_GATEWAY
        file = self._state.chats.files.get(path.rpartition("/")[2])
        if isinstance(fault, DropBefore):
            return HANG_UP
        if file is None or file.content is None:
            return _refused(RefusalError(404, "Not Found"))
        response = Response(200, file.content, file.mime)
        return response if fault is None else _after(fault, response)


def _accepted(result: Any) -> Response:
    encoded = result if isinstance(result, bytes) else json.dumps(result).encode()
    return Response(200, b'{"ok":true,"result":%s}' % encoded)


def _refused(refusal: RefusalError) -> Response:
    return Response(refusal.code, json.dumps(refusal.body()).encode())


async def _awaited(result: Awaitable[Any]) -> Response:
    try:
        return _accepted(await result)
    except RefusalError as refusal:
        return _refused(refusal)


async def _after(fault: Fault, response: Response | Awaitable[Response]) -> Response:
    answer = response if isinstance(response, Response) else await response
    if isinstance(fault, Slow):
        await asyncio.sleep(fault.seconds)
    return HANG_UP if isinstance(fault, DropAfter) else answer
