"""Browsing by buttons: documents → clauses, dimensions and departments → indicators, banners → villages.

A button says all that is needed to open it, so that any process can, and an old one still works:

    see:1f3a5b:1.3.0      version of the library : path of the entry
    see:1f3a5b:0.4@2      third page of its list
    see:1f3a5b:0.4.3!1    second page of its whole text
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db import conversations, feedback
from handlers import paging, wording, wording_browse
from handlers.feedback import verdict_buttons
from handlers.turn import Button, Desk, Reply, Turn, bold, bold_opening
from knowledge.answers.compose import MAX_TEXT, cut_at_sentence, shorten
from knowledge.browse import INDICATORS, POLICIES, Entry, Said, path_of_indicator, shelf, walk
from knowledge.errors import ReadingError

ROUTE = "see:"
_VIEW = re.compile(
    rf"{ROUTE}(?P<version>[^:]*):(?P<path>[0-9]{{1,6}}(?:\.[0-9]{{1,6}})*)(?:(?P<mark>[@!])(?P<page>[0-9]{{1,6}}))?"
)
_VERSION_DIGITS = 6
_INTRO_CHARACTERS = 300
_LINE_CHARACTERS = 80  # a title of a document; first words of an article

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class _View:
    """An entry on one page of its list, or of its whole text."""

    version: str
    path: tuple[int, ...]
    page: int = 0
    whole: bool = False

    @classmethod
    def read(cls, data: str) -> _View | None:
        found = _VIEW.fullmatch(data)
        if found is None:
            return None
        path = tuple(map(int, found["path"].split(".")))
        return cls(found["version"], path, int(found["page"] or 0), found["mark"] == "!")

    @property
    def data(self) -> str:
        page = f"{'!' if self.whole else '@'}{self.page}" if self.page or self.whole else ""
        return f"{ROUTE}{self.version}:{'.'.join(map(str, self.path))}{page}"

    def to(self, *path: int, page: int = 0, whole: bool = False) -> _View:
        """Another view of the same library."""
        return _View(self.version, path, page, whole)


def topic_buttons(desk: Desk) -> tuple[Button, ...]:
    """问政策, 查指标, 查名单."""
    return tuple(
        Button(name, _View(_version(desk), (topic,)).data) for topic, name in enumerate(wording_browse.TOPICS)
    )


def open_button(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`see:…`"""
    view = _View.read(turn.button or "")
    if view is None or view.path[0] >= len(wording_browse.TOPICS):
        return (Reply(wording.STALE_BUTTON),)
    reply = _shown(view, turn.chat, desk) if view.version == _version(desk) else None
    return (reply or _topic(view.path[0], wording_browse.LIBRARY_CHANGED, turn.chat, desk),)


def open_indicator(number: int, turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """The card of an indicator that a link names by its number."""
    path = path_of_indicator(desk.library, number)
    reply = _shown(_View(_version(desk), path), turn.chat, desk) if path else None
    return (reply or _topic(INDICATORS, wording_browse.no_such_indicator(number), turn.chat, desk),)


def _version(desk: Desk) -> str:
    return desk.index_version[:_VERSION_DIGITS]


def _topic(topic: int, note: str, chat: str, desk: Desk) -> Reply:
    """The first list of a topic, with a word before it why it is shown."""
    reply = _shown(_View(_version(desk), (topic,)), chat, desk)
    assert reply is not None  # the topics are always there
    return Reply(f"{note}\n\n{reply.text}", reply.buttons, edit=True)


def _shown(view: _View, chat: str, desk: Desk) -> Reply | None:
    """None where the path leads nowhere."""
    try:
        trail = walk(shelf(desk.library), view.path)
        if trail is None:
            return None
        if view.whole and (text := trail[-1].whole()):
            return _whole(view, trail[-1], text)
        return _entry(view, trail[-2].below(), trail[-1], chat, desk)
    except ReadingError:
        return Reply(wording_browse.UNREADABLE, (_back(view),), edit=True)


def _whole(view: _View, entry: Entry, text: str) -> Reply:
    pages = paging.pages_of_text(text)
    page = min(view.page, len(pages) - 1)
    parts = (_heading(entry), pages[page].strip(), paging.note(page, len(pages)))
    turning = paging.turning(page, len(pages), lambda n: view.to(*view.path, page=n, whole=True).data)
    back = (Button(wording_browse.BACK, view.to(*view.path).data), _home())
    return Reply(_joined(parts), _rows(turning, back), edit=True)


def _entry(view: _View, siblings: Sequence[Entry], entry: Entry, chat: str, desk: Desk) -> Reply:
    pages = paging.pages_of(entry.below())
    page = min(view.page, len(pages) - 1)
    note = paging.note(page, len(pages))
    buttons = _rows(
        *_choices(view, pages[page], page * paging.PER_PAGE),
        paging.turning(page, len(pages), lambda n: view.to(*view.path, page=n).data),
        (Button(wording_browse.WHOLE, view.to(*view.path, whole=True).data),) if entry.whole() else (),
        tuple(_neighbours(view, siblings)) if entry.answer and not pages[page] else (),
        _back(view),
    )
    if entry.answer is None:
        return Reply(_joined((*_list_text(view, entry, pages[page], desk), note)), buttons, edit=True)
    said = entry.answer()
    text = _joined((shorten(said.answer.text, MAX_TEXT - len(note) - 2), note)) if note else said.answer.text
    if page == 0:  # further pages show the same answer again
        buttons = (*buttons[:-1], _keep(said, entry, chat, desk), buttons[-1])
    return Reply(bold_opening(text, said.answer.lead), buttons, edit=True, status=said.answer.status)


def _keep(said: Said, entry: Entry, chat: str, desk: Desk) -> tuple[Button, ...]:
    """Store what the next question may leave out, and the answer for a verdict."""
    answer = said.answer
    conversations.remember(
        desk.session, chat, context=said.context.to_json(), options=answer.options, now=desk.now
    )
    number = feedback.record_answer(
        desk.session, chat=chat, question=said.question or entry.label, earlier="", answer=answer.text,
        status=answer.status, index_version=desk.index_version, now=desk.now,
    )  # fmt: skip
    return verdict_buttons(number)


# --- text -----------------------------------------------------------------------------------


def _list_text(view: _View, entry: Entry, shown: Sequence[Entry], desk: Desk) -> Iterator[str]:
    """Heading, first words, what to do, and in full what buttons must cut."""
    if len(view.path) == 1:
        yield bold(wording_browse.TOPICS[view.path[0]])
        yield _prompt_of_topic(view.path[0], bool(shown), desk)
    else:
        yield _heading(entry)
        yield cut_at_sentence(entry.intro, _INTRO_CHARACTERS)
        yield wording_browse.CHOOSE_BELOW if shown else wording_browse.NOTHING_BELOW
    if any(paging.label(e.label) != e.label for e in shown):
        yield "\n".join(f"· {paging.cut(e.label, _LINE_CHARACTERS)}" for e in shown)


def _heading(entry: Entry) -> str:
    return bold(paging.cut(entry.title or entry.label, _LINE_CHARACTERS))


def _prompt_of_topic(topic: int, found: bool, desk: Desk) -> str:
    if found and topic == POLICIES and desk.library.is_large:
        return f"{wording_browse.CHOOSE[topic]}{wording_browse.MANY_DOCUMENTS}"
    if found:
        return wording_browse.CHOOSE[topic]
    return wording_browse.MANY_FILES if desk.library.is_large else wording_browse.NOTHING[topic]


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part)


# --- buttons --------------------------------------------------------------------------------


def _rows(*rows: tuple[Button, ...]) -> Rows:
    return tuple(row for row in rows if row)


def _choices(view: _View, shown: Sequence[Entry], first: int) -> Iterator[tuple[Button, ...]]:
    for position, entry in enumerate(shown, first):
        yield (Button(paging.label(entry.label), view.to(*view.path, position).data),)


def _neighbours(view: _View, siblings: Sequence[Entry]) -> Iterator[Button]:
    """What stands before and after the entry in its list."""
    *above, at = view.path
    if at > 0:
        counted = siblings[at - 1].counted
        yield Button(wording_browse.previous(counted), view.to(*above, at - 1).data)
    if at + 1 < len(siblings):
        counted = siblings[at + 1].counted
        yield Button(wording_browse.following(counted), view.to(*above, at + 1).data)


def _back(view: _View) -> tuple[Button, ...]:
    """To the page of the list from which the entry was chosen."""
    *above, at = view.path
    if not above:
        return (_home(),)
    return Button(wording_browse.BACK, view.to(*above, page=paging.page_of(at)).data), _home()


def _home() -> Button:
    return Button(wording_browse.HOME, "start:")
