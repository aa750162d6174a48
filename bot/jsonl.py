"""The line protocol of `ask --jsonl` and `search --jsonl`: one JSON object in, one out, a flush per line."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bot.output import answer_as_json, complain, hit_as_json, write_json_line
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from knowledge.library import KnowledgeBase

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class MalformedLineError(Exception):
    """A line is not what the protocol asks for; the message says what is wrong, in Chinese."""


def serve_lines(lines: Iterable[bytes], respond: Callable[[dict[str, Any]], Mapping[str, Any]]) -> int:
    """Answer each line as soon as it is read; empty lines are passed over.

    Returns:
        The exit code: 1 when a line got no answer (stderr says which and why), else 0.
    """
    failed = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            response = respond(_parse(line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line))
        except (MalformedLineError, KnowledgeError) as error:
            failed = True
            complain(f"第 {number} 行：{error}")
        except Exception as error:  # a fault in one question must not cost the answers to the others
            failed = True
            complain(f"第 {number} 行：内部错误 {type(error).__name__}：{error}")
        else:
            write_json_line(response)
    return int(failed)


def ask_conversation(library: KnowledgeBase, request: Mapping[str, Any]) -> dict[str, Any]:
    """`{"id", "turns": ["…"]}` → `{"id", "turns": [{"question", "status", …, "elapsed_ms"}]}`."""
    questions = request.get("turns")
    if not isinstance(questions, list) or not all(isinstance(question, str) for question in questions):
        raise MalformedLineError(
            '缺少 "turns"，应为一组问题，例如 {"id": "1", "turns": ["村规民约归谁考核"]}'
        )
    context, turns = None, []
    for question in questions:
        started = time.perf_counter()
        answer, context = library.ask(question, context)
        turns.append({"question": question, **answer_as_json(answer), "elapsed_ms": _since(started)})
    return {"id": request.get("id"), "turns": turns}


def search_question(library: KnowledgeBase, limit: int, request: Mapping[str, Any]) -> dict[str, Any]:
    """`{"id", "question"}` → `{"id", "hits": [{"source", "label", "score"}], "elapsed_ms"}`."""
    question = request.get("question")
    if not isinstance(question, str):
        raise MalformedLineError('缺少 "question"，例如 {"id": "1", "question": "村规民约归谁考核"}')
    started = time.perf_counter()
    hits = library.search(question, limit)
    elapsed_ms = _since(started)
    return {"id": request.get("id"), "hits": [hit_as_json(hit) for hit in hits], "elapsed_ms": elapsed_ms}


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)


def _parse(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise MalformedLineError("不是有效的 UTF-8 文字") from error
    except (ValueError, RecursionError) as error:
        raise MalformedLineError("不是有效的 JSON") from error
    if not isinstance(request, dict):
        raise MalformedLineError("应为一个 JSON 对象 {…}")
    return request
