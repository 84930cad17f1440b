"""Availability: the services whose outages are told, and what an outage may be (domain.md 2.2 and 2.6)."""

# ssi: the Self Service Interface of CPM 6; dsp: the DCC Data Service of PM 2.1; wan_gateway: PM 6.2.
OUTAGE_SERVICES = ("ssi", "dsp", "wan_gateway")
# A component that fails over to its standby is told, and is no unavailability (PMM 2.1).
OUTAGE_KINDS = ("planned", "unplanned", "failover")
