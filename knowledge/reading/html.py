"""Web pages: blocks become lines, tables become grids, page furniture is dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.errors import ReadingError
from knowledge.model import SourceText
from knowledge.reading import text as plain
from knowledge.reading.faults import broken_file
from knowledge.reading.page import PageBuilder

DROPPED = frozenset(
    {"head", "script", "style", "nav", "footer", "aside", "noscript", "template", "svg", "math"}
    | {"iframe", "object", "button", "select", "textarea"}
)
HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
CHARSET_WITHIN_BYTES = 4096
# Declared → used. Pages declared as GB 2312 use characters beyond it; browsers read them so, too.
ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8", "big5": "big5"}
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
NEVER_NESTED = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "p", "li"})
# Lexbor's time grows with the square of the depth: 100,000 levels take 44 s, 10,000 about one.
MAX_DEPTH = 10_000


def read(data: bytes, name: str) -> SourceText:
    """Read a web page.

    Raises:
        ReadingError: unknown encoding, binary data, or elements nested deeper than MAX_DEPTH.
    """
    markup = _decode(data, name)
    _check_depth(markup, name)
    builder = PageBuilder(name)
    with broken_file(name):
        root = LexborHTMLParser(markup).root
        for node, opens in _walk(root) if root is not None else ():
            _tell(builder, node, opens)
    return SourceText(path=name, blocks=builder.finish())


def _decode(data: bytes, name: str) -> str:
    """Decode by byte order mark, then by the page's own declaration, then like a text file."""
    declared = CHARSET.search(data[:CHARSET_WITHIN_BYTES])
    encoding = ENCODINGS.get(declared[1].decode("ascii").lower()) if declared else None
    if encoding and not data.startswith(tuple(mark for mark, _ in plain.BYTE_ORDER_MARKS)):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass  # wrong declarations are common; the bytes decide
    return plain.decode(data, name)


def _check_depth(markup: str, name: str) -> None:
    """Bound the depth of the tree from above by counting tags that are opened and not closed."""
    unclosed: Counter[str] = Counter()
    depth = 0
    for slash, tag in TAG.findall(markup.lower()):
        if tag in NEVER_NESTED or (slash and not unclosed[tag]):
            continue
        step = -1 if slash else 1
        unclosed[tag] += step
        depth += step
        if depth > MAX_DEPTH:
            raise ReadingError(
                f"《{name}》的网页标签嵌套超过 {MAX_DEPTH} 层；请用浏览器打开，把正文复制到文本文件。"
            )


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """All nodes below `root` in document order, each opened (True) and closed (False); dropped ones skipped.

    A loop and not a recursion: pages nest deeper than Python's stack.
    """
    path: list[LexborNode] = []
    node = root.first_child
    while node is not None or path:
        if node is None:
            node = path.pop()
            yield node, False
            node = node.next
        elif _is_dropped(node):
            node = node.next
        else:
            yield node, True
            path.append(node)
            node = node.first_child


def _is_dropped(node: LexborNode) -> bool:
    if node.tag == "-text":
        return False
    if node.tag is None or node.tag in DROPPED or node.tag.startswith(("-", "!", "#")):  # comments, doctype
        return True
    attributes = node.attributes
    return "hidden" in attributes or bool(HIDDEN_STYLE.search(attributes.get("style") or ""))


def _tell(builder: PageBuilder, node: LexborNode, opens: bool) -> None:
    tag = node.tag or ""
    if tag == "-text":
        if opens:
            builder.add_text(node.text_content or "")
    elif opens:
        builder.open(tag, node.attributes)
    else:
        builder.close(tag)
