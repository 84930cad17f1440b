"""Remedy incidents as a snapshot: one row an Incident, as it stood when the extract was made (domain.md section 3; CR1420)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.incidents import EXCLUSIONS, RESPONSIBLE_PARTIES, STATUSES

INCIDENTS = Feed(
    name="incidents",
    code="IN",
    title="Incidents",
    source="CR1420; domain.md 3.1",
    every="day",
    due=Due(working_day=5),
    columns=(
        Column("incident_id", Kind.TEXT, "Incident reference in the DCC Service Management System."),
        Column(
            "extracted_at",
            Kind.INSTANT,
            "When the extract was made; the latest extract of an Incident stands.",
            may_be_empty=True,
            empty_means="the end of what its file covers",
        ),
        Column("submitted_at", Kind.INSTANT, "When the DCC logged it."),
        Column("category", Kind.WHOLE, "Incident category 1 to 5 as it stands.", may_be_empty=True, empty_means="not categorised"),
        Column("resolver_group", Kind.TEXT, "Resolver Group as it stands.", may_be_empty=True, empty_means="not assigned"),
        Column("responsible_party", Kind.CODE, "Who must resolve it.", may_be_empty=True, empty_means="dcc", known=RESPONSIBLE_PARTIES),
        Column("status", Kind.CODE, "Status as it stands.", known=STATUSES),
        Column("resolved_at", Kind.INSTANT, "When it was resolved, by the snapshot.", may_be_empty=True, empty_means="not resolved"),
        Column("closed_at", Kind.INSTANT, "When it was closed.", may_be_empty=True, empty_means="not closed"),
        Column("reported_met", Kind.FLAG, "Service-level flag of the sending system.", may_be_empty=True, empty_means="not reported"),
        Column(
            "exclusion",
            Kind.CODE,
            "Why it does not count.",
            may_be_empty=True,
            empty_means="it counts",
            known=EXCLUSIONS,
        ),
    ),
    key=("incident_id",),
    sorted_by=("incident_id",),
    checks=(
        Check("IN-01", "category is 1 to 5", "category IS NULL OR category BETWEEN 1 AND 5"),
        Check("IN-02", "resolved no earlier than submitted", "resolved_at IS NULL OR resolved_at >= submitted_at"),
        Check("IN-03", "closed no earlier than resolved", "closed_at IS NULL OR resolved_at IS NULL OR closed_at >= resolved_at"),
    ),
)
