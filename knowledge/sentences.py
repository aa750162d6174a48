"""Text → sentences, without cutting inside quotation marks or brackets."""

from __future__ import annotations

import re

_END = re.compile(r"[。！？!?；;]+[”’」』）)]*|\n+")


def sentences(text: str) -> list[str]:
    """Sentences with their final mark, in order; a `；` ends one, a line end too."""
    result, start = [], 0
    for found in _END.finditer(text):
        piece = text[start : found.end()]
        if _open_brackets(piece) and found[0][0] != "\n":
            continue
        if piece.strip():
            result.append(piece.strip())
        start = found.end()
    if text[start:].strip():
        result.append(text[start:].strip())
    return result


def _open_brackets(piece: str) -> bool:
    return piece.count("（") + piece.count("(") > piece.count("）") + piece.count(")")
