"""A stream sealed with a passphrase: whoever lacks it can neither read the stream nor change it unnoticed.

    MAGIC                 says the version, and with it every number below
    salt                  16 random bytes
    chunk, chunk, …       64 KiB of the stream each (the last one 0 to 64 KiB), and 16 bytes of tag

The key is scrypt (RFC 7914; N=2^17, r=8, p=1: 128 MB and a good half second a try) of the passphrase in
UTF-8 (NFC) and the salt, so each file has a key of its own. A chunk is sealed with AES-256-GCM; MAGIC and
salt are its additional data. Its nonce is its number in 11 bytes (big-endian) and one byte, 1 in the last
chunk and 0 in the others. This is the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015),
laid out as in age: a chunk that is changed, left out, doubled, out of its order or from another file does
not open, and neither does a stream whose end was cut off or to which something was added, for then the
chunk that comes last is not the one sealed as the last.
"""

from __future__ import annotations

import io
import secrets
import unicodedata
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from db.backup_errors import BackupError, Reason

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

MAGIC = b"policybot sealed backup 1\n"
CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
SALT_BYTES = 16
_KEY_BYTES = 32
_COUNTER_BYTES = 11
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**17, 8, 1


class SealingWriter(io.RawIOBase):
    """What is written is sealed and passed on to `file`, which stays open. The end is sealed by `close`."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt = secrets.token_bytes(SALT_BYTES)
        self._file, self._chunks = file, _Chunks(passphrase, salt)
        self._pending = bytearray()
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        content = memoryview(data).cast("B")
        self._pending += content
        while len(self._pending) > CHUNK_BYTES:  # what may be the last chunk waits for `close`
            self._file.write(self._chunks.seal(bytes(self._pending[:CHUNK_BYTES]), last=False))
            del self._pending[:CHUNK_BYTES]
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._file.write(self._chunks.seal(bytes(self._pending), last=True))
        super().close()


class UnsealingReader(io.RawIOBase):
    """Reads what SealingWriter wrote, from where its MAGIC begins. Raises BackupError."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        opening = file.read(len(MAGIC) + SALT_BYTES)
        if len(opening) < len(MAGIC) + SALT_BYTES:
            raise BackupError(Reason.DAMAGED)
        self._file, self._chunks = file, _Chunks(passphrase, opening[len(MAGIC) :])
        self._next = self._read_chunk()
        if not self._next:
            raise BackupError(Reason.DAMAGED)
        self._plain = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        while not self._plain and self._next:
            chunk, self._next = self._next, self._read_chunk()
            self._plain = memoryview(self._chunks.unseal(chunk, last=not self._next))
        count = min(len(target), len(self._plain))
        target[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _read_chunk(self) -> bytes:
        return self._file.read(CHUNK_BYTES + TAG_BYTES)


class _Chunks:
    """Seals or unseals one chunk after the other."""

    def __init__(self, passphrase: str, salt: bytes) -> None:
        self._cipher = AESGCM(_key(passphrase, salt))
        self._header = MAGIC + salt
        self._number = 0

    def seal(self, plain: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last), plain, self._header)

    def unseal(self, sealed: bytes, *, last: bool) -> bytes:
        is_first = self._number == 0
        try:
            return self._cipher.decrypt(self._nonce(last), sealed, self._header)
        except (InvalidTag, ValueError) as error:
            raise BackupError(Reason.WRONG_PASSPHRASE if is_first else Reason.DAMAGED) from error

    def _nonce(self, last: bool) -> bytes:
        number, self._number = self._number, self._number + 1
        return number.to_bytes(_COUNTER_BYTES, "big") + bytes([last])


def _key(passphrase: str, salt: bytes) -> bytes:
    kdf = Scrypt(salt=salt, length=_KEY_BYTES, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P)
    return kdf.derive(unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass"))
