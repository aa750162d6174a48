"""Inline mode: `@bot 村规民约` in any chat offers ready texts to send.

Answered at once and stored nowhere: Telegram forgets a query that is not answered within seconds, so
there is nothing to make up for after a crash. Only the documents are quoted, so that the same cards may
be shown to everybody.
"""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.ext import ExtBot

from bot.delivery import Delivery
from bot.telegram.incoming import CHANNEL
from bot.telegram.markup import split
from db import people
from db.access import Action, may
from handlers.turn import plain
from handlers.wording import EXAMPLES
from knowledge.cards import Card, cards
from knowledge.library import KnowledgeBase

CARDS = 10
CACHE_SECONDS = 60
SEARCHES_AT_ONCE = 2  # each letter typed is a query; those who ask in a chat must not wait for them
SEARCHES_WAITING = 20


class InlineAnswers:
    """Answers inline queries. When `visitors_may_ask` is not set, only those who were invited get cards."""

    def __init__(
        self, bot: ExtBot[Any], delivery: Delivery, library: KnowledgeBase, *, visitors_may_ask: bool
    ) -> None:
        self._bot = bot
        self._delivery = delivery
        self._library = library
        self._visitors_may_ask = visitors_may_ask
        self._free = asyncio.Semaphore(SEARCHES_AT_ONCE)
        self._waiting = 0

    async def answer(self, query: InlineQuery) -> None:
        if self._waiting >= SEARCHES_WAITING:
            return
        found = await self._cards(query.query) if await self._may_ask(query.from_user.id) else []
        await self._bot.answer_inline_query(
            query.id,
            [_result(number, card) for number, card in enumerate(found)],
            cache_time=CACHE_SECONDS,
            is_personal=not self._visitors_may_ask,
        )

    async def _may_ask(self, user: int) -> bool:
        if self._visitors_may_ask:
            return True
        identity = f"{CHANNEL}:{user}"
        person = await self._delivery.in_session(lambda session: people.find(session, identity))
        return person is not None and may(person, Action.ASK)

    async def _cards(self, words: str) -> list[Card]:
        self._waiting += 1
        try:
            async with self._free:
                return await asyncio.to_thread(_find, self._library, words.strip())
        finally:
            self._waiting -= 1


def _find(library: KnowledgeBase, words: str) -> list[Card]:
    """Where nothing was typed yet, what can be typed."""
    if words:
        return cards(library, words, CARDS)
    return [card for example in EXAMPLES for card in cards(library, example, 1)]


def _result(number: int, card: Card) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=str(number),
        title=plain(card.title),
        description=card.description,
        input_message_content=InputTextMessageContent(
            _one_message(card.text), link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
    )


def _one_message(text: str) -> str:
    return plain(split(text)[0])
