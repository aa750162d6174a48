"""What was sealed opens only whole, in order, and with its passphrase."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest

from db.backup_cipher import CHUNK_BYTES, MAGIC, SALT_BYTES, TAG_BYTES, SealingWriter, UnsealingReader
from db.backup_errors import BackupError, Reason

PASSPHRASE = "草原上的骏马 12345678"
PLAIN = random.Random(1).randbytes(3 * CHUNK_BYTES + 1000)


def seal(plain: bytes, piece: int = 10_000) -> bytes:
    file = io.BytesIO()
    with SealingWriter(file, PASSPHRASE) as writer:
        for start in range(0, len(plain), piece):
            writer.write(plain[start : start + piece])
    return file.getvalue()


def unseal(sealed: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return UnsealingReader(io.BytesIO(sealed), passphrase).read()


def reason_for(sealed: bytes, passphrase: str = PASSPHRASE) -> Reason:
    with pytest.raises(BackupError) as refused:
        unseal(sealed, passphrase)
    return refused.value.reason


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal(PLAIN)


def _taken_apart(sealed: bytes) -> tuple[bytes, list[bytes]]:
    head, size = len(MAGIC) + SALT_BYTES, CHUNK_BYTES + TAG_BYTES
    return sealed[:head], [sealed[start : start + size] for start in range(head, len(sealed), size)]


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
@pytest.mark.parametrize("piece", [777, 5 * CHUNK_BYTES])
def test_what_was_sealed_comes_back_whatever_its_length(size: int, piece: int) -> None:
    assert unseal(seal(PLAIN[:size], piece)) == PLAIN[:size]


def test_the_same_is_sealed_differently_each_time() -> None:
    first, second = _taken_apart(seal(b"same")), _taken_apart(seal(b"same"))
    assert first[0] != second[0] and first[1] != second[1]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda chunks: [chunks[1], chunks[0], *chunks[2:]], Reason.WRONG_PASSPHRASE),
        (lambda chunks: [chunks[0], chunks[2], chunks[1], *chunks[3:]], Reason.DAMAGED),
        (lambda chunks: [chunks[0], *chunks[2:]], Reason.DAMAGED),
        (lambda chunks: [chunks[0], *chunks], Reason.DAMAGED),
        (lambda chunks: chunks[:-1], Reason.DAMAGED),
        (lambda chunks: [*chunks[:-1], chunks[-1][:-1]], Reason.DAMAGED),
        (lambda chunks: [*chunks, chunks[-1]], Reason.DAMAGED),
        (lambda chunks: [*chunks, b"x"], Reason.DAMAGED),
        (lambda chunks: [], Reason.DAMAGED),
    ],
    ids=[
        "first two swapped", "two swapped", "left out", "doubled", "last one missing", "cut off",
        "last one twice", "more after the end", "nothing",
    ],
)  # fmt: skip
def test_chunks_open_only_in_their_place(
    change: Callable[[list[bytes]], list[bytes]], reason: Reason, sealed: bytes
) -> None:
    head, chunks = _taken_apart(sealed)
    assert reason_for(head + b"".join(change(chunks))) == reason


def test_a_chunk_of_another_file_does_not_open(sealed: bytes) -> None:
    head, chunks = _taken_apart(sealed)
    others = _taken_apart(seal(PLAIN))[1]
    assert reason_for(head + b"".join([chunks[0], others[1], *chunks[2:]])) == Reason.DAMAGED


def test_another_salt_opens_nothing(sealed: bytes) -> None:
    changed = bytearray(sealed)
    changed[len(MAGIC)] ^= 1
    assert reason_for(bytes(changed)) == Reason.WRONG_PASSPHRASE


@pytest.mark.parametrize("length", [0, len(MAGIC), len(MAGIC) + SALT_BYTES - 1])
def test_a_head_that_was_cut_off_is_damaged(length: int, sealed: bytes) -> None:
    assert reason_for(sealed[:length]) == Reason.DAMAGED


def test_another_passphrase_opens_nothing(sealed: bytes) -> None:
    assert reason_for(sealed, PASSPHRASE + "5") == Reason.WRONG_PASSPHRASE


def test_nothing_of_the_plain_text_stands_in_what_was_sealed() -> None:
    assert b"secret" not in seal(b"secret" * 1000)
