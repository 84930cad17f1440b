"""Outages of the DCC's services: one row for each stretch in which one was down, planned or not (domain.md 2.6; CPM 6)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.availability import OUTAGE_KINDS, OUTAGE_SERVICES

OUTAGES = Feed(
    name="outages",
    code="OU",
    title="Outages and Planned Maintenance",
    source="SEC H8.2, H8.3 and H13.1; domain.md 2.6",
    every="month",
    due=Due(working_day=2),
    columns=(
        Column("outage_id", Kind.TEXT, "Reference of the outage at the sender."),
        Column(
            "service",
            Kind.CODE,
            "The service that was down; one that the list leaves out was not down.",
            known=OUTAGE_SERVICES,
            fold="lower",
        ),
        Column("kind", Kind.CODE, "Planned Maintenance, unplanned, or a failover to a standby.", known=OUTAGE_KINDS, fold="lower"),
        Column("started_at", Kind.INSTANT, "When the service went down."),
        Column("ended_at", Kind.INSTANT, "When it was back.", may_be_empty=True, empty_means="still down when the file was made"),
        Column(
            "incident_id",
            Kind.TEXT,
            "Incident in the DCC Service Management System.",
            may_be_empty=True,
            empty_means="none was recorded",
        ),
        Column(
            "notified_at",
            Kind.INSTANT,
            "When Users were told of Planned Maintenance.",
            may_be_empty=True,
            empty_means="not told beforehand",
        ),
        # Only compliant maintenance shrinks the Target Availability Period (domain.md 2.6).
        Column(
            "is_compliant",
            Kind.FLAG,
            "Planned Maintenance arranged in compliance with H8.2 and H8.3.",
            may_be_empty=True,
            empty_means="not told, so not taken for compliant",
        ),
    ),
    key=("outage_id",),
    sorted_by=("service", "started_at"),
    checks=(Check("OU-01", "ended no earlier than started", "ended_at IS NULL OR ended_at >= started_at"),),
)
