"""Keys at the first start, lost, shown to others, rotated."""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.cli import main
from db.crypto import Keyring, Keys, key_id_of, seal, unseal
from db.key_files import KeyFolder
from db.models import Person
from db.models_cases import Draft, DraftAnswer
from db.session import engine_of, open_database
from tests.unit.bot.conftest import CommandLine

OK, REFUSED = 0, 2
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
LIST_PEOPLE = ("people", "list")  # any command that opens the database


@dataclass(frozen=True)
class Bot:
    """The command line in this process: return code, and what it said."""

    library: Path
    data_dir: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, keys: str = "") -> tuple[int, str]:
        self.monkeypatch.setenv("POLICYBOT_DATA_DIR", str(self.data_dir))
        self.monkeypatch.setenv("POLICYBOT_PRIVACY__KEYS", keys)
        code = main(["--library", str(self.library), *arguments])
        said = self.capsys.readouterr()
        return code, said.out + said.err


@pytest.fixture
def bot(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Bot:
    for name in [name for name in os.environ if name.startswith("POLICYBOT_")]:
        monkeypatch.delenv(name)
    return Bot(library, tmp_path, monkeypatch, capsys)


def _folder(bot: Bot) -> KeyFolder:
    return KeyFolder(bot.data_dir / "keys")


def _in_database(bot: Bot, keys: Keys, work: Callable[[Session], str]) -> str:
    sessions = open_database(f"sqlite:///{bot.data_dir}/policybot.db", keys)
    with sessions.begin() as session:
        done = work(session)
    engine_of(sessions).dispose()
    return done


def _store_answer(session: Session) -> str:
    session.add(Person(id=1, name="张三", role="village_cadre", created_at=NOW))
    session.flush()
    session.add(Draft(id=1, person_id=1, form="report", created_at=NOW, updated_at=NOW))
    session.flush()
    session.add(DraftAnswer(draft_id=1, field="head_name", value=seal(session, "李四"), answered_at=NOW))
    return ""


def _token(session: Session) -> str:
    return session.execute(select(col(DraftAnswer.value))).scalar_one()


def _answer(session: Session) -> str:
    return unseal(session, _token(session))


def test_the_first_start_makes_keys(bot: Bot) -> None:
    assert bot(*LIST_PEOPLE)[0] == OK
    assert _folder(bot).is_complete


def test_processes_that_start_together_agree_on_the_keys(bot: Bot) -> None:
    command_line = CommandLine(bot.library, bot.data_dir)
    starting = [command_line.start(*LIST_PEOPLE) for _ in range(2)]
    for process in starting:
        process.communicate(timeout=60)
    assert [process.returncode for process in starting] == [0, 0]
    assert sorted(path.name for path in (bot.data_dir / "keys").iterdir()) == ["hash.key", "k1.key"]


def test_lost_keys_are_not_replaced_while_something_is_sealed(bot: Bot) -> None:
    bot(*LIST_PEOPLE)
    _in_database(bot, _folder(bot), _store_answer)
    (bot.data_dir / "keys").rename(bot.data_dir / "lost")
    code, said = bot(*LIST_PEOPLE)
    assert code == REFUSED
    assert "备份的密钥文件" in said and "POLICYBOT_PRIVACY__KEYS" in said
    assert not (bot.data_dir / "keys").exists()
    (bot.data_dir / "lost").rename(bot.data_dir / "keys")
    assert bot(*LIST_PEOPLE)[0] == OK


def test_lost_keys_are_made_anew_while_nothing_is_sealed(bot: Bot) -> None:
    bot(*LIST_PEOPLE)
    (bot.data_dir / "keys").rename(bot.data_dir / "lost")
    assert bot(*LIST_PEOPLE)[0] == OK


def test_keys_of_another_database_are_refused(bot: Bot) -> None:
    bot(*LIST_PEOPLE)
    _in_database(bot, _folder(bot), _store_answer)
    code, said = bot(*LIST_PEOPLE, keys=Keyring.new().written())
    assert code == REFUSED
    assert "换回原来的密钥" in said


def test_a_key_that_others_can_read_is_refused_with_what_to_run(bot: Bot) -> None:
    bot(*LIST_PEOPLE)
    (bot.data_dir / "keys/k1.key").chmod(0o644)
    code, said = bot(*LIST_PEOPLE)
    assert code == REFUSED
    assert f"chmod 600 {bot.data_dir}/keys/k1.key" in said


def test_keys_of_the_environment_are_used_and_no_file_is_made(bot: Bot) -> None:
    keyring = Keyring.new()
    assert bot(*LIST_PEOPLE, keys=keyring.written())[0] == OK
    assert not (bot.data_dir / "keys").exists()


def test_a_wrong_variable_is_refused_without_quoting_it(bot: Bot) -> None:
    code, said = bot(*LIST_PEOPLE, keys="hash:geheim")
    assert code == REFUSED
    assert "POLICYBOT_PRIVACY__KEYS" in said and "geheim" not in said


def test_a_new_key_takes_over_and_the_old_one_goes_when_it_is_told_to(bot: Bot) -> None:
    bot(*LIST_PEOPLE)
    _in_database(bot, _folder(bot), _store_answer)
    code, said = bot("rotate-key")
    assert code == OK
    assert "k2" in said and "重新加密了 1 行" in said and "--drop-old" in said
    assert key_id_of(_in_database(bot, _folder(bot), _token)) == "k2"
    assert "重新加密了 0 行" in bot("rotate-key")[1]
    assert "旧密钥已删除：k1" in bot("rotate-key", "--drop-old")[1]
    assert sorted(path.name for path in (bot.data_dir / "keys").iterdir()) == ["hash.key", "k2.key"]
    assert _in_database(bot, _folder(bot), _answer) == "李四"
    assert bot(*LIST_PEOPLE)[0] == OK


def test_with_keys_of_the_environment_the_command_says_what_to_set(bot: Bot) -> None:
    keyring = Keyring.new()
    bot(*LIST_PEOPLE, keys=keyring.written())
    _in_database(bot, keyring, _store_answer)
    both = bot("rotate-key", keys=keyring.written())[1].splitlines()[-1]
    assert Keyring.parse(both).keys[1:] == keyring.keys
    said = bot("rotate-key", keys=both)[1]
    assert "重新加密了 1 行" in said
    one = Keyring.parse(said.splitlines()[-1])
    assert [key.id for key in one.keys] == ["k2"]
    assert _in_database(bot, one, _answer) == "李四"
