import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BotRunner = Any  # CommandLine of conftest.py
OTHER_LOCALES = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "POSIX", "LANG": "C"},
    {"LC_ALL": "", "PYTHONIOENCODING": "gb18030"},
    {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0", "LC_ALL": "C"},
]
QUESTION = "村庄清洁由谁负责"


def _lines(*requests: object) -> bytes:
    return b"".join(json.dumps(request, ensure_ascii=False).encode() + b"\n" for request in requests)


def _read(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.decode("utf-8").splitlines()]


# --- help -----------------------------------------------------------------------------------


def test_without_a_command_the_help_is_shown(bot: BotRunner) -> None:
    done = subprocess.run([sys.executable, "-m", "bot"], env=bot.env, capture_output=True, check=False)
    assert done.returncode == 0
    for command in ("ask", "search", "check", "index", "lexicon", "chat", "run"):
        assert f"  {command}".encode() in done.stdout


@pytest.mark.parametrize(
    ("command", "described"), [("ask", "问一个问题"), ("search", "查找"), ("check", "检查文件")]
)
def test_each_command_explains_itself_in_chinese(bot: BotRunner, command: str, described: str) -> None:
    done = bot(command, "--help")
    assert done.returncode == 0
    assert described in done.stdout.decode()


@pytest.mark.parametrize(
    "arguments", [["ask"], ["search"], ["ask", "问", "--jsonl"], ["ask", "--nonsense"], ["x"]]
)
def test_a_wrong_call_is_one_line_with_exit_code_2(bot: BotRunner, arguments: list[str]) -> None:
    done = bot(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"python -m bot" in done.stderr


# --- ask ------------------------------------------------------------------------------------


def test_ask_prints_the_text_of_the_answer(bot: BotRunner) -> None:
    asked = _read(bot("ask", "--jsonl", stdin=_lines({"id": "1", "turns": [QUESTION]})).stdout)
    printed = bot("ask", QUESTION)
    assert printed.returncode == 0
    assert printed.stdout.decode().startswith(asked[0]["turns"][0]["text"])


def test_ask_in_lines_writes_exactly_the_agreed_keys(bot: BotRunner) -> None:
    done = bot("ask", "--jsonl", stdin=_lines({"id": "k1", "turns": [QUESTION, "第四条"]}))
    (answer,) = _read(done.stdout)
    assert list(answer) == ["id", "turns"]
    assert answer["id"] == "k1"
    assert [turn["question"] for turn in answer["turns"]] == [QUESTION, "第四条"]
    for turn in answer["turns"]:
        assert list(turn) == ["question", "status", "lead", "text", "citations", "options", "elapsed_ms"]
        assert turn["status"] in {"answered", "clarify", "not_found"}
        assert turn["elapsed_ms"] > 0
    for citation in answer["turns"][0]["citations"]:
        assert list(citation) == ["document", "number", "locator", "quote"]
    assert QUESTION in done.stdout.decode(), "Chinese is written as it is"


def test_each_line_is_answered_before_the_next_one_is_sent(bot: BotRunner) -> None:
    process = bot.start("ask", "--jsonl")
    for number in (1, 2):
        process.stdin.write(_lines({"id": number, "turns": [QUESTION]}))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == number
    process.communicate()
    assert process.returncode == 0


MALFORMED = {
    "no JSON": b"xx",
    "no object": b"[]",
    "no UTF-8": b'{"id": "\xff"}',
    "no turns": b'{"id": "1"}',
    "turns no list": '{"id": "1", "turns": "问"}'.encode(),
    "turn no text": b'{"id": "1", "turns": [1]}',
    "too deep": b"[" * 100_000,
    "too long a number": b"1" * 10_000,
}


def test_a_malformed_line_is_named_and_the_others_are_answered(bot: BotRunner) -> None:
    good = _lines({"id": "good", "turns": [QUESTION]})
    done = bot("ask", "--jsonl", stdin=good + b"\n" + b"\n".join(MALFORMED.values()) + b"\n" + good)
    assert done.returncode == 1
    assert [answer["id"] for answer in _read(done.stdout)] == ["good", "good"]
    complaints = done.stderr.decode().splitlines()
    assert [line.split("：")[0] for line in complaints] == [
        f"第 {number} 行" for number in range(3, 3 + len(MALFORMED))
    ]


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(bot: BotRunner) -> None:
    line = b"\xef\xbb\xbf" + _lines({"id": "1", "turns": [QUESTION]}).replace(b"\n", b"\r\n")
    done = bot("ask", "--jsonl", stdin=line)
    assert (done.returncode, len(_read(done.stdout))) == (0, 1)


@pytest.mark.parametrize(
    "question", ["", "？？！", "\x00\x1b[2J", "\ud83d", "长" * 100_000, "こんにちは", "x" * 5000]
)
def test_any_question_gets_an_answer(bot: BotRunner, question: str) -> None:
    done = bot("ask", "--jsonl", stdin=json.dumps({"id": "1", "turns": [question]}).encode() + b"\n")
    assert (done.returncode, done.stderr) == (0, b"")
    (answer,) = _read(done.stdout)
    assert answer["turns"][0]["question"] == question
    assert 0 < len(answer["turns"][0]["text"]) <= 4096


# --- encodings, pipes, signals ----------------------------------------------------------------


@pytest.mark.parametrize("locale", OTHER_LOCALES)
def test_input_and_output_are_utf8_whatever_the_locale(
    bot: BotRunner, bot_with: Callable[..., BotRunner], locale: dict[str, str]
) -> None:
    elsewhere = bot_with(**locale)
    assert elsewhere("ask", QUESTION).stdout == bot("ask", QUESTION).stdout
    done = elsewhere("ask", "--jsonl", stdin=_lines({"id": "1", "turns": [QUESTION]}))
    assert _read(done.stdout)[0]["turns"][0]["question"] == QUESTION


def test_an_argument_that_is_no_utf8_is_refused(bot: BotRunner) -> None:
    done = bot(b"ask", b"\xb4\xe5\xd7\xaf")
    assert done.returncode == 2
    assert "UTF-8" in done.stderr.decode() and b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_causes_no_noise(bot: BotRunner) -> None:
    process = bot.start("ask", "--jsonl")
    process.stdin.write(_lines({"id": 1, "turns": [QUESTION]}))
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    process.stdin.write(_lines(*({"id": 2, "turns": [QUESTION]} for _ in range(3))))
    process.stdin.close()
    assert process.stderr.read() == b""
    assert process.wait() == 1


def test_a_short_output_into_a_closed_pipe_causes_no_noise(bot: BotRunner) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        bot.command("ask", QUESTION), stdout=writer, stderr=subprocess.PIPE, env=bot.env, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_ctrl_c_ends_quietly_with_130(bot: BotRunner) -> None:
    process = bot.start("ask", "--jsonl", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    process.stdin.write(_lines({"id": 1, "turns": [QUESTION]}))
    process.stdin.flush()
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (130, b"")


def test_a_short_command_imports_nothing_slow_that_it_does_not_need(bot: BotRunner) -> None:
    command = [sys.executable, "-X", "importtime", *bot.command("ask", QUESTION)[1:]]
    done = subprocess.run(command, env=bot.env, capture_output=True, check=False)
    imported = {line.rpartition(b"|")[2].strip().decode() for line in done.stderr.splitlines()}
    slow = {
        "pydantic_settings",
        "sqlmodel",
        "sqlalchemy",
        "telegram",
        "rich",
        "docx",
        "openpyxl",
        "pdfplumber",
    }
    assert imported & slow == set()


# --- search, check, index, lexicon ------------------------------------------------------------


def test_search_lists_the_best_clause_first(bot: BotRunner) -> None:
    done = bot("search", "奖补多少元")
    assert done.returncode == 0
    assert "rules.md" in done.stdout.decode().splitlines()[0]
    assert "第四条" in done.stdout.decode().splitlines()[0]


def test_search_in_lines_writes_exactly_the_agreed_keys(bot: BotRunner) -> None:
    done = bot("search", "--jsonl", "--top", "2", stdin=_lines({"id": "s1", "question": "奖补多少元"}))
    (found,) = _read(done.stdout)
    assert list(found) == ["id", "hits", "elapsed_ms"]
    assert found["id"] == "s1" and 1 <= len(found["hits"]) <= 2
    assert list(found["hits"][0]) == ["source", "label", "score"]
    assert (found["hits"][0]["source"], found["hits"][0]["label"]) == ("rules.md", "第四条")


def test_a_search_for_punctuation_finds_nothing(bot: BotRunner) -> None:
    done = bot("search", "--jsonl", stdin=_lines({"id": "1", "question": "？！"}, {"id": "2"}))
    assert _read(done.stdout)[0]["hits"] == []
    assert (done.returncode, done.stderr.decode().split("：")[0]) == (1, "第 2 行")


def test_check_shows_outline_and_inconsistencies(bot: BotRunner, library: Path) -> None:
    done = bot("check", str(library / "rules.md"))
    shown = done.stdout.decode()
    assert done.returncode == 0
    assert "村庄清洁奖补办法" in shown and "第二条" in shown
    assert "[编号缺漏]" in shown, "第三条 is missing"


def test_a_document_cannot_steer_the_terminal(bot: BotRunner, tmp_path: Path) -> None:
    path = tmp_path / "rules.txt"
    path.write_text("第一条 \x1b]0;title\x07村庄\x9b31m清洁。\n", encoding="utf-8")
    assert not {0x1B, 0x07} & set(bot("check", str(path)).stdout)
    assert "\x9b" not in bot("check", str(path)).stdout.decode()


def test_check_as_json_writes_exactly_the_agreed_keys(bot: BotRunner, library: Path) -> None:
    path = str(library / "rules.md")
    (checked,) = _read(bot("check", "--json", path).stdout)
    assert list(checked) == ["file", "documents"]
    assert checked["file"] == path
    document = checked["documents"][0]
    assert list(document) == ["title", "number", "date", "clauses", "tables", "issues"]
    clause = next(clause for clause in document["clauses"] if clause["label"] == "第二条")
    assert list(clause) == ["label", "title", "path", "start", "end"]
    text = (library / "rules.md").read_text(encoding="utf-8")
    assert text[clause["start"] : clause["end"]].strip().startswith("第二条 村庄清洁由")
    assert [issue["kind"] for issue in document["issues"]] == ["numbering"]


def test_check_names_an_unreadable_file_and_does_the_others(
    bot: BotRunner, library: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 nonsense")
    done = bot("check", "--json", str(broken), str(tmp_path / "absent.txt"), str(library / "rules.md"))
    assert done.returncode == 1
    assert len(_read(done.stdout)) == 1
    complaints = done.stderr.decode().splitlines()
    assert len(complaints) == 2
    assert "broken.docx" in complaints[0] and "absent.txt" in complaints[1]


def test_index_says_what_was_read_and_what_is_skipped(bot: BotRunner, library: Path, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "rules.md").write_bytes((library / "rules.md").read_bytes())
    (mixed / "broken.docx").write_bytes(b"PK\x03\x04 nonsense")
    done = bot("--library", str(mixed), "index")
    shown = done.stdout.decode()
    assert done.returncode == 0
    assert "读入 rules.md" in shown and "跳过 broken.docx：" in shown and "村庄清洁奖补办法" in shown
    again = bot("--library", str(mixed), "index").stdout.decode()
    assert "没有变化 1 个" in again and "读入 rules.md" not in again


def test_an_unreadable_file_does_not_keep_the_others_from_answering(bot: BotRunner, tmp_path: Path) -> None:
    (tmp_path / "rules.txt").write_text("第一条 每户奖补二百元。\n", encoding="utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"nonsense")
    done = bot("--library", str(tmp_path), "search", "奖补")
    assert done.returncode == 0
    assert "第一条" in done.stdout.decode()
    assert "broken.pdf" in done.stderr.decode()


def test_lexicon_shows_hits_without_and_with_the_expansion(bot: BotRunner) -> None:
    done = bot("lexicon", "村庄")
    assert done.returncode == 0
    for heading in ("村庄 →", "不扩展时查到", "扩展后查到"):
        assert heading in done.stdout.decode()


# --- errors of our own ------------------------------------------------------------------------


def test_a_missing_library_is_named(bot: BotRunner) -> None:
    done = bot("--library", "/no/such/folder", "ask", QUESTION)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("没有文件夹 /no/such/folder")


def test_a_wrong_setting_is_named(bot_with: Callable[..., BotRunner]) -> None:
    done = bot_with(POLICYBOT_LIBRARY__MAX_FILE_MB="viel")("ask", QUESTION)
    assert done.returncode == 2
    assert "library.max_file_mb" in done.stderr.decode() and done.stderr.count(b"\n") == 1


def test_a_database_that_cannot_be_opened_is_named(bot_with: Callable[..., BotRunner]) -> None:
    done = bot_with(POLICYBOT_DATABASE__URL="sqlite:////no/such/folder/x.db")("chat")
    assert done.returncode == 2
    assert "/no/such/folder/x.db" in done.stderr.decode() and b"Traceback" not in done.stderr
