"""Updates as turns: what cannot be sent by a test's person, as it stands in the Bot API."""

from typing import Any

from telegram import Update

from bot.telegram.incoming import Reader, read_update
from handlers.turn import Attachment, Contact, Place, Turn

BOT = {"id": 700, "is_bot": True, "first_name": "政策", "username": "policy_bot"}
PERSON = {"id": 77, "is_bot": False, "first_name": "乌云"}
PRIVATE = {"id": 77, "type": "private"}
GROUP = {"id": -100, "type": "supergroup", "title": "工作群"}


def turn_of(*, chat: dict[str, Any] = PRIVATE, **fields: Any) -> Turn | None:
    message = {"message_id": 3, "date": 1, "from": PERSON, "chat": chat} | fields
    return _turn({"message": message})


def _turn(payload: dict[str, Any], number: int = 5) -> Turn | None:
    update = Update.de_json({"update_id": number} | payload, None)
    return Reader(700).turn(update, "policy_bot")


def test_an_id_is_that_of_the_bot_and_the_update() -> None:
    turn = turn_of(text="甲")
    assert turn == Turn(id="telegram:700:5", person="telegram:77", chat="telegram:77", text="甲")


def test_a_command_for_us_loses_our_name() -> None:
    turn = turn_of(chat=GROUP, text="/start@POLICY_bot i33")
    assert turn is not None and turn.text == "/start i33"


def test_a_mention_is_cut_out_by_code_units() -> None:
    mention = {"type": "mention", "offset": 3, "length": 11}
    turn = turn_of(chat=GROUP, text="𠮷 @policy_bot 归谁考核", entities=[mention])
    assert turn is not None and turn.text == "𠮷  归谁考核"


def test_a_mention_without_a_user_name_counts() -> None:
    mention = {"type": "text_mention", "offset": 0, "length": 2, "user": BOT}
    turn = turn_of(chat=GROUP, text="政策 归谁考核", entities=[mention])
    assert turn is not None and turn.text == "归谁考核"


def test_a_caption_may_mention_us() -> None:
    photo = [{"file_id": "a", "file_unique_id": "a", "width": 9, "height": 9, "file_size": 9}]
    mention = {"type": "mention", "offset": 0, "length": 11}
    turn = turn_of(chat=GROUP, photo=photo, caption="@policy_bot 看", caption_entities=[mention])
    assert turn is not None and (turn.kind, turn.text, turn.group) == ("photo", "看", True)


def test_a_topic_of_a_group_is_a_chat_of_its_own() -> None:
    forum = GROUP | {"is_forum": True}
    turn = turn_of(chat=forum, text="/help", is_topic_message=True, message_thread_id=9)
    assert turn is not None and turn.chat == "telegram:-100/9"


def test_what_other_bots_say_is_not_heard() -> None:
    other = {"id": 701, "is_bot": True, "first_name": "别的"}
    assert turn_of(chat=GROUP, text="/help", **{"from": other}) is None


def test_what_a_channel_passes_on_to_its_group_is_not_heard() -> None:
    channel = {"id": -7, "type": "channel", "title": "通知"}
    assert turn_of(chat=GROUP, text="/help", sender_chat=channel, is_automatic_forward=True) is None


def test_a_card_sent_by_our_own_inline_mode_is_no_question() -> None:
    assert turn_of(text="第33项……", via_bot=BOT) is None


def test_service_messages_are_no_turns() -> None:
    assert turn_of(chat=GROUP, new_chat_members=[BOT]) is None
    assert turn_of(pinned_message={"message_id": 2, "date": 0, "chat": PRIVATE}) is None


def test_the_largest_photo_that_can_be_fetched_is_taken() -> None:
    sizes = [("small", 900), ("large", 20 << 20), ("too large", (20 << 20) + 1)]
    photo = [
        {"file_id": name, "file_unique_id": name, "width": 9, "height": 9, "file_size": size}
        for name, size in sizes
    ]
    turn = turn_of(photo=photo)
    assert turn is not None and turn.photo == Attachment("large", 20 << 20, media_type="image/jpeg")


def test_a_document_may_lack_name_type_and_size() -> None:
    turn = turn_of(document={"file_id": "a", "file_unique_id": "a"})
    assert turn is not None and turn.document == Attachment("a", 0)


def test_an_animation_is_no_document() -> None:
    file = {"file_id": "a", "file_unique_id": "a"}
    turn = turn_of(animation=file | {"width": 1, "height": 1, "duration": 1}, document=file)
    assert turn is not None and turn.other == "animation"


def test_a_venue_is_a_place() -> None:
    place = {"latitude": 39.6, "longitude": 109.8}
    turn = turn_of(location=place, venue={"location": place, "title": "村委会", "address": "乌审旗"})
    assert turn is not None and turn.place == Place(39.6, 109.8)


def test_only_a_contact_of_the_sender_is_their_own_and_its_number_is_left_out() -> None:
    contacts = [turn_of(contact={"phone_number": "138", "first_name": "某", "user_id": n}) for n in (77, 78)]
    assert [turn and turn.contact for turn in contacts] == [Contact("", True), Contact("", False)]


def test_a_number_of_a_person_is_left_out_and_its_message_remembered() -> None:
    turn = turn_of(text="身份证150602196001010012")
    assert turn is not None
    assert (turn.text, turn.hidden, turn.message) == ("身份证〔身份证号已隐去〕", ("id",), "3")


def test_a_file_named_after_an_id_number_is_renamed() -> None:
    document = {"file_id": "a", "file_unique_id": "a", "file_name": "李四150602196001010012.pdf"}
    turn = turn_of(document=document)
    assert turn is not None and turn.document is not None
    assert (turn.document.name, turn.hidden) == ("李四〔身份证号已隐去〕.pdf", ("id",))


def test_characters_that_no_database_takes_are_dropped() -> None:
    turn = turn_of(text="村\x00规\ud83d民约\x1b\t\n好")
    assert turn is not None and turn.text == "村规民约\t\n好"


def test_the_parts_of_an_album_after_the_first_are_marked_also_when_they_come_again() -> None:
    reader = Reader(700)
    photo = [{"file_id": "a", "file_unique_id": "a", "width": 9, "height": 9}]
    message = {"message_id": 3, "date": 1, "from": PERSON, "chat": PRIVATE, "photo": photo}
    album = {"message": message | {"media_group_id": "13"}}
    updates = [Update.de_json({"update_id": number} | album, None) for number in (5, 6, 5, 6)]
    turns = [reader.turn(update, "policy_bot") for update in updates]
    assert [turn and turn.further for turn in turns] == [False, True, False, True]


def test_a_press_in_a_group_says_so() -> None:
    message = {"message_id": 8, "date": 1, "chat": GROUP}
    turn = _turn(
        {
            "callback_query": {
                "id": "1",
                "from": PERSON,
                "chat_instance": "1",
                "message": message,
                "data": "x:",
            }
        }
    )
    assert turn is not None and (turn.button, turn.message, turn.group) == ("x:", "8", True)


def test_a_press_on_a_card_that_was_sent_inline_is_nobodys() -> None:
    query = {"id": "1", "from": PERSON, "chat_instance": "1", "inline_message_id": "abc", "data": "x:"}
    assert _turn({"callback_query": query}) is None


def test_an_update_that_cannot_be_read_is_none() -> None:
    assert read_update({"update_id": 1, "message": {"message_id": 1}}) is None
