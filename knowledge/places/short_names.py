"""Short names of banners and leagues: 伊旗, 科左后旗, 鄂前旗, 前旗, 锡盟."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.matching import parse_name

_DIRECTIONS = frozenset("左右前中后")
_USUAL = 97.0  # from the table: one place is usually meant
_BY_RULE = 92.0
_LAST_CHARACTER = 80.0  # 前旗 is said in every banner that has a 前旗


@cache
def place_words() -> dict[str, Any]:
    """words.toml: short names that no rule gives, and generic words."""
    with Path(__file__).with_name("words.toml").open("rb") as file:
        return tomllib.load(file)


class ShortNames:
    """Which banners and leagues a short name can stand for."""

    def __init__(self, areas: Iterable[tuple[str, str]]) -> None:
        self._code_of = dict(areas)
        self._cores = {parse_name(name).core: name for name in self._code_of}

    @property
    def cores(self) -> frozenset[str]:
        """Names without their suffix, as in `准格尔有几个重点村`."""
        return frozenset(self._cores)

    @property
    def full_names(self) -> frozenset[str]:
        """Names as the register has them."""
        return frozenset(self._code_of)

    def find(self, mention: str) -> Iterator[tuple[str, float]]:
        """Codes and scores of the areas that have the mention as a short name."""
        name = parse_name(mention)
        usual = [n for n in place_words()["short"].get(name.text, ()) if n in self._code_of]
        for full in usual:
            yield self._code_of[full], _USUAL
        if name.kind != "旗":
            return
        for core, full in self._cores.items():
            if not full.endswith("旗") or full in usual or core == name.core:
                continue
            if score := _score_short(name.core, core):
                yield self._code_of[full], score


def _score_short(short: str, core: str) -> float:
    """How well `short` abbreviates `core` by the rule, 0 when it does not.

    The first character stays, others may go in order, but 前 of 鄂托克前旗 is what tells it from
    鄂托克旗. One character for a long name is a weaker guess than for a short one.
    """
    if len(short) == 1 and short in _DIRECTIONS | set("白黄蓝") and core.endswith(short):
        return _LAST_CHARACTER
    if short[:1] != core[:1] or not _is_subsequence(short, core):
        return 0.0
    if core[-1] in _DIRECTIONS and core[-1] != short[-1]:
        return 0.0
    return _BY_RULE - len(core) / len(short)


def _is_subsequence(short: str, core: str) -> bool:
    rest = iter(core)
    return all(character in rest for character in short)
