"""Composition root: makes the parts from the settings and puts them together.

Each part is imported when it is first wanted: SQLModel alone costs 0.8 s, and `ask` needs no database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.quick_config import LibraryConfig
from db.days import today_of

if TYPE_CHECKING:
    from sqlalchemy.orm import sessionmaker
    from sqlmodel import Session

    from bot.config import Settings, WebSettings
    from bot.telegram import TelegramChannel
    from handlers.turn import Desk, Handle, Reply, Turn
    from knowledge.library import KnowledgeBase


class LibraryFolderError(Exception):
    """The folder with the documents does not exist."""


def open_library(config: LibraryConfig, folder: Path | None, *, progress: bool) -> KnowledgeBase:
    """Open the documents under `folder`, or those of the settings; index them if they have changed."""
    from knowledge.library import KnowledgeBase

    folder = folder or config.path
    if not folder.is_dir():
        raise LibraryFolderError(f"没有文件夹 {folder}。请用 --library 指定政策文件所在的文件夹。")
    return KnowledgeBase.open(
        folder,
        config.data_dir,
        max_file_bytes=config.max_file_bytes,
        progress=progress,
        today=today_of(utc_now()),
    )


@dataclass
class Reach:
    """How people reach the bot."""

    web_url: str = ""
    telegram: TelegramChannel | None = None

    @property
    def telegram_name(self) -> str:
        """ "" until Telegram has answered."""
        return self.telegram.name if self.telegram else ""


def web_url(web: WebSettings, port: int) -> str:
    """The address that people are told, without a slash at its end."""
    host = f"[{web.host}]" if ":" in web.host else web.host
    return web.public_url.rstrip("/") or f"http://{host}:{port}"


def is_only_here(url: str) -> bool:
    """Whether the address leads a phone nowhere, because it names this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def open_conversation(
    settings: Settings, desk_for: Callable[[Session], Desk]
) -> tuple[sessionmaker[Session], Handle]:
    """The database, and what handles a turn in one of its transactions."""
    from bot.keys import open_database
    from handlers.errors import converse

    def handle(turn: Turn, session: Session) -> tuple[Reply, ...]:
        return converse(turn, desk_for(session))

    return open_database(settings), handle


def desks(
    settings: Settings, library: KnowledgeBase, reach: Reach | None = None
) -> Callable[[Session], Desk]:
    """What makes a desk for a transaction; nobody sits at it yet."""
    from db.workflow import LocalRules
    from handlers.turn import Desk

    version = library_version(library)
    reach = reach or Reach()
    procedure = settings.procedure
    local = LocalRules(dict(procedure.step_days), procedure.notice_days or None, procedure.total_days or None)

    def desk_for(session: Session) -> Desk:
        return Desk(
            library=library,
            session=session,
            now=utc_now(),
            index_version=version,
            visitors_may_ask=settings.people.visitors_may_ask,
            web_url=reach.web_url,
            telegram_name=reach.telegram_name,
            telegram_names=settings.privacy.telegram == "names",
            local=local,
        )

    return desk_for


def warm_up(library: KnowledgeBase) -> None:
    """Load everything, and ask the examples: the first person waits for nothing."""
    from handlers.wording import EXAMPLES
    from knowledge.rules import rules

    library.warm()
    rules()
    for example in EXAMPLES:
        library.ask(example)


def describe_library(library: KnowledgeBase) -> str:
    """How large it is, in one line."""
    if library.is_large:
        return f"文件库：{len(library.files)} 个文件"
    clauses = sum(len(document.clauses) for document in library.documents)
    indicators = len(library.facts.indicators)
    return f"文件库：{len(library.documents)} 份文件，{clauses} 个条款，{indicators} 项指标"


def library_version(library: KnowledgeBase) -> str:
    """Twelve digits that change when a document is added, changed or removed."""
    digest = hashlib.sha256()
    for name, path in library.files.items():
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{name}\t{content}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:12]


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def log_for_operators() -> None:
    """Warnings and errors to stderr, where systemd or a terminal picks them up."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def log_to_file(data_dir: Path) -> Path:
    """Keep the log out of the conversation in the terminal."""
    path = data_dir / "policybot.log"
    logging.basicConfig(
        filename=path,
        encoding="utf-8",
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    return path
