"""The catalogue names documents; one that is not in it is known by what it says of itself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from knowledge import catalogue
from knowledge.errors import CatalogueError
from knowledge.model import Document

ENTRY = """
[[document]]
file = "办法.txt"
label = "附件1"
title = "考核办法全称"
short_names = ["办法"]
date = 2021-04-18
"""


def load(folder: Path, content: str) -> tuple[catalogue.Entry, ...]:
    (folder / catalogue.FILE_NAME).write_text(content, "utf-8")
    return catalogue.load(folder)


def test_an_entry_is_for_one_annex(tmp_path: Path) -> None:
    documents = (Document("办法.txt", "通知"), Document("办法.txt", "考核办法", label="附件1"))
    notice, annex = catalogue.apply(load(tmp_path, ENTRY), documents)
    assert notice == documents[0]
    assert (annex.title, annex.short_names, annex.date) == ("考核办法全称", ("办法",), dt.date(2021, 4, 18))


def test_documents_that_are_not_listed_stay_as_read(tmp_path: Path) -> None:
    document = Document("新.docx", "新办法", number="鄂府发〔2022〕45号")
    assert catalogue.apply(load(tmp_path, ENTRY), (document,)) == (document,)


def test_without_a_label_the_title_decides(tmp_path: Path) -> None:
    entries = load(tmp_path, '[[document]]\nfile = "规划.txt"\ntitle = "规划"\nlevel = "盟市"\n')
    notice, plan = catalogue.apply(entries, (Document("规划.txt", "通知"), Document("规划.txt", "规划")))
    assert (notice.level, plan.level) == (None, "盟市")


def test_a_library_without_a_catalogue_has_no_entries(tmp_path: Path) -> None:
    assert catalogue.load(tmp_path) == ()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (ENTRY.replace("title", "titel"), "titel"),
        ("[[document]]\ntitle = '无文件名'\n", "file"),
        (ENTRY.replace("2021-04-18", "'四月'"), "2021-04-18"),
        ("[document]\nfile = '办法.txt'\n", "两层方括号"),
        ("[[document]\n", "读不了"),
    ],
    ids=["field", "file", "date", "brackets", "toml"],
)
def test_a_wrong_entry_is_refused_in_words(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(CatalogueError, match=told):
        load(tmp_path, content)
