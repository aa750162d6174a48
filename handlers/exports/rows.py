"""What the exported files are made of. Texts are as the reader shall see them: labels, and names and
numbers masked or not as the caller decided; nothing here looks anything up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from handlers.wording_exports import HelpKind, NoticeStage, PublicReason
from knowledge.rules import Rule


@dataclass(frozen=True, slots=True)
class About:
    """What a file covers. `made_at` is in the reader's time zone; `masked` is about names and numbers."""

    scope: str
    made_at: dt.datetime
    masked: bool = True


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One household of the working ledger."""

    number: str
    banner: str
    township: str
    village: str
    head: str
    id_number: str
    phone: str
    size: int
    category: str
    risks: tuple[str, ...]
    capacity: str
    source: str
    step: str
    step_since: dt.date
    reported_on: dt.date
    identified_on: dt.date | None = None
    urgent: bool = False
    measures: tuple[str, ...] = ()
    exited_on: dt.date | None = None
    exit_kind: str = ""


@dataclass(frozen=True, slots=True)
class BannerCounts:
    """Households of one banner, at each step and with each risk, in the order of `Statistics`."""

    code: str
    name: str
    steps: tuple[int, ...]
    risks: tuple[int, ...]

    @property
    def households(self) -> int:
        """A household is at one step, but may have several risks."""
        return sum(self.steps)


@dataclass(frozen=True, slots=True)
class Statistics:
    """`steps` and `risks` are labels in the documents' order. Banners come out in their codes' order."""

    steps: tuple[str, ...]
    risks: tuple[str, ...]
    banners: tuple[BannerCounts, ...]

    def __post_init__(self) -> None:
        for banner in self.banners:
            given, needed = (len(banner.steps), len(banner.risks)), (len(self.steps), len(self.risks))
            if given != needed:
                raise ValueError(f"banner {banner.code}: {given} counts of steps and risks, not {needed}")
        object.__setattr__(self, "banners", tuple(sorted(self.banners, key=lambda banner: banner.code)))

    @property
    def households(self) -> int:
        return sum(banner.households for banner in self.banners)

    def by_step(self) -> tuple[int, ...]:
        return tuple(sum(banner.steps[at] for banner in self.banners) for at in range(len(self.steps)))

    def by_risk(self) -> tuple[int, ...]:
        return tuple(sum(banner.risks[at] for banner in self.banners) for at in range(len(self.risks)))


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One household of a public notice. What must not be public has no field to stand in."""

    head: str
    village: str
    category: str
    size: int | None = None
    reasons: tuple[PublicReason, ...] = ()
    help: HelpKind | None = None


@dataclass(frozen=True, slots=True)
class NoticeHead:
    """The frame of a public notice. `rule` is the clause that asks for it.

    `start` and `days` are left to be filled in by hand when None: the documents state no length.
    `contact` is an office's line, its telephone included; `issuer` who signs.
    """

    stage: NoticeStage
    rule: Rule
    banner: str
    township: str = ""
    village: str = ""
    start: dt.date | None = None
    days: int | None = None
    contact: str = ""
    issuer: str = ""
    issued_on: dt.date | None = None
