"""Faults of format libraries, wrapped where they enter."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.errors import ReadingError

# What python-docx, openpyxl, lxml, zipfile and pdfminer may let through when a file is malformed: they
# check little, so damaged files surface as nearly any error. RuntimeError includes RecursionError,
# SyntaxError the XML errors.
MALFORMED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@contextmanager
def broken_file(name: str, *more: type[Exception]) -> Iterator[None]:
    """Turn what a library raises on a malformed file into a ReadingError.

    Args:
        name: the file's name for the message.
        more: exception types of the library itself.
    """
    faults: tuple[type[Exception], ...] = (*MALFORMED, *more)
    try:
        yield
    except faults as error:
        raise ReadingError(
            f"《{name}》已损坏或内容不符合格式，无法读取（{type(error).__name__}）；"
            "请用原来的软件打开，另存后重新放入文件库。"
        ) from error
