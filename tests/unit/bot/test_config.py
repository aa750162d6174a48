import os
import stat
import tomllib
from pathlib import Path

import pytest

from bot.config import CHECKOUT, ConfigError, Settings, load_settings


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty config.toml in a folder of its own, and no other setting."""
    for variable in [name for name in os.environ if name.startswith("POLICYBOT_")]:
        monkeypatch.delenv(variable)
    path = tmp_path / "config.toml"
    path.write_text("", encoding="utf-8")
    monkeypatch.setenv("POLICYBOT_CONFIG", str(path))
    return path


def test_defaults_serve_the_shipped_library_on_this_machine_only(config: Path) -> None:
    settings = load_settings()
    assert settings.library.path == CHECKOUT / "knowledge/sources"
    assert settings.library.max_file_mb == 100
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8080)
    assert settings.telegram.token.get_secret_value() == ""


def test_data_and_database_lie_beside_the_config_file(config: Path) -> None:
    settings = load_settings()
    assert settings.data_dir == config.parent / "data"
    assert settings.database.url == f"sqlite:///{config.parent}/data/policybot.db"


def test_data_folder_is_made_for_this_user_only(config: Path) -> None:
    assert stat.S_IMODE(load_settings().data_dir.stat().st_mode) == 0o700


def test_shipped_config_states_every_default_and_no_token(config: Path) -> None:
    shipped = (CHECKOUT / "config.toml").read_text(encoding="utf-8")
    assert _keys(tomllib.loads(shipped)) | {
        "telegram.token",
        "telegram.webhook_secret",
        "web.metrics_token",
        "privacy.keys",
    } == _keys(Settings().model_dump())
    defaults = load_settings()
    config.write_text(shipped.replace("knowledge/sources", str(CHECKOUT / "knowledge/sources")), "utf-8")
    assert load_settings() == defaults


def test_environment_overrides_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('[web]\nhost = "0.0.0.0"\nport = 9000\n', encoding="utf-8")
    monkeypatch.setenv("POLICYBOT_WEB__PORT", "9001")
    assert (load_settings().web.host, load_settings().web.port) == ("0.0.0.0", 9001)


def test_every_variable_of_a_deployment_is_read(
    config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("POLICYBOT_DATABASE__URL", "postgresql+psycopg://bot@db/policy")
    monkeypatch.setenv("POLICYBOT_TELEGRAM__TOKEN", "1:abc")
    monkeypatch.setenv("POLICYBOT_TELEGRAM__BASE_URL", "http://127.0.0.1:8081/bot")
    monkeypatch.setenv("POLICYBOT_TELEGRAM__BASE_FILE_URL", "http://127.0.0.1:8081/file/bot")
    settings = load_settings()
    assert settings.data_dir == tmp_path / "elsewhere"
    assert settings.database.url == "postgresql+psycopg://bot@db/policy"
    assert settings.telegram.token.get_secret_value() == "1:abc"
    assert settings.telegram.base_url == "http://127.0.0.1:8081/bot"
    assert settings.telegram.base_file_url == "http://127.0.0.1:8081/file/bot"


def test_empty_variable_counts_as_not_set(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_WEB__PORT", "")
    assert load_settings().web.port == 8080


@pytest.mark.parametrize(
    ("text", "key", "right"),
    [
        ("[web]\nport = 70000", "web.port", "0 到 65535 的整数"),
        ('[web]\nport = "eighty"', "web.port", "0 到 65535 的整数"),
        ("[library]\nmax_file_mb = 0", "library.max_file_mb", "不小于 1 的整数"),
        ('[telegram]\nbase_url = "api"', "telegram.base_url", "https://"),
        ("data_dir = 5", "data_dir", "文件夹"),
        ("web = 5", "web", "host、metrics_token、port、public_url"),
        ("[web]\nprot = 1", "web.prot", "host、metrics_token、port、public_url"),
        ("[procedure]\nstep_days = {vist = 2}", "procedure.step_days", "{visit = 2, township_review = 5}"),
        ("[procedure]\nstep_days = {visit = 0}", "procedure.step_days", "1 到 365 的整数"),
        ("[reminders]\ndays_before = [14, 0]", "reminders.days_before", "1 到 90 的整数"),
        (
            "[wep]\nport = 1",
            "wep",
            "data_dir、database、library、people、privacy、procedure、reminders、retention、telegram、web",
        ),
    ],
)
def test_wrong_setting_is_named_with_what_would_be_right(
    config: Path, text: str, key: str, right: str
) -> None:
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_settings()
    assert f" {key} " in f"{error.value} "
    assert right in str(error.value)
    assert "\n" not in str(error.value)


def test_wrong_variable_is_named(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_WEB__PORT", "eighty")
    with pytest.raises(ConfigError, match="POLICYBOT_WEB__PORT"):
        load_settings()


def test_section_variable_that_is_no_table_is_refused(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_WEB", "eighty")
    with pytest.raises(ConfigError, match="web"):
        load_settings()


@pytest.mark.parametrize("content", [b"[web", b"# \xff\xfe"])
def test_file_that_is_no_toml_is_named(config: Path, content: bytes) -> None:
    config.write_bytes(content)
    with pytest.raises(ConfigError, match=r"config\.toml"):
        load_settings()


def test_missing_file_is_named(config: Path) -> None:
    config.unlink()
    with pytest.raises(ConfigError, match=r"config\.toml.*POLICYBOT_CONFIG"):
        load_settings()


def test_data_folder_that_cannot_be_made_is_named(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_DATA_DIR", str(config / "below-a-file"))
    with pytest.raises(ConfigError, match="data_dir"):
        load_settings()


def test_secrets_are_not_shown(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_TELEGRAM__TOKEN", "1:hidden")
    monkeypatch.setenv("POLICYBOT_DATABASE__URL", "postgresql://bot:hidden@db/policy")
    monkeypatch.setenv("POLICYBOT_PRIVACY__KEYS", "hash:hidden")
    assert "hidden" not in repr(load_settings())


@pytest.mark.parametrize(
    "variable", ["DATABASE__URL", "TELEGRAM__TOKNE", "TELEGRAM__BASE_URL", "TELEGRAM", "PRIVACY"]
)
def test_refused_value_is_not_shown(config: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(f"POLICYBOT_{variable}", "bot:hidden@db")
    with pytest.raises(ConfigError) as error:
        load_settings()
    assert "hidden" not in str(error.value)


def _keys(table: dict[str, object], prefix: str = "") -> set[str]:
    keys: set[str] = set()
    for name, value in table.items():
        keys |= _keys(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name}
    return keys
