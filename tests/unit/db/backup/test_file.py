"""The file of a backup: made whole or not at all, refused when it is not whole."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from db import backup
from db.backup_cipher import CHUNK_BYTES
from db.backup_errors import BackupError, Reason
from db.models import StoredFile
from db.session import migrate_database, open_database
from tests.unit.db.backup.making import (
    EITHER,
    NOW,
    PASSPHRASE,
    Databases,
    contents,
    execute,
    refusal,
    save,
)

SEALED_BYTES = 3 * CHUNK_BYTES


# --- the file ---------------------------------------------------------------------------------


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


# --- damaged ----------------------------------------------------------------------------------


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


# --- sealed -----------------------------------------------------------------------------------


@pytest.fixture
def sealed(databases: Databases, file: Path) -> Path:
    """A backup of several chunks."""
    url = databases.empty("sqlite")
    content = random.Random(1).randbytes(SEALED_BYTES)
    with open_database(url).begin() as writing_session:
        writing_session.add(StoredFile(chat="a", name="", media_type="", content=content, created_at=NOW))
    save(url, file, passphrase=PASSPHRASE)
    return file


def test_what_was_sealed_opens_with_its_passphrase(sealed: Path, databases: Databases) -> None:
    into = databases.empty("sqlite")
    backup.restore(into, sealed, PASSPHRASE)
    assert len(contents(into)["stored_file"][0][4]) == SEALED_BYTES


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
