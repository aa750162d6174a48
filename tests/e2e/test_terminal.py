"""`python -m bot chat` as a person uses it: through pipes and through a real terminal."""

import os
import pty
import select
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from db.key_files import KeyFolder
from db.session import open_database
from handlers import wording
from tests.stored import everything_stored

CHECKOUT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "bot"]
QUESTION = "村规民约归谁考核"
FOLLOW_UP = "它多少分"
DEADLINE_SECONDS = 60


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def environment(data_dir: Path, tmp_path: Path) -> dict[str, str]:
    """The shipped documents, an index shared by the tests, and a database of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("POLICYBOT_")}
    return inherited | {
        "POLICYBOT_DATA_DIR": str(data_dir),
        "POLICYBOT_DATABASE__URL": f"sqlite:///{tmp_path}/policybot.db",
    }


def _talk(environment: dict[str, str], *lines: str | bytes) -> str:
    """What is shown between greeting and goodbye."""
    typed = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    done = subprocess.run(
        [*COMMAND, "chat"], input=typed, env=environment, cwd=CHECKOUT, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode("utf-8")
    assert shown.endswith(f"{wording.TERMINAL_GOODBYE}\n")
    return shown.partition(wording.TERMINAL_GREETING)[2].removesuffix(f"{wording.TERMINAL_GOODBYE}\n").strip()


def _asked(environment: dict[str, str], question: str) -> str:
    done = subprocess.run(
        [*COMMAND, "ask", question], env=environment, cwd=CHECKOUT, capture_output=True, check=False
    )
    return done.stdout.decode("utf-8").strip()


@pytest.mark.parametrize("ending", [[], [""], ["退出"]], ids=["end of input", "empty line", "退出"])
def test_a_question_is_answered_until_the_person_leaves(
    environment: dict[str, str], ending: list[str]
) -> None:
    shown = _talk(environment, QUESTION, *ending)
    assert _asked(environment, QUESTION).splitlines()[0] in shown


def test_nothing_is_read_after_leaving(environment: dict[str, str]) -> None:
    assert _talk(environment, "退出", "/help") == ""


def test_the_number_of_a_button_presses_it(environment: dict[str, str]) -> None:
    shown = _talk(environment, "/help", "1")
    assert f"  1. {wording.EXAMPLES[0]}" in shown
    assert _asked(environment, wording.EXAMPLES[0]).splitlines()[0] in shown


def test_the_choices_of_a_question_back_are_listed_once(environment: dict[str, str]) -> None:
    shown = _talk(environment, "人才培养那项谁考核", "2")
    assert shown.count("1. 第56项") == 1
    assert "第57项“生产经营人才培养”" in shown.partition("2. 第57项")[2]


def test_the_verdict_stands_on_one_line_below_the_choices_and_can_be_given(
    environment: dict[str, str],
) -> None:
    shown = _talk(environment, "人才培养那项谁考核", "4")
    assert "\n  3. 👍   4. 👎\n" in shown.partition("2. 第57项")[2]
    assert "  1. 说错了   2. 没找到\n" in shown


def test_the_conversation_is_taken_up_after_a_restart_and_forgotten_after_new(
    environment: dict[str, str],
) -> None:
    _talk(environment, QUESTION)
    resumed = _talk(environment, FOLLOW_UP)
    _talk(environment, "/new")
    assert resumed != _talk(environment, FOLLOW_UP)


def test_bytes_that_are_no_text_are_refused_and_the_talk_goes_on(environment: dict[str, str]) -> None:
    shown = _talk(environment, b"\xb4\xe5\xd7\xaf", "/start")
    assert shown.startswith(wording.NOT_UTF8)
    assert wording.WELCOME in shown


class Terminal:
    """A process on a pseudo-terminal."""

    def __init__(self, environment: dict[str, str]) -> None:
        controller, terminal = pty.openpty()
        self._controller = controller
        self._seen = b""
        self.process = subprocess.Popen(
            [*COMMAND, "chat"], stdin=terminal, stdout=terminal, stderr=terminal,
            env=environment | {"TERM": "xterm"}, cwd=CHECKOUT, start_new_session=True,
            preexec_fn=_own_terminal,  # noqa: PLW1509 (no threads here)
        )  # fmt: skip
        os.close(terminal)

    def shows(self, text: str) -> None:
        """Wait until the text appears after what was seen before."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while text.encode() not in self._seen:
            assert select.select([self._controller], [], [], deadline - time.monotonic())[0], (
                self._seen.decode()
            )
            self._seen += os.read(self._controller, 4096)
        self._seen = self._seen.partition(text.encode())[2]

    def types(self, text: bytes) -> None:
        os.write(self._controller, text)

    def is_left_with(self, key: bytes) -> int:
        """Press until the process has ended: a signal between the prompt and the wait is lost by CPython."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            self.types(key)
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(timeout=2)
        raise AssertionError("still running")


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.mark.parametrize(
    ("key", "code"), [(b"\x04", 0), (b"\x03", 130), ("退出\n".encode(), 0)], ids=["^D", "^C", "退出"]
)
def test_a_real_terminal_prompts_edits_and_is_left_with_a_key(
    environment: dict[str, str], key: bytes, code: int
) -> None:
    terminal = Terminal(environment)
    terminal.shows("> ")
    terminal.types("问题村\x7f\x7f\x7f/hlp\x1b[D\x1b[De\n".encode())  # corrected while typing
    terminal.shows("/start")
    terminal.shows("> ")
    assert terminal.is_left_with(key) == code


def test_a_number_of_a_person_is_not_stored(environment: dict[str, str], data_dir: Path) -> None:
    number = "150602196001010012"
    shown = _talk(environment, f"身份证{number}，天上有多少颗星星")
    assert "我没有保存" in shown and "没有找到" in shown
    with open_database(environment["POLICYBOT_DATABASE__URL"], KeyFolder(data_dir / "keys"))() as session:
        stored = everything_stored(session)
    assert "天上有多少颗星星" in stored and number not in stored
