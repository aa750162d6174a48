"""Answers to presses and inline queries."""

from __future__ import annotations

from typing import Any

from tests.botapi import limits
from tests.botapi.refusals import bad_request
from tests.botapi.state import Arguments, State, method

CONTENT_FIELDS = {"message_text", "latitude", "phone_number", "title"}


@method("answerCallbackQuery")
def answer_callback_query(state: State, args: Arguments) -> bool:
    text = args.text("text")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "show_alert": args.truth("show_alert"), "url": args.text("url")}
    state.answer_query(args.text("callback_query_id"), answer)
    return True


@method("answerInlineQuery")
def answer_inline_query(state: State, args: Arguments) -> bool:
    results = args.parsed("results")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results: expected an Array")
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    if len(args.text("next_offset").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    ids = [_checked(result) for result in results]
    if len({*ids}) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    answer = {
        "results": results,
        "is_personal": args.truth("is_personal"),
        "cache_time": args.number("cache_time", 300),
    }
    state.answer_query(args.text("inline_query_id"), answer)
    return True


def _checked(result: Any) -> str:
    if not isinstance(result, dict) or not isinstance(result.get("type"), str):
        raise bad_request("can't parse inline query result: Can't find field \"type\"")
    number = str(result.get("id", ""))
    if not 1 <= len(number.encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    if result["type"] == "article":
        _check_article(result)
    limits.reply_markup(result.get("reply_markup"), private=True)
    return number


def _check_article(result: dict[str, Any]) -> None:
    if not result.get("title"):
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    content = result.get("input_message_content")
    if not isinstance(content, dict) or not CONTENT_FIELDS & content.keys():
        raise bad_request("can't parse inline query result: Can't find field \"input_message_content\"")
    if "message_text" in content:
        limits.message_text(str(content["message_text"]), str(content.get("parse_mode") or ""))
