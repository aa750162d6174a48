"""`rotate-key`: seal everything with a new key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot import keys
from bot.output import say

if TYPE_CHECKING:
    from db.crypto import Keyring
    from db.key_files import KeyFolder

DropOld = Annotated[
    bool, typer.Option("--drop-old", help="换好后删掉旧密钥。用旧密钥保存的备份从此读不出来。")
]


def rotate_key(drop_old: DropOld = False) -> None:
    """As long as there are old keys, their rotation is finished before a new one begins: so it may be
    interrupted anywhere, and begun again.
    """
    from bot.config import load_settings
    from db import rotation
    from db.crypto import Keyring
    from db.session import engine_of

    settings = load_settings()
    sessions = keys.open_database(settings)
    try:
        used = keys.keys_of(settings)
        alone = len(used.current.keys) == 1
        if isinstance(used, Keyring):
            rows = 0 if alone else rotation.reseal(sessions)
            return _tell_of_environment(used, rows)
        if alone:
            used.add_key()
        _tell_of_folder(used, rotation.reseal(sessions), drop_old=drop_old)
    finally:
        engine_of(sessions).dispose()


def _tell_of_folder(folder: KeyFolder, rows: int, *, drop_old: bool) -> None:
    newest, *old = (key.id for key in folder.current.keys)
    say(f"现在用的是新密钥 {newest}（{folder.path}），用它重新加密了 {rows} 行。")
    if drop_old:
        say(f"旧密钥已删除：{'、'.join(folder.drop_old())}。")
    else:
        say(
            f"旧密钥还留着：{'、'.join(old)}，以前的备份要用它们才读得出来。"
            "不再需要时运行：python -m bot rotate-key --drop-old"
        )
    say("请把新的密钥文件另外备份一份，不要和数据库的备份放在一起。")


def _tell_of_environment(keyring: Keyring, rows: int) -> None:
    if len(keyring.keys) == 1:
        say(
            f"密钥写在环境变量 {keys.VARIABLE} 里，请改成下面的值（新密钥在最前面），把所有的机器都重新启动，"
            "然后再运行一次 python -m bot rotate-key："
        )
        say(keyring.with_new_key().written())
        return
    say(f"现在用的是新密钥 {keyring.newest.id}，用它重新加密了 {rows} 行。")
    say(f"以前的备份要用旧密钥才读得出来。不再需要时，把环境变量 {keys.VARIABLE} 改成下面的值，再重新启动：")
    say(keyring.without_old_keys().written())
