"""A press or an inline query, and how a test waits for its answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.botapi.state import Query, State


@dataclass(frozen=True)
class AskedQuery:
    state: State
    query: Query
    update_id: int

    @property
    def answer(self) -> dict[str, Any] | None:
        """Of a press: text, show_alert, url; of an inline query: results, is_personal, cache_time."""
        return self.query.answer

    def waits_for_answer(self, timeout: float = 10) -> dict[str, Any]:
        with self.state.changed:
            if not self.state.changed.wait_for(lambda: self.query.answer is not None, timeout):
                raise AssertionError(f"query {self.query.id} was not answered within {timeout} s")
        assert self.query.answer is not None
        return self.query.answer

    async def answered(self, timeout: float = 10) -> dict[str, Any]:
        """`waits_for_answer` which leaves the loop free for the bot."""
        return await asyncio.to_thread(self.waits_for_answer, timeout)

    def expires(self) -> None:
        """From now on an answer comes too late."""
        with self.state.changed:
            self.query.expired = True
