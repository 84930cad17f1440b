"""Incidents of Communications Hubs installed without SM WAN: as raised by the DSP, as received and closed by the CSPs (CR1429)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.comms_hubs import NO_SM_WAN_EXCEPTIONS, NO_SM_WAN_LISTS, NO_SM_WAN_OUTCOMES

NO_SM_WAN_INCIDENTS = Feed(
    name="no_sm_wan_incidents",
    code="NW",
    title="No SM WAN Incidents",
    source="CR1429 A and B; domain.md 10",
    every="day",
    due=Due(hours_after=24),
    columns=(
        Column("incident_id", Kind.TEXT, "Incident reference; a CSP writes that of the DCC Service Management System where it knows it."),
        Column("list_kind", Kind.CODE, "Which list the row is of: raised (DSP), received or closed (CSP).", known=NO_SM_WAN_LISTS),
        Column("listed_at", Kind.INSTANT, "When the list was made.", may_be_empty=True, empty_means="the delivery's own time"),
        Column("category", Kind.WHOLE, "Incident category 1 to 5.", may_be_empty=True, empty_means="not categorised"),
        Column("submitted_at", Kind.INSTANT, "When the Incident was submitted."),
        Column("closed_at", Kind.INSTANT, "When it was closed.", may_be_empty=True, empty_means="not closed"),
        Column(
            "comms_hub_id", Kind.IDENTIFIER, "GUID (EUI-64) of the Communications Hub.", may_be_empty=True, empty_means="the MPxN tells"
        ),
        Column(
            "mpxn",
            Kind.IDENTIFIER,
            "MPxN of the premises: an MPAN or an MPRN.",
            may_be_empty=True,
            empty_means="not told",
            personal=True,
        ),
        Column("region", Kind.CODE, "CSP Region of the premises.", may_be_empty=True, empty_means="ask the inventory"),
        Column("service_provider", Kind.CODE, "CSP that must provide the WAN.", may_be_empty=True, empty_means="the sender"),
        Column("diagnostics", Kind.TEXT, "Result of the CSP's diagnostics, in its words.", may_be_empty=True, empty_means="none yet"),
        Column(
            "exception",
            Kind.CODE,
            "Exception or exclusion claimed.",
            may_be_empty=True,
            empty_means="none",
            known=NO_SM_WAN_EXCEPTIONS,
        ),
        Column("outcome", Kind.CODE, "What became of it.", may_be_empty=True, empty_means="awaiting a decision", known=NO_SM_WAN_OUTCOMES),
    ),
    key=("incident_id", "list_kind"),
    sorted_by=("incident_id", "list_kind"),
    checks=(
        Check("NW-01", "category is 1 to 5", "category IS NULL OR category BETWEEN 1 AND 5"),
        Check("NW-02", "a closed list says when", "list_kind <> 'closed' OR closed_at IS NOT NULL"),
        Check("NW-03", "a row names the Communications Hub or the premises", "comms_hub_id IS NOT NULL OR mpxn IS NOT NULL"),
    ),
)
