"""A report that was begun in Telegram, and the link to its one-time page."""

from __future__ import annotations

from sqlmodel import Session

from db import drafts, people
from db.access import Role
from db.models_cases import Draft
from handlers import pages
from handlers.turn import Desk
from knowledge.library import KnowledgeBase
from tests.webserver import WebServer

CHAT = "telegram:7"
ID, WRONG_ID, MOBILE = "150626199001010017", "150626199001010018", "13848700001"
ID_FIELD, PHONE_FIELD = "户主身份证号", "联系电话"


def begun_report(server: WebServer) -> Draft:
    def work(session: Session) -> Draft:
        person = people.create(
            session, role=Role.VILLAGE_CADRE, area="150626100200", name="张三", now=server.clock()
        )
        people.add_channel(session, person, CHAT, now=server.clock())
        draft = drafts.begin(session, people.known_id(person), "report", now=server.clock())
        drafts.store(session, draft, "head", "乌云其其格", now=server.clock())
        return draft

    return server.in_session(work)


def link_to_fill(server: WebServer, library: KnowledgeBase, draft: Draft) -> str:
    def work(session: Session) -> str:
        person = people.get(session, draft.person_id)
        desk = Desk(library, session, server.clock(), "v1", person, web_url=server.url, chat=CHAT)
        return pages.link_for_draft(draft, desk)

    return server.in_session(work)
