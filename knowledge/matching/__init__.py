"""Matching of Chinese names: `NameMatcher(names).match(mention)`; names taken apart: `parse_name`."""

from knowledge.matching.matcher import DEFAULT_CUTOFF, How, NameMatch, NameMatcher
from knowledge.matching.names import SUFFIXES, Name, parse_name

__all__ = ["DEFAULT_CUTOFF", "SUFFIXES", "How", "Name", "NameMatch", "NameMatcher", "parse_name"]
