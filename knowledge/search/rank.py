"""How high the norm stands that a title names; a general statute wins over its by-laws."""

from __future__ import annotations

import re

# The order of the Legislation Law (立法法, chapter 5): statutes, then regulations and what the
# courts and the standing committee lay down, then everything else. A code is the statute of its
# whole field, so a question that names no law is most often answered there.
_LEVELS = (
    (0, ("办法",)),  # first, because it ends like a statute
    (3, ("法典",)),
    (2, ("法",)),
    (1, ("条例", "解释", "规定", "决定")),
)
_ASIDE = re.compile(r"[（(].*?[)）]|《.*?》")


def norm_rank(title: str) -> int:
    """3 code, 2 statute, 1 regulation or interpretation, 0 other documents (办法, 措施, 规划, …)."""
    kind = _ASIDE.sub("", title).strip()
    return next((rank for rank, endings in _LEVELS if kind.endswith(endings)), 0)
