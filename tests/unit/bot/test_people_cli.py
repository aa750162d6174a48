"""The commands about people, feedback and the database, as an administrator types them."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from bot.cli import main
from bot.feedback_cli import TODO
from bot.people_cli import first_administrator_link
from bot.services import utc_now
from db import codes, conversations, feedback, migrate, people
from db.access import Role
from db.feedback import Verdict
from db.session import _engine, open_database
from tests.quality import scoring

Sessions = sessionmaker[Session]

TOKEN = "12345:geheim"
OK, REFUSED = 0, 2


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/policybot.db"


@pytest.fixture
def sessions(url: str) -> Sessions:
    return open_database(url)


@pytest.fixture
def run(
    library: Path,
    data_dir: Path,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Any]:
    """Run a command and return its exit code, what it printed and what it complained about."""
    for name in [name for name in os.environ if name.startswith("POLICYBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("POLICYBOT_DATA_DIR", str(data_dir))
    monkeypatch.setenv("POLICYBOT_DATABASE__URL", url)

    def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = main(["--library", str(library), *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture
def join(sessions: Sessions) -> Callable[..., int]:
    def join(role: Role, area: str = "", name: str = "张三") -> int:
        with sessions.begin() as session:
            return people.known_id(people.create(session, role=role, area=area, name=name, now=utc_now()))

    return join


# --- invite ---------------------------------------------------------------------------------


def _code_in(shown: str) -> str:
    found = re.search(r"/in/([a-z2-7]{26})", shown)
    assert found is not None, shown
    return found[1]


def test_invite_prints_a_link_that_works_and_its_picture(run: Callable[..., Any], sessions: Sessions) -> None:
    code, shown, complaints = run("invite", "--role", "旗区审核员", "--area", "乌审旗", "--name", "张三")
    assert code == OK
    assert "POLICYBOT_WEB__PUBLIC_URL" in complaints  # nobody else can open a link to this machine
    for part in ("张三", "旗区审核员", "鄂尔多斯市 乌审旗", "7天", "http://127.0.0.1:8080/in/", "▀"):
        assert part in shown
    assert "t.me" not in shown
    with sessions.begin() as session:
        person = codes.redeem(session, _code_in(shown), "telegram:7", now=utc_now())
        assert not isinstance(person, codes.Refusal)
        assert (person.role, person.area, person.name) == (Role.BANNER_REVIEWER, "150626", "张三")


def test_the_link_begins_with_the_address_that_people_use(run: Callable[..., Any]) -> None:
    _, shown, complaints = run(
        "invite", "--role", "administrator", POLICYBOT_WEB__PUBLIC_URL="https://bot.example/"
    )
    assert "https://bot.example/in/" in shown
    assert complaints == ""


class _Telegram(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        known = self.path == f"/bot{TOKEN}/getMe"
        bot = {"id": 1, "is_bot": True, "first_name": "x", "username": "policy_test_bot"}
        answer = (
            {"ok": True, "result": bot} if known else {"ok": False, "error_code": 404, "description": "x"}
        )
        body = json.dumps(answer).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def telegram() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Telegram)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/bot"
    server.shutdown()
    server.server_close()


def test_with_a_token_the_telegram_link_is_printed_too(run: Callable[..., Any], telegram: str) -> None:
    code, shown, complaints = run(
        "invite", "--role", "市级查阅员",
        POLICYBOT_TELEGRAM__TOKEN=TOKEN, POLICYBOT_TELEGRAM__BASE_URL=telegram,
        POLICYBOT_WEB__PUBLIC_URL="https://bot.example",
    )  # fmt: skip
    assert (code, complaints) == (OK, "")
    assert f"https://t.me/policy_test_bot?start={_code_in(shown)}" in shown
    assert "geheim" not in shown


def test_without_an_answer_of_telegram_the_web_link_is_enough(run: Callable[..., Any]) -> None:
    code, shown, complaints = run(
        "invite", "--role", "市级查阅员",
        POLICYBOT_TELEGRAM__TOKEN=TOKEN, POLICYBOT_TELEGRAM__BASE_URL="http://127.0.0.1:9/bot",
    )  # fmt: skip
    assert code == OK and _code_in(shown)
    assert "Telegram" in complaints and "geheim" not in shown + complaints


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--role", "县长"], "旗区审核员（banner_reviewer）"),
        (["--role", "旗区审核员"], "旗区"),
        (["--role", "旗区审核员", "--area", "xyzzy"], "xyzzy"),
        (["--role", "旗区审核员", "--area", "前旗"], "150623 鄂尔多斯市 鄂托克前旗"),
        (["--role", "管理员", "--area", "乌审旗"], "不分地区"),
        ([], "--role"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_explained_in_one_line(
    run: Callable[..., Any], arguments: list[str], told: str
) -> None:
    code, shown, complaints = run("invite", *arguments)
    assert (code, shown, complaints.count("\n")) == (REFUSED, "", 1)
    assert told in complaints


def test_the_first_administrator_gets_a_link_until_there_is_one(
    sessions: Sessions, join: Callable[..., int]
) -> None:
    with sessions.begin() as session:
        link = first_administrator_link(session, web_url="http://127.0.0.1:8080", now=utc_now())
        assert link is not None and re.fullmatch(r"http://127\.0\.0\.1:8080/in/[a-z2-7]{26}", link)
    join(Role.ADMINISTRATOR)
    with sessions.begin() as session:
        assert first_administrator_link(session, web_url="http://127.0.0.1:8080", now=utc_now()) is None


# --- people ---------------------------------------------------------------------------------


def test_without_anybody_the_list_says_how_to_begin(run: Callable[..., Any]) -> None:
    code, shown, _ = run("people")
    assert code == OK and "python -m bot invite" in shown


@pytest.mark.parametrize("command", [["people"], ["people", "list"]])
def test_the_list_shows_everybody(
    run: Callable[..., Any], join: Callable[..., int], command: list[str]
) -> None:
    join(Role.ADMINISTRATOR, name="王五")
    join(Role.BANNER_REVIEWER, "150626")
    code, shown, _ = run(*command)
    assert (code, shown.splitlines()) == (OK, ["1 王五 管理员", "2 张三 旗区审核员 鄂尔多斯市 乌审旗"])


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--role", "市级"], "1 张三 市级查阅员"),
        (["--area", "鄂托克旗"], "1 张三 旗区审核员 鄂尔多斯市 鄂托克旗"),
        (["--name", "李四"], "1 李四 旗区审核员 鄂尔多斯市 乌审旗"),
        (["--role", "乡镇", "--area", "无定河镇"], "1 张三 苏木乡镇审核员 鄂尔多斯市 乌审旗 无定河镇"),
    ],
)
def test_change_changes_what_is_given(
    run: Callable[..., Any], join: Callable[..., int], arguments: list[str], line: str
) -> None:
    join(Role.BANNER_REVIEWER, "150626")
    assert run("people", "change", "1", *arguments)[:2] == (OK, f"{line}\n")
    assert run("people")[1] == f"{line}\n"


def test_off_and_on(run: Callable[..., Any], join: Callable[..., int]) -> None:
    join(Role.CITY_READER)
    assert "停用" in run("people", "off", "1")[1]
    assert run("people")[1] == "1 张三 市级查阅员 （停用）\n"
    assert run("people", "on", "1")[0] == OK
    assert run("people")[1] == "1 张三 市级查阅员\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["off", "1"], "最后一位管理员"),
        (["change", "1", "--role", "市级"], "最后一位管理员"),
        (["change", "1", "--role", "旗区"], "--area"),
        (["change", "1"], "--role"),
        (["change", "9", "--name", "李四"], "编号 9"),
        (["on", "9"], "编号 9"),
        (["off", "x"], "python -m bot"),
    ],
)
def test_a_change_that_cannot_be_made_is_explained_in_one_line(
    run: Callable[..., Any], join: Callable[..., int], arguments: list[str], told: str
) -> None:
    join(Role.ADMINISTRATOR, name="王五")
    code, shown, complaints = run("people", *arguments)
    assert (code, shown, complaints.count("\n")) == (REFUSED, "", 1)
    assert told in complaints
    assert run("people")[1] == "1 王五 管理员\n"


# --- feedback -------------------------------------------------------------------------------


@pytest.fixture
def judged(sessions: Sessions) -> None:
    """One praise, two complaints about one follow-up question, one question without an answer."""
    with sessions.begin() as session:
        for question, verdict in (
            ("甲", Verdict.GOOD),
            ("它多少分", Verdict.BAD),
            ("它多少分", Verdict.WRONG),
        ):
            number = feedback.record_answer(
                session, chat="terminal", question=question, earlier="村规民约归谁考核",
                answer="1分。\n出处", status="answered", index_version="v1", now=utc_now(),
            )  # fmt: skip
            given = feedback.find_answer(session, number, chat="terminal")
            assert given is not None
            feedback.judge(session, given, verdict, now=utc_now())
        conversations.record_unanswered(
            session, "火星补贴", status="not_found", index_version="v1", now=utc_now()
        )


@pytest.mark.usefixtures("judged")
def test_feedback_prints_bad_answers_and_open_questions(run: Callable[..., Any]) -> None:
    code, shown, _ = run("feedback")
    assert code == OK
    for part in ("满意 1 次", "2次  说错了  村规民约归谁考核 → 它多少分", "答：1分。\n", "火星补贴"):
        assert part in shown


@pytest.mark.usefixtures("judged")
def test_exported_questions_have_the_form_of_the_question_sets(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "new.jsonl"
    code, shown, _ = run("feedback", "--export", str(file))
    assert code == OK and str(file) in shown
    exported = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    sets = scoring.QUESTIONS / "cadres.jsonl"
    pattern = json.loads(sets.read_text("utf-8").partition("\n")[0])
    assert [question["turns"] for question in exported] == [["村规民约归谁考核", "它多少分"], ["火星补贴"]]
    for question in exported:
        assert list(question) == list(pattern) and list(question["expect"]) == list(pattern["expect"])
        assert question["expect"]["status"] == TODO == scoring.TODO
    assert "说错了" in exported[0]["note"] and "1分" in exported[0]["note"]


@pytest.mark.usefixtures("judged")
def test_exported_questions_are_left_out_until_somebody_has_completed_them(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "new.jsonl"
    run("feedback", "--export", str(file))
    assert (list(scoring.questions(file)), scoring.unfinished(file)) == ([], 2)
    file.write_text(file.read_text("utf-8").replace('"todo"', '"answered"', 1), "utf-8")
    assert [asked.turns for asked in scoring.questions(file)] == [("村规民约归谁考核", "它多少分")]
    assert scoring.unfinished(file) == 1


def test_a_file_that_is_there_is_not_overwritten(run: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "old.jsonl"
    file.write_text("alt", "utf-8")
    code, shown, complaints = run("feedback", "--export", str(file))
    assert (code, shown, complaints.count("\n")) == (REFUSED, "", 1)
    assert str(file) in complaints and file.read_text("utf-8") == "alt"


# --- migrate --------------------------------------------------------------------------------


def test_migrate_says_from_where_to_where(run: Callable[..., Any], url: str) -> None:
    migrate.upgrade(_engine(url), "0001")
    newest = migrate.newest()
    assert run("migrate")[:2] == (OK, f"数据库升级好了：0001 → {newest}\n")
    code, shown, _ = run("migrate")
    assert code == OK and f"{newest}" in shown and "→" not in shown


def test_migrate_makes_the_tables_of_an_empty_database(run: Callable[..., Any]) -> None:
    assert run("migrate")[:2] == (OK, f"数据库升级好了：空 → {migrate.newest()}\n")
