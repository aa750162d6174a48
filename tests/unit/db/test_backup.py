"""Backups: what goes in comes out, on both databases and across; what is not whole is refused."""

from __future__ import annotations

import gzip
import itertools
import random
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import Session

from db import backup, backup_databases, migrate, session
from db.backup_cipher import CHUNK_BYTES, MAGIC, SALT_BYTES, TAG_BYTES
from db.backup_errors import BackupError, Reason
from db.backup_file import FORMAT, read, writing
from db.models import Chat, InboxTurn, StoredFile
from db.session import database_as_it_is, engine_of, migrate_database, open_database
from tests.unit.db.backups import KINDS, NOW, ROWS, Databases, contents, fill

SEALED_BYTES = 3 * CHUNK_BYTES
PASSPHRASE = "草原上的骏马 1234"
ACROSS = pytest.mark.parametrize(("source", "target"), list(itertools.product(KINDS, KINDS)))
EITHER = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def databases(tmp_path: Path, postgresql_server: str) -> Databases:
    return Databases(tmp_path, postgresql_server)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policybot.backup"


@pytest.fixture
def filled(databases: Databases) -> Callable[[str], str]:
    def make(kind: str) -> str:
        url = databases.empty(kind)
        migrate_database(url)
        fill(url)
        return url

    return make


def save(url: str, file: Path, **options: str) -> backup.Summary:
    return backup.back_up(url, file, now=NOW, **options)


def refusal(restored_or_read: Callable[[], object]) -> Reason:
    with pytest.raises(BackupError) as refused:
        restored_or_read()
    return refused.value.reason


def execute(url: str, *statements: str) -> None:
    with database_as_it_is(url) as engine, engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


# --- what goes in comes out -----------------------------------------------------------------


@ACROSS
def test_every_row_of_every_table_comes_back(
    source: str, target: str, filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    url, into = filled(source), databases.empty(target)
    made = save(url, file)
    backup.restore(into, file)
    restored = contents(into)
    assert restored == contents(url)
    assert {len(rows) for rows in restored.values()} == {ROWS}
    assert backup.verify(file) == made
    assert made.rows == ROWS * len(restored)


@ACROSS
def test_numbers_of_deleted_rows_are_not_given_again(
    source: str, target: str, filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    url, into = filled(source), databases.empty(target)
    execute(url, "DELETE FROM inbox_turn")
    with open_database(url).begin() as writing_session:
        for number in range(4, 7):
            _add_turn(writing_session, number)
    execute(url, "DELETE FROM inbox_turn WHERE turn_id = 'turn 6'")
    last = _last_seq(url) + 1  # of the turn that is gone
    save(url, file)
    backup.restore(into, file)
    with open_database(into).begin() as writing_session:
        _add_turn(writing_session, 7)
    assert _last_seq(into) == last + 1


def _add_turn(writing_session: Session, number: int) -> None:
    chat = f"chat {number}"
    writing_session.add(Chat(id=chat))
    writing_session.flush()
    writing_session.add(InboxTurn(turn_id=f"turn {number}", chat=chat, turn="{}", received_at=NOW))
    writing_session.flush()


def _last_seq(url: str) -> int:
    return max(row[0] for row in contents(url)["inbox_turn"])


@EITHER
def test_json_null_and_a_missing_value_stay_different(kind: str, databases: Databases, file: Path) -> None:
    url, into = databases.empty(kind), databases.empty(kind)
    migrate_database(url)
    moment = "'2026-03-01 00:00:00'"
    execute(url, f"INSERT INTO conversation VALUES ('a', '', 'null', 1, {moment})")
    save(url, file)
    backup.restore(into, file)
    with database_as_it_is(into) as engine, engine.begin() as connection:
        assert connection.scalar(text("SELECT CAST(options AS TEXT) FROM conversation")) == "null"


# --- while others write ---------------------------------------------------------------------


@EITHER
def test_writers_need_not_wait_and_what_they_write_is_left_out(kind: str, databases: Databases) -> None:
    url = databases.empty(kind)
    sessions = open_database(url) if kind == "sqlite" else (migrate_database(url), open_database(url))[1]
    with backup_databases.snapshot(url) as connection:
        assert connection.scalar(text("SELECT count(*) FROM chat")) == 0
        with sessions.begin() as writing_session:
            _add_turn(writing_session, 1)
        assert connection.scalar(text("SELECT count(*) FROM inbox_turn")) == 0
    assert len(contents(url)["inbox_turn"]) == 1


@EITHER
def test_a_backup_beside_a_writer_is_of_one_moment(kind: str, databases: Databases, file: Path) -> None:
    """Each transaction of the writer adds a chat and a turn, so there are as many of both."""
    url, into = databases.empty(kind), databases.empty(kind)
    migrate_database(url)
    sessions, stop, wrote = open_database(url), threading.Event(), threading.Event()

    def write() -> None:
        for number in itertools.count():
            with sessions.begin() as writing_session:
                _add_turn(writing_session, number)
            wrote.set()
            if stop.is_set():
                return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for attempt in range(5):
            wrote.clear()
            assert wrote.wait(30)
            backup.back_up(url, file, now=NOW, overwrite=True)
            backup.restore(into, file, replace=attempt > 0)
            restored = contents(into)
            assert len(restored["chat"]) == len(restored["inbox_turn"]) > 0
    finally:
        stop.set()
        writer.join()
        engine_of(sessions).dispose()


# --- the file -------------------------------------------------------------------------------


def test_the_file_is_for_its_owner_only_and_nothing_lies_beside_it(
    filled: Callable[[str], str], tmp_path: Path
) -> None:
    url = filled("sqlite")
    folder = tmp_path / "backups"
    folder.mkdir()
    save(url, folder / "a")
    assert (folder / "a").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["a"]


def test_a_file_that_is_there_is_overwritten_only_when_that_is_wanted(
    filled: Callable[[str], str], file: Path
) -> None:
    url = filled("sqlite")
    file.write_text("别的")
    assert refusal(lambda: save(url, file)) == Reason.EXISTS
    assert file.read_text() == "别的"
    backup.back_up(url, file, now=NOW, overwrite=True)
    assert backup.verify(file).rows


def test_a_backup_that_fails_leaves_no_file(databases: Databases, tmp_path: Path) -> None:
    url = databases.empty("sqlite")
    migrate_database(url)
    execute(url, "INSERT INTO chat VALUES ('a', 'no moment')")
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(ValueError, match="no moment"):
        save(url, folder / "a")
    assert list(folder.iterdir()) == []


@EITHER
def test_a_database_without_tables_is_not_saved(kind: str, databases: Databases, file: Path) -> None:
    url = databases.empty(kind)
    assert refusal(lambda: save(url, file)) == Reason.NO_TABLES
    assert not file.exists()


def test_a_database_that_does_not_exist_is_not_made(tmp_path: Path, file: Path) -> None:
    assert refusal(lambda: save(f"sqlite:///{tmp_path}/nowhere.db", file)) == Reason.NO_TABLES
    assert not (tmp_path / "nowhere.db").exists()


def test_a_folder_that_does_not_exist_is_named(filled: Callable[[str], str], tmp_path: Path) -> None:
    with pytest.raises(BackupError) as refused:
        save(filled("sqlite"), tmp_path / "no" / "file")
    assert (refused.value.reason, refused.value.detail) == (Reason.NO_FOLDER, str(tmp_path / "no"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 other", "这不是备份".encode()], ids=str)
def test_another_file_is_no_backup(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    assert refusal(lambda: backup.verify(file)) == Reason.NOT_A_BACKUP


def test_another_gzip_file_is_no_backup(file: Path) -> None:
    file.write_bytes(gzip.compress(b'{"a": 1}\n'))
    assert refusal(lambda: backup.verify(file)) == Reason.NOT_A_BACKUP


def test_a_file_that_does_not_exist_is_named(file: Path) -> None:
    assert refusal(lambda: backup.verify(file)) == Reason.NO_FILE


# --- damaged --------------------------------------------------------------------------------


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["plain", "sealed"])
@pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_a_file_that_was_cut_off_is_refused(
    passphrase: str, part: float, filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    save(filled("sqlite"), file, passphrase=passphrase)
    whole = file.read_bytes()
    file.write_bytes(whole[: max(20, int((len(whole) - 1) * part))])
    into = databases.empty("sqlite")
    found = refusal(lambda: backup.restore(into, file, passphrase))
    assert found in (Reason.DAMAGED, Reason.WRONG_PASSPHRASE)
    assert backup.rows_in(into) == 0


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["plain", "sealed"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_file_with_another_byte_is_refused(
    passphrase: str, part: float, filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    save(filled("sqlite"), file, passphrase=passphrase)
    content = bytearray(file.read_bytes())
    content[int(len(content) * part)] ^= 1
    file.write_bytes(content)
    into = databases.empty("sqlite")
    found = refusal(lambda: backup.restore(into, file, passphrase))
    assert found in (Reason.DAMAGED, Reason.WRONG_PASSPHRASE)
    assert backup.rows_in(into) == 0


@EITHER
@pytest.mark.parametrize("change", ["a row left out", "a row changed", "a row doubled", "no end"])
def test_rows_that_do_not_fit_the_checksum_leave_the_database_as_it_was(
    change: str, kind: str, filled: Callable[[str], str], file: Path
) -> None:
    url = filled(kind)
    before = contents(url)
    save(url, file)
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    row = next(number for number, line in enumerate(lines) if line.startswith(b"["))
    changed = {
        "a row left out": lines[:row] + lines[row + 1 :],
        "a row changed": [*lines[:row], lines[row].replace(b"1", b"9", 1), *lines[row + 1 :]],
        "a row doubled": lines[: row + 1] + lines[row:],
        "no end": lines[:-1],
    }
    file.write_bytes(gzip.compress(b"".join(changed[change])))
    assert refusal(lambda: backup.verify(file)) == Reason.DAMAGED
    assert refusal(lambda: backup.restore(url, file, replace=True)) in (
        Reason.DAMAGED,
        Reason.REFUSED_BY_DATABASE,
    )
    assert contents(url) == before


# --- sealed ---------------------------------------------------------------------------------


@pytest.fixture
def sealed(databases: Databases, file: Path) -> Path:
    """A backup of several chunks."""
    url = databases.empty("sqlite")
    content = random.Random(1).randbytes(SEALED_BYTES)
    with open_database(url).begin() as writing_session:
        writing_session.add(StoredFile(chat="a", name="", media_type="", content=content, created_at=NOW))
    save(url, file, passphrase=PASSPHRASE)
    return file


def _chunks(content: bytes) -> tuple[bytes, list[bytes]]:
    head, size = len(MAGIC) + SALT_BYTES, CHUNK_BYTES + TAG_BYTES
    return content[:head], [content[start : start + size] for start in range(head, len(content), size)]


def test_what_was_sealed_opens_with_its_passphrase(sealed: Path, databases: Databases) -> None:
    into = databases.empty("sqlite")
    backup.restore(into, sealed, PASSPHRASE)
    assert len(contents(into)["stored_file"][0][4]) == SEALED_BYTES
    assert len(_chunks(sealed.read_bytes())[1]) > 2


@pytest.mark.parametrize(
    "change",
    [
        lambda chunks: [chunks[1], chunks[0], *chunks[2:]],
        lambda chunks: [chunks[0], *chunks[2:]],
        lambda chunks: [chunks[0], chunks[0], *chunks[1:]],
        lambda chunks: chunks[:-1],
        lambda chunks: [*chunks, chunks[-1]],
        lambda chunks: [*chunks, b"x"],
    ],
    ids=["swapped", "left out", "doubled", "cut off", "last one twice", "more after the end"],
)
def test_chunks_open_only_in_their_place(change: Callable[[list[bytes]], list[bytes]], sealed: Path) -> None:
    head, chunks = _chunks(sealed.read_bytes())
    sealed.write_bytes(head + b"".join(change(chunks)))
    found = refusal(lambda: backup.verify(sealed, PASSPHRASE))
    assert found in (Reason.DAMAGED, Reason.WRONG_PASSPHRASE)


def test_another_passphrase_opens_nothing(sealed: Path) -> None:
    assert refusal(lambda: backup.verify(sealed, PASSPHRASE + "5")) == Reason.WRONG_PASSPHRASE


def test_without_a_passphrase_one_is_asked_for(sealed: Path) -> None:
    assert refusal(lambda: backup.verify(sealed)) == Reason.PASSPHRASE_WANTED


def test_a_passphrase_counts_as_the_same_however_its_accents_are_typed(
    filled: Callable[[str], str], file: Path
) -> None:
    save(filled("sqlite"), file, passphrase="Mo\u0308nkh 草原上的骏马")
    assert backup.verify(file, "M\u00f6nkh 草原上的骏马").rows


def test_nothing_of_the_rows_can_be_read_in_a_sealed_file(filled: Callable[[str], str], file: Path) -> None:
    url = filled("sqlite")
    save(url, file)
    plain = file.read_bytes()
    backup.back_up(url, file, now=NOW, passphrase=PASSPHRASE, overwrite=True)
    assert plain[100:120] in plain and plain[100:120] not in file.read_bytes()


def test_keys_that_were_handed_over_are_in_the_file(filled: Callable[[str], str], file: Path) -> None:
    made = save(filled("sqlite"), file, passphrase=PASSPHRASE, keys="hash:xyz")
    assert backup.verify(file, PASSPHRASE).keys == "hash:xyz"
    assert "xyz" not in repr(made)


# --- where it is restored -------------------------------------------------------------------


@EITHER
def test_a_database_with_rows_is_kept_as_it_is(kind: str, filled: Callable[[str], str], file: Path) -> None:
    url = filled(kind)
    save(url, file)
    execute(url, "DELETE FROM case_risk", "UPDATE chat SET unreachable_at = NULL")
    before = contents(url)
    with pytest.raises(BackupError) as refused:
        backup.restore(url, file)
    assert (refused.value.reason, refused.value.detail) == (Reason.NOT_EMPTY, str(backup.rows_in(url)))
    assert contents(url) == before


@EITHER
def test_rows_are_replaced_when_that_is_wanted(kind: str, filled: Callable[[str], str], file: Path) -> None:
    url = filled(kind)
    before = contents(url)
    save(url, file)
    execute(url, "DELETE FROM case_risk", "INSERT INTO chat VALUES ('later', NULL)")
    backup.restore(url, file, replace=True)
    assert contents(url) == before


@EITHER
def test_tables_without_rows_are_not_in_the_way(
    kind: str, filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    url, into = filled("sqlite"), databases.empty(kind)
    migrate_database(into)
    save(url, file)
    backup.restore(into, file)
    assert contents(into) == contents(url)


def test_tables_of_others_are_neither_saved_nor_touched(filled: Callable[[str], str], file: Path) -> None:
    url = filled("postgresql")
    execute(url, "CREATE TABLE of_others (x INTEGER)", "INSERT INTO of_others VALUES (7)")
    save(url, file)
    backup.restore(url, file, replace=True)
    assert not any(isinstance(line, dict) and line.get("table") == "of_others" for line in read(file, ""))
    with database_as_it_is(url) as engine, engine.begin() as connection:
        assert connection.scalar(text("SELECT x FROM of_others")) == 7


@EITHER
def test_foreign_keys_hold_after_a_restore(
    kind: str, filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    into = databases.empty(kind)
    save(filled("sqlite"), file)
    backup.restore(into, file)
    with pytest.raises(session.DatabaseError, match=r"(?i)foreign key"):
        execute(into, "DELETE FROM person")


@EITHER
def test_a_row_whose_parent_is_missing_is_refused(
    kind: str, filled: Callable[[str], str], databases: Databases, file: Path, tmp_path: Path
) -> None:
    save(filled("sqlite"), file)
    orphaned, opened = tmp_path / "orphaned", None
    with writing(orphaned, "", False) as writer:
        for value in read(file, ""):
            opened = value.get("table") if isinstance(value, dict) else opened
            if isinstance(value, dict):
                writer.write(value)
            elif opened != "person":
                writer.write_row(value)
    into = databases.empty(kind)
    assert refusal(lambda: backup.restore(into, orphaned)) == Reason.REFUSED_BY_DATABASE
    assert backup.rows_in(into) == 0


def test_a_restore_waits_for_others_only_a_while_on_postgresql(
    filled: Callable[[str], str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_databases, "LOCK_SECONDS", 1)
    url = filled("postgresql")
    save(url, file)
    with psycopg.connect(url) as other:
        other.execute("SELECT * FROM chat")
        assert refusal(lambda: backup.restore(url, file, replace=True)) == Reason.BUSY


def test_a_restore_waits_for_others_only_a_while_on_sqlite(
    filled: Callable[[str], str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BUSY_TIMEOUT_MS", 100)
    url = filled("sqlite")
    save(url, file)
    with open_database(url).begin() as other:
        other.connection()
        assert refusal(lambda: backup.restore(url, file, replace=True)) == Reason.BUSY


# --- revisions ------------------------------------------------------------------------------


@EITHER
def test_an_older_backup_is_brought_up_to_date(kind: str, databases: Databases, file: Path) -> None:
    url, into = databases.empty(kind), databases.empty(kind)
    with database_as_it_is(url) as engine:
        migrate.upgrade(engine, "0001")
    execute(url, f"INSERT INTO unanswered VALUES (5, '问', 'not_found', 'v', '{NOW}')")
    assert save(url, file).revision == "0001"
    backup.restore(into, file)
    assert contents(into)["unanswered"] == [(5, "问", "", "not_found", "v", NOW)]
    with database_as_it_is(into) as engine:
        assert migrate.is_current(engine)


@EITHER
def test_the_backup_of_a_newer_program_is_refused(
    kind: str, filled: Callable[[str], str], file: Path
) -> None:
    url = filled(kind)
    before = contents(url)
    with writing(file, "", False) as writer:
        writer.write({FORMAT: 1, "revision": "9999", "made_at": NOW.isoformat(), "keys": ""})
    assert refusal(lambda: backup.verify(file)) == Reason.NEWER
    assert refusal(lambda: backup.restore(url, file, replace=True)) == Reason.NEWER
    assert contents(url) == before


def test_a_newer_format_is_refused(file: Path) -> None:
    with writing(file, "", False) as writer:
        writer.write({FORMAT: 2})
    assert refusal(lambda: backup.verify(file)) == Reason.NEWER


@EITHER
def test_a_newer_database_is_neither_saved_nor_replaced(
    kind: str, filled: Callable[[str], str], databases: Databases, file: Path, tmp_path: Path
) -> None:
    url = filled(kind)
    save(url, file)
    execute(url, "UPDATE alembic_version SET version_num = '9999'")
    assert refusal(lambda: save(url, tmp_path / "b")) == Reason.NEWER_DATABASE
    assert refusal(lambda: backup.restore(url, file, replace=True)) == Reason.NEWER_DATABASE
    assert refusal(lambda: backup.rows_in(url)) == Reason.NEWER_DATABASE
