"""The command line in a process of its own, over a small library."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
RULES = """# 村庄清洁奖补办法

第一章 总则

第一条 为了做好村庄清洁工作，制定本办法。

第二条 村庄清洁由嘎查村民委员会负责。

第二章 奖补

第四条 每户奖补二百元，由财政局发放。
"""


@dataclass(frozen=True)
class CommandLine:
    """`python -m bot`, with a data folder shared by the tests so that the index is built once."""

    library: Path
    data_dir: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def command(self, *arguments: str | bytes) -> list[str | bytes]:
        return [sys.executable, "-m", "bot", "--library", str(self.library), *arguments]

    @property
    def env(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("POLICYBOT_")}
        return inherited | {"POLICYBOT_DATA_DIR": str(self.data_dir)} | dict(self.environment)

    def __call__(self, *arguments: str | bytes, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            self.command(*arguments),
            input=stdin,
            env=self.env,
            cwd=CHECKOUT,
            capture_output=True,
            check=False,
        )

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        return subprocess.Popen(
            self.command(*arguments), stdin=pipe, stdout=pipe, stderr=pipe, env=self.env, cwd=CHECKOUT,
            **options,  # type: ignore[call-overload]
        )  # fmt: skip


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "rules.md").write_text(RULES, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def bot(library: Path, data_dir: Path) -> CommandLine:
    return CommandLine(library, data_dir)


@pytest.fixture
def bot_with(library: Path, data_dir: Path) -> Callable[..., CommandLine]:
    """The command line with further environment variables."""
    return lambda **environment: CommandLine(library, data_dir, environment)
