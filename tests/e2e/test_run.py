"""`python -m bot run` as whoever sets the bot up sees it: started, reached, stopped."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import pytest

from tests.botapi.server import BotApi
from tests.soak.bot_process import BotProcess


async def test_the_first_start_says_how_to_get_in_and_what_is_not_configured(tmp_path: Path) -> None:
    bot = BotProcess(tmp_path, {})
    await bot.start()
    with urllib.request.urlopen(bot.url, timeout=10) as page:
        assert "text/html" in page.headers["content-type"]
    assert await bot.stop() == 0
    assert bot.url in bot.log
    assert re.search(rf"{bot.url}/in/\S+", bot.log)  # the administrator's link
    assert "POLICYBOT_TELEGRAM__TOKEN" in bot.log
    assert "项指标" in bot.log


async def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path) -> None:
    first = BotProcess(tmp_path / "a", {})
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    await first.start()
    second = BotProcess(tmp_path / "b", {}, port=first.port)
    assert await second.ends() != 0
    assert await first.stop() == 0
    assert str(first.port) in second.log and "POLICYBOT_WEB__PORT" in second.log
    assert "Traceback" not in second.log


@pytest.mark.parametrize("works", [True, False], ids=["good token", "wrong token"])
async def test_the_token_is_never_shown(tmp_path: Path, works: bool) -> None:
    with BotApi() as api:
        token = api.token if works else "987654321:AAgeheimgeheimgeheimgeheimgeheimgeh"
        bot = BotProcess(
            tmp_path,
            {
                "POLICYBOT_TELEGRAM__TOKEN": token,
                "POLICYBOT_TELEGRAM__BASE_URL": api.base_url,
                "POLICYBOT_TELEGRAM__BASE_FILE_URL": api.base_file_url,
            },
        )
        await (bot.start() if works else bot.ends())
        if works:
            assert await bot.stop() == 0
    assert token.partition(":")[2] not in bot.log
    assert ("@policy_bot" in bot.log) is works
