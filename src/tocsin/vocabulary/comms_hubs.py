"""Communications Hubs: the lists of those without SM WAN, what became of them, and how they are ordered and returned (domain.md 10)."""

# Who lists the Incident: the DSP, as raised in the DCC Service Management System; the CSP, as received and as closed (CR1429 A and B).
NO_SM_WAN_LISTS = ("raised", "received", "closed")

# What became of a Communications Hub without SM WAN: its CSP connected it, cannot, or it was replaced.
NO_SM_WAN_OUTCOMES = ("connected", "not_achievable", "replaced")

# Why an Incident leaves the CSP's measures: an installation exception, or no access for the remedial visit (domain.md 10.1).
NO_SM_WAN_EXCEPTIONS = ("installation", "access_not_granted")

ORDER_RECORDS = ("order", "delivery", "return")
