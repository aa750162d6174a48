"""Every button from /start on, over the shipped documents; then what is particular to single ones."""

import datetime as dt
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import conversations
from handlers import paging, wording, wording_browse
from handlers.errors import converse
from handlers.turn import MAX_BUTTON_BYTES, Button, Desk, Reply, Turn, plain
from knowledge.library import KnowledgeBase

Person = Any  # of conftest.py

VERSION = "v1"
BROWSING = ("see:", "start:", "report:")
SOURCES = Path(__file__).resolve().parents[3] / "knowledge/sources"


def _buttons(reply: Reply) -> list[Button]:
    return [button for row in reply.buttons for button in row]


def _labels(reply: Reply) -> list[str]:
    return [button.label for button in _buttons(reply)]


def _squeezed(text: str) -> str:
    return "".join(text.split())


@dataclass(frozen=True)
class Walk:
    """The reply to each button that can be reached, by its data."""

    replies: dict[str, Reply]

    @property
    def shown(self) -> str:
        return _squeezed("".join(plain(reply.text) for reply in self.replies.values()))

    @property
    def labels(self) -> set[str]:
        return {button.label for reply in self.replies.values() for button in _buttons(reply)}


def walked(press: Callable[[str], Reply], start: Reply) -> Walk:
    replies: dict[str, Reply] = {}
    waiting = deque(_buttons(start))
    while waiting:
        button = waiting.popleft()
        if button.data.startswith(BROWSING) and button.data not in replies:
            replies[button.data] = press(button.data)
            waiting.extend(_buttons(replies[button.data]))
    return Walk(replies)


@dataclass
class Reader:
    """Presses buttons over any library, in one transaction."""

    library: KnowledgeBase
    session: Session
    version: str = VERSION
    group: bool = False

    def presses(self, data: str) -> Reply:
        return self._turn(button=data)

    def writes(self, text: str) -> Reply:
        return self._turn(text=text)

    def _turn(self, **what: str) -> Reply:
        turn = Turn(id="1", person="reader", chat="reader", group=self.group, **what)  # type: ignore[arg-type]
        desk = Desk(self.library, self.session, dt.datetime(2026, 3, 1, tzinfo=dt.UTC), self.version)
        (reply,) = converse(turn, desk)
        return reply

    def walk(self) -> Walk:
        return walked(self.presses, self.writes("/start"))


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions.begin() as session:
        yield session


@pytest.fixture
def reader(library: KnowledgeBase, session: Session) -> Reader:
    return Reader(library, session)


@pytest.fixture
def reader_of(session: Session, tmp_path: Path) -> Callable[..., Reader]:
    """A reader of files that the test writes, by name."""

    def reader_of(files: dict[str, str]) -> Reader:
        for name, text in files.items():
            path = tmp_path / "library" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (tmp_path / "library").mkdir(exist_ok=True)
        return Reader(KnowledgeBase.open(tmp_path / "library", tmp_path / "data"), session)

    return reader_of


@pytest.fixture(scope="module")
def walk(library: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    from db.session import open_database

    url = f"sqlite:///{tmp_path_factory.mktemp('walk')}/policybot.db"
    with open_database(url).begin() as session:
        return Reader(library, session).walk()


# --- the whole walk -------------------------------------------------------------------------


def test_every_button_leads_to_a_reply_that_every_channel_takes(walk: Walk) -> None:
    assert len(walk.replies) > 800
    for data, reply in walk.replies.items():
        assert reply.text.strip() and len(plain(reply.text)) <= 4096, data
        assert all(len(button.data.encode()) <= MAX_BUTTON_BYTES for button in _buttons(reply)), data
        assert all(0 < len(label) <= paging.LABEL_CHARACTERS for label in _labels(reply)), data


def test_no_button_is_answered_as_an_old_one(walk: Walk) -> None:
    sentences = (wording.STALE_BUTTON, wording_browse.LIBRARY_CHANGED, wording_browse.NOTHING_BELOW)
    for data, reply in walk.replies.items():
        assert not any(sentence in reply.text for sentence in sentences), data


def test_every_list_is_edited_in_place_and_has_a_way_back(walk: Walk) -> None:
    for data, reply in walk.replies.items():
        if data.startswith("see:"):
            assert reply.edit, data
            inside = "." in data.partition("@")[0] or "!" in data
            assert _labels(reply)[-2:] == ["返回", "首页"] if inside else _labels(reply)[-1] == "首页", data


def test_the_way_back_leads_to_a_list_that_offers_where_one_was(walk: Walk) -> None:
    for data, reply in walk.replies.items():
        if back := next((b.data for b in _buttons(reply) if b.label == "返回"), None):
            assert data.partition("@")[0].partition("!")[0] in {
                button.data.partition("!")[0] for button in _buttons(walk.replies[back])
            } | {back}, data


def test_every_indicator_is_reached(walk: Walk, library: KnowledgeBase) -> None:
    cards = {plain(reply.text).partition("\n")[0] for reply in walk.replies.values()}
    assert len(library.facts.indicators) == 62
    for row in library.facts.indicators:
        assert any(card.startswith(f"第{row.number}项“{row.name}”") for card in cards), row.name


def test_every_village_on_a_list_is_reached(walk: Walk, library: KnowledgeBase) -> None:
    leads = {plain(reply.text).partition("\n")[0] for reply in walk.replies.values()}
    assert len(library.facts.listed) > 100
    for place in library.facts.listed:
        assert any(lead.startswith(f"{place.name}是") for lead in leads), place.name


def test_every_department_that_has_something_to_do_is_reached(walk: Walk, library: KnowledgeBase) -> None:
    leads = {plain(reply.text).partition("\n")[0] for reply in walk.replies.values()}
    own = [lead for lead in leads if not lead.startswith("第")]  # those of indicators name them, too
    assert len(library.facts.departments.known) > 30
    for name in library.facts.departments.known:
        assert any(lead.startswith((name, f"表中没有印出{name}")) for lead in own), name


def test_every_clause_can_be_read_to_its_end(walk: Walk, library: KnowledgeBase) -> None:
    shown = walk.shown
    for document in library.documents:
        for clause in document.clauses:
            for paragraph in clause.text.split("\n"):
                assert _squeezed(paragraph) in shown, (document.title, clause.heading)


def test_every_row_of_every_table_is_shown(walk: Walk, library: KnowledgeBase) -> None:
    rows = [row for document in library.documents for table in document.tables for row in table.rows]
    assert len(rows) > 80
    assert [row.raw for row in rows if _squeezed(row.raw) not in walk.shown] == []


def test_what_is_quoted_stands_in_the_sources(walk: Walk) -> None:
    printed = _squeezed("".join(path.read_text("utf-8") for path in SOURCES.glob("*.txt")))
    quotes = [
        quote
        for reply in walk.replies.values()
        for quote in re.findall("原文：(.+?)\n出处：", reply.text, re.DOTALL)
    ]
    assert len(quotes) > 400
    parts = [part for quote in quotes for part in quote.split("……")]
    assert [part for part in parts if _squeezed(part) not in printed] == []


def test_pages_of_a_whole_text_are_the_text(walk: Walk) -> None:
    printed = _squeezed("".join(path.read_text("utf-8") for path in SOURCES.glob("*.txt")))
    pages = [reply.text for data, reply in walk.replies.items() if "!" in data]
    assert len(pages) > 30
    for page in pages:
        _, _, text = plain(page).partition("\n\n")
        text = re.sub(r"\n\n第\d+/\d+页$", "", text)
        assert all(_squeezed(part) in printed for part in text.split("……")), text


# --- one button at a time -------------------------------------------------------------------


def _turned(reader: Reader, reply: Reply, label: str) -> Iterator[Reply]:
    """The replies to a button as long as the one before has it."""
    seen = set()
    while following := next((b.data for b in _buttons(reply) if b.label == label), None):
        assert following not in seen, f"{label} leads round in a circle"
        seen.add(following)
        reply = reader.presses(following)
        yield reply


def _open(reader: Reader, *labels: str) -> Reply:
    """Start, and press the button that begins with each label, turning pages where it is not shown."""
    reply = reader.writes("/start")
    for label in labels:
        pages = [reply, *_turned(reader, reply, "下一页")]
        reply = reader.presses(next(b for p in pages for b in _buttons(p) if b.label.startswith(label)).data)
    return reply


CARDS = [
    (("查指标", "治理有效", "33 "), "第33项归谁考核"),
    (("查指标", "治理有效"), "治理有效有哪些指标"),
    (("查指标", "加分项"), "第62项归谁考核"),
    (("查指标", "按部门查", "民政厅"), "民政厅考核哪些指标、负责哪些措施"),
    (("查指标", "按部门查", "民政厅", "50 "), "第50项归谁考核"),
    (("查名单", "乌审旗"), "乌审旗是哪一类旗区"),
    (("查名单", "乌审旗", "重点帮扶"), "乌审旗有哪些重点帮扶嘎查村"),
    (("查名单", "鄂托克前旗", "重点帮扶", "圐圙嘎查"), "圐圙嘎查在名单里吗"),
    (("查名单", "示范引领嘎查村", "折家梁村"), "折家梁村在名单里吗"),
    (("问政策", "附件1", "第七条"), "考核办法第七条"),
    (("问政策", "附件2", "三、", "（五）"), "政策措施三（五）"),
    (("问政策", "规划", "第三章", "第一节", "一、"), "规划第三章第一节一、"),
]


@pytest.mark.parametrize(("labels", "question"), CARDS)
def test_a_card_is_what_asking_for_it_gives(
    reader: Reader, library: KnowledgeBase, labels: tuple[str, ...], question: str
) -> None:
    answer, _ = library.ask(question)
    text = re.sub(r"\n\n第\d+/\d+页$", "", plain(_open(reader, *labels).text))
    assert text == answer.text


@pytest.mark.parametrize(
    ("labels", "follow_up", "expected"),
    [
        (("查指标", "治理有效", "33 "), "它多少分", "第33项"),
        (("查指标", "治理有效", "33 "), "第34项呢", "第34项"),
        (("查名单", "乌审旗", "重点帮扶"), "杭锦旗的呢", "杭锦旗重点帮扶嘎查村共20个"),
        (("查指标", "按部门查", "民政厅"), "它考核哪些指标", "民政厅考核3项"),
        (("问政策", "附件1", "第七条"), "2", "第八条"),
        (("问政策", "附件1", "第七条"), "下一条", "第八条"),
    ],
)
def test_a_question_after_a_card_may_leave_out_what_the_card_says(
    reader: Reader, labels: tuple[str, ...], follow_up: str, expected: str
) -> None:
    _open(reader, *labels)
    assert plain(reader.writes(follow_up).text).startswith(expected)


def test_a_button_of_an_answer_before_the_card_is_old(reader: Reader) -> None:
    option = _buttons(reader.writes("考核办法第七条"))[0]
    _open(reader, "查指标", "治理有效", "33 ")
    assert reader.presses(option.data).text == wording.STALE_BUTTON


def test_turning_a_page_does_not_count_as_another_answer(reader: Reader, session: Session) -> None:
    first = _open(reader, "查指标", "产业兴旺")
    before = conversations.find(session, "reader")
    assert before is not None
    answers = before.answers
    reader.presses(next(b for b in _buttons(first) if b.label == "下一页").data)
    after = conversations.find(session, "reader")
    assert after is not None and after.answers == answers


def test_clauses_are_turned_one_by_one(reader: Reader) -> None:
    first = _open(reader, "问政策", "附件1", "第一条")
    cards = [first, *_turned(reader, first, "下一条")]
    read = [plain(card.text)[:3] for card in cards]
    assert read[:9] == [
        "第一条",
        "第二条",
        "第三条",
        "第四条",
        "第五条",
        "第六条",
        "第七条",
        "第八条",
        "第九条",
    ]
    assert [plain(card.text)[:3] for card in _turned(reader, cards[-1], "上一条")] == read[-2::-1]


def test_a_card_can_be_judged(reader: Reader) -> None:
    assert {"👍", "👎"} <= {label[0] for label in _labels(_open(reader, "查指标", "治理有效", "33 "))}


def test_a_long_list_says_on_which_page_it_is(reader: Reader) -> None:
    reply = _open(reader, "查指标", "按部门查")
    assert reply.text.endswith("第1/4页") and "上一页" not in _labels(reply)
    second = reader.presses(next(b for b in _buttons(reply) if b.label == "下一页").data)
    assert second.text.endswith("第2/4页") and {"上一页", "下一页"} <= set(_labels(second))


def test_what_a_button_must_cut_is_said_in_full(reader: Reader) -> None:
    reply = _open(reader, "问政策")
    assert any(label.endswith("…") for label in _labels(reply))
    assert "鄂尔多斯市人民政府关于印发“十四五”巩固拓展脱贫攻坚成果同乡村振兴有效衔接规划的通知" in reply.text


def test_a_group_may_browse(library: KnowledgeBase, session: Session) -> None:
    reader = Reader(library, session, group=True)
    assert plain(_open(reader, "查指标", "治理有效", "33 ").text).startswith("第33项")


# --- old and foreign buttons ----------------------------------------------------------------


@pytest.mark.parametrize(("topic", "expected"), [(0, "附件1"), (1, "治理有效"), (2, "乌审旗")])
def test_a_button_from_before_the_documents_changed_offers_the_list_anew(
    library: KnowledgeBase, session: Session, topic: int, expected: str
) -> None:
    old = Reader(library, session, version="0123456789ab")
    button = _buttons(old.presses(f"see:012345:{topic}"))[0]
    reply = Reader(library, session, version="ffffff789abc").presses(button.data)
    assert reply.edit and reply.text.startswith(wording_browse.LIBRARY_CHANGED)
    assert any(expected in label for label in _labels(reply))
    assert all("ffffff" in b.data for b in _buttons(reply) if b.data.startswith("see:"))


@pytest.mark.parametrize("path", ["1.99", "1.3.99", "0.4.3.0.0.0.0", "1.3.1.0", "2.999999"])
def test_a_path_that_leads_nowhere_offers_the_list_anew(reader: Reader, path: str) -> None:
    assert reader.presses(f"see:{VERSION}:{path}").text.startswith(wording_browse.LIBRARY_CHANGED)


@pytest.mark.parametrize(
    "data",
    ["see:", "see:v1", "see:v1:", "see:v1:9", "see:v1:x", "see:v1:1.", "see:v1:-1", "see:v1:1@", "see:v1:²"],
)
def test_data_that_no_button_has_gets_a_friendly_sentence(reader: Reader, data: str) -> None:
    assert reader.presses(data).text == wording.STALE_BUTTON


@pytest.mark.parametrize(("data", "shown"), [("see:v1:1.8@77", "第4/4页"), ("see:v1:0.4.3!77", "第7/7页")])
def test_a_page_beyond_the_last_is_the_last(reader: Reader, data: str, shown: str) -> None:
    assert reader.presses(data).text.endswith(shown)


# --- other libraries ------------------------------------------------------------------------

RULES = """# 村庄清洁奖补办法

第一章 总则

第一条 村庄清洁由嘎查村民委员会负责。

第二章 奖补

第二条 每户奖补二百元。
"""
TABLE = """# 考核表

| 内容 | 分值 | 考核单位 |
|---|---|---|
| 甲事项 | 2 | 农牧局 |
| 乙事项 | 3 | 财政局 |
"""


def test_a_library_without_tables_and_lists_says_so(reader_of: Callable[..., Reader]) -> None:
    reader = reader_of({"rules.md": RULES})
    for topic in (1, 2):
        reply = _open(reader, wording_browse.TOPICS[topic])
        assert wording_browse.NOTHING[topic] in reply.text and _labels(reply) == ["首页"]
    assert "每户奖补二百元" in _open(reader, "问政策", "村庄清洁", "第二章", "第二条").text


def test_a_library_without_documents_says_so(reader_of: Callable[..., Reader]) -> None:
    walk = reader_of({}).walk()
    texts = [reply.text for reply in walk.replies.values()]
    assert all(any(sentence in text for text in texts) for sentence in wording_browse.NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        "一句话，没有标题，没有编号。\n",
        "# 只有标题的文件\n",
        TABLE,
        "# 通知\n\n一、第一件事。\n\n二、第二件事。\n（一）小事。\n（二）大事。\n",
        "# 大纲\n\n## 甲\n\n### 甲甲\n\n#### 甲甲甲\n\n##### 甲甲甲甲\n\n###### 底\n\n很深的一句话。\n",
        "# 长条款\n\n第一条 " + "很长的一句话没有完，" * 40 + "完。\n\n第二条 " + "长长长长长。" * 900 + "\n",
        "# 没有标点\n\n第一条 " + "长" * 9000 + "\n",
        RULES,
    ],
)
def test_any_document_can_be_walked_to_its_end(reader_of: Callable[..., Reader], text: str) -> None:
    walk = reader_of({"one.md": text}).walk()
    for data, reply in walk.replies.items():
        assert len(plain(reply.text)) <= 4096, data
        assert wording_browse.LIBRARY_CHANGED not in reply.text, data
        assert "编号" not in reply.text or "编号" in text, data
    ends = [line[-30:] for line in text.split("\n") if line and not line.startswith(("#", "|"))]
    assert [end for end in ends if _squeezed(end) not in walk.shown] == []


def test_a_long_clause_is_cut_after_a_sentence_and_shown_whole_page_by_page(
    reader_of: Callable[..., Reader],
) -> None:
    sentences = [f"第{number}句话说的是第{number}件事情。" for number in range(400)]
    reader = reader_of({"long.md": "# 办法\n\n第一条 " + "".join(sentences) + "\n\n第二条 完。\n"})
    card = _open(reader, "问政策", "办法", "第一条")
    assert "事情。……\n出处" in card.text
    page = reader.presses(next(b for b in _buttons(card) if b.label == "全文").data)
    pages = [page, *_turned(reader, page, "下一页")]
    bodies = [plain(p.text).split("\n\n")[1] for p in pages]
    assert all(body.endswith("。") for body in bodies)
    assert _squeezed("".join(bodies)) == _squeezed("第一条 " + "".join(sentences))
    assert reader.presses(next(b for b in _buttons(pages[-1]) if b.label == "返回").data).text == card.text


def test_short_clauses_have_nothing_more_to_show(reader: Reader) -> None:
    assert "全文" not in _labels(_open(reader, "问政策", "附件1", "第七条"))


MANY = {f"{folder}/{number:03}号办法.md": RULES for folder in ("农业", "民政") for number in range(101)}


def test_a_large_library_is_browsed_by_folder_file_and_clause(reader_of: Callable[..., Reader]) -> None:
    reader = reader_of(MANY)
    assert reader.library.is_large
    assert wording_browse.MANY_DOCUMENTS in _open(reader, "问政策").text
    assert "每户奖补二百元" in _open(reader, "问政策", "民政", "077号", "第二章", "第二条").text
    assert wording_browse.MANY_FILES in _open(reader, "查指标").text


def test_a_file_of_a_large_library_that_cannot_be_read_says_so(reader_of: Callable[..., Reader]) -> None:
    reader = reader_of(MANY | {"农业/坏的.docx": "not a zip"})
    reply = _open(reader, "问政策", "农业", "坏的")
    assert reply.text == wording_browse.UNREADABLE
    back = reader.presses(next(b for b in _buttons(reply) if b.label == "返回").data)
    assert "坏的" in _labels(back)
