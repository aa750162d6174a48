"""Telegram: transport by python-telegram-bot; what is said is the conversation's business.

Nothing of a conversation is kept here. Updates become turns, which delivery stores before Telegram is
told that they have arrived; stored replies become calls of the Bot API.
"""

from bot.telegram.channel import TelegramChannel
from bot.telegram.failures import TelegramSetupError

__all__ = ["TelegramChannel", "TelegramSetupError"]
