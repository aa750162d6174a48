import json

from hypothesis import given
from hypothesis import strategies as st

from handlers.turn import Button, Reply, bold, plain, spans

MARKED = st.lists(st.one_of(st.text(alphabet="甲乙<&\n"), st.text(alphabet="丙丁", min_size=1).map(bold)))


@given(MARKED)
def test_marks_tell_what_is_bold_and_nothing_is_lost(parts: list[str]) -> None:
    text = "".join(parts)
    assert "".join(part for part, _ in spans(text)) == plain(text)
    assert "".join(part for part, strong in spans(text) if strong) == "".join(
        plain(part) for part in parts if part != plain(part)
    )


def test_an_open_mark_ends_with_the_text() -> None:
    assert spans("甲" + bold("乙")[:-1]) == [("甲", False), ("乙", True)]


def test_a_reply_survives_being_stored() -> None:
    reply = Reply(bold("答"), ((Button("甲", "x:1"), Button("乙", "x:2")),), edit=True, photo=3, status="s")
    assert Reply.from_json(reply.to_json()) == reply


def test_a_reply_of_a_later_version_can_still_be_read() -> None:
    stored = json.loads(Reply("答").to_json()) | {"new in a later version": 1}
    assert Reply.from_json(json.dumps(stored)) == Reply("答")
