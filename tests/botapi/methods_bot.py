"""Methods about the bot itself: who it is, its updates, its webhook, its commands."""

from __future__ import annotations

import re
import time
from typing import Any

from tests.botapi import limits
from tests.botapi.refusals import bad_request, conflict, too_many_requests
from tests.botapi.state import Arguments, State, joined, method

WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@method("getMe")
def get_me(state: State, args: Arguments) -> dict[str, Any]:
    return state.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": state.reads_all_in_groups,
        "supports_inline_queries": True,
    }


@method("getUpdates")
async def get_updates(state: State, args: Arguments) -> bytes:
    if state.webhook:
        raise conflict(WEBHOOK_ACTIVE)
    _allow(state, args)
    limit = min(max(args.number("limit", 100), 1), 100)
    return joined(await state.updates.poll(args.number("offset"), limit, min(args.number("timeout"), 50)))


def _allow(state: State, args: Arguments) -> None:
    if not args.has("allowed_updates"):
        return
    allowed = args.parsed("allowed_updates")
    if not isinstance(allowed, list):
        raise bad_request("can't parse allowed_updates JSON array")
    state.updates.allowed = [str(kind) for kind in allowed]


@method("setWebhook")
def set_webhook(state: State, args: Arguments) -> bool:
    url = args.text("url")
    if not url:
        return _remove_webhook(state, args)
    if time.monotonic() < state.next_webhook_at:
        raise too_many_requests(1)
    state.next_webhook_at = time.monotonic() + 1
    if not re.match(r"https?://[^/\s]+", url):
        raise bad_request("bad webhook: invalid webhook URL specified")
    secret = args.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(state, args)
    state.updates.abort_poll("setWebhook request")
    _drop_pending(state, args)
    state.set_webhook(url, secret, min(max(args.number("max_connections", 40), 1), 100))
    return True


@method("deleteWebhook")
def delete_webhook(state: State, args: Arguments) -> bool:
    return _remove_webhook(state, args)


def _remove_webhook(state: State, args: Arguments) -> bool:
    state.set_webhook("", "", 0)
    _drop_pending(state, args)
    return True


def _drop_pending(state: State, args: Arguments) -> None:
    if args.truth("drop_pending_updates"):
        state.updates.pending.clear()


@method("getWebhookInfo")
def get_webhook_info(state: State, args: Arguments) -> dict[str, Any]:
    info: dict[str, Any] = {
        "url": state.webhook.url if state.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates.pending),
    }
    if state.webhook:
        info["max_connections"] = state.webhook.max_connections
        if state.webhook.last_error:
            info["last_error_date"] = int(time.time())
            info["last_error_message"] = state.webhook.last_error
    if state.updates.allowed:
        info["allowed_updates"] = state.updates.allowed
    return info


@method("setMyCommands")
def set_my_commands(state: State, args: Arguments) -> bool:
    listed = limits.commands(args.parsed("commands"))
    state.commands[_audience(args)] = [
        {"command": command["command"].lstrip("/"), "description": command["description"]}
        for command in listed
    ]
    return True


@method("getMyCommands")
def get_my_commands(state: State, args: Arguments) -> list[dict[str, str]]:
    return state.commands.get(_audience(args), [])


@method("deleteMyCommands")
def delete_my_commands(state: State, args: Arguments) -> bool:
    state.commands.pop(_audience(args), None)
    return True


def _audience(args: Arguments) -> str:
    scope = args.parsed("scope") or {}
    parts = (scope.get("type", "default"), scope.get("chat_id"), args.text("language_code"))
    return " ".join(str(part) for part in parts if part)


def _about(name: str, field: str, most: int) -> None:
    @method(f"setMy{name}")
    def set_about(state: State, args: Arguments) -> bool:
        if len(args.text(field)) > most:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        state.about[field] = args.text(field)
        return True

    @method(f"getMy{name}")
    def get_about(state: State, args: Arguments) -> dict[str, str]:
        return {field: state.about.get(field, "")}


_about("Name", "name", 64)
_about("Description", "description", 512)
_about("ShortDescription", "short_description", 120)


@method("setChatMenuButton")
def set_chat_menu_button(state: State, args: Arguments) -> bool:
    if args.has("chat_id"):
        state.chats.find(args.raw("chat_id"))
    button = args.parsed("menu_button") or {"type": "default"}
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("MenuButton has unsupported type")
    state.about["menu_button"] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(state: State, args: Arguments) -> dict[str, Any]:
    return dict(state.about.get("menu_button", {"type": "commands"}))
