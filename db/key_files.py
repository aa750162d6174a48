"""The keys on disk: a folder with one file for each, `hash.key`, `k1.key`, `k2.key`, closed to other users.

A file never changes and its name is never used again, so the names tell whether the folder has changed,
and of several processes that make the same key the first one wins.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from db.crypto import (
    Key,
    Keyring,
    KeysError,
    is_key_id,
    new_secret,
    parse_secret,
    write_secret,
)

_SUFFIX = ".key"
_HASH = "hash"
_OTHERS = 0o077  # what a group and everybody may do


class KeyFileError(Exception):
    """A file of the folder cannot be used."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path


class KeyFileMissingError(KeyFileError):
    """The hash key, or any other key."""


class KeyFileOpenToOthersError(KeyFileError):
    """Other users of the machine can read it."""


class KeyFileTakenError(KeyFileError):
    """Another key has this name already."""


class KeyFolder:
    """The keyring of a folder, read anew when keys were added or dropped meanwhile by another process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._names: frozenset[str] = frozenset()
        self._keyring: Keyring | None = None

    @property
    def current(self) -> Keyring:
        """Raises KeyFileError."""
        names = self._listed()
        if self._keyring is None or names != self._names:
            self._keyring, self._names = self._with_remembered(self._read(names)), names
        return self._keyring

    @property
    def is_complete(self) -> bool:
        names = self._listed()
        return _HASH in names and len(names) > 1

    def make_missing(self) -> None:
        """The first keys. Whoever makes them at the same time gets the same."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = self._listed()
        if _HASH not in names:
            self._write(_HASH)
        if not names - {_HASH}:
            self._write("k1")

    def add_key(self) -> None:
        self._write(f"k{self._read(self._listed()).newest.number + 1}")

    def put(self, keyring: Keyring) -> None:
        """Add the keys that are not there, all or none. Raises KeyFileTakenError."""
        wanted = {_HASH: keyring.hash_key, **{key.id: key.secret for key in keyring.keys}}
        for name in self._listed() & wanted.keys():
            if self._secret(name) != wanted[name]:
                raise KeyFileTakenError(self._file(name), "is another key")
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, secret in wanted.items():
            self._write(name, secret)

    def drop_old(self) -> tuple[str, ...]:
        """Delete all keys but the newest, and return their ids."""
        dropped = tuple(key.id for key in self._read(self._listed()).keys[1:])
        for key_id in dropped:
            self._file(key_id).unlink(missing_ok=True)
        self._keep_entries()
        return dropped

    def _with_remembered(self, keyring: Keyring) -> Keyring:
        """What this process has once known it can still read: a row may have been fetched just before it
        was sealed anew and the old key dropped.
        """
        known = {key.id for key in keyring.keys}
        remembered = self._keyring.keys if self._keyring else ()
        keys = [*keyring.keys, *(key for key in remembered if key.id not in known)]
        return Keyring(keyring.hash_key, tuple(sorted(keys, key=lambda key: -key.number)))

    def _listed(self) -> frozenset[str]:
        try:
            names = os.listdir(self.path)
        except FileNotFoundError:
            return frozenset()
        stems = (name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))
        return frozenset(stem for stem in stems if stem == _HASH or is_key_id(stem))

    def _read(self, names: frozenset[str]) -> Keyring:
        if _HASH not in names:
            raise KeyFileMissingError(self._file(_HASH), "is missing")
        keys = [Key(name, self._secret(name)) for name in names - {_HASH}]
        if not keys:
            raise KeyFileMissingError(self._file("k1"), "is missing")
        return Keyring(self._secret(_HASH), tuple(sorted(keys, key=lambda key: -key.number)))

    def _secret(self, name: str) -> bytes:
        path = self._file(name)
        with path.open("rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & _OTHERS:
                raise KeyFileOpenToOthersError(path, "other users can read it")
            written = file.read(1000)
        try:
            return parse_secret(written.decode("ascii"))
        except (KeysError, UnicodeDecodeError):
            raise KeyFileError(path, "this is not a key") from None

    def _write(self, name: str, secret: bytes | None = None) -> None:
        """The file of a key, by default a new one, whole or not at all. One that is there stays."""
        handle, made = tempfile.mkstemp(dir=self.path)  # for its owner only
        try:
            with open(handle, "w", encoding="ascii") as file:
                file.write(f"{write_secret(secret or new_secret())}\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(made, self._file(name))
        except FileExistsError:
            pass  # another process was faster
        finally:
            os.unlink(made)
        self._keep_entries()

    def _keep_entries(self) -> None:
        """Names, too, must outlast a power cut."""
        if os.name != "posix":
            return
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _file(self, name: str) -> Path:
        return self.path / f"{name}{_SUFFIX}"
