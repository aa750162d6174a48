"""People who talk with the bot, on Telegram and on the web page, and what each of them got to see."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from handlers.wording_forms import CHOSEN, NEXT, SKIP
from tests.botapi.seen import Message
from tests.botapi.server import BotApi
from tests.botapi.users import User

SECONDS = 20


@dataclass(frozen=True)
class Seen:
    """A message as it was when it came, or was changed. `buttons` are pairs of label and data."""

    id: int
    text: str
    buttons: tuple[tuple[str, str], ...]
    file: int | None = None
    """What the web page downloads it by."""

    @property
    def labels(self) -> list[str]:
        return [label for label, _ in self.buttons]


class Somebody:
    """`got` is every message and every change of one, in the order in which they came; `unasked` are those
    that did not follow something the person did here.

    `settle` waits until everything that was caused has arrived everywhere.
    """

    channel = ""

    def __init__(self, name: str, settle: Callable[[], Awaitable[None]], note: Callable[[str], None]) -> None:
        self.name = name
        self.chat = ""
        self.got: list[Seen] = []
        self.unasked: list[Seen] = []
        self._asking = False
        self._settle = settle
        self._note = note

    # --- what the person does ---

    async def says(self, text: str) -> list[Seen]:
        """Returns what came of it here."""
        self.does(text)
        await self.send(text)
        return await self.after()

    async def presses(self, label: str) -> list[Seen]:
        """The button that says so, or else contains it, on the newest message that has one."""
        message, full, data = self.find(label)
        self.does(f"〔{full}〕")
        await self.press(message, data)
        return await self.after()

    async def fills(self, *answers: str) -> list[Seen]:
        """Answers one question after the other: by label, several joined by `+`, or in words."""
        came: list[Seen] = []
        for answer in answers:
            came = await self._gives(answer)
        return came

    async def _gives(self, answer: str) -> list[Seen]:
        open_question = self.newest
        if NEXT in open_question.labels and answer != SKIP:
            for part in answer.split("+"):
                await self.presses(part)
            assert all(f"{CHOSEN} {part}" in self.newest.labels for part in answer.split("+"))
            return await self.presses(NEXT)
        return await (self.presses(answer) if answer in open_question.labels else self.says(answer))

    async def after(self) -> list[Seen]:
        """What has come here since the person did something."""
        before = len(self.got)
        self._asking = True
        await self._settle()
        self._asking = False
        return self.got[before:]

    async def hears(self, text: str) -> None:
        """Waits for something that nobody here asked for."""
        async with asyncio.timeout(SECONDS):
            while not any(text in message.text for message in self.unasked[-1:]):
                await self._settle()
                await asyncio.sleep(0.01)

    # --- what is on the screen ---

    @property
    def shown(self) -> list[Seen]:
        """The messages as they are now, oldest first."""
        now = {message.id: message for message in self.got}
        return [now[number] for number in sorted(now)]

    @property
    def newest(self) -> Seen:
        return self.got[-1]

    def newest_with(self, text: str) -> Seen:
        return next(message for message in reversed(self.got) if text in message.text)

    def find(self, label: str) -> tuple[int, str, str]:
        for message in reversed(self.shown):
            partly = [pair for pair in message.buttons if label in pair[0]]
            for full, data in sorted(partly, key=lambda pair: pair[0] != label):
                return message.id, full, data
        raise AssertionError(f"{self.name} sees no button {label!r}; the newest: {self.newest}")

    def does(self, what: str) -> None:
        self._note(f"{self.name}（{self.channel}）▷ {what}")

    def add(self, message: Seen) -> None:
        """It has come, or has been changed."""
        buttons = "".join(f"〔{label}〕" for label in message.labels)
        changed = "（改了原来那条）" if any(message.id == before.id for before in self.got) else ""
        self.got.append(message)
        if not self._asking:
            self.unasked.append(message)
        self._note(
            f"　　给{self.name}（{self.channel}）{changed}：\n{_indented(message.text)}\n　　{buttons}"
        )

    # --- the channel's own ---

    async def send(self, text: str) -> None:
        raise NotImplementedError

    async def press(self, message: int, data: str) -> None:
        raise NotImplementedError

    async def catch_up(self, count: int) -> None:
        """Look at what has come: so many replies were stored for this chat since last time."""
        raise NotImplementedError


class Phone(Somebody):
    channel = "Telegram"

    def __init__(
        self, user: User, settle: Callable[[], Awaitable[None]], note: Callable[[str], None]
    ) -> None:
        super().__init__(user.name, settle, note)
        self.user = user
        self.chat = f"telegram:{user.id}"
        self._edits: dict[int, int] = {}
        self._updates: list[int] = []
        self.last_update = 0

    async def send(self, text: str) -> None:
        self.sends(self.user.says(text).update_id)

    def sends(self, update: int) -> None:
        """Telegram has an update of that number now."""
        self._updates.append(update)
        self.last_update = update

    def is_heard(self, api: BotApi) -> bool:
        """Whether the program has confirmed all that was sent."""
        known, pending = api.state.updates.known, api.state.updates.pending
        self._updates = [number for number in self._updates if number not in known or number in pending]
        return not self._updates

    async def press(self, message: int, data: str) -> None:
        found = next(one for one in self.user.messages if one.id == message)
        self.sends(self.user.presses(found, data).update_id)

    def newest_file(self) -> bytes:
        return next(found.file for found in reversed(self.user.messages) if found.file)

    async def catch_up(self, count: int) -> None:
        """Changed messages first: only the first reply of a turn changes one."""
        fresh = [one for one in self.user.messages if self._edits.get(one.id) != one.edits]
        for message in sorted(fresh, key=lambda one: (one.id not in self._edits, one.id)):
            self._edits[message.id] = message.edits
            self.add(_of_telegram(message))


def _of_telegram(message: Message) -> Seen:
    buttons = tuple((button.label, button.data) for button in message.buttons)
    return Seen(message.id, message.text, buttons)


class Page(Somebody):
    """What the page does, without a browser."""

    channel = "网页"

    def __init__(
        self, name: str, url: str, settle: Callable[[], Awaitable[None]], note: Callable[[str], None]
    ) -> None:
        super().__init__(name, settle, note)
        self.client = httpx.AsyncClient(base_url=url, timeout=SECONDS, trust_env=False)
        self._csrf, self._last = "", 0

    async def sign_in(self, link: str) -> None:
        """Somebody opens the link and presses the button on it."""
        self.does(f"打开 {link.rpartition('/')[0]}/……")
        assert (await self.client.get(link)).status_code == 200
        answer = await self.client.post(link)
        assert answer.status_code == 303, answer.text
        await self.open()

    async def open(self) -> None:
        assert (await self.client.get("/")).status_code == 200
        history = (await self.client.get("/api/history")).json()
        self.chat, self._csrf = history["chat"], history["csrf"]

    async def send(self, text: str) -> None:
        await self._post(text=text)

    async def press(self, message: int, data: str) -> None:
        await self._post(button=data, message=str(message))

    async def _post(self, **turn: Any) -> None:
        body = {"id": str(uuid.uuid4()), "seen": self._last} | turn
        answer = await self.client.post("/api/turns", json=body, headers={"X-CSRF-Token": self._csrf})
        assert answer.status_code == 200, answer.text

    async def catch_up(self, count: int) -> None:
        """From the stream, as many as there are."""
        for event in await self._hears(count) if count else ():
            self._last = event["seq"]
            self.add(_of_page(event))

    async def _hears(self, count: int) -> list[dict[str, Any]]:
        heard: list[dict[str, Any]] = []
        async with self.client.stream("GET", f"/api/events?after={self._last}") as answer:
            async for line in answer.aiter_lines():
                if line.startswith("data: ") and line != "data: {}":
                    heard.append(json.loads(line.removeprefix("data: ")))
                if len(heard) == count:
                    break
        return heard

    async def newest_file(self) -> bytes:
        number = next(message.file for message in reversed(self.got) if message.file)
        answer = await self.client.get(f"/files/{number}")
        assert answer.status_code == 200
        return answer.content

    async def close(self) -> None:
        await self.client.aclose()


def _of_page(event: dict[str, Any]) -> Seen:
    text = "".join(part for part, _ in event["spans"])
    buttons = tuple((button["label"], button["data"]) for row in event["buttons"] for button in row)
    return Seen(event["edit"] or event["seq"], text, buttons, event["file"])


def _indented(text: str) -> str:
    return "\n".join(f"　　　│{line}" for line in text.splitlines())
