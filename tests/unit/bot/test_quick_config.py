import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.quick_config import CHECKOUT, ConfigError, LibraryConfig, load_library_config

FULL = 'data_dir = "data"\n[library]\npath = "sources"\nmax_file_mb = 7\n'


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in [name for name in os.environ if name.upper().startswith("POLICYBOT_")]:
        monkeypatch.delenv(variable)
    path = tmp_path / "config.toml"
    path.write_text(FULL, encoding="utf-8")
    monkeypatch.setenv("POLICYBOT_CONFIG", str(path))
    return path


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        (FULL, {}),
        ((CHECKOUT / "config.toml").read_text(encoding="utf-8"), {}),
        ("", {}),
        (FULL.replace("7", "true"), {}),
        (FULL.replace('"sources"', '"~/sources"'), {}),
        (FULL, {"POLICYBOT_DATA_DIR": "elsewhere", "POLICYBOT_LIBRARY__MAX_FILE_MB": "9"}),
        (FULL, {"POLICYBOT_DATA_DIR": "", "POLICYBOT_LIBRARY__PATH": ""}),
        (FULL, {"policybot_library__path": "lower"}),
        (FULL, {"POLICYBOT_LIBRARY": '{"path": "json"}'}),
        (FULL, {"POLICYBOT_LIBRARY__MAX_FILE_MB": " 9 "}),
    ],
)
def test_the_quick_way_reads_what_the_full_settings_say(
    config: Path, monkeypatch: pytest.MonkeyPatch, text: str, environment: dict[str, str]
) -> None:
    config.write_text(text, encoding="utf-8")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    full = load_settings()
    assert load_library_config() == LibraryConfig(full.data_dir, full.library.path, full.library.max_file_mb)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (FULL.replace("7", "0"), r"library\.max_file_mb"),
        (FULL.replace("max_file_mb", "max_mb"), r"library\.max_mb"),
        ("data_dir = ", "TOML"),
    ],
)
def test_a_wrong_setting_is_named(config: Path, text: str, named: str) -> None:
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=named):
        load_library_config()


def test_the_data_folder_is_made_for_this_user_only(config: Path) -> None:
    assert load_library_config().data_dir.stat().st_mode & 0o777 == 0o700


def test_the_quick_way_does_not_import_pydantic(config: Path) -> None:
    code = "import sys, bot.quick_config as q; q.load_library_config(); sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False).returncode == 0
