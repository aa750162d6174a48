"""`feedback` and `migrate`: what those need who look after the documents and the database."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.output import say
from db.days import CHINA

if TYPE_CHECKING:
    from db.feedback import Complaint, OpenQuestion

TODO = "todo"  # a question that nobody has said yet what is expected of it


class ExportError(Exception):
    """The file cannot be written; the message says why."""


def feedback(
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="写成题目文件（JSONL），补上标准后就是测试题。"),
    ] = None,
) -> None:
    from bot.config import load_settings
    from bot.keys import open_database
    from db import feedback as verdicts

    with open_database(load_settings()).begin() as session:
        bad, unanswered = verdicts.complaints(session), verdicts.open_questions(session)
        good = verdicts.count_good(session)
    if export:
        _write(export, [*map(_complaint_as_question, bad), *map(_open_as_question, unanswered)])
        say(
            f"写好了 {len(bad) + len(unanswered)} 道题：{export}。"
            "请补上每题的标准（expect），再放进 tests/quality/questions。"
        )
        return
    for line in _described(good, bad, unanswered):
        say(line)


def migrate() -> None:
    from bot.config import load_settings
    from db.session import migrate_database

    before, after = migrate_database(load_settings().database.url)
    if before == after:
        say(f"数据库已经是这一版的（{after}），不用升级。")
    else:
        say(f"数据库升级好了：{before or '空'} → {after}")


def _described(good: int, bad: list[Complaint], unanswered: list[OpenQuestion]) -> Iterator[str]:
    from handlers.wording_people import verdict_name

    yield f"满意 {good} 次。不满意的问题 {len(bad)} 个："
    for complaint in bad:
        verdict = f"{_times(complaint.times)}{verdict_name(complaint.verdict)}"
        yield f"  {_when(complaint.latest)}  {verdict}  {_asked(complaint)}"
        yield f"      答：{complaint.answer.partition(chr(10))[0]}"
    yield f"没有答复的问题 {len(unanswered)} 个："
    for question in unanswered:
        yield f"  {_when(question.latest)}  {_times(question.times)}{_asked(question)}"


def _asked(asked: Complaint | OpenQuestion) -> str:
    return " → ".join(_turns(asked)).replace("\n", " ")


def _times(times: int) -> str:
    return f"{times}次  " if times > 1 else ""


def _when(moment: dt.datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


# --- as questions for the tests -------------------------------------------------------------


def _write(path: Path, questions: list[dict[str, Any]]) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.writelines(json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
    except FileExistsError as error:
        raise ExportError(f"文件 {path} 已经有了，没有改动它。请换一个名字。") from error


def _complaint_as_question(complaint: Complaint) -> dict[str, Any]:
    from handlers.wording_people import verdict_name

    verdict = verdict_name(complaint.verdict)
    said = f"当时的状态：{complaint.status}；当时的答复：{complaint.answer}"
    note = f"读者认为{verdict}（{complaint.times} 次）。{said}"
    return _question(f"F{complaint.id}", "feedback", complaint, note)


def _open_as_question(question: OpenQuestion) -> dict[str, Any]:
    return _question(f"U{question.id}", "unanswered", question, f"没有答复（{question.times} 次）。")


def _question(id_: str, kind: str, asked: Complaint | OpenQuestion, note: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {name: [] for name in ("lead", "all", "any", "none")}
    expect = {"status": TODO, **nothing, "doc": None, "locator": [], "options": []}
    return {"id": id_, "kind": kind, "turns": _turns(asked), "expect": expect, "note": note}


def _turns(asked: Complaint | OpenQuestion) -> list[str]:
    return [turn for turn in (asked.earlier, asked.question) if turn]
