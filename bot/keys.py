"""The database with the keys to what is sealed in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.quick_config import PREFIX

if TYPE_CHECKING:
    from sqlalchemy.orm import sessionmaker
    from sqlmodel import Session

    from bot.config import Settings
    from db.crypto import Keyring
    from db.key_files import KeyFolder

VARIABLE = f"{PREFIX}PRIVACY__KEYS"


class KeysUnusableError(Exception):
    """There are no keys, wrong ones, or others can read them; the message says what to do."""


def open_database(settings: Settings) -> sessionmaker[Session]:
    """Connect, with the keys of the settings. The first start makes them.

    Raises:
        DatabaseError: as db.session.open_database says.
        KeysUnusableError: the keys do not open what is stored, so nothing may be stored with them.
    """
    from db import session as database
    from db.session import engine_of

    with _explained(settings):
        keys = keys_of(settings)
        sessions = database.open_database(settings.database.url, keys)
        try:
            _check(sessions, keys)
        except BaseException:
            engine_of(sessions).dispose()
            raise
    return sessions


def keys_of(settings: Settings) -> Keyring | KeyFolder:
    """Raises KeysError when the environment holds something else."""
    from db.crypto import Keyring
    from db.key_files import KeyFolder

    written = settings.privacy.keys.get_secret_value()
    return Keyring.parse(written) if written else KeyFolder(folder_of(settings))


def written(settings: Settings) -> str:
    """All keys as text; secret. Raises KeysUnusableError."""
    with _explained(settings):
        return keys_of(settings).current.written()


def take_over(settings: Settings, keys: str) -> None:
    """Put written keys into the folder, unless the environment has keys already. Raises KeysUnusableError."""
    from db.crypto import Keyring
    from db.key_files import KeyFolder

    with _explained(settings):
        used = keys_of(settings)
        if isinstance(used, KeyFolder):
            used.put(Keyring.parse(keys))


def folder_of(settings: Settings) -> Path:
    return settings.data_dir / "keys"


def _check(sessions: sessionmaker[Session], keys: Keyring | KeyFolder) -> None:
    from db import rotation
    from db.key_files import KeyFolder

    with sessions() as session:
        if isinstance(keys, KeyFolder) and not keys.is_complete and not rotation.has_sealed(session):
            keys.make_missing()
        _ = keys.current
        rotation.check_keys(session)


@contextmanager
def _explained(settings: Settings) -> Iterator[None]:
    from db.crypto import KeysError, UnsealError
    from db.key_files import KeyFileError

    try:
        yield
    except KeysError as error:
        raise KeysUnusableError(
            f"环境变量 {VARIABLE} 的值有误，应写成“hash:密钥,k1:密钥”，每个密钥是 32 字节的 Base64。"
            "怎样得到，见 docs/operations.md 的“Keys”一节。"
        ) from error
    except KeyFileError as error:
        raise KeysUnusableError(_about_file(error)) from error
    except UnsealError as error:
        used = (
            f"环境变量 {VARIABLE}" if settings.privacy.keys.get_secret_value() else f"{folder_of(settings)}"
        )
        raise KeysUnusableError(
            f"数据库里的个人信息不是用现在的密钥（{used}）加密的，读不出来。请换回原来的密钥，再启动。"
        ) from error


def _about_file(error: Exception) -> str:
    from db.key_files import (
        KeyFileError,
        KeyFileMissingError,
        KeyFileOpenToOthersError,
        KeyFileTakenError,
    )

    assert isinstance(error, KeyFileError)
    if isinstance(error, KeyFileTakenError):
        return f"{error.path} 是另一个密钥，没有改动它。请先把 {error.path.parent} 移到别处保存好，再试一次。"
    if isinstance(error, KeyFileOpenToOthersError):
        return f"密钥文件 {error.path} 别的用户也能读，不安全。请先运行：chmod 600 {error.path}"
    if isinstance(error, KeyFileMissingError):
        return (
            f"密钥文件 {error.path} 不见了，数据库里加密保存的个人信息没有它就读不出来，所以没有另建新密钥。"
            f"请把备份的密钥文件放回 {error.path.parent}，或者把密钥写进环境变量 {VARIABLE}，再启动。"
        )
    return f"密钥文件 {error.path} 里的内容不是密钥。请用备份的密钥文件换回它，再启动。"
