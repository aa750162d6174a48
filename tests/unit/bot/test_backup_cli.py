"""What `backup` and `restore` say, and the keys that go with them or not."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select, text
from sqlmodel import Session, col

from bot.backup_cli import PASSPHRASE_CHARACTERS, PASSPHRASE_VARIABLE
from bot.cli import main
from db import migrate
from db.crypto import Keyring, Keys, seal, unseal
from db.key_files import KeyFolder
from db.models import Person
from db.models_cases import Draft, DraftAnswer
from db.session import database_as_it_is, engine_of, open_database

OK, FAILED, REFUSED = 0, 1, 2
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
PASSPHRASE = "草原上的骏马 12345678"
T = TypeVar("T")
Run = Callable[..., tuple[int, str]]


class Machine:
    """A data folder with its database and keys."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.url = data_dir, f"sqlite:///{data_dir}/policybot.db"
        self.keys = KeyFolder(data_dir / "keys")
        data_dir.mkdir()

    def store(self, plain: str, keys: Keys | None = None) -> None:
        def add(session: Session) -> None:
            session.add(Person(id=1, name="张三", role="village_cadre", created_at=NOW))
            session.flush()
            session.add(Draft(id=1, person_id=1, form="report", created_at=NOW, updated_at=NOW))
            session.flush()
            session.add(DraftAnswer(draft_id=1, field="name", value=seal(session, plain), answered_at=NOW))

        if keys is None:
            self.keys.make_missing()
        self._within(keys or self.keys, add)

    def stored(self, keys: Keys | None = None) -> str:
        def read(session: Session) -> str:
            return unseal(session, session.execute(select(col(DraftAnswer.value))).scalar_one())

        return self._within(keys or self.keys, read)

    def _within(self, keys: Keys, work: Callable[[Session], T]) -> T:
        sessions = open_database(self.url, keys)
        with sessions.begin() as session:
            done = work(session)
        engine_of(sessions).dispose()
        return done


@pytest.fixture
def old(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "old")


@pytest.fixture
def new(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "new")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policybot.backup"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a machine: its exit code, and what it said."""
    for name in [name for name in os.environ if name.startswith("POLICYBOT_")]:
        monkeypatch.delenv(name)

    def run(
        machine: Machine, *arguments: str | Path, passphrase: str = "", keys: str = ""
    ) -> tuple[int, str]:
        monkeypatch.setenv("POLICYBOT_DATA_DIR", str(machine.data_dir))
        monkeypatch.setenv("POLICYBOT_PRIVACY__KEYS", keys)
        monkeypatch.setenv(PASSPHRASE_VARIABLE, passphrase)
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


# --- keys -----------------------------------------------------------------------------------


def test_keys_are_not_in_a_backup_and_it_says_where_they_are(run: Run, old: Machine, file: Path) -> None:
    old.store("李四")
    code, said = run(old, "backup", file)
    assert code == OK
    assert f"请把 {old.data_dir}/keys 另外保存" in said


def test_a_restore_without_the_keys_says_what_is_missing(
    run: Run, old: Machine, new: Machine, file: Path
) -> None:
    old.store("李四")
    run(old, "backup", file)
    code, said = run(new, "restore", file)
    assert code == FAILED
    assert "数据恢复了，但还不能用" in said and "密钥文件" in said
    (new.data_dir / "keys").mkdir()
    new.keys.put(old.keys.current)
    assert new.stored() == "李四"


def test_keys_come_along_when_that_is_wanted(run: Run, old: Machine, new: Machine, file: Path) -> None:
    old.store("李四")
    assert run(old, "backup", file, "--encrypt", "--with-keys", passphrase=PASSPHRASE)[0] == OK
    assert run(new, "restore", file, passphrase=PASSPHRASE)[0] == OK
    assert new.stored() == "李四"
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (new.data_dir / "keys").iterdir())


def test_keys_are_never_in_a_file_that_is_not_encrypted(run: Run, old: Machine, file: Path) -> None:
    old.store("李四")
    code, said = run(old, "backup", file, "--with-keys")
    assert (code, "--encrypt" in said, file.exists()) == (REFUSED, True, False)


def test_other_keys_that_are_there_stay_and_nothing_is_restored(
    run: Run, old: Machine, new: Machine, file: Path
) -> None:
    old.store("李四")
    new.store("王五")
    run(old, "backup", file, "--encrypt", "--with-keys", passphrase=PASSPHRASE)
    code, said = run(new, "restore", file, "--replace", "--yes", passphrase=PASSPHRASE)
    assert code == REFUSED
    assert f"请先把 {new.data_dir}/keys 移到别处" in said
    assert new.stored() == "王五"


def test_keys_of_the_environment_count_and_are_not_written_to_disk(
    run: Run, old: Machine, new: Machine, file: Path
) -> None:
    keyring = Keyring.new()
    old.store("李四", keyring)
    code, said = run(
        old, "backup", file, "--encrypt", "--with-keys", passphrase=PASSPHRASE, keys=keyring.written()
    )
    assert code == OK and keyring.written() not in said
    assert run(new, "restore", file, passphrase=PASSPHRASE, keys=keyring.written())[0] == OK
    assert new.stored(keyring) == "李四"
    assert not (new.data_dir / "keys").exists()


# --- what is said ---------------------------------------------------------------------------


def test_a_short_passphrase_is_refused(run: Run, old: Machine, file: Path) -> None:
    old.store("李四")
    code, said = run(old, "backup", file, "--encrypt", passphrase="1" * (PASSPHRASE_CHARACTERS - 1))
    assert (code, file.exists()) == (REFUSED, False)
    assert str(PASSPHRASE_CHARACTERS) in said


def test_without_a_terminal_the_passphrase_comes_from_the_environment(
    run: Run, old: Machine, file: Path
) -> None:
    old.store("李四")
    assert run(old, "backup", file, "--encrypt") == (REFUSED, _PASSPHRASE_WANTED)
    assert run(old, "backup", file, "--encrypt", passphrase=PASSPHRASE)[0] == OK
    assert run(old, "restore", file) == (REFUSED, _PASSPHRASE_WANTED)


_PASSPHRASE_WANTED = f"加密的备份要有口令。请在终端里运行，或者设环境变量 {PASSPHRASE_VARIABLE}。\n"


def test_a_backup_is_checked_without_a_change(run: Run, old: Machine, new: Machine, file: Path) -> None:
    old.store("李四")
    run(old, "backup", file)
    code, said = run(new, "restore", file, "--check")
    assert (code, said) == (OK, said)
    assert "3 行数据" in said and "完好" in said
    assert list(new.data_dir.iterdir()) == []


def test_rows_are_not_replaced_where_nobody_can_be_asked(run: Run, old: Machine, file: Path) -> None:
    old.store("李四")
    run(old, "backup", file)
    code, said = run(old, "restore", file, "--replace")
    assert code == REFUSED and "--yes" in said
    assert old.stored() == "李四"


def test_an_upgrade_of_the_tables_is_mentioned(run: Run, old: Machine, new: Machine, file: Path) -> None:
    with database_as_it_is(old.url) as engine:
        migrate.upgrade(engine, "0001")
    assert "数据表版本 0001" in run(old, "backup", file)[1]
    code, said = run(new, "restore", file)
    assert (code, f"从版本 0001 升级到 {migrate.newest()}" in said) == (OK, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("backup", "there"), "there 已经有了，没有改动它。请换一个名字，或者加上 --force 覆盖它。"),
        (("backup", "nowhere/a"), "没有文件夹 nowhere。请先建好，或者换一个位置。"),
        (("restore", "nothing"), "没有文件 nothing。请检查文件名。"),
        (("restore", "there"), "there 不是备份文件。请用 python -m bot backup 写出的文件。"),
        (("restore", "cut"), "备份文件 cut 不完整，或者被改动过，不能用。数据库没有改动。请换一份备份。"),
        (("restore", "good"), "数据库里已有 3 行数据，没有改动。要全部换成备份里的，请加上 --replace。"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    arguments: tuple[str, ...],
    sentence: str,
    run: Run,
    old: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    old.store("李四")
    run(old, "backup", "good")
    Path("cut").write_bytes(Path("good").read_bytes()[:-30])
    Path("there").write_text("别的")
    code, said = run(old, *arguments)
    assert (code, said.splitlines()[-1]) == (REFUSED, sentence)


def test_a_newer_database_is_left_alone(run: Run, old: Machine, file: Path) -> None:
    old.store("李四")
    with database_as_it_is(old.url) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    code, said = run(old, "backup", file)
    assert (code, "更新版本的程序" in said, "9999" in said) == (REFUSED, True, True)
