"""Photos and a place that go with a form."""

from __future__ import annotations

from db import drafts, photos
from db.drafts import known_id
from db.models_cases import Draft
from handlers import wording_forms as wording
from handlers.turn import Desk, Reply, Turn

KINDS = ("photo", "document", "place")  # of turns; taken also when everything is answered
_PHOTO_WORDS = {
    None: wording.PHOTO_KEPT,
    photos.Fault.TOO_LARGE: wording.PHOTO_TOO_LARGE,
    photos.Fault.NO_PHOTO: wording.NO_PHOTO,
    photos.Fault.TOO_MANY: wording.TOO_MANY_PHOTOS,
}


def keep_photo(draft: Draft, turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """Keep a photo beside the draft; nothing is said to the further ones of an album."""
    if not desk.hears_names:
        return (Reply(wording.PHOTOS_ON_THE_WEB),)
    attachment = turn.photo or turn.document
    assert attachment is not None  # the router looked
    fault = photos.keep(
        desk.session, draft_id=known_id(draft), person_id=draft.person_id, channel=turn.channel,
        ref=attachment.ref, size=attachment.size, media_type=attachment.media_type, now=desk.now,
    )  # fmt: skip
    return () if turn.further and not fault else (Reply(_PHOTO_WORDS[fault]),)


def keep_point(draft: Draft, turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    assert turn.place is not None  # the router looked
    point = f"{turn.place.latitude:.5f},{turn.place.longitude:.5f}"
    drafts.store(desk.session, draft, "point", point, now=desk.now)
    return (Reply(wording.PLACE_KEPT),)
