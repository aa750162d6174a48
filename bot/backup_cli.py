"""`backup` and `restore`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import keys
from bot.output import complain, say
from bot.quick_config import PREFIX
from bot.services import utc_now
from db.days import CHINA

if TYPE_CHECKING:
    from bot.config import Settings
    from db.backup import Summary
    from db.backup_errors import BackupError

PASSPHRASE_VARIABLE = f"{PREFIX}BACKUP_PASSPHRASE"
PASSPHRASE_CHARACTERS = 12  # at least: somebody who has the file can try as many as they like
FAILED = 1
BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="备份文件。")]


class RefusedError(Exception):
    """Nothing was changed; the message says why and what to do."""


def backup(
    file: BackupFile,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="用口令加密。")] = False,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="把打开农户信息的密钥也放进备份，须同时加密。")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="文件已经有了也覆盖它。")] = False,
) -> None:
    from bot.config import load_settings
    from db.backup import back_up

    if with_keys and not encrypt:
        raise RefusedError("密钥只能放进加密的备份里，请同时加上 --encrypt。没有备份。")
    settings = load_settings()
    secret = keys.written(settings) if with_keys else ""
    passphrase = _new_passphrase() if encrypt else ""
    with _explained(file):
        made = back_up(
            settings.database.url, file, now=utc_now(), passphrase=passphrase, keys=secret, overwrite=force
        )
    if with_keys and keys.written(settings) != secret:
        raise RefusedError(f"备份时密钥换过了，{file} 里的密钥不全。请加上 --force 再备份一次。")
    say(f"备份好了：{file}（{_size(file)}，{made.rows} 行数据，数据表版本 {made.revision}）。")
    for line in _to_be_kept(settings, encrypted=encrypt, with_keys=with_keys):
        say(line)


def restore(
    file: BackupFile,
    replace: Annotated[bool, typer.Option("--replace", help="数据库里已有的数据全部换掉。")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再问一次。")] = False,
    check: Annotated[bool, typer.Option("--check", help="只检查文件是否完好，不恢复。")] = False,
) -> None:
    from bot.config import load_settings
    from db import backup

    settings = load_settings()
    with _explained(file):
        passphrase = _passphrase_of(file)
        made = backup.verify(file, passphrase)
        say(f"备份文件完好：{_described(made)}。")
        if check:
            return
        _make_sure_it_is_wanted(settings.database.url, replace=replace, yes=yes)
        if made.keys:
            keys.take_over(settings, made.keys)
        backup.restore(settings.database.url, file, passphrase, replace=replace)
    for line in _restored(made):
        say(line)
    _make_sure_it_can_be_read(settings)


def _make_sure_it_is_wanted(url: str, *, replace: bool, yes: bool) -> None:
    from db.backup import rows_in
    from db.backup_errors import BackupError, Reason

    present = rows_in(url)
    if present and not replace:
        raise BackupError(Reason.NOT_EMPTY, str(present))
    if present and not (yes or _is_agreed(url, present)):
        say("没有改动。")
        raise typer.Exit(FAILED)


def _make_sure_it_can_be_read(settings: Settings) -> None:
    from db.session import engine_of

    try:
        engine_of(keys.open_database(settings)).dispose()
    except keys.KeysUnusableError as error:
        complain(f"数据恢复了，但还不能用：{error}")
        raise typer.Exit(FAILED) from error


# --- what is said ---------------------------------------------------------------------------


def _described(made: Summary) -> str:
    when = f"{made.made_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return f"{when} 备份，{made.rows} 行数据，数据表版本 {made.revision}"


def _to_be_kept(settings: Settings, *, encrypted: bool, with_keys: bool) -> Iterator[str]:
    if encrypted:
        yield "口令请另外保管：忘了口令，谁也打不开这份备份。"
    else:
        yield "备份没有加密，里面有个人信息，请放在别人拿不到的地方；要加密请加上 --encrypt。"
    if with_keys:
        yield "打开农户信息的密钥也在备份里。"
    else:
        in_environment = settings.privacy.keys.get_secret_value()
        place = f"环境变量 {keys.VARIABLE} 的值" if in_environment else f" {keys.folder_of(settings)} "
        yield f"打开农户信息的密钥不在备份里，请把{place}另外保存：没有密钥，恢复以后也看不到农户信息。"


def _restored(made: Summary) -> Iterator[str]:
    from db import migrate

    newest = migrate.newest()
    yield f"恢复好了：{made.rows} 行数据。"
    if made.revision != newest:
        yield f"数据表已从版本 {made.revision} 升级到 {newest}。"


def _size(file: Path) -> str:
    kilobytes = file.stat().st_size / 1024
    return f"{kilobytes / 1024:.1f} MB" if kilobytes >= 1024 else f"{kilobytes:.0f} KB"


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    from db.backup_errors import BackupError

    try:
        yield
    except BackupError as error:
        raise RefusedError(_sentence(error, file)) from error


def _sentence(error: BackupError, file: Path) -> str:
    from db.backup_errors import Reason

    detail = error.detail
    sentences = {
        Reason.NO_TABLES: "数据库里还没有数据，没有可以备份的内容。请检查设置 data_dir 和 database.url。",
        Reason.EXISTS: f"{detail} 已经有了，没有改动它。请换一个名字，或者加上 --force 覆盖它。",
        Reason.NO_FOLDER: f"没有文件夹 {detail}。请先建好，或者换一个位置。",
        Reason.NO_FILE: f"没有文件 {detail}。请检查文件名。",
        Reason.NOT_A_BACKUP: f"{file} 不是备份文件。请用 python -m bot backup 写出的文件。",
        Reason.DAMAGED: f"备份文件 {file} 不完整，或者被改动过，不能用。数据库没有改动。请换一份备份。",
        Reason.PASSPHRASE_WANTED: f"{file} 是加密的，要有口令才能打开。",
        Reason.WRONG_PASSPHRASE: "口令不对，或者备份文件被改动过。数据库没有改动。",
        Reason.NEWER: f"备份来自更新版本的程序（{detail}）。数据库没有改动。请先升级程序。",
        Reason.NEWER_DATABASE: f"数据库是更新版本的程序建的（{detail}），没有改动它。请先升级程序。",
        Reason.NOT_EMPTY: f"数据库里已有 {detail} 行数据，没有改动。要全部换成备份里的，请加上 --replace。",
        Reason.BUSY: "数据库正在使用，没有改动。请先停止机器人，再试一次。",
        Reason.REFUSED_BY_DATABASE: f"数据库不接受备份里的数据（{detail}）。数据库没有改动。",
    }
    return sentences[error.reason]


# --- what is asked --------------------------------------------------------------------------


def _is_agreed(url: str, rows: int) -> bool:
    from db.session import without_password

    if not sys.stdin.isatty():
        raise RefusedError("会删掉数据库里已有的数据，而这里不能问您。确定要换掉，请加上 --yes。")
    complain(f"数据库 {without_password(url)} 里的 {rows} 行数据会全部删掉，换成备份里的。请先停止机器人。")
    return typer.confirm("确定吗？", err=True)


def _new_passphrase() -> str:
    given = os.environ.get(PASSPHRASE_VARIABLE)
    passphrase = given or _typed("口令：")
    if len(passphrase) < PASSPHRASE_CHARACTERS:
        raise RefusedError(f"口令太短，至少要 {PASSPHRASE_CHARACTERS} 个字。没有备份。")
    if not given and _typed("再输入一次口令：") != passphrase:
        raise RefusedError("两次输入的口令不一样。没有备份。")
    return passphrase


def _passphrase_of(file: Path) -> str:
    """ "" for a file that needs none."""
    from db.backup_file import is_sealed

    if not is_sealed(file):
        return ""
    return os.environ.get(PASSPHRASE_VARIABLE) or _typed(f"{file} 的口令：")


def _typed(prompt: str) -> str:
    import getpass

    if not sys.stdin.isatty():
        raise RefusedError(f"加密的备份要有口令。请在终端里运行，或者设环境变量 {PASSPHRASE_VARIABLE}。")
    return getpass.getpass(prompt)
