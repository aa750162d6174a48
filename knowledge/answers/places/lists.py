"""What the lists of a document say of a banner: how it is read, its class, where it stands."""

from __future__ import annotations

import re

from knowledge.answers.compose import Quotation, cite
from knowledge.facts import Facts
from knowledge.model import Document, PlaceList


def read_group(listed: PlaceList) -> str:
    """`鄂托克旗前旗` is read as `鄂托克前旗`."""
    return re.sub("旗(前|中|后|左|右)旗$", r"\1旗", listed.group)


def is_banner_list(listed: PlaceList) -> bool:
    return listed.designation.endswith(("旗区", "旗县", "旗县区"))


def category_of(facts: Facts, banner: str) -> PlaceList | None:
    return next((p for _, p in facts.lists if is_banner_list(p) and banner in p.names), None)


def league(facts: Facts) -> str | None:
    """The league or city that the lists are about, by the title of their document."""
    found = re.search("[\u4e00-\u9fff]{2,5}?(?:市|盟)", facts.listed[0].document.title)
    return found[0] if found else None


def cite_list(facts: Facts, document: Document, listed: PlaceList) -> Quotation:
    """A list in a group is quoted under its heading line's place."""
    return cite(document, " › ".join(listed.path), listed.raw)
