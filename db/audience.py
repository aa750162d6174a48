"""Whom a message about a case reaches: people of a role in charge of its area, and their chats."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from db.access import Role, covers
from db.models import Identity, Person
from db.models_cases import Case
from knowledge.rules import rules

PRIVATE_CHANNELS = ("telegram", "web")


def in_charge(session: Session, case: Case) -> list[Person]:
    """Those who can pass the case on from where it stands."""
    passing = (move for move in rules().transitions if move.action == "pass" and move.source == case.step)
    roles = {Role(role) for move in passing for role in move.roles}
    return of_roles(session, roles, case.area)


def of_roles(session: Session, roles: set[Role], area: str) -> list[Person]:
    """Active people in these roles whose area covers that one."""
    scopes = [area[:digits] for digits in (2, 4, 6, 9, 12) if digits <= len(area)]
    wanted = select(Person).where(
        col(Person.active), col(Person.role).in_(roles), col(Person.area).in_(scopes)
    )
    found = session.execute(wanted.order_by(col(Person.id))).scalars()
    return [person for person in found if covers(person.area, area)]


def chats(session: Session, person_id: int) -> list[str]:
    """The private chats of a person; with Telegram and the web page, both."""
    wanted = select(col(Identity.id)).where(col(Identity.person_id) == person_id)
    ids = session.execute(wanted.order_by(col(Identity.linked_at))).scalars()
    return [identity for identity in ids if identity.partition(":")[0] in PRIVATE_CHANNELS]
