"""Office packages (.docx, .xlsx): a zip file of XML parts, checked before a library sees it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from knowledge.errors import ReadingError
from knowledge.reading.faults import broken_file

MAX_UNPACKED_BYTES = 200_000_000
MAX_PARTS = 10_000
# Deflate reaches 1,030 to 1; workbooks of 60,000 equal rows were measured at 26 to 1.
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 10_000_000
CHUNK_BYTES = 1 << 20
ENCRYPTED_FLAG = 0x1
OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
XML_SUFFIXES = (".xml", ".rels")


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked of one file."""

    name: str
    left_bytes: int = MAX_UNPACKED_BYTES

    def spend(self, size_bytes: int) -> None:
        self.left_bytes -= size_bytes
        if self.left_bytes < 0:
            raise ReadingError(_bomb(self.name))


def open_package(data: bytes, name: str) -> io.BytesIO:
    """A copy of the package that is safe to hand to a library: XML parts only, stored uncompressed.

    The copy is needed because the sizes in a zip's directory may lie and `ZipFile.read` believes them;
    here each part is unpacked in pieces against one budget. Pictures and other parts are left empty.

    Raises:
        ReadingError: not a zip, an older Office format, encrypted, a zip bomb, XML with a DTD, or damaged.
    """
    if data.startswith(OLE_SIGNATURE):
        raise ReadingError(_ole(data, name))
    with broken_file(name), zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        _check_directory(parts, len(data), name)
        return _safe_copy(archive, parts, name)


def _ole(data: bytes, name: str) -> str:
    if ENCRYPTED_STREAM in data:
        return _encrypted(name)
    return f"《{name}》是旧版 Office 格式，只是改了后缀；请用 Word、Excel 或 WPS 打开，另存为新格式。"


def _check_directory(parts: list[zipfile.ZipInfo], size_bytes: int, name: str) -> None:
    unpacked_bytes = sum(part.file_size for part in parts)
    is_bomb = unpacked_bytes > max(RATIO_COUNTS_FROM_BYTES, MAX_RATIO * size_bytes)
    if len(parts) > MAX_PARTS or is_bomb:
        raise ReadingError(_bomb(name))
    if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
        raise ReadingError(_encrypted(name))


def _safe_copy(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> io.BytesIO:
    budget = _Budget(name)
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        for part in {part.filename: part for part in parts}.values():  # of two with one name the last
            is_xml = part.filename.lower().endswith(XML_SUFFIXES)
            target.writestr(part.filename, _unpack(archive, part, budget) if is_xml else b"")
    copy.seek(0)
    return copy


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: _Budget) -> bytes:
    pieces = []
    with archive.open(part) as stream:
        while piece := stream.read(CHUNK_BYTES):
            budget.spend(len(piece))
            pieces.append(piece)
    content = b"".join(pieces)
    # Office writes no DTD; entity bombs and external entities need one. Without the NULs, UTF-16 is seen too.
    if b"<!DOCTYPE" in content.replace(b"\x00", b""):
        raise ReadingError(
            f"《{budget.name}》含有不安全的 XML 定义（DTD），已拒绝读取；请向发文单位索取原件。"
        )
    return content


def _bomb(name: str) -> str:
    return f"《{name}》解压后过大，疑似压缩炸弹，已拒绝读取；请检查来源，或删去图片、拆分后再放入文件库。"


def _encrypted(name: str) -> str:
    return f"《{name}》已加密；请用密码打开，取消密码后另存，再放入文件库。"
