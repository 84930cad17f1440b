"""Communications Hubs: the lists of those without SM WAN, what became of them, and how they are ordered and returned (domain.md 10)."""

# Who lists the Incident: the DSP, as raised in the DCC Service Management System; the CSP, as received and as closed (CR1429 A and B).
NO_SM_WAN_LISTS = ("raised", "received", "closed")

# What became of a Communications Hub without SM WAN: its CSP connected it, cannot, or it was replaced.
NO_SM_WAN_OUTCOMES = ("connected", "not_achievable", "replaced")

# Why an Incident leaves the CSP's measures: an installation exception, or no access for the remedial visit (domain.md 10.1).
NO_SM_WAN_EXCEPTIONS = ("installation", "access_not_granted")

ORDER_RECORDS = ("order", "delivery", "return")

# State of a Communications Hub as at an instant (domain.md 10.2), in the order of the report.
INSTALL_STATES = {
    "commissioned": "Installed and commissioned",
    "pending_90": "Awaiting a decision inside the 90 days",
    "left": "Installed and left",
    "replaced": "Replaced or returned",
}

# Where an 8.14.2, the Incident of the DCC Service Management System and the CSP's record stand to each other (domain.md 10.3).
BUCKETS = {
    "M3": "8.14.2, Incident and CSP record agree",
    "M2a": "8.14.2 and Incident; the CSP has not confirmed",
    "M2b": "8.14.2 and CSP record; no Incident",
    "U1": "8.14.2 alone: no Incident was raised",
    "U2": "Incident and CSP record; no 8.14.2",
    "U3": "CSP record alone",
    "U4": "Incident alone",
    "X": "In conflict: what they tell disagrees",
}

# What a person does about each bucket.
TO_DO = {
    "M3": "Nothing to reconcile; see that the CSP decides within the 90 days.",
    "M2a": "Ask the CSP to confirm that it received the Incident.",
    "M2b": "Have the DSP link or raise the Incident in the Service Management System.",
    "U1": "Have the DSP raise the Incident, and tell the CSP.",
    "U2": "Find the 8.14.2 in older audit trails, or ask who raised the Incident by hand.",
    "U3": "Ask the CSP which Incident its record is of.",
    "U4": "Ask the DSP why the Incident was raised, and the CSP whether it has it.",
    "X": "Have the DSP and the CSP agree on what is in conflict.",
}
