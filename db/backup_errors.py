"""Why a backup or a restore is refused."""

from __future__ import annotations

from enum import StrEnum, auto


class Reason(StrEnum):
    """`BackupError.detail` is what the comment names."""

    NO_TABLES = auto()  # the database; there is nothing in it to save
    EXISTS = auto()  # the file that is in the way
    NO_FOLDER = auto()  # the folder that does not exist
    NO_FILE = auto()  # the backup that does not exist
    NOT_A_BACKUP = auto()
    DAMAGED = auto()  # cut off or changed
    PASSPHRASE_WANTED = auto()
    WRONG_PASSPHRASE = auto()  # or its first bytes were changed: the two look the same
    NEWER = auto()  # the revision, which this program does not know
    NEWER_DATABASE = auto()  # the revision of the database that is there
    NOT_EMPTY = auto()  # how many rows the database has
    BUSY = auto()  # somebody else uses the database
    REFUSED_BY_DATABASE = auto()  # the table, and what the database says


class BackupError(Exception):
    """Nothing was written: neither a file under its final name, nor a row."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason, self.detail = reason, detail
