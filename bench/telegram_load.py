"""Telegram: updates per second and added latency, beside a bare python-telegram-bot echo bot.

Both get the same questions over HTTP from the same Bot API server on this machine, one after the other
in the same run. Ours answers from the shipped documents, stores each turn before it confirms it, and
each reply before it sends it; the echo bot stores nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.data import everyday_questions
from tests.botapi.server import BotApi
from tests.soak.bot_process import BotProcess

PEOPLE = 200
LONGEST_SECONDS = 300
WARM_UP = 50


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench telegram_load", description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    given = parser.parse_args()
    print(f"{given.messages} messages of {PEOPLE} people, all at once; then at half of our own rate for 20 s")
    with _echo() as api:
        bare = _updates_per_second(api, given.messages)
    with _echo("concurrent") as api:
        concurrent = _updates_per_second(api, given.messages)
    with _ours() as api:
        ours = _updates_per_second(api, given.messages)
        latencies = _latencies(api, ours / 2)
    with _echo() as api:
        _updates_per_second(api, WARM_UP)
        echo_latencies = _latencies(api, ours / 2)
    print(f"echo bot, as documented      {bare:7.1f} updates/s")
    print(f"echo bot, concurrent_updates {concurrent:7.1f} updates/s")
    print(
        f"policybot                    {ours:7.1f} updates/s   "
        f"ratio {ours / bare:.2f} and {ours / concurrent:.2f}"
    )
    for name, quantile in (("p50", 0.5), ("p99", 0.99)):
        a, b = _quantile(echo_latencies, quantile), _quantile(latencies, quantile)
        print(f"{name} at {ours / 2:.0f}/s: echo {a:.1f} ms, policybot {b:.1f} ms, added {b - a:.1f} ms")


@contextmanager
def _echo(*options: str) -> Iterator[BotApi]:
    with BotApi() as api:
        command = [sys.executable, "-m", "bench.echo_bot", api.token, api.base_url, *options]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield api
        finally:
            process.terminate()
            process.wait()


@contextmanager
def _ours() -> Iterator[BotApi]:
    with BotApi() as api, tempfile.TemporaryDirectory() as folder:
        environment = {
            "POLICYBOT_TELEGRAM__TOKEN": api.token,
            "POLICYBOT_TELEGRAM__BASE_URL": api.base_url,
            "POLICYBOT_TELEGRAM__BASE_FILE_URL": api.base_file_url,
        }
        bot = BotProcess(Path(folder), environment)
        asyncio.run(bot.start())
        try:
            yield api
        finally:
            asyncio.run(bot.stop())


def _updates_per_second(api: BotApi, messages: int) -> float:
    """How fast messages are answered that have come all at once."""
    before = len(api.calls_of("sendMessage"))
    questions = everyday_questions()
    users = [api.user(1000 + number) for number in range(PEOPLE)]
    started = time.monotonic()
    for number in range(messages):
        users[number % PEOPLE].says(next(questions))
    _wait_for_answers(api, before + messages)
    return messages / (time.monotonic() - started)


def _latencies(api: BotApi, rate: float, seconds: float = 20) -> list[float]:
    """Milliseconds from a message to the call that answers it, at a steady rate."""
    before = len(api.calls_of("sendMessage"))
    questions, messages = everyday_questions(), int(rate * seconds)
    users = [api.user(1000 + number) for number in range(PEOPLE)]
    asked: dict[str, list[float]] = defaultdict(list)
    started = time.monotonic()
    for number in range(messages):
        time.sleep(max(0.0, started + number / rate - time.monotonic()))
        user = users[number % PEOPLE]
        asked[str(1000 + number % PEOPLE)].append(time.monotonic())
        user.says(next(questions))
    _wait_for_answers(api, before + messages)
    answered: dict[str, list[float]] = defaultdict(list)
    for call in api.calls_of("sendMessage")[before:]:
        answered[str(call.arguments["chat_id"])].append(call.at)
    pairs = ((a, b) for chat in asked for a, b in zip(asked[chat], answered[chat], strict=False))
    return [(b - a) * 1000 for a, b in pairs]


def _wait_for_answers(api: BotApi, count: int) -> None:
    api.waits_for_calls("sendMessage", count, timeout=LONGEST_SECONDS)


def _quantile(values: list[float], quantile: float) -> float:
    return statistics.quantiles(values, n=1000, method="inclusive")[int(quantile * 1000) - 1]


if __name__ == "__main__":
    main()
