"""Office packages that are encrypted, damaged or hostile: the same for .docx and .xlsx."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from openpyxl import Workbook

from knowledge.errors import ReadingError
from knowledge.model import SourceText

Read = Callable[[str, bytes], SourceText]
Edit = Callable[[bytes, str, Callable[[bytes], bytes]], bytes]
OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
MAIN_PART = {"a.docx": "word/document.xml", "a.xlsx": "xl/worksheets/sheet1.xml"}
pytestmark = pytest.mark.parametrize("name", MAIN_PART)


@pytest.fixture
def package(name: str) -> bytes:
    target = io.BytesIO()
    if name == "a.docx":
        document = Document()
        document.add_paragraph("第一条")
        document.save(target)
    else:
        book = Workbook()
        book.worksheets[0].append(("第一条", "乙"))
        book.save(target)
    return target.getvalue()


def refusal(read: Read, name: str, data: bytes) -> str:
    with pytest.raises(ReadingError) as caught:
        read(name, data)
    return str(caught.value)


def test_the_package_of_these_tests_is_readable(read: Read, name: str, package: bytes) -> None:
    assert "第一条" in str(read(name, package).blocks)


def test_a_password_is_named(read: Read, name: str, package: bytes) -> None:
    data = OLE_SIGNATURE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    assert refusal(read, name, data) == f"《{name}》已加密；请用密码打开，取消密码后另存，再放入文件库。"


def test_an_old_format_with_a_new_suffix_is_named(read: Read, name: str, package: bytes) -> None:
    assert "旧版 Office 格式" in refusal(read, name, OLE_SIGNATURE + bytes(1000))


def test_a_zip_with_a_password_is_named(read: Read, name: str, package: bytes) -> None:
    start = package.rindex(b"PK\x01\x02")
    assert "已加密" in refusal(read, name, package[: start + 8] + b"\x01\x00" + package[start + 10 :])


def test_a_package_cut_short_is_broken(read: Read, name: str, package: bytes) -> None:
    message = refusal(read, name, package[: len(package) // 2])
    assert message.startswith(f"《{name}》已损坏或内容不符合格式")
    assert "另存后重新放入文件库" in message


def test_a_zip_of_something_else_is_broken(read: Read, name: str, package: bytes) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "已损坏或内容不符合格式" in refusal(read, name, target.getvalue())


def test_broken_xml_is_broken(read: Read, edited: Edit, name: str, package: bytes) -> None:
    assert "已损坏" in refusal(read, name, edited(package, MAIN_PART[name], lambda xml: xml[:-20]))


def test_a_zip_bomb_is_refused(read: Read, edited: Edit, name: str, package: bytes) -> None:
    data = edited(package, MAIN_PART[name], lambda xml: xml + b" " * 30_000_000)
    assert len(data) < 100_000
    assert "疑似压缩炸弹" in refusal(read, name, data)


def test_a_zip_bomb_whose_directory_lies_takes_no_memory(
    read: Read, edited: Edit, name: str, package: bytes
) -> None:
    size_bytes = 300_000_000
    data = edited(package, MAIN_PART[name], lambda xml: bytes(size_bytes))
    data = data.replace(struct.pack("<I", size_bytes), struct.pack("<I", 1000))
    tracemalloc.start()
    refusal(read, name, data)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 50_000_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_bomb_is_refused(
    read: Read, edited: Edit, name: str, package: bytes, encoding: str
) -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(10))
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY e0 "哈">{entities}]><x>&e10;</x>'
    )
    started = time.perf_counter()
    data = edited(package, MAIN_PART[name], lambda _: bomb.encode(encoding))
    assert "DTD" in refusal(read, name, data)
    assert time.perf_counter() - started < 1


def test_deeply_nested_xml_does_not_crash(read: Read, edited: Edit, name: str, package: bytes) -> None:
    data = edited(package, MAIN_PART[name], lambda _: b"<a>" * 100_000 + b"</a>" * 100_000)
    refusal(read, name, data)
