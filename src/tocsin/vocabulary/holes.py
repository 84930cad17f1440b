"""The words that stand in a breakdown where nobody told the value: a hole must be countable, so that totals add up (domain.md 6.5)."""

# Nobody told, or the word told is not known.
UNKNOWN = "UNKNOWN"
# There is none to tell: a request that the DCC itself answers has no device.
NONE = "NONE"
# No Resolver Group was named.
UNASSIGNED = "UNASSIGNED"
