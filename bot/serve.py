"""`python -m bot run`: every configured channel on one event loop, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from bot import schedule, services
from bot.delivery import Delivery
from bot.output import say
from bot.web import WebParts, create_app

if TYPE_CHECKING:
    from sqlmodel import Session
    from starlette.applications import Starlette

    from bot.config import Settings, WebSettings
    from bot.telegram import TelegramChannel
    from handlers.turn import Desk
    from knowledge.library import KnowledgeBase

KEEP_ALIVE_SECONDS = (
    75  # a new connection costs a phone more than the question; longer than proxies keep theirs
)
STOP_SECONDS = 8  # for web requests that are being answered


class ServeError(Exception):
    """It cannot be started; the message says why and what to do."""


def run_on_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop, which needs less time for the same, or on asyncio's own loop where there is none."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(work)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:  # Windows
        return asyncio.new_event_loop
    return uvloop.new_event_loop


async def serve(settings: Settings, library: KnowledgeBase) -> None:
    """Start everything, print how to reach it, and work until SIGTERM or SIGINT."""
    listening = _listen(settings.web)  # before anything else: a port in use is the commonest trouble
    reach = services.Reach(web_url=services.web_url(settings.web, listening.getsockname()[1]))
    desk_for = services.desks(settings, library, reach)
    sessions, handle = services.open_conversation(settings, desk_for)
    delivery = Delivery(sessions, handle, services.utc_now)
    telegram = reach.telegram = _telegram(settings, delivery, library)
    app = create_app(
        WebParts(
            delivery=delivery,
            library=library,
            settings=settings.web,
            data_dir=settings.data_dir,
            clock=services.utc_now,
            visitors_may_ask=settings.people.visitors_may_ask,
            extra_routes=telegram.routes if telegram else (),
        )
    )
    with _stopped_by_signals(delivery):
        await asyncio.to_thread(services.warm_up, library)
        await _introduce(library, delivery, reach)
        await _work(delivery, app, listening, telegram, settings, desk_for)


async def _work(
    delivery: Delivery,
    app: Starlette,
    listening: socket.socket,
    telegram: TelegramChannel | None,
    settings: Settings,
    desk_for: Callable[[Session], Desk],
) -> None:
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.web.trusted_proxies),
            forwarded_allow_ips=settings.web.trusted_proxies,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve(sockets=[listening]))
            tasks.create_task(schedule.housekeeping(delivery, settings, services.utc_now))
            if settings.reminders.enabled:
                tasks.create_task(schedule.reminding(delivery, settings, desk_for))
            if telegram:
                tasks.create_task(telegram.run())
            await delivery.run()
            server.should_exit = True
    finally:
        if telegram:
            await telegram.close()
        delivery.close()


class _Server(uvicorn.Server):
    """Leaves the signals to us: the web is not the only thing that has to stop in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _stopped_by_signals(delivery: Delivery) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, delivery.stop)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _listen(web: WebSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((web.host, web.port))
    except OSError as error:
        listening.close()
        raise ServeError(
            f"网页对话不能在 {web.host}:{web.port} 启动（{error.strerror}）。"
            "多半是程序已经开着，或者端口被别的程序占用。"
            "请先关掉它，或者换一个端口：POLICYBOT_WEB__PORT=8081 make run。"
        ) from error
    return listening


def _telegram(settings: Settings, delivery: Delivery, library: KnowledgeBase) -> TelegramChannel | None:
    if not settings.telegram.token.get_secret_value():
        return None
    from bot.telegram import TelegramChannel  # half a second that is only spent where it is used

    return TelegramChannel(settings, delivery, library)


async def _introduce(library: KnowledgeBase, delivery: Delivery, reach: services.Reach) -> None:
    """Say what runs, how to reach it, and what is not configured with how to do it."""
    say(services.describe_library(library))
    say(f"网页对话：{reach.web_url}")
    if reach.telegram is None:
        say(
            "Telegram：没有启动。要用的话，先向 @BotFather 申请令牌，"
            "再设置环境变量 POLICYBOT_TELEGRAM__TOKEN 后重新启动。"
        )
    else:
        name = await reach.telegram.prepare()
        say(f"Telegram：@{name}" if name else "Telegram：正在连接……")
        if services.is_only_here(reach.web_url):
            say(
                "填身份证号、电话的网页在手机上打不开：还没有设置 web.public_url。"
                "请照 docs/operations.md 给网页配一个大家能打开的网址。"
            )
    await _invite_first_administrator(delivery, reach)
    say("停止：按 Ctrl+C。")


async def _invite_first_administrator(delivery: Delivery, reach: services.Reach) -> None:
    from bot.people_cli import first_administrator_link, show_link

    link = await delivery.in_session(
        lambda session: first_administrator_link(session, web_url=reach.web_url, now=services.utc_now())
    )
    if link:
        say(f"还没有管理员。{_how_to_open(reach.web_url)}，就成为管理员（只能用一次）：")
        show_link(link)


def _how_to_open(web_url: str) -> str:
    if services.is_only_here(web_url):
        return "在这台电脑上打开下面的链接"
    return "用手机扫下面的码，或打开链接"
