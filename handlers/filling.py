"""A form being filled in: one engine for all. Each answer is stored before the next question is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import object_session
from sqlmodel import Session

from db import drafts, people, photos
from db.days import today_of
from db.drafts import Status, known_id
from db.models_cases import Draft
from handlers import ask, form_leaving, form_media, form_places, pages
from handlers import wording_forms as wording
from handlers.case_access import count
from handlers.form_answers import Fault, asks, doubt_about, looks_like_a_question, read
from handlers.form_view import data, show_question, show_summary
from handlers.forms import Answers, Form, Kind, Question, asked, next_question, question_before, with_offers
from handlers.turn import Button, Desk, Reply, Turn
from handlers.wording_pages import fill_on_page

Replies = tuple[Reply, ...]
Finish = Callable[[Draft, dict[str, Any], Desk], Replies]
PENDING = "?"  # in front of a question's code: what was typed and is still in doubt
SUMMARY = ""  # what is asked when everything is answered


@dataclass(frozen=True, slots=True)
class Ledger:
    """A form, and what is done with it when it is submitted."""

    form: Callable[[], Form]  # made at the first use: its choices are read from files
    finish: Finish


def begin(ledger: Ledger, draft: Draft, desk: Desk, known: Answers, *, intro: str = "") -> Replies:
    """Ask the first question of a new draft; `known` are answers that need not be asked for."""
    for field, value in known.items():
        drafts.store(desk.session, draft, field, value, now=desk.now)
    first = Filling({draft.form: ledger}).go_on(draft, desk)
    return (Reply(intro), *first) if intro else first


class Filling:
    """The conversation about the active draft of a person; `ledgers` by the code of their form."""

    def __init__(self, ledgers: Mapping[str, Ledger]) -> None:
        self._ledgers = ledgers
        self._actions: Mapping[str, Callable[[Draft, str, str, Turn, Desk], Replies]] = {
            "a": self._take_choice, "t": self._toggle, "d": self._done, "k": self._keep, "s": self._skip,
            "b": self._back, "h": self._help, "e": self._edit, "o": self._submit, "r": self._resume,
            "u": self._fill_on_page, "p": form_leaving.set_aside, "x": form_leaving.ask_to_cancel,
            "X": form_leaving.cancel, "m": self._place_meant,
        }  # fmt: skip

    # --- what comes in --------------------------------------------------------------------

    def active(self, turn: Turn, desk: Desk) -> Draft | None:
        """The draft that this turn goes to; None in a group, for visitors, or when nothing is filled in."""
        if turn.group or desk.person is None:
            return None
        draft = drafts.active(desk.session, people.known_id(desk.person))
        return draft if draft and draft.form in self._ledgers else None

    def take_text(self, draft: Draft, turn: Turn, desk: Desk) -> Replies | None:
        """What was typed, as the answer to the open question; a question about policy is answered first.

        None at the summary for what asks something; the rest may be about the household.
        """
        if draft.asked == SUMMARY and asks(turn.text or ""):
            return None
        if lost := form_leaving.lost(draft, desk):
            return lost
        question = self._open_question(draft)
        if question is None or (question.personal and not desk.hears_names):
            return self.resume(draft, desk)
        text = turn.text or ""
        if looks_like_a_question(question, text) and (replies := self._policy(draft, question, turn, desk)):
            return replies
        if question.kind is Kind.PLACE:
            return self._take_place(draft, question, text, desk)
        value = read(question, text, today=today_of(desk.now))
        if isinstance(value, Fault):
            return self._policy(draft, question, turn, desk, sure=False) or self._again(
                draft, question, desk, value.text
            )
        return self._take(draft, question, value, desk)

    def press(self, turn: Turn, desk: Desk) -> Replies:
        """`form:ACTION:DRAFT:FIELD:VALUE`. Only the draft's owner gets anywhere."""
        _, action, number, field, value = [*(turn.button or "").split(":", 4), "", "", "", ""][:5]
        draft = self._mine(number, desk)
        handler = self._actions.get(action)
        if draft is None or handler is None or turn.group:
            return (Reply(wording.NOT_YOURS),)
        if lost := form_leaving.lost(draft, desk):
            return lost
        form_leaving.take_up(draft, desk)
        return handler(draft, field, value, turn, desk)

    def take_photo(self, draft: Draft, turn: Turn, desk: Desk) -> Replies | None:
        """A photo for the form, its caption as an answer; None when the form takes none."""
        if not self._form(draft).photos:
            return None
        said = form_media.keep_photo(draft, turn, desk)
        answered = self.take_text(draft, turn, desk) or self.resume(draft, desk) if turn.text else ()
        return (*said, *answered)

    def take_point(self, draft: Draft, turn: Turn, desk: Desk) -> Replies | None:
        return form_media.keep_point(draft, turn, desk) if self._form(draft).photos else None

    # --- going on ---------------------------------------------------------------------------

    def resume(self, draft: Draft, desk: Desk) -> Replies:
        """Where it stands."""
        question = self._open_question(draft)
        return (self._question(draft, question, desk),) if question else self.go_on(draft, desk)

    def go_on(self, draft: Draft, desk: Desk) -> Replies:
        """Ask what has no answer yet; then show the summary, or finish."""
        form, answers = self._form(draft), drafts.answers(desk.session, draft)
        question = next_question(form, answers, draft.fields)
        draft.asked = question.code if question else SUMMARY
        desk.session.flush()
        if question:
            return (self._question(draft, question, desk),)
        return (self._summary(draft, desk),) if form.summary else self._finish(draft, desk)

    def _take(self, draft: Draft, question: Question, value: Any, desk: Desk) -> Replies:
        """Store an answer; ask back when it is unusual or contradicts another one."""
        if doubt := doubt_about(question, value, drafts.answers(desk.session, draft)):
            self._put_by(draft, question, value, desk)
            keep = Button(wording.YES_RIGHT, data("k", known_id(draft), question.code))
            return (Reply(doubt, ((keep,),)),)
        return self._store(draft, question.code, value, desk)

    def _store(self, draft: Draft, field: str, value: Any, desk: Desk) -> Replies:
        drafts.store(desk.session, draft, field, value, now=desk.now)
        return self.go_on(draft, desk)

    def _take_place(self, draft: Draft, question: Question, text: str, desk: Desk) -> Replies:
        found = form_places.meant(text.strip(), draft, question, desk)
        if isinstance(found, Reply):
            self._put_by(draft, question, {"code": "", "typed": text.strip()[:80]}, desk)
            return (found,)
        return self._store(draft, question.code, {"code": found, "typed": ""}, desk)

    def _put_by(self, draft: Draft, question: Question, value: Any, desk: Desk) -> None:
        """Keep what is in doubt until it is said to be right."""
        drafts.store(desk.session, draft, PENDING + question.code, value, now=desk.now)

    def _policy(
        self, draft: Draft, question: Question, turn: Turn, desk: Desk, *, sure: bool = True
    ) -> Replies:
        """The answer to a question in the middle, and the open question again; () if it is none."""
        text = turn.text or ""
        if not sure and not asks(text):
            return ()
        if not ask.has_answer(text, desk):
            return ()
        again = self._question(draft, question, desk)
        if question.kind in (Kind.TEXT, Kind.NAME):
            self._put_by(draft, question, text, desk)
            keep = Button(wording.IT_IS_AN_ANSWER, data("k", known_id(draft), question.code))
            again = Reply(again.text, ((keep,), *again.buttons))
        return (*ask.answer_text(turn, desk), Reply(f"{wording.STILL_OPEN}\n{again.text}", again.buttons))

    # --- buttons ----------------------------------------------------------------------------

    def _take_choice(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        question = self._asked(draft, field)
        if question is None or question.kind is Kind.CHOICES or not question.offers_choice(value):
            return self.resume(draft, desk)
        given = Reply(wording.answered(question.label, question.label_of(value)), edit=True)
        return (given, *self._take(draft, question, value, desk))

    def _toggle(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        question = self._asked(draft, field, Kind.CHOICES)
        if question is None or not question.offers_choice(value):
            return self.resume(draft, desk)
        chosen = set(drafts.answers(desk.session, draft).get(field) or ()) ^ {value}
        ordered = [choice.code for choice in question.choices if choice.code in chosen]
        drafts.store(desk.session, draft, field, ordered, now=desk.now)
        return (self._question(draft, question, desk, edit=True),)

    def _done(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        question = self._asked(draft, field, Kind.CHOICES)
        chosen = drafts.answers(desk.session, draft).get(field)
        if question is None:
            return self.resume(draft, desk)
        if not chosen and not question.optional:
            return self._again(draft, question, desk, wording.choose_some(question.choices))
        labels = "、".join(question.label_of(code) for code in chosen or ())
        given = Reply(wording.answered(question.label, labels or wording.NOT_GIVEN), edit=True)
        return (given, *self._take(draft, question, chosen or None, desk))

    def _keep(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        """What was in doubt is right after all."""
        answers = drafts.answers(desk.session, draft)
        question = self._asked(draft, field)
        if question is None or PENDING + field not in answers:
            return self.resume(draft, desk)
        return self._store(draft, field, answers[PENDING + field], desk)

    def _place_meant(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        question = self._asked(draft, field, Kind.PLACE)
        if question is None:
            return self.resume(draft, desk)
        refusal = form_places.refusal(value, draft, desk)
        return (refusal,) if refusal else self._store(draft, field, {"code": value, "typed": ""}, desk)

    def _skip(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        question = self._asked(draft, field)
        if question is None or not question.optional:
            return self.resume(draft, desk)
        given = Reply(wording.answered(question.label, wording.NOT_GIVEN), edit=True)
        return (given, *self._store(draft, field, None, desk))

    def _back(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        answers = drafts.answers(desk.session, draft)
        before = question_before(self._form(draft), answers, draft.asked, draft.fields)
        if before is None:
            return self.resume(draft, desk)
        draft.asked = before.code
        return (self._question(draft, before, desk, edit=True),)

    def _help(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        question = self._form(draft).question(field)
        return (Reply((question.help if question else "") or wording.NO_MORE_HELP),)

    def _edit(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        steps = asked(self._form(draft), drafts.answers(desk.session, draft), draft.fields)
        if any(step.code == field and step.kind is not Kind.SECRET for step in steps):
            draft.asked = field
        return self.resume(draft, desk)

    def _submit(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        form, answers = self._form(draft), drafts.answers(desk.session, draft)
        if next_question(form, answers, draft.fields):
            return self.go_on(draft, desk)
        return self._finish(draft, desk)

    def _resume(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        return self.resume(draft, desk)

    def _fill_on_page(self, draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
        return (Reply(fill_on_page(pages.link_for_draft(draft, desk)) if desk.web_url else wording.NO_PAGE),)

    def form_of(self, code: str) -> Form | None:
        return self._ledgers[code].form() if code in self._ledgers else None

    def _form(self, draft: Draft) -> Form:
        form = self._ledgers[draft.form].form()
        if not any(question.offers for question in form.questions):
            return form
        session = object_session(draft)
        assert isinstance(session, Session)  # the draft was read in this turn
        return with_offers(form, drafts.answers(session, draft))

    def _mine(self, text: str, desk: Desk) -> Draft | None:
        """The open draft of that number, if it is the person's own."""
        number = count(text)
        if desk.person is None or number is None:
            return None
        draft = drafts.get(desk.session, number, people.known_id(desk.person))
        return draft if draft and draft.status == Status.OPEN and draft.form in self._ledgers else None

    def _open_question(self, draft: Draft) -> Question | None:
        return self._form(draft).question(draft.asked) if draft.asked else None

    def _asked(self, draft: Draft, field: str, kind: Kind | None = None) -> Question | None:
        """The question of a button, if it is the one that is open; an older button changes nothing."""
        question = self._open_question(draft) if field == draft.asked else None
        return question if question and kind in (None, question.kind) else None

    def _question(self, draft: Draft, question: Question, desk: Desk, *, edit: bool = False) -> Reply:
        answers = drafts.answers(desk.session, draft)
        shown = show_question(
            self._form(draft), question, known_id(draft), answers, desk, only=draft.fields, edit=edit
        )
        if not question.personal or desk.hears_names:
            return shown
        url = pages.link_for_draft(draft, desk) if desk.web_url else ""
        text = wording.personal_on_page(shown.text, url) if url else wording.NO_PAGE
        return replace(shown, text=text)

    def _again(self, draft: Draft, question: Question, desk: Desk, fault: str) -> Replies:
        again = self._question(draft, question, desk)
        return (Reply(f"{fault}\n{again.text}", again.buttons),)

    def _summary(self, draft: Draft, desk: Desk) -> Reply:
        form, answers = self._form(draft), drafts.answers(desk.session, draft)
        count = photos.count(desk.session, draft_id=known_id(draft))
        return show_summary(form, known_id(draft), answers, desk, photos=count, only=draft.fields)

    def _finish(self, draft: Draft, desk: Desk) -> Replies:
        answers = {k: v for k, v in drafts.answers(desk.session, draft).items() if not k.startswith(PENDING)}
        return self._ledgers[draft.form].finish(draft, answers, desk)
