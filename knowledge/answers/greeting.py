"""Greetings, thanks and questions about the bot itself: no policy question, a friendly word."""

from __future__ import annotations

import re

from knowledge.answers.compose import Proposal, compose
from knowledge.facts import Facts
from knowledge.model import Status
from knowledge.question import Question
from knowledge.text import squeeze

GREETING = "greeting"  # the kind of answer, so that nobody counts it as an unanswered question
LONGEST = 14  # characters; a longer text may start with a greeting and still ask something
_HELLO = re.compile(
    "^(?:你好|您好|在吗|在不在|喂|hi|hello|哈喽|早上好|下午好|晚上好|大家好|赛白努|赛努|嗨|有人吗)"
)
_THANKS = re.compile("谢谢|多谢|感谢|辛苦|好的|知道了|明白了|收到|再见|拜拜|没事了|可以了|不错")
_WHO = re.compile(
    "你是谁|你是什么|你叫什么|你能(?:干|做|查|帮)|能(?:干|做|查)什么|怎么用|有什么功能|会什么|你会什么|帮助|使用说明|能问什么"
)
_CAN = "我能查考核指标归谁考核、政策条款原文、数字目标、监测程序、重点村名单，请直接写要问的事。"


def propose(question: Question, facts: Facts) -> Proposal | None:
    """A short word back; the status is not_found, since no document answers."""
    bare = squeeze(question.text)
    if len(bare) > LONGEST or question.asks_scorer:
        return None
    if _WHO.search(bare):
        lead = f"我是政策查询助手。{_CAN}"
    elif _HELLO.search(bare) and len(bare) <= 6:
        lead = f"您好！{_CAN}"
    elif _THANKS.search(bare) and len(bare) <= 8:
        lead = "不客气，有事再问。"
    else:
        return None
    return Proposal(0.97, compose(facts, Status.NOT_FOUND, lead), GREETING)
