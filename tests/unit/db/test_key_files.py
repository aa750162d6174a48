import os
import stat
import threading
from pathlib import Path

import pytest

from db.crypto import UnknownKeyError, seal, unseal
from db.key_files import KeyFileError, KeyFileMissingError, KeyFileOpenToOthersError, KeyFolder
from db.session import open_database


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    made = KeyFolder(tmp_path / "keys")
    made.make_missing()
    return made


def test_the_first_keys_are_for_their_owner_only(folder: KeyFolder) -> None:
    assert sorted(path.name for path in folder.path.iterdir()) == ["hash.key", "k1.key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.path.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_keys_are_made_once(folder: KeyFolder) -> None:
    before = folder.current
    folder.make_missing()
    assert KeyFolder(folder.path).current == before


def test_what_an_interrupted_first_start_left_is_completed(tmp_path: Path, folder: KeyFolder) -> None:
    hash_key = folder.current.hash_key
    (folder.path / "k1.key").unlink()
    again = KeyFolder(folder.path)
    assert not again.is_complete
    again.make_missing()
    assert again.is_complete
    assert again.current.hash_key == hash_key


def test_processes_that_start_together_have_the_same_keys(tmp_path: Path) -> None:
    for number in range(20):
        together = threading.Barrier(4)
        rings = []

        def start(path: Path, together: threading.Barrier = together, rings: list = rings) -> None:
            folder = KeyFolder(path)
            together.wait()
            folder.make_missing()
            rings.append(folder.current)

        threads = [threading.Thread(target=start, args=(tmp_path / f"keys{number}",)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(rings) == 4
        assert all(ring == rings[0] for ring in rings)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(folder: KeyFolder, mode: int) -> None:
    (folder.path / "k1.key").chmod(mode)
    with pytest.raises(KeyFileOpenToOthersError) as refused:
        _ = KeyFolder(folder.path).current
    assert refused.value.path == folder.path / "k1.key"


@pytest.mark.parametrize("content", [b"", b"geheim", b"Z2VoZWlt\n", "密钥".encode()])
def test_a_file_that_holds_no_key_is_named_and_not_quoted(folder: KeyFolder, content: bytes) -> None:
    (folder.path / "hash.key").write_bytes(content)
    with pytest.raises(KeyFileError, match=r"hash\.key: this is not a key$"):
        _ = KeyFolder(folder.path).current


@pytest.mark.parametrize("name", ["hash.key", "k1.key"])
def test_a_missing_key_is_named(folder: KeyFolder, name: str) -> None:
    (folder.path / name).unlink()
    with pytest.raises(KeyFileMissingError, match=name):
        _ = KeyFolder(folder.path).current


def test_other_files_in_the_folder_do_no_harm(folder: KeyFolder) -> None:
    before = folder.current
    for name in ("k2.key.bak", "说明.txt", "k02.key", ".tmp"):
        (folder.path / name).write_text("不是密钥", encoding="utf-8")
    assert KeyFolder(folder.path).current == before


def test_a_new_key_is_used_by_a_process_that_runs_already(folder: KeyFolder) -> None:
    running = KeyFolder(folder.path)
    assert running.current.newest.id == "k1"
    folder.add_key()
    assert running.current.newest.id == "k2"


def test_a_running_process_still_reads_what_it_fetched_before_the_key_was_dropped(folder: KeyFolder) -> None:
    with open_database("sqlite://", KeyFolder(folder.path))() as session:
        fetched = seal(session, "张三")
        folder.add_key()
        assert folder.drop_old() == ("k1",)
        assert unseal(session, fetched) == "张三"
        assert seal(session, "张三").startswith("k2:")
    with open_database("sqlite://", KeyFolder(folder.path))() as session, pytest.raises(UnknownKeyError):
        unseal(session, fetched)


def test_dropping_keeps_the_newest_and_the_hash_key(folder: KeyFolder) -> None:
    hash_key = folder.current.hash_key
    for _ in range(9):
        folder.add_key()
    assert len(folder.drop_old()) == 9
    assert sorted(os.listdir(folder.path)) == ["hash.key", "k10.key"]
    assert folder.drop_old() == ()
    assert KeyFolder(folder.path).current.hash_key == hash_key
