"""A group that the bot belongs to."""

from __future__ import annotations

import time
from typing import Any

from tests.botapi.chats import kicked
from tests.botapi.refusals import RefusalError
from tests.botapi.seen import Conversation


class Group(Conversation):
    def removes_bot(self, by: dict[str, Any]) -> int:
        """`by` is `user.wire`."""
        with self._api.state.changed:
            self._chat.refusal = kicked(self._chat)
        return self._api.enqueue(
            membership(self._chat.wire, by, self._api.state.bot, "member", "kicked"), ("chat", self.id)
        )

    def adds_bot(self, by: dict[str, Any]) -> int:
        with self._api.state.changed:
            self._chat.refusal = None
        return self._api.enqueue(
            membership(self._chat.wire, by, self._api.state.bot, "left", "member"), ("chat", self.id)
        )

    def becomes_supergroup(self) -> Group:
        """The old id is refused from now on, with the new one in the refusal."""
        new = self._api.group(self.id - 1_001_000_000_000, self._chat.wire["title"])
        reason = "Bad Request: group chat was upgraded to a supergroup chat"
        with self._api.state.changed:
            self._chat.refusal = RefusalError(400, reason, migrate_to_chat_id=new.id)
        return new


def membership(
    chat: dict[str, Any], by: dict[str, Any], bot: dict[str, Any], old: str, new: str
) -> dict[str, Any]:
    """A my_chat_member update."""
    return {
        "my_chat_member": {
            "chat": chat,
            "from": by,
            "date": int(time.time()),
            "old_chat_member": _member(bot, old),
            "new_chat_member": _member(bot, new),
        }
    }


def _member(bot: dict[str, Any], status: str) -> dict[str, Any]:
    member: dict[str, Any] = {"user": bot, "status": status}
    return member | {"until_date": 0} if status == "kicked" else member
