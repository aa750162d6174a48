"""The token and other secrets stay out of every log, whatever prints it."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.telegram.redaction import keep_out_of_logs, secrets_of

TOKEN = "123456789:AAF-secret_part_of_the_token"


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """What a handler that knows nothing of secrets prints."""
    factory = logging.getLogRecordFactory()
    keep_out_of_logs(*secrets_of(TOKEN))
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.setLogRecordFactory(factory)


def test_a_message_and_its_arguments_are_redacted(printed: io.StringIO) -> None:
    logging.warning("HTTP Request: POST %s", f"https://api.telegram.org/bot{TOKEN}/getMe")
    assert printed.getvalue() == "HTTP Request: POST https://api.telegram.org/bot[…]/getMe\n"


def test_the_secret_part_alone_is_redacted(printed: io.StringIO) -> None:
    logging.warning("bot123456789%%3A%s", TOKEN.partition(":")[2])
    assert "secret_part" not in printed.getvalue()


def test_a_traceback_is_redacted_with_its_causes(printed: io.StringIO) -> None:
    try:
        try:
            raise ValueError(f"The token `{TOKEN}` was rejected")
        except ValueError as error:
            raise RuntimeError("no start") from error
    except RuntimeError:
        logging.exception("failed")
    assert "The token `[…]` was rejected" in printed.getvalue()
    assert "RuntimeError: no start" in printed.getvalue()
    assert TOKEN not in printed.getvalue()


def test_a_stack_is_redacted(printed: io.StringIO) -> None:
    record = logging.getLogRecordFactory()(
        "x", logging.WARNING, "x.py", 1, "here", (), None, "f", f"Stack: connect('{TOKEN}')"
    )
    logging.getLogger().handle(record)
    assert "connect('[…]')" in printed.getvalue()


def test_other_records_keep_their_arguments(printed: io.StringIO) -> None:
    record = logging.getLogRecordFactory()("x", logging.WARNING, "x.py", 1, "%s + %s", (1, 2), None)
    assert record.args == (1, 2)


def test_a_log_call_with_wrong_arguments_is_printed_as_it_is(printed: io.StringIO) -> None:
    logging.warning("%s and %s", TOKEN)  # noqa: PLE1206
    assert printed.getvalue() == "%s and %s ('[…]',)\n"


def test_requests_are_not_logged_at_all(printed: io.StringIO) -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger("httpx").info("HTTP Request: …")
    logging.getLogger("telegram.Bot").debug("what somebody wrote")
    logging.getLogger().setLevel(logging.WARNING)
    assert printed.getvalue() == ""
