"""`python -m tests.botapi --port 8081`: the server alone, as quick as it can be, for benchmarks."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal

from tests.botapi.chats import Chats
from tests.botapi.control import Control
from tests.botapi.dispatch import Dispatcher
from tests.botapi.http import Connection
from tests.botapi.server import TOKEN
from tests.botapi.state import State


def state_for_benchmarks(token: str, username: str) -> State:
    state = State(token, username, recording=False, webhook_first_delay=1.0)
    state.chats = Chats(open_to_all=True, kept=100)
    state.updates.remember = False
    return state


async def serve(state: State, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    dispatcher = Dispatcher(state, Control(state))
    server = await loop.create_server(lambda: Connection(dispatcher), "127.0.0.1", port, backlog=1024)
    real_port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{real_port}/bot", f"token {state.token}", sep="\n", flush=True)
    await stop.wait()
    state.set_webhook("", "", 0)
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 for any free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--username", default="policy_bot")
    given = parser.parse_args()
    gc.freeze()
    asyncio.run(serve(state_for_benchmarks(given.token, given.username), given.port))


if __name__ == "__main__":
    main()
