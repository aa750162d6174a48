"""`backup` and `restore` as an administrator types them: beside the running bot, killed, on a terminal."""

from __future__ import annotations

import datetime as dt
import os
import pty
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from db import backup
from db.models import StoredFile
from db.session import engine_of, migrate_database, open_database
from tests.soak.bot_process import CHECKOUT, BotProcess

OK, FAILED, REFUSED, KILLED = 0, 1, 2, -9
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
SECONDS = 60
PASSPHRASE = "草原上的骏马 12345678"
MEGABYTES = 40  # compressing so much takes long enough to be killed in it


class Program:
    """`python -m bot` with a data folder and a database."""

    def __init__(self, data_dir: Path, url: str) -> None:
        self.data_dir, self.url = data_dir, url
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("POLICYBOT_")}
        self.settings = {"POLICYBOT_DATA_DIR": str(data_dir), "POLICYBOT_DATABASE__URL": url}
        self._environment = inherited | self.settings

    def __call__(self, *arguments: str | Path) -> tuple[int, str]:
        """The exit code, and what was said."""
        done = subprocess.run(
            self._command(*arguments), env=self._environment, cwd=CHECKOUT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=SECONDS,
        )  # fmt: skip
        return done.returncode, done.stdout.decode()

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command(*arguments), env=self._environment, cwd=CHECKOUT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def on_a_terminal(self, *arguments: str | Path, answers: dict[str, str]) -> tuple[int, str]:
        """Type each answer after its prompt, in this order."""
        terminal, its_end = pty.openpty()
        process = subprocess.Popen(
            self._command(*arguments), env=self._environment, cwd=CHECKOUT,
            stdin=its_end, stdout=its_end, stderr=its_end, start_new_session=True,
        )  # fmt: skip
        os.close(its_end)
        shown = ""
        for prompt, answer in answers.items():
            shown += _read(terminal, until=prompt)
            os.write(terminal, f"{answer}\n".encode())
        shown += _read(terminal, until=None)
        os.close(terminal)
        return process.wait(SECONDS), shown

    @contextmanager
    def session(self) -> Iterator[Session]:
        sessions = open_database(self.url)
        with sessions.begin() as session:
            yield session
        engine_of(sessions).dispose()

    def _command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "bot", *map(str, arguments)]


def _read(terminal: int, until: str | None) -> str:
    shown = b""
    while until is None or not shown.decode(errors="ignore").rstrip().endswith(until):
        try:
            more = os.read(terminal, 4096)
        except OSError:  # Linux says so when the program has ended
            more = b""
        if not more:
            assert until is None, f"no {until} in {shown.decode()}"
            break
        shown += more
    return shown.decode()


@pytest.fixture
def program(tmp_path: Path, database_url: str) -> Program:
    return Program(tmp_path, database_url)


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Program:
    return Program(tmp_path, f"sqlite:///{tmp_path}/policybot.db")


def _add_file(session: Session, content: bytes) -> None:
    session.add(StoredFile(chat="a", name="b", media_type="image/jpeg", content=content, created_at=NOW))


def _files(program: Program) -> int:
    with program.session() as session:
        return session.execute(select(func.count()).select_from(StoredFile)).scalar_one()


# --- beside the running bot -----------------------------------------------------------------


async def test_a_backup_beside_the_running_bot_brings_everything_back(
    program: Program, tmp_path: Path
) -> None:
    bot, file = BotProcess(tmp_path, program.settings), tmp_path / "a.backup"
    await bot.start()
    with program.session() as session:
        _add_file(session, b"before")
    assert program("backup", file)[0] == OK
    with program.session() as session:
        _add_file(session, b"after")
    assert await bot.stop() == 0
    code, said = program("restore", file)
    assert (code, "--replace" in said) == (REFUSED, True)
    assert program("restore", file, "--replace", "--yes")[0] == OK
    assert _files(program) == 1
    await bot.start()
    assert await bot.stop() == 0


# --- killed ---------------------------------------------------------------------------------


@pytest.fixture
def large(on_sqlite: Program) -> Program:
    with on_sqlite.session() as session:
        for number in range(MEGABYTES):
            _add_file(session, random.Random(number).randbytes(2**20))
    return on_sqlite


def _kill_when(process: subprocess.Popen[bytes], in_the_middle: Callable[[], bool]) -> int:
    deadline = time.monotonic() + SECONDS
    while not in_the_middle():
        assert process.poll() is None, "it was over too soon"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.kill()
    return process.wait(SECONDS)


def test_a_backup_that_is_killed_leaves_no_file_of_its_name(large: Program, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    process = large.start("backup", folder / "a")
    sizes = lambda: [path.stat().st_size for path in folder.iterdir()]  # noqa: E731
    assert _kill_when(process, lambda: any(size > 2**20 for size in sizes())) == KILLED
    assert not (folder / "a").exists()
    assert large("backup", folder / "a")[0] == OK
    assert backup.verify(folder / "a").rows == MEGABYTES


def test_a_restore_that_is_killed_leaves_sqlite_empty_and_can_be_begun_again(
    large: Program, tmp_path: Path
) -> None:
    assert large("backup", tmp_path / "a")[0] == OK
    new = Program(tmp_path, f"sqlite:///{tmp_path}/new.db")
    log = tmp_path / "new.db-wal"
    process = new.start("restore", tmp_path / "a")
    assert _kill_when(process, lambda: log.exists() and log.stat().st_size > 4 * 2**20) == KILLED
    assert backup.rows_in(new.url) == 0
    assert new("restore", tmp_path / "a")[0] == OK
    assert _files(new) == MEGABYTES


def test_a_restore_that_is_killed_leaves_postgresql_as_it_was_and_can_be_begun_again(
    large: Program, tmp_path: Path, postgresql_url: str
) -> None:
    assert large("backup", tmp_path / "a")[0] == OK
    new = Program(tmp_path, postgresql_url)
    with new.session() as session:
        _add_file(session, b"earlier")
    process = new.start("restore", tmp_path / "a", "--replace", "--yes")
    with psycopg.connect(postgresql_url, autocommit=True) as watcher:
        inserting = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'INSERT INTO stored_file%'"
        assert _kill_when(process, lambda: watcher.execute(inserting).fetchone() != (0,)) == KILLED
    assert _files(new) == 1
    assert new("restore", tmp_path / "a", "--replace", "--yes")[0] == OK
    assert _files(new) == MEGABYTES


# --- on a terminal --------------------------------------------------------------------------


def test_a_passphrase_is_asked_for_twice_and_not_shown(on_sqlite: Program, tmp_path: Path) -> None:
    migrate_database(on_sqlite.url)
    code, shown = on_sqlite.on_a_terminal(
        "backup", tmp_path / "a", "--encrypt", answers={"口令：": PASSPHRASE, "再输入一次口令：": PASSPHRASE}
    )
    assert code == OK and PASSPHRASE not in shown
    code, shown = on_sqlite.on_a_terminal("restore", tmp_path / "a", answers={"口令：": PASSPHRASE})
    assert code == OK and PASSPHRASE not in shown


def test_two_different_passphrases_save_nothing(on_sqlite: Program, tmp_path: Path) -> None:
    migrate_database(on_sqlite.url)
    answers = {"口令：": PASSPHRASE, "再输入一次口令：": PASSPHRASE[:-1]}
    code, shown = on_sqlite.on_a_terminal("backup", tmp_path / "a", "--encrypt", answers=answers)
    assert code == REFUSED and "不一样" in shown
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(("answer", "code", "files"), [("n", FAILED, 2), ("y", OK, 1)])
def test_rows_are_replaced_only_after_a_yes(
    answer: str, code: int, files: int, on_sqlite: Program, tmp_path: Path
) -> None:
    with on_sqlite.session() as session:
        _add_file(session, b"1")
    assert on_sqlite("backup", tmp_path / "a")[0] == OK
    with on_sqlite.session() as session:
        _add_file(session, b"2")
    found, shown = on_sqlite.on_a_terminal("restore", tmp_path / "a", "--replace", answers={"[y/N]:": answer})
    assert (found, _files(on_sqlite)) == (code, files)
    assert "2 行" in shown
