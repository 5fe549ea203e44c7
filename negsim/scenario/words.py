"""Words that the language itself puts into a scenario."""

# Logged for a decision whose option emits nothing: `decided(rule, option)`.
DECIDED = "decided"
# What all talks log; those that somebody can leave; and those whose agreement runs for a term.
TALKS_EVENTS = ("offered", "passed", "refused", "agreed", "lapsed")
LEAVING_EVENTS = ("left",)
TERM_EVENTS = ("ended", "ran_on")
# What can stand in the braces of a text that is shown: the name of a field, or of a parameter (`storms.chance` is one).
PLACE = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*"
# The value of a term before an agreement.
UNSETTLED = "unsettled"
