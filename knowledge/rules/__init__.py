"""The rules of monitoring as data, each with the clause that says so.

rules().allowed("township_review", "township_reviewer")   the transitions that this role may make there
rules().suggest(["illness"], "able")                      the kinds of help that the clauses name
rules().exit_obstacles(facts)                             what stands against an exit, with the clause
"""

from knowledge.rules.exits import ExitFacts, Obstacle
from knowledge.rules.loading import rules
from knowledge.rules.model import Option, Rule, RulesError, Step, Suggestion, Transition
from knowledge.rules.table import Rules

__all__ = [
    "ExitFacts",
    "Obstacle",
    "Option",
    "Rule",
    "Rules",
    "RulesError",
    "Step",
    "Suggestion",
    "Transition",
    "rules",
]
