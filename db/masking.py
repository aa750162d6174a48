"""What a list shows of a name or a number."""

from __future__ import annotations

KEPT = 4  # at either end, of a number that is long enough


def masked_name(name: str) -> str:
    """`张三丰` as `张**`, `其木格` as `其**`, a name with a middle dot by its first part's first sign."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""


def masked_number(number: str) -> str:
    """`150626199001010017` as `1506**********0017`; at least half of it goes."""
    kept = min(KEPT, len(number) // 4)
    return number[:kept] + "*" * (len(number) - 2 * kept) + number[len(number) - kept :]
