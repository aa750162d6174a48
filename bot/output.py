"""What the command line writes: UTF-8 whatever the locale, values as JSON lines, documents for people."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from knowledge.model import Answer, Citation, Clause, Document, Hit, Issue, PlaceList, Table

if TYPE_CHECKING:
    from knowledge.library import KnowledgeBase

ISSUE_KINDS = {
    "sum": "合计不符",
    "numbering": "编号缺漏",
    "empty-cell": "空单元格",
    "cell-type": "单元格类型不符",
    "columns": "列数不符",
}
_CONTROL = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


def use_utf8() -> None:
    """Make the three streams UTF-8; a lone surrogate is written as its JSON escape `\\ud83d`."""
    for stream, errors in (
        (sys.stdin, "surrogateescape"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def say(text: str) -> None:
    """Print for a person: documents and questions must not steer the terminal."""
    print(text.translate(_CONTROL))


def complain(message: str) -> None:
    """One line on stderr."""
    print(" ".join(message.translate(_CONTROL).split("\n")), file=sys.stderr, flush=True)


def write_json_line(value: Mapping[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


# --- as JSON --------------------------------------------------------------------------------


def answer_as_json(answer: Answer) -> dict[str, Any]:
    return {
        "status": str(answer.status),
        "lead": answer.lead,
        "text": answer.text,
        "citations": [_citation_as_json(citation) for citation in answer.citations],
        "options": list(answer.options),
    }


def _citation_as_json(citation: Citation) -> dict[str, Any]:
    return {
        "document": citation.document,
        "number": citation.number,
        "locator": citation.locator,
        "quote": citation.quote,
    }


def hit_as_json(hit: Hit) -> dict[str, Any]:
    return {"source": hit.source, "label": hit.label, "score": hit.score}


def document_as_json(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "number": document.number,
        "date": document.date.isoformat() if document.date else None,
        "clauses": [_clause_as_json(clause) for clause in document.clauses],
        "tables": [_table_as_json(table) for table in document.tables],
        "issues": [_issue_as_json(issue) for issue in document.issues],
    }


def _clause_as_json(clause: Clause) -> dict[str, Any]:
    return {
        "label": clause.label,
        "title": clause.title,
        "path": list(clause.path),
        "start": clause.start,
        "end": clause.end,
    }


def _table_as_json(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "header": list(table.header),
        "rows": [list(row.cells) for row in table.rows],
    }


def _issue_as_json(issue: Issue) -> dict[str, Any]:
    return {"kind": issue.kind, "where": issue.where, "message": issue.message}


# --- for people -----------------------------------------------------------------------------


def describe_index(library: KnowledgeBase) -> Iterator[str]:
    """The lines of `index`: what was read, removed and skipped, and the documents of a small library."""
    done = library.indexed
    read = [name for name in done.changed if name not in done.failed]
    same = len(library.files) - len(read) - len(done.failed)
    yield (
        f"文件 {len(library.files)} 个：读入 {len(read)} 个，没有变化 {same} 个，"
        f"移除 {len(done.removed)} 个，跳过 {len(done.failed)} 个"
    )
    yield from (f"  读入 {name}" for name in read)
    yield from (f"  移除 {name}" for name in done.removed)
    yield from (f"  跳过 {name}：{reason}" for name, reason in done.failed.items())
    for document in () if library.is_large else library.documents:
        yield (
            f"《{document.title}》（{document.file}）：条款 {len(document.clauses)} 条，"
            f"表格 {len(document.tables)} 张，名单 {len(document.lists)} 份"
        )


def describe_document(document: Document) -> Iterator[str]:
    """The lines of `check`: outline, tables, lists, procedures, and every inconsistency."""
    facts = (document.label, document.number, document.date.isoformat() if document.date else None)
    yield "  ".join((f"《{document.title}》", *(fact for fact in facts if fact)))
    yield f"条款 {len(document.clauses)} 条"
    for clause in document.clauses:
        yield f"{'  ' * (len(clause.path) + 1)}{clause.heading}"
    for table in document.tables:
        yield from _describe_table(table)
    for places in document.lists:
        yield from _describe_list(places)
    for procedure in document.procedures:
        yield f"程序：{' → '.join(procedure.steps)}"
    yield from _describe_issues(document.issues)


def _describe_table(table: Table) -> Iterator[str]:
    yield f"表格“{table.title}”：{len(table.rows)} 行"
    yield f"  {' | '.join(table.header)}"
    for row in table.rows:
        yield f"  {' | '.join(cell.replace(chr(10), ' ') for cell in row.cells)}"


def _describe_list(places: PlaceList) -> Iterator[str]:
    stated = "" if places.stated is None else f"文中写 {places.stated} 个，"
    group = f"（{places.group}）" if places.group else ""
    yield f"名单“{places.designation}”{group}：{stated}列出 {len(places.names)} 个"
    yield f"  {'、'.join(places.names)}"


def _describe_issues(issues: tuple[Issue, ...]) -> Iterator[str]:
    yield f"前后不一致 {len(issues)} 处" if issues else "没有发现前后不一致的地方"
    for issue in issues:
        yield f"  [{ISSUE_KINDS.get(issue.kind, issue.kind)}] {issue.where}：{issue.message}"
