"""The files of the rules: mistakes are found when they are read, with file, entry and what would be right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.rules import RulesError, rules
from knowledge.rules.loading import FOLDER, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def spoil(folder: Path, name: str, old: str, new: str) -> str:
    """Change the first place of a file, and return what reading then complains of."""
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RulesError) as caught:
        read(folder)
    return str(caught.value)


def test_the_rules_are_read_once() -> None:
    assert rules() is rules()


def test_a_copy_of_the_files_reads_the_same(folder: Path) -> None:
    assert read(folder) == rules()


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        pytest.param(
            "procedure.toml", 'target = "visit"', 'target = "visitt"',
            ("transition 第1个（pass）", "没有环节 visitt", "application、visit"), id="unknown-target",
        ),
        pytest.param(
            "procedure.toml", 'source = ["visit"]', 'source = ["walk"]',
            ("transition 第2个（pass）", "没有环节 walk"), id="unknown-source",
        ),
        pytest.param(
            "procedure.toml", 'roles = ["village_cadre"]', 'roles = ["mayor"]',
            ("没有身份 mayor", "village_cadre"), id="unknown-role",
        ),
        pytest.param(
            "procedure.toml", 'needs = ["reason", "fields"]', 'needs = ["reasons"]',
            ("没有要求 reasons", "reason、fields"), id="unknown-need",
        ),
        pytest.param(
            "procedure.toml", 'action = "refuse"', 'action = "reject"',
            ("没有动作 reject", "refuse"), id="unknown-action",
        ),
        pytest.param(
            "procedure.toml", 'code = "visit"', 'code = "application"',
            ("application 写了两次",), id="step-twice",
        ),
        pytest.param(
            "procedure.toml", 'source = ["visit"]\ntarget = "consent"',
            'source = ["application"]\ntarget = "visit"',
            ("transition 第2个（pass）", "application → visit 前面已经有了"), id="transition-twice",
        ),
        pytest.param(
            "procedure.toml", 'rule = "procedure"', 'rule = "procedur"',
            ("step 第1个（application）", "没有条款 procedur", "procedure"), id="unknown-rule",
        ),
        pytest.param(
            "procedure.toml", 'source = ["application"]', 'source = []', ("至少要写一个",), id="no-source",
        ),
        pytest.param(
            "procedure.toml", "number = 1", 'number = "1"', ("number 写得不对", "整数"), id="no-number",
        ),
        pytest.param(
            "procedure.toml", 'who = "农牧户申请，嘎查村干部登记"\n', "",
            ("step 第1个（application）", "who 没有写"), id="missing-text",
        ),
        pytest.param(
            "options.toml", 'code = "cadre"', 'code = "self_report"',
            ("sources", "self_report 写了两次"), id="option-twice",
        ),
        pytest.param(
            "options.toml", 'code = "cadre"', 'code = "干部"', ("不能作 code",), id="code-not-ascii",
        ),
        pytest.param(
            "options.toml", 'hint = "干部走访', 'hnt = "干部走访',
            ("sources 第2个（cadre）", "不认得 hnt", "hint"), id="mistyped-key",
        ),
        pytest.param(
            "options.toml", "quarterly_headings = [", "other_headings = [",
            ("options.toml", "quarterly_headings 没有写"), id="missing-list",
        ),
        pytest.param(
            "assistance.toml", 'measures = ["health_help"]', 'measures = ["medicine"]',
            ("risk 第1个（illness）", "没有帮扶措施 medicine", "health_help"), id="unknown-measure",
        ),
        pytest.param(
            "assistance.toml", "help_first = true", 'help_first = "yes"',
            ("risk 第4个（disaster）", "true 或 false"), id="no-flag",
        ),
        pytest.param(
            "assistance.toml", "measures = []", "measures = [1]", ("只能写词",), id="no-words",
        ),
        pytest.param(
            "clauses.toml", 'document = "plan"', 'document = "paln"', ("没有文件 paln", "plan"),
            id="unknown-document",
        ),
        pytest.param(
            "clauses.toml", "screening = ", "single = ", ("single 前面已经有了",), id="clause-twice",
        ),
        pytest.param(
            "clauses.toml", "help_first = ", "help_later = ", ("少了 help_first",), id="missing-clause",
        ),
        pytest.param("clauses.toml", "[documents]", "[documents", ("clauses.toml 读不了",), id="no-toml"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(
    folder: Path, name: str, old: str, new: str, told: tuple[str, ...]
) -> None:
    message = spoil(folder, name, old, new)
    assert name in message
    assert [part for part in told if part not in message] == []


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "assistance.toml").unlink()
    with pytest.raises(RulesError, match=r"assistance\.toml 读不了"):
        read(folder)
