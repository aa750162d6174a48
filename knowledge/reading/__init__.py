"""Readers: one module per file format, from bytes to lines and tables in reading order."""

from __future__ import annotations

import importlib
import stat
from collections.abc import Callable
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.model import Line, SourceText

# Suffix → module of this package with `read(data, name) -> SourceText`. Modules are imported on
# demand: pdfplumber, openpyxl and python-docx cost more than answering a question.
READERS = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".pdf": "pdf",
    ".xlsx": "xlsx",
}

# What to save a format as that has no reader.
CONVERT_TO = {
    ".doc": ".docx",
    ".wps": ".docx",
    ".rtf": ".docx",
    ".ofd": ".pdf",
    ".xls": ".xlsx",
    ".et": ".xlsx",
}


def read_file(path: Path, name: str, *, max_bytes: int) -> SourceText:
    """Read one file of the library.

    Args:
        path: where the file is; its suffix (any case) selects the reader.
        name: what the file is called in `SourceText.path` and in messages: its path below the library.
        max_bytes: larger files are refused before they are read.

    Raises:
        ReadingError: the file cannot be read; the message says why and what to do, in Chinese.
    """
    reader = _reader_for(path.suffix.lower(), name)
    data = _content(path, name, max_bytes)
    if not data.strip():
        raise ReadingError(f"《{name}》是空文件；请检查后重新放入文件库。")
    source = reader(data, name)
    if not any(_has_text(block) for block in source.blocks):
        raise ReadingError(f"《{name}》里没有可读的文字；如果内容是图片，请先做文字识别（OCR）再放入文件库。")
    return source


def _reader_for(suffix: str, name: str) -> Callable[[bytes, str], SourceText]:
    if suffix not in READERS:
        better = CONVERT_TO.get(suffix)
        advice = f"请另存为 {better} 格式" if better else f"可用的格式有 {'、'.join(READERS)}"
        raise ReadingError(f"《{name}》的格式“{suffix or '无后缀'}”不支持；{advice}。")
    module = importlib.import_module(f"{__name__}.{READERS[suffix]}")
    reader: Callable[[bytes, str], SourceText] = module.read
    return reader


def _content(path: Path, name: str, max_bytes: int) -> bytes:
    """The bytes of a regular file of at most `max_bytes`."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ReadingError(f"《{name}》是文件夹，不是文件；请指定里面的文件。")
        if not stat.S_ISREG(status.st_mode):
            raise ReadingError(f"《{name}》不是普通文件；请放入文件本身。")
        if status.st_size > max_bytes:
            raise ReadingError(_too_large(name, max_bytes))
        with path.open("rb") as file:
            data = file.read(status.st_size + 1)  # read() sets aside all that it is asked for
    except FileNotFoundError as error:
        raise ReadingError(f"找不到文件《{name}》；请检查文件名和路径。") from error
    except PermissionError as error:
        raise ReadingError(f"没有权限读取《{name}》；请修改文件权限后再试。") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise ReadingError(f"《{name}》无法读取（{error}）；请检查磁盘或重新复制文件。") from error
    if len(data) != status.st_size:
        raise ReadingError(f"《{name}》正在被写入；请等复制完成后再试。")
    return data


def _too_large(name: str, max_bytes: int) -> str:
    return f"《{name}》超过 {max_bytes / 2**20:.0f} MB 的上限；请拆分文件，或压缩、删去其中的图片。"


def _has_text(block: object) -> bool:
    if isinstance(block, Line):
        return bool(block.text.strip())
    return True  # readers emit no empty tables
