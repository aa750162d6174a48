"""Plain text: decoding and lines."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from knowledge.errors import ReadingError
from knowledge.model import Line, SourceText

# UTF-32 before UTF-16: its little-endian mark begins with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
HAN = re.compile(r"[\u3400-\u9fff]")
MAX_CONTROL_SHARE = 0.01
# GB18030 decodes nearly any bytes, Big5 and Shift JIS too, but then into characters that nobody
# writes. Share of the characters that GB 2312 has: the laws and both sources 0.998 and more; in short samples
# rare place names 0.79, misread Big5 at most 0.64, misread Shift JIS 0.
MIN_COMMON_SHARE = 0.75


def read(data: bytes, name: str) -> SourceText:
    """Read a text file; `text` is the decoded text with its line ends, without the byte order mark."""
    text = decode(data, name)
    return SourceText(path=name, blocks=tuple(lines(text)), text=text)


def lines(text: str) -> Iterator[Line]:
    """Lines with their offsets; a line end at the end of the text opens no further line."""
    for match in LINE.finditer(text):
        if match.start() < len(text):
            yield Line(match[1], match.start())


def decode(data: bytes, name: str) -> str:
    """Decode UTF-8, UTF-16 or UTF-32 with a byte order mark, or GB18030 (GBK, GB 2312).

    Raises:
        ReadingError: binary data, or another encoding.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(_decoded(data[len(mark) :], encoding), name)
    if b"\x00" in data:
        raise ReadingError(_binary(name))
    text = _decoded(data, "utf-8")
    if text is None:
        text = _if_chinese(_decoded(data, "gb18030"))
    return _checked(text, name)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _if_chinese(text: str | None) -> str | None:
    han = HAN.findall(text or "")
    common = len("".join(han).encode("gb2312", "ignore")) // 2
    return text if common >= MIN_COMMON_SHARE * len(han) else None


def _checked(text: str | None, name: str) -> str:
    if text is None:
        raise ReadingError(f"《{name}》的文字编码无法识别；请用记事本打开，另存为 UTF-8 编码。")
    if len(CONTROL.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise ReadingError(_binary(name))
    return text


def _binary(name: str) -> str:
    return f"《{name}》不是文本文件（含有二进制数据）；请检查后缀是否正确，或另存为 UTF-8 编码的文本。"
