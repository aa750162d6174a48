"""The command line. Errors of our own end as one line on stderr."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import backup_cli, feedback_cli, keys, keys_cli, people_cli, services
from bot.output import (
    complain,
    describe_document,
    describe_index,
    document_as_json,
    say,
    use_utf8,
    write_json_line,
)
from bot.quick_config import ConfigError, load_library_config
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from bot.config import Settings
    from handlers.turn import Reply, Turn
    from knowledge.library import KnowledgeBase

FAILED = 1
REFUSED = 2  # a wrong call, or an error of our own
INTERRUPTED = 130
INTERNAL = 70  # EX_SOFTWARE of sysexits.h
PROBLEMS_SHOWN = 3

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="乡村振兴政策问答：答案全部引自政策原文。",
)
Folder = Annotated[Path | None, typer.Option("--library", metavar="DIR", help="改用这个文件夹里的政策文件。")]
Question = Annotated[str | None, typer.Argument(metavar="QUESTION", help="要问的问题。")]
JsonLines = Annotated[bool, typer.Option("--jsonl", help="从标准输入逐行读 JSON，逐行输出 JSON。")]


class UsageError(Exception):
    """The command was called in a way that makes no sense; the message says how to call it."""


@app.callback(invoke_without_command=True)
def choose_library(context: typer.Context, library: Folder = None) -> None:
    context.obj = library
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command(help="问一个问题。")
def ask(context: typer.Context, question: Question = None, jsonl: JsonLines = False) -> None:
    asked = _question(question, jsonl, "ask")
    with _open_library(context) as library:
        if jsonl:
            from bot.jsonl import ask_conversation, serve_lines

            library.warm()
            _settle()
            raise typer.Exit(serve_lines(sys.stdin.buffer, partial(ask_conversation, library)))
        answer, _ = library.ask(asked)
        say(answer.text)


@app.command(help="查找有关的条款，最相关的在前。")
def search(
    context: typer.Context,
    question: Question = None,
    jsonl: JsonLines = False,
    top: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="最多列出几条。")] = 10,
) -> None:
    asked = _question(question, jsonl, "search")
    with _open_library(context) as library:
        if jsonl:
            from bot.jsonl import search_question, serve_lines

            library.search("预热", 1)
            _settle()
            raise typer.Exit(serve_lines(sys.stdin.buffer, partial(search_question, library, top)))
        hits = library.search(asked, top)
        if not hits:
            say("没有找到，请换一种说法。")
        for hit in hits:
            say(f"{hit.score:8.3f}  {hit.source}  {hit.label}")


@app.command(help="检查文件：列出读懂的目录、表格、名单和前后不一致的地方。")
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="要检查的文件。")],
    as_json: Annotated[bool, typer.Option("--json", help="每个文件输出一行 JSON。")] = False,
) -> None:
    from knowledge.library import check_file

    max_bytes = load_library_config().max_file_bytes
    unreadable = False
    for file in files:
        try:
            documents = check_file(file, str(file), max_bytes=max_bytes)
        except Exception as error:  # a fault in one file must not cost the report on the others
            unreadable = True
            complain(str(error) if isinstance(error, KnowledgeError) else f"《{file}》内部错误：{error!r}")
            continue
        if as_json:
            write_json_line({"file": str(file), "documents": [document_as_json(one) for one in documents]})
        else:
            say("\n".join((f"■ {file}", *(line for one in documents for line in describe_document(one)), "")))
    raise typer.Exit(FAILED if unreadable else 0)


@app.command(help="建立或更新索引，并说明读了哪些文件、跳过哪些。")
def index(context: typer.Context) -> None:
    config = load_library_config()
    for line in describe_index(services.open_library(config, context.obj, progress=True)):
        say(line)
    say(f"索引在 {config.data_dir}")


@app.command(help="看一个词会扩展成哪些词，以及对查找结果的影响。")
def lexicon(
    context: typer.Context, word: Annotated[str, typer.Argument(metavar="WORD", help="要看的词。")]
) -> None:
    with _open_library(context) as library:
        explanation = library.explain(_utf8(word))
    say(f"{explanation.word} → {'、'.join(explanation.terms) or '（词典里没有这个词）'}")
    for heading, locators in (("不扩展时查到", explanation.before), ("扩展后查到", explanation.after)):
        say("\n  ".join((f"{heading}：", *(locators or ("（没有）",)))))


@app.command(help="在终端里对话。")
def chat(context: typer.Context) -> None:
    from bot.config import load_settings

    _chat(context, load_settings())


@app.command(help="启动已经配置好的全部渠道。")
def run(context: typer.Context) -> None:
    from bot.config import load_settings
    from bot.serve import run_on_loop, serve

    settings = load_settings()
    services.log_for_operators()
    with _open_library(context) as library:
        library.warm()
        _settle()
        run_on_loop(serve(settings, library))


app.command(help="邀请一个人：生成一次性的登录链接和二维码。")(people_cli.invite)
app.add_typer(people_cli.people_app, name="people")
app.command(help="列出读者认为不好的答复和没有答复的问题。")(feedback_cli.feedback)
app.command(help="把数据库升级到这一版程序要用的样子。")(feedback_cli.migrate)
app.command(help="换一把新密钥，把加密保存的个人信息重新加密。")(keys_cli.rotate_key)
app.command(help="把整个数据库存成一个文件；机器人可以照常运行。")(backup_cli.backup)
app.command(help="用备份文件恢复数据库。")(backup_cli.restore)


def _chat(context: typer.Context, settings: Settings) -> None:
    from bot.console import chat_in_terminal
    from handlers.errors import TurnFailedError

    services.log_to_file(settings.data_dir)
    with _open_library(context) as library:
        sessions, handle = services.open_conversation(settings, services.desks(settings, library))

        def converse(turn: Turn) -> tuple[Reply, ...]:
            try:
                with sessions.begin() as session:
                    return handle(turn, session)
            except TurnFailedError as failed:
                return (failed.reply,)

        chat_in_terminal(converse)


@contextmanager
def _open_library(context: typer.Context) -> Iterator[KnowledgeBase]:
    """The library of this call. Files are read when they are needed, so the unreadable are named last."""
    library = services.open_library(load_library_config(), context.obj, progress=sys.stderr.isatty())
    try:
        yield library
    finally:
        _report_problems(library)


def _settle() -> None:
    """What is loaded stays: the collector need not look through it between answers."""
    gc.collect()
    gc.freeze()


def _report_problems(library: KnowledgeBase) -> None:
    for problem in library.problems[:PROBLEMS_SHOWN]:
        complain(str(problem))
    if len(library.problems) > PROBLEMS_SHOWN:
        complain(f"共有 {len(library.problems)} 个文件没有读入，全部列在 python -m bot index 里。")


def _question(question: str | None, jsonl: bool, command: str) -> str:
    """The question of this call, "" when the questions come as lines."""
    if (question is None) is not jsonl:
        raise UsageError(
            f'请给出一个问题：python -m bot {command} "村规民约归谁考核"；'
            f"或者用 python -m bot {command} --jsonl 从标准输入读入问题。"
        )
    return _utf8(question or "")


def _utf8(argument: str) -> str:
    """An argument as UTF-8, also where the locale is another one."""
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeError as error:
        raise UsageError("问题不是有效的 UTF-8 文字，请检查终端的字符编码。") from error


_OURS = (
    KnowledgeError, ConfigError, services.LibraryFolderError, UsageError, people_cli.PeopleError,
    feedback_cli.ExportError, backup_cli.RefusedError, keys.KeysUnusableError,
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    use_utf8()
    try:
        code = app(arguments, prog_name="python -m bot", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the flush at exit stays quiet too
        return FAILED
    except OSError as error:
        complain(f"读写出错：{error.strerror or error}。")
        return FAILED
    except Exception as error:
        return _explain(error)


def _explain(error: Exception) -> int:
    if isinstance(error, typer.TyperException):
        complain(f"命令用法有误：{error.format_message()} 用法见 python -m bot --help。")
    elif isinstance(error, _OURS):
        complain(str(error))
    elif type(error).__name__ == "OutdatedDatabaseError":
        complain(f"数据库 {error} 的表还是旧版本的。请先备份，再运行 python -m bot migrate。")
    elif type(error).__module__ == "db.session":  # not imported unless a conversation was opened
        complain(f"数据库打不开：{error}")
    elif type(error).__module__ in ("bot.serve", "bot.telegram.failures"):
        complain(str(error))
    else:
        traceback.print_exception(error)
        complain(f"内部错误 {type(error).__name__}。请把以上内容发给维护人员。")
        return INTERNAL
    return REFUSED
