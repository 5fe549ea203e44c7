"""Words that the language itself puts into a scenario."""

# Logged for a decision whose option emits nothing: `decided(rule, option)`.
DECIDED = "decided"
# What talks log.
TALKS_EVENTS = ("offered", "passed", "refused", "agreed", "lapsed")
# The value of a term before an agreement.
UNSETTLED = "unsettled"
