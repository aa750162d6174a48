"""The settings that the commands without a conversation need, read without pydantic.

Importing bot.config costs 0.35 s, a third of a cold `ask`. So values that stand plainly in config.toml
or the environment are taken from there; for anything else (a key left out, a wrong value, a JSON
variable) bot.config decides, which stays the only place with defaults and error messages.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
PREFIX = "POLICYBOT_"


class ConfigError(Exception):
    """A setting is wrong; the message is one Chinese paragraph that names the key and what would be right."""


@dataclass(frozen=True, slots=True)
class LibraryConfig:
    """Where the documents and their index lie."""

    data_dir: Path
    path: Path
    max_file_mb: int

    @property
    def max_file_bytes(self) -> int:
        return self.max_file_mb * 2**20


def config_path() -> Path:
    """The file that is read: `POLICYBOT_CONFIG`, or config.toml in the checkout."""
    return Path(os.environ.get(f"{PREFIX}CONFIG") or CHECKOUT / "config.toml").expanduser().resolve()


def load_library_config() -> LibraryConfig:
    """Raises ConfigError like `bot.config.load_settings`; the data folder exists afterwards."""
    try:
        config = _plainly_stated(tomllib.loads(config_path().read_text(encoding="utf-8")), _environment())
        config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (LookupError, TypeError, ValueError, OSError, RuntimeError):
        return _validated()
    return config


def _environment() -> dict[str, str]:
    variables = {name.upper(): value for name, value in os.environ.items() if value}
    return {name: value for name, value in variables.items() if name.startswith(PREFIX)}


def _plainly_stated(file: dict[str, Any], environment: dict[str, str]) -> LibraryConfig:
    """Raises LookupError, TypeError or ValueError: a value is missing or not plain."""
    if f"{PREFIX}LIBRARY" in environment:
        raise ValueError("a JSON value")
    section = file["library"]
    return LibraryConfig(
        data_dir=_folder(environment.get(f"{PREFIX}DATA_DIR", file["data_dir"])),
        path=_folder(environment.get(f"{PREFIX}LIBRARY__PATH", section["path"])),
        max_file_mb=_megabytes(environment.get(f"{PREFIX}LIBRARY__MAX_FILE_MB", section["max_file_mb"])),
    )


def _folder(value: str) -> Path:
    return config_path().parent / Path(value).expanduser()


def _megabytes(value: str | int) -> int:
    if isinstance(value, bool) or not str(value).isdecimal() or int(value) < 1:
        raise ValueError(value)
    return int(value)


def _validated() -> LibraryConfig:
    from bot.config import load_settings

    settings = load_settings()
    return LibraryConfig(settings.data_dir, settings.library.path, settings.library.max_file_mb)
