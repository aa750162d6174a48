"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed hash.

The keys are where `db.session.open_database` put them: in `session.info["keyring"]`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, LargeBinary, Text, text
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

KEYRING = "keyring"  # its place in `session.info`
KEY_BYTES = 32
_NONCE_BYTES = 12
_HASH = "hash"
_LOCK = 0x6B657973  # of PostgreSQL's advisory locks, the one that stands for "which keys are in use"
_HOLDS = "transaction in which the keys are held"


class KeyringMissingError(Exception):
    """The session was opened without keys; `open_database(url, keyring)` gives them to it."""


class KeysError(ValueError):
    """A text that should hold keys does not. The message quotes none of it."""


class UnsealError(Exception):
    """A sealed value cannot be read: changed, cut off, or sealed by other keys. Nothing of it is quoted."""


class UnknownKeyError(UnsealError):
    """The value was sealed with a key that is not on the keyring."""


class Keys(Protocol):
    """Something that knows the keys: a Keyring itself, or a folder in which they may change."""

    @property
    def current(self) -> Keyring: ...


@dataclass(frozen=True, slots=True)
class Key:
    """`id` is "k" with a number that is never used again; the highest one is the newest."""

    id: str
    secret: bytes

    @property
    def number(self) -> int:
        return int(self.id[1:])

    def __repr__(self) -> str:
        return f"Key({self.id!r})"


@dataclass(frozen=True)
class Keyring:
    """`keys`, newest first: the first one seals, all of them unseal. `hash_key` stays when they change,
    or nothing would be found again by its hash.
    """

    hash_key: bytes
    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        lengths = {len(self.hash_key), *(len(key.secret) for key in self.keys)}
        numbers = [key.number for key in self.keys]
        if lengths != {KEY_BYTES} or not numbers or numbers != sorted(set(numbers), reverse=True):
            raise KeysError(f"a hash key and at least one other, {KEY_BYTES} bytes each, newest first")

    def __repr__(self) -> str:
        return f"Keyring({', '.join(key.id for key in self.keys)})"

    @classmethod
    def new(cls) -> Keyring:
        return cls(new_secret(), (Key("k1", new_secret()),))

    @classmethod
    def parse(cls, written: str) -> Keyring:
        """Read "hash:BASE64,k2:BASE64,k1:BASE64", in any order. Raises KeysError."""
        parts = [part.partition(":") for part in written.replace(",", " ").split()]
        secrets_by_name = {name: parse_secret(secret) for name, _, secret in parts}
        hash_key = secrets_by_name.pop(_HASH, b"")
        if len(parts) != len({name for name, _, _ in parts}) or not all(map(is_key_id, secrets_by_name)):
            raise KeysError("the names are hash, k1, k2 and so on, each once")
        keys = [Key(name, secret) for name, secret in secrets_by_name.items()]
        return cls(hash_key, tuple(sorted(keys, key=lambda key: -key.number)))

    @property
    def current(self) -> Keyring:
        return self

    @property
    def newest(self) -> Key:
        return self.keys[0]

    def with_new_key(self) -> Keyring:
        key = Key(f"k{self.newest.number + 1}", new_secret())
        return Keyring(self.hash_key, (key, *self.keys))

    def without_old_keys(self) -> Keyring:
        return Keyring(self.hash_key, (self.newest,))

    def written(self) -> str:
        """What `parse` reads; secret."""
        named = ((_HASH, self.hash_key), *((key.id, key.secret) for key in self.keys))
        return ",".join(f"{name}:{write_secret(secret)}" for name, secret in named)

    @cached_property
    def ciphers(self) -> dict[str, AESGCM]:
        return {key.id: AESGCM(key.secret) for key in self.keys}


def sealed(optional: bool = False) -> Column[str]:
    """A column for what `seal` returns. Rotation finds it by its `info`."""
    return Column(Text, nullable=optional, info={"sealed": True})


def sealed_message() -> Column[str]:
    """A column for what `seal_message` returns; rows from before there were keys are open."""
    return Column(Text, nullable=False, info={"sealed": True, "open": True})


def sealed_file() -> Column[bytes]:
    """The same for `seal_file`."""
    return Column(LargeBinary, nullable=False, info={"sealed": True, "open": True})


def sealed_bytes(optional: bool = False) -> Column[bytes]:
    """A column for what `seal_bytes` returns."""
    return Column(LargeBinary, nullable=optional, info={"sealed": True})


def seal(session: Session, plain: str) -> str:
    """ "k2:…" in base64, different each time; "" stays "", so that what is missing can be seen to be."""
    if not plain:
        return ""
    key_id, content = _seal(_held_keyring(session), plain.encode("utf-8", "surrogatepass"))
    return f"{key_id}:{base64.b64encode(content).decode('ascii')}"


def unseal(session: Session, token: str) -> str:
    """Raises UnsealError for what `seal` did not write, or other keys did."""
    if not token:
        return ""
    key_id, _, content = token.partition(":")
    try:
        decoded = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise UnsealError("this is not a sealed value") from None
    return _unseal(keyring_of(session), key_id, decoded).decode("utf-8", "surrogatepass")


def seal_message(session: Session, plain: str) -> str:
    """`seal`, where there are keys: what people say may name somebody. The program always has keys."""
    return seal(session, plain) if session.info.get(KEYRING) is not None else plain


def open_message(session: Session, stored: str) -> str:
    """What `seal_message` was given. Raises UnsealError like `unseal`."""
    return unseal(session, stored) if key_id_of(stored) else stored


def seal_file(session: Session, plain: bytes) -> bytes:
    """`seal_message` for bytes."""
    return seal_bytes(session, plain) if session.info.get(KEYRING) is not None else plain


def open_file(session: Session, stored: bytes) -> bytes:
    """What `seal_file` was given. No kind of file that is stored here begins like a sealed value."""
    return unseal_bytes(session, stored) if key_id_of(stored) else stored


def seal_bytes(session: Session, plain: bytes) -> bytes:
    if not plain:
        return b""
    key_id, content = _seal(_held_keyring(session), plain)
    return key_id.encode("ascii") + b":" + content


def unseal_bytes(session: Session, token: bytes) -> bytes:
    """Raises UnsealError like `unseal`."""
    if not token:
        return b""
    key_id, _, content = token.partition(b":")
    return _unseal(keyring_of(session), key_id.decode("ascii", "replace"), content)


def keyed_hash(session: Session, plain: str, kind: str) -> str:
    """HMAC-SHA256 in hexadecimal, "" for "". `kind` keeps uses apart: the same digits as "id" and as
    "phone" differ. The caller normalises what shall be the same.
    """
    if not plain:
        return ""
    message = f"{kind}\0{plain}".encode("utf-8", "surrogatepass")
    return hmac.new(keyring_of(session).hash_key, message, hashlib.sha256).hexdigest()


def key_id_of(token: str | bytes) -> str:
    """The key that sealed the value; "" when there is none."""
    opening = (
        token.partition(":")[0] if isinstance(token, str) else token.partition(b":")[0].decode("latin-1")
    )
    return opening if is_key_id(opening) else ""


def keyring_of(session: Session) -> Keyring:
    keys: Keys | None = session.info.get(KEYRING)
    if keys is None:
        raise KeyringMissingError("this session has no keys: use open_database(url, keyring)")
    return keys.current


def hold_keys(session: Session, *, alone: bool = False) -> None:
    """Until the transaction ends nobody else drops a key; with `alone`, nobody else seals either.

    Without this, a turn that sealed with the old key might be committed after that key was dropped.
    SQLite has one writer at a time anyway, if only the transaction has begun.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        connection.execute(text(f"SELECT {function}(:lock)"), {"lock": _LOCK})
    session.info[_HOLDS] = _transaction(session)


def is_key_id(name: str) -> bool:
    return re.fullmatch(r"k[1-9][0-9]{0,8}", name) is not None


def new_secret() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def write_secret(secret: bytes) -> str:
    return base64.b64encode(secret).decode("ascii")


def parse_secret(written: str) -> bytes:
    try:
        secret = base64.b64decode(written.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise KeysError("a key is base64") from None
    if len(secret) != KEY_BYTES:
        raise KeysError(f"a key has {KEY_BYTES} bytes")
    return secret


def _held_keyring(session: Session) -> Keyring:
    held_in = session.info.get(_HOLDS)
    if held_in is None or held_in is not _transaction(session):
        hold_keys(session)
    return keyring_of(session)


def _transaction(session: Session) -> SessionTransaction | None:
    """The innermost one: what is locked after a savepoint is set free with it."""
    return session.get_nested_transaction() or session.get_transaction()


def _seal(keyring: Keyring, plain: bytes) -> tuple[str, bytes]:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    key_id = keyring.newest.id
    return key_id, nonce + keyring.ciphers[key_id].encrypt(nonce, plain, None)


def _unseal(keyring: Keyring, key_id: str, content: bytes) -> bytes:
    cipher = keyring.ciphers.get(key_id)
    if cipher is None and is_key_id(key_id):
        raise UnknownKeyError(f"sealed with key {key_id}; there are only {keyring!r}")
    if cipher is None:
        raise UnsealError("this is not a sealed value")
    try:
        return cipher.decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], None)
    except (InvalidTag, ValueError):
        raise UnsealError(f"sealed with another key of the name {key_id}, or changed afterwards") from None
