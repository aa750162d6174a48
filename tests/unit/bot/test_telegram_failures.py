"""What a refusal means; descriptions as the Bot API server words them."""

import datetime as dt

import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.sending import RefusedError, TryLaterError, UnreachableError
from bot.telegram.failures import growing_pause, meaning


@pytest.mark.parametrize(
    "error",
    [
        Forbidden("Forbidden: bot was blocked by the user"),
        Forbidden("Forbidden: user is deactivated"),
        Forbidden("Forbidden: bot was kicked from the supergroup chat"),
        BadRequest("Chat not found"),
        BadRequest("Not enough rights to send text messages to the chat"),
        BadRequest("CHAT_WRITE_FORBIDDEN"),
        BadRequest("Message thread not found"),
    ],
    ids=str,
)
def test_a_chat_that_takes_nothing_any_more_is_unreachable(error: TelegramError) -> None:
    assert isinstance(meaning(error, 1), UnreachableError)


@pytest.mark.parametrize(
    "error",
    [
        BadRequest("BUTTON_DATA_INVALID"),
        BadRequest("Message is too long"),
        NetworkError("Request Entity Too Large"),
    ],
    ids=str,
)
def test_a_message_that_will_never_be_taken_is_refused(error: TelegramError) -> None:
    assert isinstance(meaning(error, 1), RefusedError)


@pytest.mark.parametrize(
    "error",
    [
        NetworkError("Bad Gateway"),
        NetworkError("Internal Server Error"),
        TimedOut(),
        TimeoutError(),
        InvalidToken("Unauthorized"),
        Conflict("terminated by other getUpdates request"),
        TelegramError("Invalid server response"),
    ],
    ids=repr,
)
def test_whatever_may_pass_is_tried_later_and_later(error: TelegramError | TimeoutError) -> None:
    pauses = [meaning(error, failures) for failures in (1, 2, 3, 100)]
    assert [pause.seconds for pause in pauses if isinstance(pause, TryLaterError)] == [1, 2, 4, 60]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_telegram_says_how_long_it_wants_to_be_left_alone() -> None:
    failure = meaning(RetryAfter(dt.timedelta(seconds=35)), 1)
    assert isinstance(failure, TryLaterError) and 35 < failure.seconds < 36


def test_pauses_do_not_grow_without_end() -> None:
    assert growing_pause(10**9) == 60
