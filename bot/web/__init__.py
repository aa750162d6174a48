"""The web chat: a page for phones and what it talks to."""

from bot.web.app import create_app
from bot.web.parts import WebParts

__all__ = ["WebParts", "create_app"]
