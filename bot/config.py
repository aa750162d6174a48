"""The settings: config.toml, overridden by `POLICYBOT_…` environment variables.

Importing this module costs 0.35 s (pydantic-settings); bot.quick_config spares it the short commands.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ValidationInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from bot.quick_config import CHECKOUT, PREFIX, ConfigError, config_path

__all__ = ["CHECKOUT", "ConfigError", "Settings", "config_path", "load_settings"]


def _beside_config(path: Path) -> Path:
    return config_path().parent / path.expanduser()


def _as_telegram_takes_it(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):
        raise ValueError("not a secret_token of Telegram's setWebhook")
    return secret


def _known_step(code: str) -> str:
    from knowledge.rules import rules

    if code not in {step.code for step in rules().steps}:
        raise ValueError("not a step of the procedure")
    return code


BesideConfig = Annotated[Path, AfterValidator(_beside_config)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_as_telegram_takes_it)]
StepCode = Annotated[str, AfterValidator(_known_step)]


class _Section(BaseModel):
    # A default may be relative or derived, so it is validated too; a value never reaches an error text,
    # because it may be a secret.
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, hide_input_in_errors=True)


class LibrarySettings(_Section):
    path: BesideConfig = Field(default=CHECKOUT / "knowledge/sources", description="一个文件夹的路径")
    max_file_mb: int = Field(default=100, ge=1, description="不小于 1 的整数（MB）")


class DatabaseSettings(_Section):
    url: str = Field(
        default="", repr=False, pattern=r"^$|^[\w+]+://", description="SQLAlchemy 数据库地址，留空则用 SQLite"
    )


class TelegramSettings(_Section):
    token: SecretStr = Field(default=SecretStr(""), description="BotFather 发给的令牌，留空则不启用 Telegram")
    base_url: str = Field(
        default="https://api.telegram.org/bot",
        pattern="^https?://",
        description="以 http:// 或 https:// 开头的地址",
    )
    base_file_url: str = Field(
        default="https://api.telegram.org/file/bot",
        pattern="^https?://",
        description="以 http:// 或 https:// 开头的地址",
    )
    webhook_url: str = Field(
        default="", pattern=r"^$|^https?://[^/?#]+", description="以 https:// 开头的网址，留空则主动去取"
    )
    webhook_secret: WebhookSecret = Field(
        default=SecretStr(""),
        description="只含字母、数字、_ 和 - 的字符串，最多 256 个",
    )
    messages_per_second: float = Field(default=0, ge=0, description="不小于 0 的数，0 表示不另加限制")


class WebSettings(_Section):
    host: str = Field(default="127.0.0.1", min_length=1, description="本机的一个网络地址")
    port: int = Field(default=8080, ge=0, le=65535, description="0 到 65535 的整数")
    public_url: str = Field(
        default="",
        pattern=r"^$|^https?://[^/?#]+/?$",
        description="以 https:// 或 http:// 开头的网址，后面不带路径，留空则用监听地址",
    )
    session_days: int = Field(default=30, ge=1, le=365, description="1 到 365 的整数（天）")
    turns_per_minute: int = Field(default=60, ge=1, le=100_000, description="1 到 100000 的整数")
    requests_per_minute: int = Field(default=600, ge=1, le=1_000_000, description="1 到 1000000 的整数")
    trusted_proxies: str = Field(default="127.0.0.1,::1", description="网络地址，多个用逗号分开")
    metrics_token: SecretStr = Field(default=SecretStr(""), description="一个不容易猜到的字符串")


class PeopleSettings(_Section):
    visitors_may_ask: bool = Field(default=True, description="true 或 false")


class RetentionSettings(_Section):
    messages_days: int = Field(default=30, ge=2, le=3650, description="2 到 3650 的整数（天）")
    drafts_days: int = Field(default=90, ge=7, le=3650, description="7 到 3650 的整数（天）")
    closed_cases_days: int = Field(
        default=0, ge=0, le=36500, description="0 到 36500 的整数（天），0 表示不删"
    )


class ProcedureSettings(_Section):
    step_days: dict[StepCode, Annotated[int, Field(ge=1, le=365)]] = Field(
        default={}, description="每个环节的天数（1 到 365 的整数），例如 {visit = 2, township_review = 5}"
    )
    total_days: int = Field(default=0, ge=0, le=365, description="0 到 365 的整数（天），0 表示没有本地规定")
    notice_days: int = Field(default=0, ge=0, le=90, description="0 到 90 的整数（天），0 表示没有本地规定")


class RemindersSettings(_Section):
    enabled: bool = Field(default=True, description="true 或 false")
    hour: int = Field(default=9, ge=0, le=23, description="0 到 23 的整数（点钟）")
    days_before: list[Annotated[int, Field(ge=1, le=90)]] = Field(
        default=[14, 3], description="1 到 90 的整数，例如 [14, 3]"
    )
    annual: bool = Field(default=True, description="true 或 false")


class PrivacySettings(_Section):
    keys: SecretStr = Field(
        default=SecretStr(""), description="“hash:密钥,k1:密钥”，留空则用数据文件夹里的密钥"
    )
    telegram: Literal["names", "codes"] = Field(default="names", description='"names" 或 "codes"')


class Settings(BaseSettings):
    """Every setting; `load_settings` makes one. Paths are absolute, relative ones count from config.toml."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        validate_default=True,
        hide_input_in_errors=True,
    )

    data_dir: BesideConfig = Field(default=Path("data"), description="一个文件夹的路径")
    library: LibrarySettings = LibrarySettings()
    database: DatabaseSettings = DatabaseSettings()
    telegram: TelegramSettings = TelegramSettings()
    web: WebSettings = WebSettings()
    people: PeopleSettings = PeopleSettings()
    privacy: PrivacySettings = PrivacySettings()
    procedure: ProcedureSettings = ProcedureSettings()
    reminders: RemindersSettings = RemindersSettings()
    retention: RetentionSettings = RetentionSettings()

    @field_validator("database")
    @classmethod
    def _default_to_sqlite(cls, database: DatabaseSettings, info: ValidationInfo) -> DatabaseSettings:
        default = f"sqlite:///{info.data.get('data_dir')}/policybot.db"
        return database if database.url else database.model_copy(update={"url": default})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_path())


def load_settings() -> Settings:
    """Read the settings and make sure that the data folder exists, closed to other users.

    Raises:
        ConfigError: the file cannot be read, a key is unknown, a value is wrong,
            or the data folder cannot be made.
    """
    path = config_path()
    try:
        if not path.is_file():
            raise ConfigError(f"找不到配置文件 {path}。请检查环境变量 {PREFIX}CONFIG。")
        settings = Settings()
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"配置文件 {path} 不是有效的 TOML（UTF-8）：{error}。") from error
    except SettingsError as error:
        raise ConfigError(f"环境变量有误：{error}。分项设置请写成 {PREFIX}WEB__PORT=8080 这样。") from error
    except ValidationError as error:
        raise ConfigError("".join(map(_explain, error.errors(include_input=False)))) from None
    except OSError as error:
        raise ConfigError(
            f"设置 data_dir 有误：不能建立文件夹 {error.filename}（{error.strerror}）。"
        ) from error
    return settings


def _explain(error: ErrorDetails) -> str:
    """One sentence about one wrong key."""
    keys, fields = _setting([str(part) for part in error["loc"]])
    key, variable = ".".join(keys), PREFIX + "__".join(keys).upper()
    if keys[-1] not in fields:
        return f"没有名为 {key} 的设置，这里可用的有：{'、'.join(sorted(fields))}。"
    field = fields[keys[-1]]
    right = field.description or f"一节 [{key}]，其中可写{'、'.join(sorted(field.annotation.model_fields))}"
    return f"设置 {key} 的值有误，应为：{right}。请改 {config_path()} 或环境变量 {variable}。"


def _setting(keys: list[str]) -> tuple[list[str], dict[str, Any]]:
    """The keys down to the setting, without those inside of its value, and the fields beside it."""
    model: Any = Settings
    for depth, key in enumerate(keys[:-1], start=1):
        inner = model.model_fields[key].annotation
        if not hasattr(inner, "model_fields"):  # a table or list of values
            return keys[:depth], dict(model.model_fields)
        model = inner
    return keys, dict(model.model_fields)
