"""The peer of `telegram_load`: python-telegram-bot as its documentation shows it, sending back what it gets.

`python -m bench.echo_bot TOKEN BASE_URL [concurrent]`
"""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def _echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    if message is not None and message.text is not None:
        await message.reply_text(message.text)


def main(token: str, base_url: str, concurrent: bool) -> None:
    application = Application.builder().token(token).base_url(base_url).concurrent_updates(concurrent).build()
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "concurrent" in sys.argv[3:])
